import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Order, Told } from './main.js';
import type { Manners } from './service.js';

const SUPPORT = join(process.cwd(), 'test', 'support');

/** The test server in a process of its own: started on a free port, and on the same one again after it ended. */
export class KurrentServer {
  #process: ChildProcess | null = null;
  #port = 0;
  #orders = 0;

  /** With a file its log outlives it; without, it forgets everything when it ends. */
  constructor(private readonly file: string | null = null) {}

  get url(): string {
    return `esdb://admin:changeit@127.0.0.1:${this.#port}?tls=false`;
  }

  get runs(): boolean {
    return this.#process !== null && this.#process.exitCode === null && this.#process.signalCode === null;
  }

  async start(manners: Partial<Manners> = {}): Promise<this> {
    const args = [String(this.#port), this.file ?? '', JSON.stringify(manners)];
    const program = ['--import', join(SUPPORT, 'typescript.js'), join(SUPPORT, 'kurrentdb', 'main.ts')];
    this.#process = spawn(process.execPath, [...program, ...args], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const told = once(this.#process, 'message') as Promise<[{ port: number }]>;
    const [first] = await Promise.race([told, this.ended().then(() => [null])]);
    if (first === null) throw new Error(`the test server did not start on port ${this.#port}`);
    this.#port = first.port;
    return this;
  }

  /** Changes how it behaves from now on. */
  async behave(manners: Partial<Manners>): Promise<void> {
    await this.#tell({ manners });
  }

  /** Reads and subscriptions that it is answering, or would if it were not mute. */
  async openReads(): Promise<number> {
    return (await this.#tell({})).openReads;
  }

  /** Subscriptions that have caught up and are told of what comes. */
  async liveSubscribers(): Promise<number> {
    return (await this.#tell({})).liveSubscribers;
  }

  /** Drops every live subscriber as too slow. */
  async dropSubscribers(): Promise<void> {
    await this.#tell({ act: 'drop' });
  }

  /** Has it throw away the metadata of streams that was replaced. */
  async scavenge(): Promise<void> {
    await this.#tell({ act: 'scavenge' });
  }

  /** Has another event stand in the place of the last one, in memory alone. */
  async replaceLast(): Promise<void> {
    await this.#tell({ act: 'replace' });
  }

  /** Ends it cleanly: its subscribers hear of it. */
  async close(): Promise<void> {
    const ended = this.ended();
    await this.#tell({ act: 'close' });
    await ended;
  }

  async kill(): Promise<void> {
    const ended = this.ended();
    this.#process?.kill('SIGKILL');
    await ended;
  }

  /** Neither its calls nor its connections are answered any more, as if the machine hung, until it is thawed. */
  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  async restart(manners: Partial<Manners> = {}): Promise<void> {
    await this.kill();
    await this.start(manners);
  }

  /** Resolves when it has ended, by whatever cause. */
  async ended(): Promise<void> {
    if (this.#process && this.runs) await once(this.#process, 'exit');
  }

  async #tell(order: Omit<Order, 'number'>): Promise<Told> {
    const number = ++this.#orders;
    const child = this.#process;
    if (!child?.connected) throw new Error('the test server does not run');
    const heard = new Promise<Told>((resolve) => {
      const listen = (message: unknown) => {
        const told = message as Told;
        if (told.number !== number) return;
        child.off('message', listen);
        resolve(told);
      };
      child.on('message', listen);
    });
    child.send({ ...order, number });
    return heard;
  }
}
