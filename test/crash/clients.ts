import { setTimeout as pause } from 'node:timers/promises';
import { type Command, commandsOf } from './workload.js';

/** What the server said to a command. */
export interface Answer {
  readonly status: number;
  readonly etag: string | null;
  readonly body: Body;
}

interface Body {
  readonly position: string;
  readonly revision: number;
  readonly eventIds: readonly string[];
}

/** A command and its answer: from then on it must never be lost, and always be answered so. */
export interface Acknowledged {
  readonly command: Command;
  readonly answer: Answer;
}

/** Where the API is, and a token of each person. */
export interface Api {
  readonly url: string;
  readonly tokens: Readonly<Record<Command['who'], string>>;
}

/** Longest that an answer may take, in milliseconds. */
const MAX_ANSWER_MS = 30_000;
/** How often a command is sent that the server is too busy for, or whose store is away, and how long after another. */
const MAX_SENDS = 600;
const AGAIN_MS = 100;

/** The connection ended before the answer: the command may have been done, or not. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
}

/** Sends one command until it is accepted. @throws Unanswered, or Error for a refusal */
export const send = async ({ url, tokens }: Api, { key, path, body, who }: Command): Promise<Answer> => {
  for (let sent = 1; ; sent++) {
    const { status, etag, text } = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${tokens[who]}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(MAX_ANSWER_MS),
    })
      .then(async (response) => ({
        status: response.status,
        etag: response.headers.get('etag'),
        text: await response.text(),
      }))
      .catch((cause) => {
        throw new Unanswered(key, { cause });
      });
    if (status === 201) return { status, etag, body: JSON.parse(text) as Body };
    if (status !== 503 || sent === MAX_SENDS) throw new Error(`${key} ${path}: ${status} ${text}`);
    await pause(AGAIN_MS);
  }
};

/** Clients that send commands at the same time, each one after the other, until the server is gone. */
export class Clients {
  /** Everything that was ever acknowledged. */
  readonly acknowledged: Acknowledged[] = [];
  /** Commands without an answer; the client sends them again. */
  private readonly open: Command[][];

  constructor(
    private readonly seed: number,
    count: number,
  ) {
    this.open = Array.from({ length: count }, () => []);
  }

  /** Goes on until the server is gone. @throws Error for a refusal */
  async run(api: Api, round: number): Promise<void> {
    await Promise.all(this.open.map((open, client) => this.runOne(api, round, client, open)));
  }

  /** Sends again what was never answered. */
  async settle(api: Api): Promise<void> {
    await Promise.all(this.open.map((open) => this.repeat(api, open)));
  }

  private async runOne(api: Api, round: number, client: number, open: Command[]): Promise<void> {
    try {
      await this.repeat(api, open);
      for (const command of commandsOf(this.seed, round, client)) {
        open.push(command);
        await this.repeat(api, open);
      }
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
    }
  }

  private async repeat(api: Api, open: Command[]): Promise<void> {
    for (let command = open[0]; command; command = open[0]) {
      this.acknowledged.push({ command, answer: await send(api, command) });
      open.shift();
    }
  }
}
