import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';

const MAIN = join('dist', 'src', 'main.js');
const LOCK = join(tmpdir(), 'so-cai-build');
/** A build that has not ended by then never will, in milliseconds. */
const MAX_BUILD_MS = 120_000;

const changedAt = async (path: string): Promise<number> => (await stat(path).catch(() => null))?.mtimeMs ?? 0;

const isBuilt = async (): Promise<boolean> => {
  const at = await changedAt(MAIN);
  for (const folder of ['src', 'projections'])
    for (const file of await readdir(folder, { recursive: true }))
      if (file.endsWith('.ts') && (await changedAt(join(folder, file))) > at) return false;
  return true;
};

/** Builds dist/ when it is missing or older than a source; of test files that ask at once one builds and the others wait. */
export const built = async (): Promise<void> => {
  while (
    !(await mkdir(LOCK).then(
      () => true,
      () => false,
    ))
  ) {
    if (Date.now() - (await changedAt(LOCK)) > MAX_BUILD_MS) await rm(LOCK, { recursive: true, force: true });
    await setTimeout(100);
  }
  try {
    if (!(await isBuilt())) await promisify(execFile)('npm', ['run', 'build']);
  } finally {
    await rm(LOCK, { recursive: true, force: true });
  }
};

type Env = Readonly<Record<string, string>>;

/** What a program printed, and how it ended. */
export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A program of the product in a process of its own. */
export class Program {
  private out = '';
  private err = '';
  private readonly ended: Promise<number | null>;

  private constructor(private readonly process: ChildProcess) {
    process.stdout?.on('data', (text) => {
      this.out += String(text);
    });
    process.stderr?.on('data', (text) => {
      this.err += String(text);
    });
    this.ended = once(process, 'close').then(([code]) => code as number | null);
  }

  static start(args: readonly string[], env: Env): Program {
    const { PATH = '' } = process.env;
    // What a test sends in a minute, no office does.
    const options = { env: { PATH, PORT: '0', SO_CAI_RATE_LIMITS: 'off', ...env }, stdio: 'pipe' } as const;
    return new Program(spawn(process.execPath, [...args], options));
  }

  /** Everything it says, when it has ended. */
  async ran(): Promise<Ran> {
    const code = await this.ended;
    return { code, out: this.out, err: this.err };
  }

  /** The API's address, once it says so. */
  opened(): Promise<string> {
    return this.said(/API: (\S+)/);
  }

  /** What a pattern's first group finds in what it says, once it says so. */
  async said(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.err)?.[1];
      if (found) return found;
      const ended = await Promise.race([this.ended.then(() => true), setTimeout(20, false)]);
      if (ended) throw new Error(`it ended: ${this.err}`);
    }
  }

  /** It does nothing any more, as if its machine slept, until it is thawed. */
  freeze(): void {
    this.process.kill('SIGSTOP');
  }

  thaw(): void {
    this.process.kill('SIGCONT');
  }

  /** Tells it to stop, and waits until it has. */
  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ran> {
    this.process.kill(signal);
    return this.ran();
  }
}

/** Runs the command line to its end. */
export const soCai = (args: readonly string[], env: Env): Promise<Ran> =>
  Program.start([join('bin', 'so-cai.js'), ...args], env).ran();

/** Starts the server as `npm start` does after its build. */
export const startServer = (env: Env): Program => Program.start([MAIN], env);

/** Asks the API of a program, with a token. */
export const ask = async <Body>(
  url: string,
  token: string,
  method: 'GET' | 'POST' = 'GET',
  body?: unknown,
): Promise<Body> => {
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as Body;
};
