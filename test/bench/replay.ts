import { join } from 'node:path';
import type { Projection, Row } from '../../projections/projection.js';
import { SqliteEventStore } from '../../src/adapters/sqlite/event-store.js';
import { SqliteReadModels } from '../../src/adapters/sqlite/read-models.js';
import { collectionOf } from '../../src/application/collection.js';
import { foldLog, type Target } from '../../src/application/fold.js';
import { PROJECTIONS } from '../../src/ledger.js';
import type { EventStore } from '../../src/ports/event-store.js';
import type { Build, Fault, ReadModels } from '../../src/ports/read-models.js';
import { keptByHand, processorSeconds, putReady, rawRead } from './limits.js';

/** Events a second of processor time, of each way to read a whole log. */
export interface Replay {
  /** The limit: better-sqlite3 alone, reading and parsing every event. */
  readonly raw: number;
  /** The same, and the rows of the trail and the figures kept in two maps, with nothing around it. */
  readonly kept: number;
  /** The same as raw, and the finished rows of the trail and the figures put into tables, each once. */
  readonly put: number;
  /** Every projection folded in memory, in one pass. */
  readonly memory: number;
  /** Each projection by itself, in memory. */
  readonly each: Readonly<Record<string, number>>;
  /** Every projection rebuilt into `read.db` in one pass along the log, as `so-cai rebuild` does it. */
  readonly persisted: number;
  /** Each projection rebuilt by itself: folded into a build that nobody reads, and switched in. */
  readonly rebuilt: Readonly<Record<string, number>>;
  /** How long all of them took together by the clock. */
  readonly rebuildSeconds: number;
}

/** How often what is only read or kept is taken, and the fold of everything in memory; the best counts, as noise and compiling only slow. */
const TIMES = 2;

/** Replays the log of a folder in every way; its read models are written anew. */
export const measureReplay = async (folder: string, say: (what: string) => void): Promise<Replay> => {
  const file = join(folder, 'events.db');
  const raw = Math.max(...Array.from({ length: TIMES }, () => rawRead(file)));
  const kept = Math.max(...Array.from({ length: TIMES }, () => keptByHand(file)));
  say(`raw ${Math.round(raw)}/s, rows only kept ${Math.round(kept)}/s`);
  const store = SqliteEventStore.open(file);
  const events = Number(await store.head());
  let memory = 0;
  for (let n = 0; n < TIMES; n++) memory = Math.max(memory, await folded(store, PROJECTIONS));
  say(`in memory ${Math.round(memory)}/s`);
  const each: Record<string, number> = {};
  for (const projection of PROJECTIONS) each[projection.name] = await folded(store, [projection]);
  say(`each ${shown(each)}`);
  const models = SqliteReadModels.open(join(folder, 'read.db'), say);
  const rebuilt: Record<string, number> = {};
  for (const projection of PROJECTIONS) rebuilt[projection.name] = await rebuild(store, models, [projection]);
  const began = performance.now();
  const persisted = await rebuild(store, models, PROJECTIONS);
  const rebuildSeconds = (performance.now() - began) / 1_000;
  say(`rebuilt ${shown(rebuilt)}`);
  await models.close();
  await store.close();
  const put = 1 / (1 / raw + putReady(folder) / events);
  say(`rows only put ${Math.round(put)}/s`);
  return { raw, kept, put, memory, each, persisted, rebuilt, rebuildSeconds };
};

const shown = (rates: Readonly<Record<string, number>>): string =>
  Object.entries(rates)
    .map(([name, rate]) => `${name} ${Math.round(rate)}/s`)
    .join(', ');

/** As the read loop rebuilds: in one pass into fresh builds, each of which is then made the live one. */
const rebuild = async (
  store: EventStore,
  models: ReadModels,
  projections: readonly Projection[],
): Promise<number> =>
  perSecond(Number(await store.head()), async () => {
    const targets = await Promise.all(
      projections.map(async (projection) => {
        const build = await models.fresh(collectionOf(projection));
        return { projection, build, onFault: refuse };
      }),
    );
    await folding(targets, store);
    for (const { projection, build } of targets) await models.activate(collectionOf(projection), build);
  });

const perSecond = async (events: number, work: () => Promise<void>): Promise<number> => {
  const started = processorSeconds();
  await work();
  return events / (processorSeconds() - started);
};

/** As the read loop rebuilds, in one pass, into builds that are in memory. */
const folded = async (store: EventStore, projections: readonly Projection[]): Promise<number> => {
  const targets = projections.map((projection) => ({
    projection,
    build: new MemoryBuild(),
    onFault: refuse,
  }));
  return perSecond(Number(await store.head()), () => folding(targets, store));
};

const folding = async (targets: readonly Target[], store: EventStore): Promise<void> => {
  for (const outcome of (await foldLog(targets, store)) ?? [])
    if (outcome.status === 'rejected') throw outcome.reason;
};

const refuse = ({ key, error }: Fault): never => {
  throw new Error(`it cannot be folded into ${key}: ${error}`);
};

/** Rows in memory: what a projection costs without the file it is kept in. */
class MemoryBuild implements Build {
  private readonly rows = new Map<string, Row>();

  async checkpoint(): Promise<null> {
    return null;
  }

  async mark(): Promise<null> {
    return null;
  }

  async getMany(keys: readonly string[]): Promise<ReadonlyMap<string, Row>> {
    const found = new Map<string, Row>();
    for (const key of keys) {
      const row = this.rows.get(key);
      if (row) found.set(key, row);
    }
    return found;
  }

  async commit(rows: ReadonlyMap<string, Row>): Promise<void> {
    for (const [key, row] of rows) this.rows.set(key, row);
  }
}
