import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

const PROGRAM = 'redis-server';

/** Is there a Redis server on this machine that can be started? */
export const canStartRedis = (): boolean => spawnSync(PROGRAM, ['--version']).status === 0;

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || !address) throw new Error('no port is free');
  return address.port;
};

/** A real Redis server of the test's own, as the deployment sets it up: append-only file, no eviction. */
export class RedisServer {
  private process: ChildProcess | null = null;

  private constructor(
    private readonly folder: string,
    private port: number,
    private readonly settings: readonly string[],
  ) {}

  static async start(settings: readonly string[] = []): Promise<RedisServer> {
    const server = new RedisServer(mkdtempSync(join(tmpdir(), 'so-cai-redis-')), 0, settings);
    do {
      server.port = await freePort();
      // Somebody else may have taken it in between.
    } while (!(await server.opens()));
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it again with the data it had, and waits until it answers. */
  async open(): Promise<void> {
    if (!(await this.opens())) throw new Error(`${PROGRAM} did not start again on port ${this.port}`);
  }

  /** Starts it and waits until it answers; false when it has ended before. */
  private async opens(): Promise<boolean> {
    const started = spawn(
      PROGRAM,
      [
        ...['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder],
        ...['--appendonly', 'yes', '--appendfsync', 'always', '--save', '', ...this.settings],
      ],
      { stdio: 'ignore' },
    );
    this.process = started;
    const ended = once(started, 'exit').then(() => false);
    const redis = new Redis(this.url, { maxRetriesPerRequest: null, retryStrategy: () => 20 });
    redis.on('error', () => undefined);
    // What is read of the file first is answered with LOADING, which ioredis waits for.
    const answers = redis.ping().then(
      () => true,
      () => ended,
    );
    const opens = await Promise.race([answers, ended]);
    redis.disconnect();
    return opens;
  }

  /** Ends it at once, as a crash would. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  /** Holds it still: it accepts, and never answers. */
  mute(): void {
    this.process?.kill('SIGSTOP');
  }

  unmute(): void {
    this.process?.kill('SIGCONT');
  }

  async close(): Promise<void> {
    await this.end('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { process } = this;
    this.process = null;
    if (!process || process.exitCode !== null || process.signalCode !== null) return;
    const ended = once(process, 'exit');
    process.kill(signal);
    await ended;
  }
}
