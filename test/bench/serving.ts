import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type Job, type Round, type Sent, summary, type Times } from './jobs.js';
import { Helper } from './processes.js';
import { planIdIn } from './provinces.js';
import type { Served } from './served.js';

export const WRITES_PER_SECOND = 200;
const WARM_UP = 5;
/** The sizes are asked in turns, so that whatever else the machine does meets all of them. */
const ROUNDS = 5;
/** Seconds that one question is asked in one round at most. */
const MAX_SECONDS = 20;
/** Rows that commands go to: enough that no stream grows out of its shape. */
const MAX_ROWS = 1_000;

/** What is asked: always of the first plan of the first province, which every size has, with the same ten years. */
const QUESTIONS: Readonly<Record<string, string>> = {
  status: `/plans/${planIdIn(1)}/status?limit=50`,
  audit: `/plans/${planIdIn(1)}/audit?limit=100`,
  portfolio: '/agencies/p01-so-khcn/portfolio?limit=50',
  twoClocks: `/plans/${planIdIn(1)}/status?limit=50&asOf=2030-12-31&knownAt=2031-01-31T00:00:00Z`,
};

export interface Serving {
  /** From the start of the process to the answer to its first write, in milliseconds. */
  readonly coldStartMs: number;
  /** Resident memory, in megabytes: before anything was asked, and after all questions. */
  readonly memoryAtRest: number;
  readonly memoryAfter: number;
  readonly asked: Readonly<Record<string, Times>>;
  readonly writesPerSecond: number;
}

export interface Rates {
  readonly durable: Sent;
  /** Commands a second until they could be read too: those of the best turn, by the time until all were folded. */
  readonly foldedPerSecond: number;
  /** The same token check and validation; nothing is stored. */
  readonly guarded: Sent;
  readonly bare: Sent;
}

const job = (ids: readonly string[], { url, office, auditor }: Served, over: Partial<Job>): Job => ({
  ...{ kind: 'commands', url, token: office, reader: auditor, ids, from: 0, clients: 1, seconds: 1 },
  ...{ questions: {}, times: 0, warmUp: WARM_UP, writesPerSecond: WRITES_PER_SECOND },
  ...over,
});

/** The indicators of a log that have targets, but for those of the plan that questions are asked of. */
const rowsOf = (folder: string): string[] => {
  const database = new Database(join(folder, 'events.db'), { readonly: true });
  const names = database
    .prepare<[], string>("SELECT name FROM streams WHERE name LIKE 'indicator-%' ORDER BY key")
    .pluck()
    .all();
  database.close();
  return names
    .map((name) => name.slice('indicator-'.length))
    .filter((id) => !id.startsWith(`${planIdIn(1)}/`));
};

/** A server on one folder, and what was measured of it so far; the first round is not counted. */
interface Asking {
  readonly server: Helper<Served>;
  readonly ids: readonly string[];
  readonly coldStartMs: number;
  readonly memoryAtRest: number;
  readonly rounds: Round[];
}

/** Starts a server on each folder and asks all of them in turns. */
export const measureServing = async (folders: readonly string[], times: number): Promise<Serving[]> => {
  const clients = await Helper.start<object>('load', []);
  const servers: Asking[] = [];
  for (const folder of folders) servers.push(await started(folder, clients));
  const ask = async ({ server, ids, rounds }: Asking, often: number) => {
    const from = rounds.at(-1)?.next ?? 1;
    const asking = { kind: 'questions', questions: QUESTIONS, times: often, from } as const;
    rounds.push(await clients.ask<Round>(job(ids, server.ready, { ...asking, seconds: MAX_SECONDS })));
  };
  for (const one of servers) await ask(one, times);
  for (let round = 0; round < ROUNDS; round++)
    for (const one of servers) await ask(one, Math.ceil(times / ROUNDS));
  const serving: Serving[] = [];
  for (const { server, coldStartMs, memoryAtRest, rounds: all } of servers) {
    // Until it was asked as often once, it was being compiled.
    const rounds = all.slice(1);
    const memoryAfter = await memoryOf(server);
    await server.stop();
    const asked = Object.keys(QUESTIONS).map((name) => [
      name,
      summary(rounds.flatMap((one) => one.times[name] ?? [])),
    ]);
    const sum = (of: (round: Round) => number) => rounds.reduce((total, round) => total + of(round), 0);
    const writesPerSecond = sum(({ writes }) => writes) / sum(({ seconds }) => seconds);
    serving.push({
      coldStartMs,
      memoryAtRest,
      memoryAfter,
      asked: Object.fromEntries(asked),
      writesPerSecond,
    });
  }
  await clients.stop();
  return serving;
};

const started = async (folder: string, clients: Helper<object>): Promise<Asking> => {
  const own = [planIdIn(1, 1), planIdIn(1, 2)].map((plan) => `${plan}/`);
  const ids = rowsOf(folder).filter((id) => own.some((plan) => id.startsWith(plan)));
  if (ids.length === 0)
    throw new RangeError(`${folder} is too small to write to another plan than is asked about`);
  const began = performance.now();
  const server = await Helper.start<Served>('server', [folder]);
  await clients.ask<Sent>(job(ids, server.ready, { seconds: 0.000_001 }));
  const coldStartMs = performance.now() - began;
  return { server, ids, coldStartMs, memoryAtRest: await memoryOf(server), rounds: [] };
};

const memoryOf = async (server: Helper<Served>): Promise<number> =>
  (await server.ask<{ megabytes: number }>({})).megabytes;

/**
 * Durable commands beside servers that store nothing, in turns of so many seconds; the best turn of each counts. Each server
 * is sent commands for `warm` seconds before many clients are measured: it is compiled as it is used.
 */
export const measureCommands = async (
  folder: string,
  { seconds, turns, warm }: { readonly seconds: number; readonly turns: number; readonly warm: number },
): Promise<Readonly<Record<'one' | 'many', Rates>>> => {
  // From the end of the list: the questions' writer began at its start.
  const ids = rowsOf(folder).slice(-MAX_ROWS);
  const clients = await Helper.start<object>('load', []);
  const servers = {
    durable: await Helper.start<Served>('server', [folder]),
    guarded: await Helper.start<Served>('baseline', [folder, 'guarded']),
    bare: await Helper.start<Served>('baseline', [folder, 'bare']),
  };
  await servers.durable.ask({ until: 'caught up' });
  // Days after those that the questions' writer may have used.
  let from = ids.length * 2_000;
  const send = async (name: keyof typeof servers, count: number, duration: number): Promise<Sent> => {
    const { ready } = servers[name];
    const sent = await clients.ask<Sent>(job(ids, ready, { clients: count, seconds: duration, from }));
    if (name !== 'durable') return sent;
    // What is not stored can be sent again: days of so many commands would reach into the future.
    from = sent.next;
    // What is folded afterwards would slow down whoever is measured next.
    await servers.durable.ask({ until: 'caught up' });
    return sent;
  };
  const measured = async (count: number): Promise<Rates> => {
    const best: Partial<Record<'durable' | 'guarded' | 'bare', Sent>> = {};
    let foldedPerSecond = 0;
    for (let turn = 0; turn < turns; turn++) {
      for (const name of ['durable', 'guarded', 'bare'] as const) {
        const began = performance.now();
        const sent = await send(name, count, seconds);
        const rate = (sent.count * 1_000) / (performance.now() - began);
        if (name === 'durable') foldedPerSecond = Math.max(foldedPerSecond, rate);
        if (sent.perSecond > (best[name]?.perSecond ?? 0)) best[name] = sent;
      }
    }
    return { ...(best as Omit<Rates, 'foldedPerSecond'>), foldedPerSecond };
  };
  const one = await measured(1);
  for (const name of ['durable', 'guarded', 'bare'] as const) await send(name, 64, warm);
  const rates = { one, many: await measured(64) };
  await clients.stop();
  for (const server of Object.values(servers)) await server.stop();
  return rates;
};
