import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** As the product is started. */
const NODE_OPTIONS = ['--max-semi-space-size=32', '--no-allocation-site-pretenuring'];

/** A process of the benchmark's own that says when it is ready, and answers one message at a time. */
export class Helper<Ready> {
  private constructor(
    private readonly process: ChildProcess,
    readonly ready: Ready,
  ) {}

  /** Starts a program that stands beside this one. */
  static async start<Ready>(program: string, args: readonly string[]): Promise<Helper<Ready>> {
    // Beside a source stand sources, beside what was built of it what was built.
    const path = fileURLToPath(new URL(`./${program}${extname(import.meta.url)}`, import.meta.url));
    const child = fork(path, [...args], {
      execArgv: [...process.execArgv, ...NODE_OPTIONS, '--expose-gc'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    return new Helper(child, await answer<Ready>(child, program));
  }

  ask<Answer>(message: object): Promise<Answer> {
    const answered = answer<Answer>(this.process, 'the helper');
    this.process.send(message);
    return answered;
  }

  /** Resolves when the process has ended: its files are then closed. */
  async stop(): Promise<void> {
    const ended = once(this.process, 'exit');
    this.process.disconnect();
    await ended;
  }
}

const answer = async <Answer>(child: ChildProcess, name: string): Promise<Answer> => {
  const ended = new AbortController();
  const [first] = await Promise.race([
    once(child, 'message', { signal: ended.signal }),
    once(child, 'exit', { signal: ended.signal }).then(([code]) => {
      throw new Error(`${name} ended with ${code}`);
    }),
  ]).finally(() => ended.abort());
  return first as Answer;
};
