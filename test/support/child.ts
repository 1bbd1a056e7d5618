import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const SUPPORT = join(process.cwd(), 'test', 'support');

export interface Child {
  readonly process: ChildProcess;
  /** What it has printed, line by line. */
  readonly lines: readonly string[];
  /** Resolves when so many lines are there, or it has ended. */
  printed(count: number): Promise<void>;
  /** Resolves with everything it printed, when it has ended. */
  ended(): Promise<readonly string[]>;
}

/** Runs a program of test/support in a process of its own; under a limit on the size of files, if given in blocks of 512 bytes. */
export const startChild = (program: string, args: readonly string[], fileBlocks?: number): Child => {
  const command = [
    process.execPath,
    '--import',
    join(SUPPORT, 'typescript.js'),
    join(SUPPORT, program),
    ...args,
  ];
  const limit = fileBlocks === undefined ? 'exec "$@"' : `ulimit -f ${fileBlocks}; exec "$@"`;
  const child = spawn('sh', ['-c', limit, 'sh', ...command], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const output = createInterface({ input: child.stdout });
  output.on('line', (line) => lines.push(line));
  const closed = Promise.all([once(output, 'close'), once(child, 'exit')]);
  return {
    process: child,
    lines,
    async printed(count) {
      while (lines.length < count) {
        const ended = await Promise.race([once(output, 'line').then(() => false), closed.then(() => true)]);
        if (ended) return;
      }
    },
    async ended() {
      await closed;
      return lines;
    },
  };
};
