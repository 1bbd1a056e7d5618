import { setTimeout as pause } from 'node:timers/promises';
import type { Acknowledged, Answer, Api } from '../crash/clients.js';
import { type Command, commandsOf } from '../crash/workload.js';
import { until } from '../support/until.js';

const CLIENTS = 3;
const SEED = 7;

/** Clients that send commands one after the other and, as they are told to, the same again while a server is away. */
export class PatientClients {
  readonly acknowledged: Acknowledged[] = [];
  /** Answers that were no acknowledgement. */
  readonly refusals: { readonly status: number; readonly retryAfter: string | null }[] = [];
  private stopping = false;
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly api: Api,
    private readonly round: number,
  ) {}

  start(): void {
    this.running = Promise.all(Array.from({ length: CLIENTS }, (_, client) => this.run(client)));
  }

  /** Ends each client's command in hand. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.running;
  }

  /** Resolves when so many commands more have been acknowledged. */
  async acknowledge(count: number): Promise<void> {
    const enough = this.acknowledged.length + count;
    await until(() => this.acknowledged.length >= enough);
  }

  private async run(client: number): Promise<void> {
    for (const command of commandsOf(SEED, this.round, client)) {
      if (this.stopping) return;
      this.acknowledged.push({ command, answer: await this.accepted(command) });
    }
  }

  private async accepted(command: Command): Promise<Answer> {
    for (;;) {
      const response = await fetch(`${this.api.url}${command.path}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${this.api.tokens[command.who]}`,
          'content-type': 'application/json',
          'idempotency-key': command.key,
        },
        body: JSON.stringify(command.body),
      });
      const text = await response.text();
      if (response.status === 201)
        return { status: 201, etag: response.headers.get('etag'), body: JSON.parse(text) };
      this.refusals.push({ status: response.status, retryAfter: response.headers.get('retry-after') });
      if (response.status !== 503)
        throw new Error(`${command.key} ${command.path}: ${response.status} ${text}`);
      await pause(100);
    }
  }
}
