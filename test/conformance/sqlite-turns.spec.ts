import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { SqliteEventStore } from '../../src/adapters/sqlite/event-store.js';
import { SqliteReadModels } from '../../src/adapters/sqlite/read-models.js';
import type { Build, ReadModels, Row } from '../../src/ports/read-models.js';
import { newEvents } from '../support/new-events.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();

/** Appends so many events at a time, each time once those before are durable, while somebody follows the log; gives the turns taken. */
const turnsTaken = async (place: string, sizes: readonly number[]): Promise<readonly string[]> => {
  const store = SqliteEventStore.open(join(folder, place, 'events.db'));
  const ending = new AbortController();
  const turns: string[] = [];
  let follows: () => void = () => undefined;
  const caughtUp = new Promise<void>((resolve) => {
    follows = resolve;
  });
  const following = (async () => {
    for await (const page of store.subscribeAll(null, ending.signal))
      if (page.length === 0) follows();
      else turns.push('heard');
  })();
  await caughtUp;
  for (const [n, size] of sizes.entries()) {
    await store.append(`indicator-${n}`, newEvents(size), 'none');
    turns.push('appended');
  }
  ending.abort();
  await following;
  await store.close();
  return turns;
};

describe('whoever waited for a commit', () => {
  it('appends what follows from many events before subscribers take their time with them', async () => {
    expect((await turnsTaken('many', [1_000, 1, 1])).slice(0, 3)).toEqual(Array(3).fill('appended'));
  });

  it('does not go before them otherwise', async () => {
    expect((await turnsTaken('few', [1, 1, 1])).slice(0, 3)).toContain('heard');
  });

  it('does not keep them waiting for ever', async () => {
    expect((await turnsTaken('always', Array(50).fill(1_000))).slice(0, 20)).toContain('heard');
  });
});

const COLLECTION = { name: 'seen.v1', fields: [] };
const ROWS = 12_000;
const POSITION = '00000000000000000001';

/** Writes many rows to a build, and gives how many of them somebody else sees meanwhile, each number once. */
const seenMeanwhile = async (place: string, begin: (models: ReadModels) => Promise<Build>) => {
  const file = join(folder, place, 'read.db');
  const models = SqliteReadModels.open(file, (_, reason) => {
    throw new Error(reason);
  });
  const build = await begin(models);
  const beside = new Database(file, { readonly: true });
  const count = beside.prepare<[], number>(`SELECT count(*) FROM "${COLLECTION.name}@1"`).pluck();
  const rows = new Map<string, Row>();
  for (let n = 0; n < ROWS; n++) rows.set(`row ${n}`, { position: POSITION });
  const seen = new Set<number | undefined>();
  let isWriting = true;
  const look = (): void => {
    if (!isWriting) return;
    seen.add(count.get());
    setImmediate(look);
  };
  look();
  await build.commit(rows, POSITION);
  isWriting = false;
  seen.add(count.get());
  const reached = await build.checkpoint();
  beside.close();
  await models.close();
  return { seen: [...seen], reached };
};

describe('a build of many rows', () => {
  it('is written in one transaction where it is read', async () => {
    const { seen, reached } = await seenMeanwhile('live', (models) => models.live(COLLECTION));
    expect([seen, reached]).toEqual([[0, ROWS], POSITION]);
  });

  it('lets others write in between where nobody reads it', async () => {
    const { seen, reached } = await seenMeanwhile('fresh', (models) => models.fresh(COLLECTION));
    expect([seen, reached]).toEqual([[0, 5_000, 10_000, ROWS], POSITION]);
  });
});

describe('the indexes of a large file', () => {
  const INDEXED = { name: 'indexed.v1', fields: ['place'] };
  const rows = new Map<string, Row>();
  for (let n = 0; n < ROWS; n++) rows.set(`row ${n}`, { position: POSITION, place: `place ${n % 7}` });

  /** Fills and readies a build; gives what others could do meanwhile, and whether its index is there then. */
  const readied = async (place: string) => {
    const file = join(folder, place, 'read.db');
    const models = SqliteReadModels.open(file, () => undefined, { largeBytes: -1 });
    const live = await models.live(COLLECTION);
    const build = await models.fresh(INDEXED);
    await build.commit(rows, POSITION);
    let turns = 0;
    let isReady = false;
    const look = (): void => {
      turns += 1;
      if (!isReady) setImmediate(look);
    };
    look();
    const readying = models.prepare(build).then(() => {
      isReady = true;
      return 'ready';
    });
    const written = live.commit(new Map([['a', { position: POSITION }]]), POSITION).then(() => 'written');
    const read = models.count(COLLECTION, {}).then(() => 'read');
    const order: string[] = [];
    await Promise.all([readying, written, read].map((one) => one.then((what) => order.push(what))));
    await models.activate(INDEXED, build);
    const found = await models.count(INDEXED, { place: { equals: 'place 3' } });
    await models.close();
    const beside = new Database(file, { readonly: true });
    const indexes = beside
      .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")
      .pluck()
      .all()
      .filter((name) => name.startsWith(INDEXED.name));
    beside.close();
    return { turns, order, indexes: indexes.length, found };
  };

  it('are made beside its use: what is read goes on, what is written waits', async () => {
    const { turns, order, ...made } = await readied('beside');
    expect(order[0]).toBe('read');
    expect(order).toHaveLength(3);
    expect(turns).toBeGreaterThan(20);
    expect(made).toEqual({ indexes: 1, found: Math.floor(ROWS / 7) + (ROWS % 7 > 3 ? 1 : 0) });
  });

  it('are made also of a file that was deleted while it was used', async () => {
    const file = join(folder, 'deleted', 'read.db');
    const models = SqliteReadModels.open(file, () => undefined);
    const build = await models.fresh(INDEXED);
    await build.commit(rows, POSITION);
    rmSync(file);
    await models.prepare(build);
    await models.activate(INDEXED, build);
    expect(await models.count(INDEXED, {})).toBe(ROWS);
    await models.close();
  });

  it('are made here where no other process can be started', async () => {
    const { NODE_OPTIONS } = process.env;
    process.env['NODE_OPTIONS'] = '--no-such-option';
    try {
      expect(await readied('here')).toMatchObject({ indexes: 1 });
    } finally {
      if (NODE_OPTIONS === undefined) delete process.env['NODE_OPTIONS'];
      else process.env['NODE_OPTIONS'] = NODE_OPTIONS;
    }
  });
});
