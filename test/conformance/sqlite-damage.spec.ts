import { EventEmitter, once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { auditTrail } from '../../projections/audit-trail.js';
import { InProcessJobQueue } from '../../src/adapters/in-process/job-queue.js';
import { InProcessLeases } from '../../src/adapters/in-process/leases.js';
import { SqliteAccessLog } from '../../src/adapters/sqlite/access-log.js';
import { checkBeside } from '../../src/adapters/sqlite/beside.js';
import { SqliteEventStore } from '../../src/adapters/sqlite/event-store.js';
import { SqliteReadModels } from '../../src/adapters/sqlite/read-models.js';
import { type Ledger, openOn, PROJECTIONS } from '../../src/ledger.js';
import { BuildGone, type Collection, ReadModelsUnavailable } from '../../src/ports/read-models.js';
import { found } from '../application/world.js';
import { liveRows, textOf } from '../projections/support.js';
import { ledgers, TestClock } from '../support/ledger.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
let places = 0;
const collection: Collection = { name: 'tasks.v1', fields: ['due'] };
const opened = new Set<SqliteReadModels>();

afterEach(async () => {
  for (const models of opened) await models.close();
  opened.clear();
});

/** Opens a file, which is checked while it is used; the damage that is found is told once. */
const open = (file: string) => {
  const told = new EventEmitter();
  const damage = once(told, 'damage').then(([reason]) => reason as string);
  const models = SqliteReadModels.open(file, (_, reason) => told.emit('damage', reason), {
    largeBytes: -1,
    onUnchecked: (_, reason) => told.emit('error', new Error(reason)),
  });
  opened.add(models);
  return { models, damage };
};

const ROWS = new Map(
  Array.from({ length: 500 }, (_, number) => [
    `key ${number}`,
    { position: '1', due: `2025-01-${number}`, text: 'a'.repeat(200) },
  ]),
);

const filled = async (): Promise<string> => {
  const file = join(folder, `${++places}.db`);
  const { models } = open(file);
  await (await models.live(collection)).commit(ROWS, '1');
  await models.close();
  return file;
};

/** Overwrites the last page of a live build's rows, which nobody reads before somebody asks for them. */
const overwriteRowsOf = (name: string, file: string): void => {
  const database = new Database(file, { readonly: true });
  const page = database
    .prepare<[string], number>(
      "SELECT max(pageno) FROM dbstat WHERE name LIKE ? || '@%' AND pagetype = 'leaf'",
    )
    .pluck()
    .get(name);
  database.close();
  const bytes = readFileSync(file);
  const from = ((page ?? 0) - 1) * 4_096;
  writeFileSync(file, bytes.fill(0xa5, from, from + 4_096));
};

/** Overwrites the last of the pages: the builds and the schema stand in the first. */
const overwrite = (file: string): void => {
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0xa5, bytes.length - 20 * 4_096));
};

describe('a check beside the use of a file', () => {
  it('finds nothing in a sound one', async () => {
    expect(await checkBeside(await filled()).found).toBeNull();
  });

  it('says what is wrong with a damaged one, in whichever table', async () => {
    const file = await filled();
    overwrite(file);
    expect(await checkBeside(file).found).toMatch(/tasks\.v1@1|malformed|page/);
    writeFileSync(file, 'Kế hoạch '.repeat(1_000));
    expect(await checkBeside(file).found).toMatch(/not a database/);
  });

  it('says that it could not be made', async () => {
    await expect(checkBeside(join(folder, 'khong-co.db')).found).rejects.toThrow(/SQLITE_CANTOPEN/);
  });

  it('is broken off without a word', async () => {
    const check = checkBeside(await filled());
    await check.stop();
    expect(await check.found).toBeNull();
  });
});

describe('a read.db that is damaged', () => {
  it('is found while it is used: its builds are gone, and it is empty from then on', async () => {
    const file = await filled();
    overwrite(file);
    const { models, damage } = open(file);
    const build = await models.live(collection);
    expect(await build.checkpoint()).toBe('1');
    const fresh = await models.fresh(collection);
    expect(await damage).toMatch(/\S/);
    for (const gone of [build, fresh]) await expect(gone.commit(ROWS, '2')).rejects.toThrow(BuildGone);
    await expect(models.activate(collection, fresh)).rejects.toThrow(BuildGone);
    expect(await models.checkpoints([collection])).toEqual([null]);
    const anew = await models.live(collection);
    expect((await anew.getMany(['key 1'])).size).toBe(0);
    await anew.commit(ROWS, '1');
    await models.close();
    const again = open(file);
    expect(await again.models.count(collection, {})).toBe(ROWS.size);
  });

  it('answers nothing until it is folded anew, when a question meets the damage first', async () => {
    const file = await filled();
    overwrite(file);
    const { models, damage } = open(file);
    const build = await models.live(collection);
    const asked = () => models.count(collection, { due: { from: '2025-01-1' } });
    await expect(asked()).rejects.toThrow(ReadModelsUnavailable);
    expect(await damage).toMatch(/malformed/);
    await expect(build.checkpoint()).rejects.toThrow(BuildGone);
    for (const question of [
      asked,
      () => models.get(collection, 'a'),
      () => models.getMany(collection, ['a']),
      () => models.find(collection, { where: {}, limit: 1 }),
      () => models.keys(collection, { where: {}, limit: 1 }),
    ])
      await expect(question()).rejects.toThrow(ReadModelsUnavailable);
    await (await models.live(collection)).commit(new Map(), '1');
    expect(await asked()).toBe(0);
  });

  it('does not keep a ledger from opening', async () => {
    const file = await filled();
    writeFileSync(file, readFileSync(file).fill(0xa5, 4_096));
    const { models, damage } = open(file);
    const build = await models.live(collection);
    expect(await build.checkpoint()).toBeNull();
    expect(await damage).toMatch(/malformed/);
  });
});

describe('a running ledger whose read.db is damaged', () => {
  const ledger = ledgers();

  it('folds everything anew by itself, though nothing is written', async () => {
    const before = await ledger();
    await found(before.order);
    await before.settled();
    const rows = await rowsOf(before);
    await before.close();
    const file = join(before.folder, 'read.db');
    overwriteRowsOf(auditTrail.name, file);
    const { models, damage } = open(file);
    const stores = {
      events: SqliteEventStore.open(join(before.folder, 'events.db')),
      ...{ models, jobs: new InProcessJobQueue(), leases: new InProcessLeases(20) },
      access: SqliteAccessLog.open(join(before.folder, 'access.db')),
    };
    const world = await openOn(stores, ['projector'], new TestClock(), () => undefined);
    expect(await models.checkpoints(PROJECTIONS)).not.toContain(null);
    await damage;
    const { progress, events } = world;
    await progress.reached(progress.names(), (await events.head()) ?? '', 20_000);
    expect(await rowsOf(world)).toEqual(rows);
    await world.close();
  });
});

const rowsOf = async ({ models }: Ledger): Promise<string[][]> => {
  const rows: string[][] = [];
  for (const projection of PROJECTIONS) rows.push(textOf(await liveRows(models, projection)));
  return rows;
};
