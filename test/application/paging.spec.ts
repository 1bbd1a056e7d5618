import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodePlace, encodeCursor, MAX_CURSOR_LENGTH } from '../../src/api/http/cursor.js';
import { type Paging, paged, type Sorting } from '../../src/application/queries/paging.js';

interface Item {
  readonly key: string;
  readonly value: string | number | null;
}

const MOMENT = { asOf: '2025-06-30', knownAt: null, position: null };

const sorting = (descending: boolean, alphabetical: boolean): Sorting<Item> => ({
  by: ({ value }) => value,
  key: ({ key }) => key,
  ...{ descending, alphabetical },
});

const pageOf = (items: readonly Item[], by: Sorting<Item>, paging: Paging) =>
  paged(items, by, paging, MOMENT);

const valuesInOrder = (values: readonly string[], descending = false) => {
  const items = values.map((value, n) => ({ key: String(n), value }));
  return pageOf(items, sorting(descending, true), { limit: 500, cursor: null }).items.map(
    ({ value }) => value,
  );
};

describe('a list sorted by texts for people', () => {
  it('comes in the order of the Vietnamese alphabet', () => {
    const sorted = [
      'An',
      'Ăn',
      'Ân',
      'Dân',
      'Đất',
      'Em',
      'quan',
      'quàn',
      'quản',
      'quãn',
      'quán',
      'quạn',
      'Xã',
    ];
    expect(valuesInOrder([...sorted].reverse())).toEqual(sorted);
    expect(valuesInOrder(sorted, true)).toEqual([...sorted].reverse());
  });

  it('has the numbers in them by their size', () => {
    const sorted = ['1', '1.2', '1.2.a', '1.2.b', '1.10', '2', '10', 'I.1', 'I.2', 'I.10', 'II.1'];
    expect(valuesInOrder([...sorted].reverse())).toEqual(sorted);
  });
});

describe('the pages of a list', () => {
  it('can be asked for, however long the texts are that it is sorted by, and whatever is in them', () => {
    const id = `${'k'.repeat(150)}/${'1'.repeat(149)}`;
    for (const text of ['đ'.repeat(2_000), '😀'.repeat(1_000), `a${'😀'.repeat(999)}`, '"'.repeat(2_000)]) {
      const items = [1, 2, 3].map((n) => ({ key: `${id}${n}`, value: `${text}${n}` }));
      for (const descending of [false, true]) {
        const by = sorting(descending, true);
        const { next } = pageOf(items, by, { limit: 1, cursor: null });
        const text = encodeCursor(`GET /plans/${id}/status -title`, next);
        expect(text.length).toBeLessThanOrEqual(MAX_CURSOR_LENGTH);
        const cursor = decodePlace(`GET /plans/${id}/status -title`, text);
        expect(pageOf(items, by, { limit: 3, cursor }).items.map(({ key }) => key)).toEqual(
          [2, 3].map((n) => `${id}${n}`),
        );
      }
    }
  });

  const letters = fc.constantFrom(
    'a',
    'á',
    'a\u0301',
    'Ă',
    'd',
    'Đ',
    'e',
    '1',
    '01',
    '10',
    '2',
    '.',
    ' ',
    '-',
  );
  const text = fc.array(letters, { maxLength: 4 }).map((some) => some.join(''));
  const values = fc.oneof(fc.array(fc.option(text)), fc.array(fc.option(fc.integer({ min: -2, max: 2 }))));

  it('put together are the whole, whatever it is sorted by', () => {
    fc.assert(
      fc.property(
        values,
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        fc.boolean(),
        (all, limit, ...how) => {
          const items = all.map((value, n) => ({ key: String(n), value }));
          const by = sorting(...how);
          const together: Item[] = [];
          let cursor: Paging['cursor'] = null;
          do {
            const page = pageOf(items, by, { limit, cursor });
            together.push(...page.items);
            cursor = page.next as Paging['cursor'];
          } while (cursor);
          expect(together).toEqual(pageOf(items, by, { limit: items.length + 1, cursor: null }).items);
          expect(together).toHaveLength(items.length);
        },
      ),
    );
  });
});
