import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SqliteReadModels } from '../../src/adapters/sqlite/read-models.js';
import { RowCache } from '../../src/adapters/sqlite/row-cache.js';
import { NotStorable } from '../../src/ports/event-store.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
const rowAt = (position: string) => ({ position });

describe('rows kept for folding', () => {
  it('are bounded by their text, and the one asked for longest ago goes first', () => {
    const cache = new RowCache(10);
    cache.keep('a', rowAt('1'), 5);
    cache.keep('b', rowAt('2'), 5);
    expect(cache.get('a')).toEqual(rowAt('1'));
    cache.keep('c', rowAt('3'), 5);
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([rowAt('1'), undefined, rowAt('3')]);
    cache.keep('d', rowAt('4'), 11);
    expect(['a', 'c', 'd'].map((at) => cache.get(at))).toEqual([rowAt('1'), rowAt('3'), undefined]);
    cache.keep('a', rowAt('5'), 11);
    expect(cache.get('a')).toBeUndefined();
  });

  it('are replaced where they are kept, and only there', () => {
    const cache = new RowCache(10);
    cache.replace('a', rowAt('1'), 1);
    expect(cache.get('a')).toBeUndefined();
    cache.keep('a', rowAt('1'), 1);
    cache.replace('a', rowAt('2'), 1);
    expect(cache.get('a')).toEqual(rowAt('2'));
  });

  it('are what was committed, also after a commit that failed, and a new build', async () => {
    const collection = { name: 'rows.v1', fields: [] };
    const models = SqliteReadModels.open(join(folder, 'read.db'), () => undefined);
    const build = await models.fresh(collection);
    const held = async () => (await build.getMany(['a'])).get('a');
    await build.commit(new Map([['a', { position: '1', n: 1 }]]), '1');
    expect(await held()).toEqual({ position: '1', n: 1 });
    const wrong = new Map([
      ['a', { position: '2', n: 2 }],
      ['b', { position: '2', n: Number.NaN }],
    ]);
    await expect(build.commit(wrong, '2')).rejects.toThrow(NotStorable);
    expect(await held()).toEqual({ position: '1', n: 1 });
    await build.commit(new Map([['a', { position: '3', n: 3 }]]), '3');
    expect(await held()).toEqual({ position: '3', n: 3 });
    expect((await (await models.fresh(collection)).getMany(['a'])).size).toBe(0);
    await models.close();
  });
});
