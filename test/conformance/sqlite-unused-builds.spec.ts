import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { SqliteReadModels } from '../../src/adapters/sqlite/read-models.js';
import { BuildGone, type Collection } from '../../src/ports/read-models.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
let files = 0;

const unexpected = (file: string, reason: string): void => {
  throw new Error(`${file}: ${reason}`);
};

const collectionOf = (name: string): Collection => ({ name, fields: ['due'] });
const [earlier, current, other] = [
  collectionOf('tasks.v1'),
  collectionOf('tasks.v2'),
  collectionOf('plans.v1'),
];

const row = { position: '1', due: 'a', text: 'a'.repeat(10_000) };
const rows = new Map(Array.from({ length: 200 }, (_, number) => [`key ${number}`, row] as const));

/** A file that an earlier release filled, opened by one that has other collections. */
const upgraded = async () => {
  const file = join(folder, `${++files}.db`);
  const before = SqliteReadModels.open(file, unexpected);
  await (await before.live(earlier)).commit(rows, '1');
  await (await before.fresh(earlier)).commit(rows, '1');
  await before.close();
  const models = SqliteReadModels.open(file, unexpected, { inUse: [current.name, other.name] });
  const goLive = async (collection: Collection) => {
    const fresh = await models.fresh(collection);
    await fresh.commit(rows, '1');
    await models.activate(collection, fresh);
  };
  const inFile = <Answer>(ask: (database: Database.Database) => Answer): Answer => {
    const database = new Database(file, { readonly: true });
    try {
      return ask(database);
    } finally {
      database.close();
    }
  };
  const tables = () =>
    inFile((database) =>
      database
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE '%@%'")
        .pluck()
        .all(),
    );
  const pages = () => inFile((database) => database.pragma('page_count', { simple: true }));
  return { models, goLive, tables, pages };
};

describe('sqlite: builds of collections that are in use no more', () => {
  it('are kept until each in use has folded something', async () => {
    const { models, goLive } = await upgraded();
    await models.live(other);
    await goLive(current);
    expect(await models.count(earlier, {})).toBe(rows.size);
    await models.close();
  });

  it('are dropped then, and whoever holds one is told', async () => {
    const { models, goLive, tables } = await upgraded();
    const held = await models.live(earlier);
    await goLive(other);
    await goLive(current);
    expect(tables()).toEqual(['plans.v1@3', 'tasks.v2@4']);
    await expect(held.checkpoint()).rejects.toThrow(BuildGone);
    expect(await models.count(earlier, {})).toBe(0);
    for (const collection of [other, current]) expect(await models.count(collection, {})).toBe(rows.size);
    await models.close();
  });

  it('are no builds of what was just made live', async () => {
    const { models, goLive } = await upgraded();
    for (const collection of [other, current, earlier]) await goLive(collection);
    expect(await models.count(earlier, {})).toBe(rows.size);
    await models.close();
  });

  it('leave their room to others', async () => {
    const { models, goLive, pages } = await upgraded();
    await goLive(other);
    await goLive(current);
    const before = pages();
    await (await models.fresh(other)).commit(rows, '1');
    expect(pages()).toBe(before);
    await models.close();
  });
});
