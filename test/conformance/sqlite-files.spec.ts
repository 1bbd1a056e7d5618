import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import Database from 'better-sqlite3';
import { ForeignDatabase, OtherVersion, openDatabase } from '../../src/adapters/sqlite/database.js';
import { CLOCK_INTERVAL, EVENTS_SHAPE } from '../../src/adapters/sqlite/event-log.js';
import {
  MAX_WAITING_APPENDS,
  MAX_WAITING_BYTES,
  SqliteEventStore,
} from '../../src/adapters/sqlite/event-store.js';
import { FolderInUse } from '../../src/adapters/sqlite/folder-lock.js';
import { type OnDamage, SqliteReadModels } from '../../src/adapters/sqlite/read-models.js';
import {
  collect,
  MAX_APPEND_BYTES,
  RevisionConflict,
  StoreUnavailable,
} from '../../src/ports/event-store.js';
import { type Collection, ReadModelsUnavailable } from '../../src/ports/read-models.js';
import { newEvent, newEvents, plainMetadata } from '../support/new-events.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
let places = 0;
const newPlace = (name: string): string => join(folder, `${++places}`, name);

const positionsOf = async (store: SqliteEventStore): Promise<number[]> =>
  (await collect(store.readAll(null))).flat().map(({ position }) => Number(position));
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('sqlite: events.db', () => {
  const opened = new Set<SqliteEventStore>();
  const open = (file: string): SqliteEventStore => {
    const store = SqliteEventStore.open(file);
    opened.add(store);
    return store;
  };
  const begin = () => {
    const file = newPlace('events.db');
    return { file, store: open(file) };
  };
  /** Another connection to the same file: what a tool beside the writer, or a broken disk, does. */
  const beside = <Answer>(file: string, work: (database: Database.Database) => Answer): Answer => {
    const database = new Database(file);
    try {
      return work(database);
    } finally {
      database.close();
    }
  };

  const clockOf = (file: string) =>
    beside(file, (database) => database.prepare('SELECT position, high FROM clock').raw().all());

  afterEach(async () => {
    for (const store of opened) await store.close();
    opened.clear();
  });

  it('makes a commit that returned survive a power cut, and says so when asked', () => {
    for (const [shape, level] of [
      [EVENTS_SHAPE, 2],
      [{ ...EVENTS_SHAPE, synchronous: 'NORMAL' }, 1],
    ] as const) {
      const database = openDatabase(newPlace('events.db'), shape);
      expect(database.pragma('synchronous', { simple: true })).toBe(level);
      expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
      expect(database.pragma('wal_autocheckpoint', { simple: true })).toBe(16_384);
      database.close();
    }
  });

  it('numbers positions from 1 without a gap, in 20 digits, also after refusals and restarts', async () => {
    const { file, store } = begin();
    expect(await store.head()).toBeNull();
    expect(await store.positionAt('2030-01-01T00:00:00.000Z')).toBeNull();
    expect(await store.append('a', newEvents(2), 'none')).toEqual({
      revision: 1,
      position: '00000000000000000002',
    });
    await Promise.allSettled([
      store.append('a', newEvents(3), 0),
      store.append('b', newEvents(3), 'none'),
      store.append('b', newEvents(3), 'none'),
    ]);
    await store.close();
    const again = open(file);
    await again.append('c', newEvents(1), 'none');
    expect(await positionsOf(again)).toEqual(upTo(6));
    await expect(collect(again.readAll('7'))).rejects.toThrow(RangeError);
  });

  it('is opened once: a second time is refused at once, until the first has closed', async () => {
    const { file, store } = begin();
    const before = Date.now();
    for (let n = 0; n < 5; n++) expect(() => SqliteEventStore.open(file)).toThrow(FolderInUse);
    expect(Date.now() - before).toBeLessThan(8_000); // Where each waited for the lock, it would be ten seconds.
    await store.append('a', newEvents(1), 'none');
    await store.close();
    expect(await positionsOf(open(file))).toEqual([1]);
  });

  it('can be read and backed up beside the writer', async () => {
    const { file, store } = begin();
    await store.append('a', newEvents(3), 'none');
    const copy = newPlace('copy.db');
    const reader = new Database(file, { readonly: true });
    expect(reader.prepare('SELECT count(*) FROM events').pluck().get()).toBe(3);
    mkdirSync(dirname(copy));
    await reader.backup(copy);
    await store.append('a', newEvents(1), 2);
    expect(reader.prepare('SELECT count(*) FROM events').pluck().get()).toBe(4);
    reader.close();
    expect(await positionsOf(open(copy))).toEqual(upTo(3));
  });

  it('commits what arrives in one turn together, and refuses only what conflicts', async () => {
    const { file, store } = begin();
    const walBytes = () => statSync(`${file}-wal`).size;
    await store.append('a', newEvents(1), 'none');
    const start = walBytes();
    const outcomes = await Promise.allSettled([
      ...Array.from({ length: 63 }, (_, number) => store.append(`s${number}`, newEvents(1), 'none')),
      store.append('a', newEvents(1), 'none'),
      store.append('s0', newEvents(1), 0),
    ]);
    const together = walBytes() - start;
    expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([
      { status: 'rejected', reason: new RevisionConflict('a', 'none', 0) },
    ]);
    for (let number = 0; number < 64; number++) await store.append(`t${number}`, newEvents(1), 'none');
    const alone = walBytes() - start - together;
    expect(together * 4).toBeLessThan(alone);
    expect(await positionsOf(store)).toEqual(upTo(1 + 64 + 64));
  });

  it('writes nothing of a group that fails, remembers nothing of it, and goes on afterwards', async () => {
    const { file, store } = begin();
    await store.append('a', newEvents(2), 'none');
    beside(file, (database) =>
      database.exec(
        "CREATE TRIGGER broken BEFORE INSERT ON events WHEN NEW.type = 'Broken' BEGIN SELECT RAISE(ABORT, 'disk'); END",
      ),
    );
    const events = newEvents(CLOCK_INTERVAL);
    let lastRecorded = '2099-01-01T00:00:00.000Z';
    const group = () => [
      store.append('a', newEvents(1), 1),
      store.append('b', events, 'none'),
      store.append('a', newEvents(1), 2),
      store.append('c', [newEvent({}, { recordedAt: lastRecorded }, 'Broken')], 'none'),
      store.append('d', newEvents(1), 'none'),
    ];
    for (const outcome of await Promise.allSettled(group())) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'StoreUnavailable' } });
    }
    expect(await positionsOf(store)).toEqual([1, 2]);
    expect(await collect(store.read('b'))).toEqual([]);
    lastRecorded = plainMetadata.recordedAt;

    beside(file, (database) => database.exec('DROP TRIGGER broken'));
    await expect(store.append('a', newEvents(1), 2)).rejects.toMatchObject({ actual: 1 });
    const answers = await Promise.all(group());
    expect(answers.map(({ revision }) => revision)).toEqual([2, CLOCK_INTERVAL - 1, 3, 0, 0]);
    expect(await positionsOf(store)).toEqual(upTo(2 + CLOCK_INTERVAL + 4));
    expect(clockOf(file)).toEqual([[CLOCK_INTERVAL, plainMetadata.recordedAt]]);
  });

  it('is unavailable while its file cannot be written', async () => {
    const { file, store } = begin();
    await store.append('a', newEvents(1), 'none');
    const lock = new Database(file);
    lock.exec('BEGIN IMMEDIATE');
    const refused = store.append('a', newEvents(1), 0);
    await expect(refused).rejects.toThrow(StoreUnavailable);
    expect(await positionsOf(store)).toEqual([1]);
    lock.close();
    expect(await store.append('a', newEvents(1), 0)).toMatchObject({ revision: 1 });
  });

  it('keeps its clock sparse, and right after a restart', async () => {
    const { file, store } = begin();
    const at = (minute: number) => new Date(Date.UTC(2025, 0, 1, 0, minute)).toISOString();
    const write = async (into: SqliteEventStore, stream: string, minute: number, count: number) => {
      await into.append(
        stream,
        Array.from({ length: count }, () => newEvent({}, { recordedAt: at(minute) })),
        'none',
      );
    };
    await write(store, 'a', 50, CLOCK_INTERVAL - 1);
    await store.close();
    const again = open(file);
    // Recorded earlier than what the clock has seen before the restart.
    await write(again, 'b', 10, 2 * CLOCK_INTERVAL);
    await write(again, 'c', 60, 1);
    expect(clockOf(file)).toEqual(
      [CLOCK_INTERVAL, 2 * CLOCK_INTERVAL, 3 * CLOCK_INTERVAL].map((row) => [
        row,
        at(row < 3 * CLOCK_INTERVAL ? 50 : 60),
      ]),
    );
    expect(await again.positionAt(at(49))).toBeNull();
    expect(Number(await again.positionAt(at(50)))).toBe(3 * CLOCK_INTERVAL - 1);
    expect(Number(await again.positionAt(at(60)))).toBe(3 * CLOCK_INTERVAL);
  });

  it('refuses more waiting appends than it says', async () => {
    const { store } = begin();
    const event = newEvents(1);
    const waiting = Array.from({ length: MAX_WAITING_APPENDS }, () => store.append('a', event, 'none'));
    await expect(store.append('b', event, 'none')).rejects.toThrow(StoreUnavailable);
    await Promise.all(waiting);
    expect(await store.append('b', event, 'none')).toMatchObject({ revision: 0 });
  });

  it('refuses more waiting bytes than it says', async () => {
    const { store } = begin();
    const big = { text: 'a'.repeat(MAX_APPEND_BYTES - 10_000) };
    const fit = Math.floor(MAX_WAITING_BYTES / MAX_APPEND_BYTES);
    const outcomes = await Promise.allSettled(
      Array.from({ length: fit + 2 }, (_, number) => store.append(`s${number}`, [newEvent(big)], 'none')),
    );
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(2);
    expect(await store.append('last', [newEvent(big)], 'none')).toMatchObject({ revision: 0 });
  });

  it('lets others have their turn between the pages of a long read', async () => {
    const { store } = begin();
    for (const expected of ['none', 999, 1_999] as const) await store.append('a', newEvents(1_000), expected);
    let reading = true;
    let turns = 0;
    const count = (): void => {
      turns++;
      if (reading) setImmediate(count);
    };
    setImmediate(count);
    // Nothing below waits for anything but the store.
    for await (const _ of store.readAll(null));
    expect(turns).toBeGreaterThan(0);
    turns = 0;
    for await (const _ of store.read('a'));
    expect(turns).toBeGreaterThan(0);
    reading = false;
  });

  it('says which event is damaged', async () => {
    const { file, store } = begin();
    await store.append('a', newEvents(2), 'none');
    beside(file, (database) => database.exec("UPDATE events SET data = '{' WHERE position = 2"));
    await expect(collect(store.readAll(null))).rejects.toThrow('00000000000000000002');
    await expect(collect(store.read('a'))).rejects.toThrow(StoreUnavailable);
  });

  it('does not read past a gap', async () => {
    const { file, store } = begin();
    await store.append('a', newEvents(3), 'none');
    await store.append('b', newEvents(1), 'none');
    beside(file, (database) => database.exec('DELETE FROM events WHERE position = 2'));
    await expect(collect(store.readAll(null))).rejects.toThrow(StoreUnavailable);
    await expect(collect(store.read('a'))).rejects.toThrow(StoreUnavailable);
    await expect(collect(store.subscribeAll(null, AbortSignal.timeout(1_000)))).rejects.toThrow(
      StoreUnavailable,
    );
    beside(file, (database) => database.exec('DELETE FROM events'));
    await expect(collect(store.read('b'))).rejects.toThrow(StoreUnavailable);
  });

  it('does not go on after a position that it never reached, as one restored from an older copy', async () => {
    const { store } = begin();
    await store.append('a', newEvents(3), 'none');
    const later = '00000000000000000004';
    await expect(collect(store.readAll(later))).rejects.toThrow(RangeError);
    await expect(collect(store.subscribeAll(later, AbortSignal.timeout(1_000)))).rejects.toThrow(RangeError);
  });

  it('leaves a database of something else alone, and one of another version', async () => {
    const foreign = newPlace('events.db');
    const { store, file } = begin();
    await store.close();
    beside(file, (database) => database.pragma('user_version = 2'));
    expect(() => SqliteEventStore.open(file)).toThrow(OtherVersion);
    await open(foreign).close();
    beside(foreign, (database) => database.pragma('application_id = 7'));
    const before = readFileSync(foreign);
    expect(() => SqliteEventStore.open(foreign)).toThrow(ForeignDatabase);
    expect(readFileSync(foreign)).toEqual(before);
    // The folder is free again after each refusal.
    beside(file, (database) => database.pragma('user_version = 1'));
    expect(await open(file).head()).toBeNull();
  });
});

describe('sqlite: read.db', () => {
  const collection: Collection = { name: 'tasks.v1', fields: ['due'] };
  const unexpected: OnDamage = (file, reason) => {
    throw new Error(`${file}: ${reason}`);
  };

  const filled = async (): Promise<string> => {
    const file = newPlace('read.db');
    const models = SqliteReadModels.open(file, unexpected);
    const build = await models.live(collection);
    const rows = Array.from(
      { length: 500 },
      (_, number) =>
        [`key ${number}`, { position: '1', due: `2025-01-${number}`, text: 'a'.repeat(200) }] as const,
    );
    await build.commit(new Map(rows), '00000000000000000001');
    await models.close();
    return file;
  };

  const activated = async (file: string): Promise<string> => {
    const models = SqliteReadModels.open(file, unexpected);
    const fresh = await models.fresh(collection);
    await fresh.commit(new Map([['key 1', { position: '1', due: 'a' }]]), '1');
    await models.activate(collection, fresh);
    await models.close();
    return file;
  };

  const damages: readonly [string, (file: string) => void][] = [
    ['text instead of a database', (file) => writeFileSync(file, 'Kế hoạch '.repeat(1_000))],
    ['a file cut short', (file) => writeFileSync(file, readFileSync(file).subarray(0, 10_000))],
    ['pages overwritten', (file) => writeFileSync(file, readFileSync(file).fill(0xa5, 8_192, 60_000))],
    [
      'tables of another version',
      (file) => {
        const database = new Database(file);
        database.pragma('user_version = 99');
        database.close();
      },
    ],
  ];

  it.each(damages)('is started empty, and says so, when it is damaged: %s', async (_, damage) => {
    const file = await filled();
    damage(file);
    const onDamage = jest.fn<OnDamage>();
    const models = SqliteReadModels.open(file, onDamage);
    expect(onDamage.mock.calls).toEqual([[file, expect.any(String)]]);
    expect(await models.count(collection, {})).toBe(0);
    const build = await models.live(collection);
    expect(await build.checkpoint()).toBeNull();
    await build.commit(new Map([['a', { position: '1' }]]), '1');
    await models.close();
    const again = SqliteReadModels.open(file, unexpected);
    expect(await again.count(collection, {})).toBe(1);
    await again.close();
  });

  it('is left alone when it is a database of something else', async () => {
    const file = newPlace('read.db');
    await SqliteReadModels.open(file, unexpected).close();
    const database = new Database(file);
    database.pragma('application_id = 7');
    database.close();
    const before = readFileSync(file);
    expect(() => SqliteReadModels.open(file, unexpected)).toThrow(ForeignDatabase);
    expect(readFileSync(file)).toEqual(before);
  });

  it('writes nothing of a commit that fails, and is then unavailable', async () => {
    const file = await filled();
    const models = SqliteReadModels.open(file, unexpected);
    const build = await models.live(collection);
    const database = new Database(file);
    database.exec("CREATE TRIGGER broken BEFORE UPDATE ON builds BEGIN SELECT RAISE(ABORT, 'disk'); END");
    await expect(build.commit(new Map([['new', { position: '2' }]]), '2')).rejects.toThrow(
      ReadModelsUnavailable,
    );
    expect(await models.get(collection, 'new')).toBeUndefined();
    const fresh = await models.fresh(collection);
    await expect(models.activate(collection, fresh)).rejects.toThrow(ReadModelsUnavailable);
    expect(await models.count(collection, {})).toBe(500);
    database.exec('DROP TRIGGER broken');
    database.close();
    await build.commit(new Map([['new', { position: '2' }]]), '2');
    await models.activate(collection, fresh);
    expect(await models.count(collection, {})).toBe(0);
    await models.close();
  });

  it.each([
    ['made live', async (file: string) => file],
    ['activated', activated],
  ])('finds by an index in a build that was %s', async (_, make) => {
    const file = await make(await filled());
    const database = new Database(file, { readonly: true });
    const table = database
      .prepare("SELECT name FROM sqlite_schema WHERE name LIKE 'tasks.v1@_'")
      .pluck()
      .get();
    const plan = (sql: string): string =>
      JSON.stringify(database.prepare(`EXPLAIN QUERY PLAN SELECT key, json FROM "${table}" ${sql}`).all());
    for (const sql of [
      "WHERE f0 = 'a' ORDER BY key",
      "WHERE f0 IN ('a', 'b')",
      "WHERE f0 >= 'a' AND typeof(f0) = 'text' ORDER BY f0, key",
      "WHERE f0 IS NOT NULL AND (f0, key) > ('a', 'b') ORDER BY f0, key",
    ]) {
      expect(plan(sql)).toMatch(/SEARCH .* USING INDEX/);
      expect(plan(sql)).not.toMatch(/TEMP B-TREE/);
    }
    database.close();
  });
});
