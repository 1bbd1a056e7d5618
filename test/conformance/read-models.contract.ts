import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NotStorable } from '../../src/domain/canonical.js';
import {
  type Build,
  BuildGone,
  type Collection,
  type Condition,
  type Fault,
  Fenced,
  type Find,
  type Found,
  MAX_FAULTS,
  MAX_FIND_ROWS,
  MAX_IN_VALUES,
  MAX_ROW_BYTES,
  type ReadModels,
  ReadModelsUnavailable,
  type Row,
  type Scalar,
} from '../../src/ports/read-models.js';
import { storableObject } from '../support/storable.js';
import { UNSTORABLE } from '../support/unstorable.js';

const POSITION = '00000000000000000007';

const positionOf = (n: number): string => String(n).padStart(20, '0');
const rowOf = (fields: object = {}): Row => ({ position: POSITION, ...fields });
const keysOf = (found: readonly Found[]): string[] => found.map(({ key }) => key);
const put = (build: Build, rows: Readonly<Record<string, object>>, checkpoint = POSITION) =>
  build.commit(new Map(Object.entries(rows).map(([key, fields]) => [key, rowOf(fields)])), checkpoint);

/**
 * What every store of read models keeps. An adapter enrols with a way to open the store of a place: the same place
 * opened again after closing is the same store (a restart); a new place is empty.
 */
export const describeReadModels = (adapter: string, open: (place: string) => Promise<ReadModels>): void =>
  describe(`${adapter}: read models contract`, () => {
    const opened = new Set<ReadModels>();
    const collection: Collection = { name: 'indicator-status.v1', fields: ['title', 'count', 'stale'] };

    const openAt = async (place: string): Promise<ReadModels> => {
      const models = await open(place);
      opened.add(models);
      return models;
    };
    const restart = async (models: ReadModels, place: string): Promise<ReadModels> => {
      opened.delete(models);
      await models.close();
      return openAt(place);
    };
    const begin = async () => {
      const place = randomUUID();
      const models = await openAt(place);
      return { place, models, build: await models.live(collection) };
    };
    const all = (models: ReadModels): Promise<readonly Found[]> =>
      models.find(collection, { where: {}, limit: MAX_FIND_ROWS });

    afterEach(async () => {
      for (const models of opened) await models.close();
      opened.clear();
    });

    describe('rows', () => {
      it('are there after a commit, with its checkpoint', async () => {
        const { models, build } = await begin();
        expect(await build.checkpoint()).toBeNull();
        expect(await models.get(collection, 'a')).toBeUndefined();
        await put(build, { a: { title: 'A' }, b: { title: 'B' } }, '00000000000000000011');
        expect(await build.checkpoint()).toBe('00000000000000000011');
        expect(await models.get(collection, 'a')).toEqual(rowOf({ title: 'A' }));
        const some = new Map([['b', rowOf({ title: 'B' })]]);
        expect(await models.getMany(collection, ['b', 'missing'])).toEqual(some);
        expect(await build.getMany(['missing', 'b'])).toEqual(some);
        expect(await build.getMany([])).toEqual(new Map());
      });

      it('are replaced whole', async () => {
        const { models, build } = await begin();
        await put(build, { a: { title: 'A', count: 1 }, b: {}, c: {} });
        await put(build, { a: { count: 2 } });
        expect(await models.get(collection, 'a')).toEqual(rowOf({ count: 2 }));
        expect(await models.find(collection, { where: { title: { equals: 'A' } }, limit: 1 })).toEqual([]);
        expect(keysOf(await all(models))).toEqual(['a', 'b', 'c']);
      });

      it('come with the mark of the checkpoint, of a fresh build too, which the next one replaces', async () => {
        const { place, models, build } = await begin();
        expect(await build.mark()).toBeNull();
        const fresh = await models.fresh(collection);
        for (const one of [build, fresh]) {
          await one.commit(new Map(), '00000000000000000011', [], 'the first');
          expect(await one.mark()).toBe('the first');
          await one.commit(new Map(), '00000000000000000012', [], 'the second');
        }
        expect(await build.mark()).toBe('the second');
        await put(build, {}, '00000000000000000013');
        expect(await build.mark()).toBeNull();
        await models.activate(collection, fresh);
        expect(await fresh.mark()).toBe('the second');
        const again = await (await restart(models, place)).live(collection);
        expect([await again.checkpoint(), await again.mark()]).toEqual([
          '00000000000000000012',
          'the second',
        ]);
      });

      it('may be none: then only the checkpoint is written', async () => {
        const { models, build } = await begin();
        await put(build, {}, '00000000000000000012');
        expect(await build.checkpoint()).toBe('00000000000000000012');
        expect(await all(models)).toEqual([]);
      });

      it('come back as they were given, as copies, with their fields in order', async () => {
        const { place, models, build } = await begin();
        const row = rowOf({
          z: 'Tỷ lệ 😀 \u{10FFFF}\uFEFF\u2028"\\\u001F',
          a: [null, [], {}, { '': 0 }],
          milestones: { 2025: { met: true }, 2030: { met: null } },
          $set: 'đặt',
          'a.b': Number.MAX_SAFE_INTEGER,
          _id: 1,
          toJSON: 'text',
        });
        const keys = ['kh-1570-2025/7.1', 'a.b', '$set', '', ' ', '😀', 'NFC ậ', 'NFC ậ'.normalize('NFD')];
        await build.commit(new Map(keys.map((key) => [key, row])), POSITION);
        for (const key of keys) {
          const read = await models.get(collection, key);
          expect(read).toEqual(row);
          expect(JSON.stringify(read)).toBe(JSON.stringify(row));
          if (read) Object.assign(read, { z: 'changed' });
          expect(await models.get(collection, key)).toEqual(row);
        }
        const again = await restart(models, place);
        expect(new Set(keysOf(await all(again)))).toEqual(new Set(keys));
      });

      it('come back as they were given, whatever they hold', async () => {
        const { models, build } = await begin();
        await fc.assert(
          fc.asyncProperty(fc.array(storableObject, { maxLength: 10 }), async (contents) => {
            const rows = contents.map((content) => rowOf({ content }));
            await build.commit(new Map(rows.map((row, index) => [`${index}`, row])), POSITION);
            for (const [index, row] of rows.entries()) {
              expect(await models.get(collection, `${index}`)).toEqual(row);
            }
          }),
          { numRuns: 30 },
        );
      });

      const refused: readonly (readonly [string, Row])[] = [
        ...UNSTORABLE.map(([what, value]) => [what, rowOf({ nested: [{ value }] })] as const),
        ['an object in an indexed field', rowOf({ title: {} })],
        ['a list in an indexed field', rowOf({ count: [] })],
        ['more than fits', rowOf({ note: 'đ'.repeat(MAX_ROW_BYTES / 2) })],
        ['no position', { title: 'A' } as unknown as Row],
      ];
      it.each(refused)('are refused all together, checkpoint too, when one holds %s', async (_, bad) => {
        const { models, build } = await begin();
        await put(build, { a: { count: 1 }, b: { count: 1 } }, '00000000000000000001');
        const rows = new Map([
          ['a', rowOf({ count: 2 })],
          ['b', rowOf({ count: 2 })],
          ['bad', bad],
          ['c', rowOf()],
        ]);
        await expect(build.commit(rows, '00000000000000000002')).rejects.toThrow(NotStorable);
        expect(await build.checkpoint()).toBe('00000000000000000001');
        expect(await all(models)).toEqual([
          { key: 'a', row: rowOf({ count: 1 }) },
          { key: 'b', row: rowOf({ count: 1 }) },
        ]);
      });

      it('are refused under a key that cannot be stored', async () => {
        const { models, build } = await begin();
        await expect(put(build, { 'a\0b': {} })).rejects.toThrow(NotStorable);
        await expect(put(build, { '\uD83D': {} })).rejects.toThrow(NotStorable);
        expect(await all(models)).toEqual([]);
      });

      it('of several committed at once are each there or refused', async () => {
        const { models, build } = await begin();
        const names = ['p.v1', 'q.v1', 'r.v1', 's.v1'];
        const others = await Promise.all(names.map((name) => models.live({ ...collection, name })));
        const unfinished = await models.fresh({ ...collection, name: 'p.v1' });
        await models.fresh({ ...collection, name: 'p.v1' });
        await models.live({ ...collection, name: 'q.v1' }, 2);
        const outcomes = await Promise.allSettled(
          [...others, unfinished, build].map((one, n) =>
            put(one, { [n]: { title: String(n) } }, positionOf(n + 1)),
          ),
        );
        expect(outcomes.map(({ status }) => status)).toEqual([
          ...['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
        ]);
        expect(outcomes[1]).toMatchObject({ reason: { name: 'Fenced' } });
        expect(outcomes[4]).toMatchObject({ reason: { name: 'BuildGone' } });
        expect(await models.checkpoints(names.map((name) => ({ ...collection, name })))).toEqual([
          ...[positionOf(1), null, positionOf(3), positionOf(4)],
        ]);
        expect(await models.get(collection, '5')).toEqual(rowOf({ title: '5' }));
        expect(await models.get({ ...collection, name: 'q.v1' }, '1')).toBeUndefined();
      });

      it('of two collections are kept apart', async () => {
        const { models, build } = await begin();
        const other: Collection = { name: 'indicator-status.v2', fields: ['title'] };
        const otherBuild = await models.live(other);
        await put(build, { a: { title: 'one' } }, '00000000000000000001');
        await put(otherBuild, { a: { title: 'two' } }, '00000000000000000002');
        expect(await models.get(collection, 'a')).toEqual(rowOf({ title: 'one' }));
        expect(await models.get(other, 'a')).toEqual(rowOf({ title: 'two' }));
        expect(await build.checkpoint()).toBe('00000000000000000001');
      });

      it('and the checkpoint are kept over a restart', async () => {
        const { place, models, build } = await begin();
        await put(build, { a: { title: 'A' }, b: { title: 'B' } }, '00000000000000000009');
        const again = await restart(models, place);
        expect(await again.find(collection, { where: { title: { equals: 'B' } }, limit: 9 })).toEqual([
          { key: 'b', row: rowOf({ title: 'B' }) },
        ]);
        expect(await (await again.live(collection)).checkpoint()).toBe('00000000000000000009');
      });
    });

    describe('find', () => {
      const titles = ['', 'a', 'B', 'b', 'ă', 'ấ', 'ﬀ', '😀', 'bb', '10', '9'];
      const counts = [Number.MIN_SAFE_INTEGER, -10, -1, 0, 1, 2, 9, 10, 2 ** 40];
      const scalarsOf = {
        title: fc.constantFrom(...titles),
        count: fc.constantFrom(...counts),
        stale: fc.boolean(),
      };
      type Field = keyof typeof scalarsOf;
      const field = fc.constantFrom<Field>('title', 'count', 'stale');
      const orNull = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(values, { freq: 4 });

      const fields = fc.record(
        {
          title: orNull(scalarsOf.title),
          count: orNull(scalarsOf.count),
          stale: orNull(scalarsOf.stale),
          note: fc.string(),
        },
        { requiredKeys: [] },
      );
      const [last, beforeSurrogates] = ['\u{10ffff}', '\u{d7ff}'];
      const key = fc.constantFrom(
        ...'abcdefghijkl',
        ...[
          'A',
          'ă',
          '😀',
          'ﬀ',
          'a/',
          'a/1',
          'a/2',
          'a/1@1',
          'a0',
          'ab',
          'ă/1',
          last,
          `a${last}`,
          `a${last}b`,
        ],
        ...[beforeSurrogates, `${beforeSurrogates}1`, '\u{e000}'],
      );
      const prefix = fc.constantFrom(
        '',
        'a',
        'a/',
        'a/1',
        'ă',
        '😀',
        last,
        `a${last}`,
        beforeSurrogates,
        'x',
      );
      const commits = fc.array(fc.array(fc.tuple(key, fields), { maxLength: 15 }), { maxLength: 4 });

      const condition = (name: Field): fc.Arbitrary<Condition> => {
        const scalar: fc.Arbitrary<Scalar> = scalarsOf[name];
        return fc.oneof(
          fc.record({ equals: orNull(scalar) }),
          fc.record({ in: fc.array(orNull(scalar), { maxLength: 5 }) }),
          fc.record({ from: scalar, to: scalar }),
          fc.record({ from: scalar }),
          fc.record({ to: scalar }),
        );
      };
      const where = fc
        .uniqueArray(field, { maxLength: 2 })
        .chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, condition(name)]))));
      const sort = fc.option(
        fc.record({ field, descending: fc.boolean() }, { requiredKeys: ['descending'] }),
        { nil: undefined },
      );

      it('answers as filtering and sorting an array does, page by page', async () => {
        const { models } = await begin();
        let runs = 0;
        await fc.assert(
          fc.asyncProperty(
            commits,
            fc.array(fc.tuple(where, prefix, sort), { minLength: 1, maxLength: 5 }),
            fc.constantFrom('count', undefined),
            fc.integer({ min: 1, max: 7 }),
            async (written, queries, within, limit) => {
              const own = { ...collection, name: `find-${runs++}`, order: within };
              const build = await models.live(own);
              const model = new Map<string, Row>();
              for (const commit of written) {
                const rows = new Map(commit.map(([at, content]) => [at, rowOf(content)]));
                await build.commit(rows, POSITION);
                for (const [at, row] of rows) model.set(at, row);
              }
              for (const [conditions, begin, order] of queries) {
                const expected = naiveFind(model, conditions, begin, order);
                const query = { where: conditions, prefix: begin, limit, ...(order && { sort: order }) };
                const pages = await walk(models, own, query);
                expect(pages.flat()).toEqual(expected);
                for (const page of pages) expect(page.length).toBeLessThanOrEqual(limit);
                expect(await models.keys(own, query)).toEqual(pages[0]?.map(({ key }) => key) ?? []);
                const all = naiveFind(model, conditions, '', undefined);
                expect(await models.count(own, conditions)).toBe(all.length);
              }
            },
          ),
          { numRuns: 150 },
        );
      });

      it('continues after a row that is no longer there', async () => {
        const { models, build } = await begin();
        await put(build, { a: { count: 1 }, c: { count: 1 }, d: { count: 2 }, e: {} });
        const next = async (descending: boolean, after: { value: Scalar; key: string }) =>
          keysOf(
            await models.find(collection, {
              where: {},
              sort: { field: 'count', descending },
              after,
              limit: 9,
            }),
          );
        expect(await next(false, { value: 1, key: 'b' })).toEqual(['c', 'd']);
        expect(await next(true, { value: 1, key: 'b' })).toEqual(['c', 'e']);
        expect(await next(false, { value: null, key: 'b' })).toEqual(['e', 'a', 'c', 'd']);
        expect(await next(true, { value: null, key: 'e' })).toEqual([]);
      });

      it('holds nothing for a value or a bound of another type', async () => {
        const { models, build } = await begin();
        await put(build, { a: { title: '5', count: 5, stale: true } });
        for (const where of [
          { title: { equals: 5 } },
          { title: { in: [5, null] } },
          { title: { from: -5 } },
          { title: { from: -5, to: 9 } },
          { count: { equals: '5' } },
          { count: { to: 'zzz' } },
          { count: { from: '' } },
        ]) {
          expect(await models.count(collection, where)).toBe(0);
        }
      });

      it('sorts and pages a thousand rows', async () => {
        const { models, build } = await begin();
        const rows = Array.from({ length: MAX_FIND_ROWS + 5 }, (_, number) => [
          `k${String(number).padStart(5, '0')}`,
          { count: number % 10 },
        ]);
        await put(build, Object.fromEntries(rows));
        expect(await all(models)).toHaveLength(MAX_FIND_ROWS);
        const sorted = await walk(models, collection, { where: {}, sort: { field: 'count' }, limit: 100 });
        expect(sorted.flat()).toHaveLength(MAX_FIND_ROWS + 5);
        expect(sorted.flat().map(({ row }) => row['count'])).toEqual(
          rows.map((_, number) => number % 10).sort(),
        );
      });

      it('takes as many values as it says', async () => {
        const { models, build } = await begin();
        await put(build, { a: { count: 5 } });
        const values = Array.from({ length: MAX_IN_VALUES }, (_, number) => number);
        expect(await models.count(collection, { count: { in: values } })).toBe(1);
        await expect(models.count(collection, { count: { in: [...values, -1] } })).rejects.toThrow(
          RangeError,
        );
      });

      const wrong: readonly [string, Find][] = [
        ['a field that is not indexed', { where: { note: { equals: 'a' } }, limit: 1 }],
        ['a field of every object', { where: { constructor: { equals: 'a' } }, limit: 1 }],
        ['a sort by what is not indexed', { where: {}, sort: { field: 'note' }, limit: 1 }],
        ['a limit of 0', { where: {}, limit: 0 }],
        ['a limit that is too large', { where: {}, limit: MAX_FIND_ROWS + 1 }],
        ['half a limit', { where: {}, limit: 1.5 }],
        ['a range without a bound', { where: { count: {} }, limit: 1 }],
        ['a range bounded by null', { where: { count: { from: null, to: 1 } }, limit: 1 }],
      ];
      it.each(wrong)('refuses %s', async (_, query) => {
        const { models } = await begin();
        await expect(models.find(collection, query)).rejects.toThrow(RangeError);
      });
    });

    describe('a rebuild', () => {
      it('is seen by nobody until it is activated, then at once and whole', async () => {
        const { models, build } = await begin();
        await put(build, { a: { title: 'old' }, b: { title: 'old' } }, '00000000000000000001');
        const fresh = await models.fresh(collection);
        expect(await fresh.checkpoint()).toBeNull();
        expect(await fresh.getMany(['a'])).toEqual(new Map());
        const before = await all(models);
        for (const key of ['a', 'c', 'd']) {
          await put(fresh, { [key]: { title: 'new' } }, '00000000000000000002');
          expect(await all(models)).toEqual(before);
          expect(await models.get(collection, 'c')).toBeUndefined();
          expect(await models.count(collection, { title: { equals: 'new' } })).toBe(0);
        }
        await models.prepare(fresh);
        expect(await all(models)).toEqual(before);
        await put(fresh, { a: { title: 'newer' }, d: { title: 'new' } }, '00000000000000000002');
        await models.prepare(fresh);
        await put(build, { b: { title: 'live goes on' } }, '00000000000000000003');
        expect(await fresh.getMany(['b'])).toEqual(new Map());

        await models.activate(collection, fresh);
        expect(keysOf(await all(models))).toEqual(['a', 'c', 'd']);
        expect(await models.count(collection, { title: { equals: 'new' } })).toBe(2);
        expect(await models.count(collection, { title: { equals: 'newer' } })).toBe(1);
        expect(await (await models.live(collection)).checkpoint()).toBe('00000000000000000002');
      });

      it('goes on as the live build, and tells the old one that it is gone', async () => {
        const { place, models, build } = await begin();
        const fresh = await models.fresh(collection);
        await models.activate(collection, fresh);
        await models.activate(collection, fresh);
        await put(fresh, { a: {} }, '00000000000000000004');
        expect(keysOf(await all(models))).toEqual(['a']);
        await expect(put(build, { b: {} })).rejects.toThrow(BuildGone);
        await expect(build.getMany(['a'])).rejects.toThrow(BuildGone);
        await expect(build.checkpoint()).rejects.toThrow(BuildGone);
        await expect(models.activate(collection, build)).rejects.toThrow(BuildGone);
        const again = await restart(models, place);
        expect(keysOf(await all(again))).toEqual(['a']);
      });

      it('begun again throws the unfinished attempt away', async () => {
        const { models } = await begin();
        const first = await models.fresh(collection);
        await put(first, { a: {} });
        const second = await models.fresh(collection);
        expect(await second.getMany(['a'])).toEqual(new Map());
        await expect(put(first, { b: {} })).rejects.toThrow(BuildGone);
        await expect(models.prepare(first)).rejects.toThrow(BuildGone);
        await expect(models.activate(collection, first)).rejects.toThrow(BuildGone);
        await models.activate(collection, second);
        expect(await all(models)).toEqual([]);
      });

      it('cut off by a restart leaves the live build as it was', async () => {
        const { place, models, build } = await begin();
        await put(build, { a: {} }, '00000000000000000001');
        await put(await models.fresh(collection), { b: {} }, '00000000000000000002');
        const again = await restart(models, place);
        expect(keysOf(await all(again))).toEqual(['a']);
        const fresh = await again.fresh(collection);
        expect(await fresh.checkpoint()).toBeNull();
        expect(await fresh.getMany(['b'])).toEqual(new Map());
      });

      it('of one collection is not one of another', async () => {
        const { models } = await begin();
        const other: Collection = { ...collection, name: 'other' };
        const fresh = await models.fresh(other);
        await expect(models.activate(collection, fresh)).rejects.toThrow(RangeError);
        await models.activate(other, fresh);
      });
    });

    describe('an epoch', () => {
      it('ends what was written under an earlier one', async () => {
        const { models } = await begin();
        const first = await models.live(collection, 1);
        await put(first, { a: { count: 1 } }, '00000000000000000001');
        const second = await models.live(collection, 2);
        expect(await second.checkpoint()).toBe('00000000000000000001');
        await expect(put(first, { a: { count: 2 } }, '00000000000000000002')).rejects.toThrow(Fenced);
        await expect(models.live(collection, 1)).rejects.toThrow(Fenced);
        await put(second, { b: {} }, '00000000000000000003');
        await expect(put(first, {}, '00000000000000000004')).rejects.toThrow(Fenced);
        expect(await second.checkpoint()).toBe('00000000000000000003');
        expect(await all(models)).toEqual([
          { key: 'a', row: rowOf({ count: 1 }) },
          { key: 'b', row: rowOf() },
        ]);
      });

      it('lets both go on who write under the same one', async () => {
        const { models } = await begin();
        const [one, again] = [await models.live(collection, 3), await models.live(collection, 3)];
        await put(again, { a: {} });
        await put(one, { b: {} });
        expect(keysOf(await all(models))).toEqual(['a', 'b']);
      });

      it('goes over to the build that is activated', async () => {
        const { models } = await begin();
        const first = await models.live(collection, 1);
        const second = await models.live(collection, 2);
        const fresh = await models.fresh(collection);
        await put(fresh, { a: {} });
        await expect(models.activate(collection, fresh, 1)).rejects.toThrow(Fenced);
        await expect(models.activate(collection, fresh)).rejects.toThrow(Fenced);
        await put(second, { old: {} });
        expect(keysOf(await all(models))).toEqual(['old']);
        await models.activate(collection, fresh, 2);
        expect(keysOf(await all(models))).toEqual(['a']);
        await expect(put(first, {})).rejects.toThrow(BuildGone);
        await expect(models.live(collection, 1)).rejects.toThrow(Fenced);
        await put(fresh, { b: {} });
        await models.live(collection, 3);
        await expect(put(fresh, { c: {} })).rejects.toThrow(Fenced);
        expect(keysOf(await all(models))).toEqual(['a', 'b']);
      });

      it('of one collection is not one of another', async () => {
        const { models, build } = await begin();
        await models.live({ name: 'other', fields: [] }, 5);
        await put(build, { a: {} });
        expect(keysOf(await all(models))).toEqual(['a']);
      });
    });

    describe('what is told of the live build', () => {
      const other: Collection = { name: 'other', fields: [] };
      const fault = (number: number): Fault => ({
        key: `k${number}`,
        position: String(number).padStart(20, '0'),
        eventId: `e${number}`,
        error: `Error: "${number}" không gấp được \uD83D`,
      });

      it('is how far each has come', async () => {
        const { models, build } = await begin();
        expect(await models.checkpoints([other, collection])).toEqual([null, null]);
        await put(build, {}, '00000000000000000005');
        await put(await models.live(other), {}, '00000000000000000006');
        await put(await models.fresh(collection), {}, '00000000000000000007');
        expect(await models.checkpoints([other, collection])).toEqual([
          '00000000000000000006',
          '00000000000000000005',
        ]);
        expect(await models.checkpoints([])).toEqual([]);
      });

      it('is what could not be folded into it, over a restart too', async () => {
        const { place, models, build } = await begin();
        expect(await models.faults(collection)).toEqual([]);
        await build.commit(new Map(), POSITION, [fault(1), fault(2)]);
        await build.commit(new Map(), POSITION);
        await build.commit(new Map([['a', rowOf()]]), POSITION, [fault(3)]);
        expect(await models.faults(collection)).toEqual([fault(1), fault(2), fault(3)]);
        expect(await models.faults(other)).toEqual([]);
        const again = await restart(models, place);
        expect(await again.faults(collection)).toEqual([fault(1), fault(2), fault(3)]);
      });

      it('is only the newest of very many', async () => {
        const { models, build } = await begin();
        const faults = Array.from({ length: MAX_FAULTS + 2 }, (_, number) => fault(number));
        await build.commit(new Map(), POSITION, faults.slice(0, 5));
        await build.commit(new Map(), POSITION, faults.slice(5));
        expect(await models.faults(collection)).toEqual(faults.slice(2));
        const fresh = await models.fresh(collection);
        await fresh.commit(new Map(), POSITION, faults.slice(0, 7));
        await fresh.commit(new Map(), POSITION, faults.slice(7));
        await models.activate(collection, fresh);
        expect(await models.faults(collection)).toEqual(faults.slice(2));
      });

      it('is refused together with its rows', async () => {
        const { models, build } = await begin();
        const rows = new Map([['bad', rowOf({ title: {} })]]);
        await expect(build.commit(rows, POSITION, [fault(1)])).rejects.toThrow(NotStorable);
        expect(await models.faults(collection)).toEqual([]);
      });

      it('is another’s when a rebuild is activated', async () => {
        const { models, build } = await begin();
        await build.commit(new Map(), POSITION, [fault(1)]);
        const fresh = await models.fresh(collection);
        await fresh.commit(new Map(), '00000000000000000009', [fault(2)]);
        expect(await models.faults(collection)).toEqual([fault(1)]);
        await models.activate(collection, fresh);
        expect(await models.faults(collection)).toEqual([fault(2)]);
        expect(await models.checkpoints([collection])).toEqual(['00000000000000000009']);
      });
    });

    describe('other fields under the same name', () => {
      const changed: Collection = { name: collection.name, fields: ['title', 'note'] };

      it('throw the live build away', async () => {
        const { models, build } = await begin();
        await put(build, { a: { note: 'n' } });
        const next = await models.live(changed);
        expect(await next.checkpoint()).toBeNull();
        expect(await models.find(changed, { where: {}, limit: 9 })).toEqual([]);
        await expect(put(build, { b: {} })).rejects.toThrow(BuildGone);
        await put(next, { a: { note: 'n' } });
        expect(keysOf(await models.find(changed, { where: { note: { equals: 'n' } }, limit: 9 }))).toEqual([
          'a',
        ]);
      });

      it('throw it away after a restart too', async () => {
        const { place, models, build } = await begin();
        await put(build, { a: { note: 'n' } });
        const again = await restart(models, place);
        expect(await (await again.live(changed)).checkpoint()).toBeNull();
        expect(await again.get(changed, 'a')).toBeUndefined();
      });

      it.each([
        ['twice the same', { name: 'a', fields: ['title', 'title'] }],
        ['that is no word', { name: 'a', fields: ['a.b'] }],
        ['in a collection without a name', { name: '', fields: [] }],
        ['in a collection with an odd name', { name: 'a"b', fields: [] }],
      ])('are refused: %s', async (_, odd) => {
        const { models } = await begin();
        await expect(models.live(odd)).rejects.toThrow(RangeError);
        await expect(models.fresh(odd)).rejects.toThrow(RangeError);
      });
    });

    it('refuses everything after closing', async () => {
      const { models, build } = await begin();
      await models.close();
      await models.close();
      await expect(models.get(collection, 'a')).rejects.toThrow(ReadModelsUnavailable);
      await expect(put(build, { a: {} })).rejects.toThrow(ReadModelsUnavailable);
      await expect(models.live(collection)).rejects.toThrow(ReadModelsUnavailable);
    });
  });

type Sort = NonNullable<Find['sort']>;

/** Every page of a query, each continued after the last row of the one before. */
const walk = async (
  models: ReadModels,
  collection: Collection,
  query: Find,
): Promise<(readonly Found[])[]> => {
  const pages: (readonly Found[])[] = [];
  let next = query;
  for (;;) {
    const page = await models.find(collection, next);
    const last = page.at(-1);
    if (!last) return pages;
    pages.push(page);
    const field = query.sort?.field;
    const value = field === undefined ? null : scalarAt(last.row, field);
    next = { ...query, after: { value, key: last.key } };
  }
};

const naiveFind = (
  rows: ReadonlyMap<string, Row>,
  where: Find['where'],
  prefix: string,
  sort: Sort | undefined,
): readonly Found[] =>
  [...rows]
    .map(([key, row]) => ({ key, row }))
    .filter(({ key }) => key.startsWith(prefix))
    .filter(({ row }) => Object.entries(where).every(([field, one]) => holds(scalarAt(row, field), one)))
    .sort((one, other) => {
      const { field, descending } = sort ?? {};
      const sign = descending ? -1 : 1;
      const byKey = compare(one.key, other.key);
      if (field === undefined) return sign * byKey;
      return sign * compare(scalarAt(one.row, field), scalarAt(other.row, field)) || byKey;
    });

const scalarAt = (row: Row, field: string): Scalar => (row[field] ?? null) as Scalar;

const holds = (value: Scalar, condition: Condition): boolean => {
  if ('equals' in condition) return value === condition.equals;
  if ('in' in condition) return condition.in.includes(value);
  const { from, to } = condition;
  if (value === null) return false;
  return (from === undefined || compare(value, from) >= 0) && (to === undefined || compare(value, to) <= 0);
};

/** Null first, false before true, strings by code point. */
const compare = (one: Scalar, other: Scalar): number => {
  if (one === null || other === null) return Number(one !== null) - Number(other !== null);
  if (typeof one === 'string') return Buffer.compare(Buffer.from(one), Buffer.from(String(other)));
  return Number(one) - Number(other);
};
