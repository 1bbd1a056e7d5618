import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SqliteReadModels } from '../../src/adapters/sqlite/read-models.js';
import { Fenced } from '../../src/ports/read-models.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
const collection = { name: 'rows.v1', fields: [] };

describe('sqlite: a commit that was begun under an epoch', () => {
  it.each([
    ['a few rows', 2],
    ['more rows than are made ready in one turn', 1_200],
  ])('of %s writes nothing where a later one has begun meanwhile', async (_, count) => {
    const models = SqliteReadModels.open(join(folder, `${count}.db`), (file, reason) => {
      throw new Error(`${file}: ${reason}`);
    });
    const earlier = await models.live(collection, 1);
    await earlier.commit(new Map([['kept', { position: '1' }]]), '1');
    const rows = new Map(
      Array.from({ length: count }, (_row, n) => [`key ${n}`, { position: '2' }] as const),
    );
    const writing = earlier.commit(rows, '2');
    const later = await models.live(collection, 2);
    await expect(writing).rejects.toThrow(Fenced);
    expect(await later.checkpoint()).toBe('1');
    expect(await models.keys(collection, { where: {}, limit: 10 })).toEqual(['kept']);
    await models.close();
  });
});
