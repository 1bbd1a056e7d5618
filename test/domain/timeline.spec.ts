import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  entriesAfter,
  entriesUntil,
  entryAt,
  inserted,
  type Timeline,
  valueAt,
  valuesFrom,
} from '../../src/domain/timeline.js';

/** A timeline of entries written as `2025-03-01 A`, recorded in this order. */
const timeline = (...entries: string[]): Timeline<string> =>
  entries.reduce<Timeline<string>>((held, entry) => {
    const [effectiveOn = '', value = ''] = entry.split(' ');
    return inserted(held, effectiveOn, value);
  }, []);

describe('a timeline', () => {
  const held = timeline('2025-03-01 A', '2027-01-01 C', '2026-02-28 B');

  it('stands in the order of its days, not of recording', () => {
    expect(held.map(({ value }) => value)).toEqual(['A', 'B', 'C']);
  });

  it('holds from a day on, the day included', () => {
    expect(valueAt(held, '2025-02-28')).toBeUndefined();
    expect(valueAt(held, '2025-03-01')).toBe('A');
    expect(valueAt(held, '2026-02-27')).toBe('A');
    expect(valueAt(held, '2026-02-28')).toBe('B');
    expect(valueAt(held, '9999-12-31')).toBe('C');
    expect(entryAt(held, '2026-12-31')).toEqual({ effectiveOn: '2026-02-28', value: 'B' });
    expect(entryAt([], '2026-12-31')).toBeUndefined();
  });

  it('tells what holds on a day and on each later one, of one day what was recorded last', () => {
    const anew = timeline('2025-03-01 A', '2026-01-01 B', '2026-01-01 C', '2027-01-01 D');
    const from = ['2025-02-28', '2025-12-31', '2026-01-01', '2027-01-01'].map((day) => valuesFrom(anew, day));
    expect(from.map((values) => [...new Set(values)])).toEqual([
      ['A', 'C', 'D'],
      ['A', 'C', 'D'],
      ['C', 'D'],
      ['D'],
    ]);
    expect(valuesFrom([], '2025-01-01')).toEqual([]);
  });

  it('tells on the 29th of February what held on it', () => {
    const leap = timeline('2028-02-29 B', '2028-02-28 A', '2028-03-01 C');
    expect(['2028-02-28', '2028-02-29', '2028-03-01'].map((day) => valueAt(leap, day))).toEqual([
      'A',
      'B',
      'C',
    ]);
  });

  it('gives the last recorded of the entries of one day', () => {
    expect(valueAt(timeline('2025-03-01 A', '2025-03-01 B'), '2025-03-01')).toBe('B');
  });

  it('tells what a late entry does not undo', () => {
    expect(entriesAfter(held, '2025-02-28')).toHaveLength(3);
    expect(entriesAfter(held, '2025-03-01').map(({ value }) => value)).toEqual(['B', 'C']);
    expect(entriesAfter(held, '2027-01-01')).toEqual([]);
  });

  it('tells what has taken effect by a day', () => {
    expect(entriesUntil(held, '2025-02-28')).toEqual([]);
    expect(entriesUntil(held, '2026-02-28').map(({ value }) => value)).toEqual(['A', 'B']);
    expect(entriesUntil(held, '2030-01-01')).toEqual(held);
  });

  const day = fc
    .tuple(fc.integer({ min: 2023, max: 2026 }), fc.constantFrom('01-01', '02-28', '02-29', '12-31'))
    .map((both) => both.join('-'));
  const recorded = fc.array(day, { maxLength: 20, size: 'max' });
  const numbered = (days: readonly string[]): Timeline<number> =>
    days.reduce<Timeline<number>>((entries, on, order) => inserted(entries, on, order), []);

  it('is always ordered by day, and on one day by recording', () => {
    fc.assert(
      fc.property(recorded, (days) => {
        const expected = days
          .map((effectiveOn, value) => ({ effectiveOn, value }))
          .sort((a, b) => Number(a.effectiveOn > b.effectiveOn) - Number(a.effectiveOn < b.effectiveOn));
        expect(numbered(days)).toEqual(expected);
      }),
    );
  });

  it('with one more entry holds as before, except from its day to the next later entry', () => {
    fc.assert(
      fc.property(recorded, day, day, (days, added, asked) => {
        const before = numbered(days);
        const after = inserted(before, added, -1);
        const next = entriesAfter(before, added)[0]?.effectiveOn ?? '9999-12-31';
        expect(valueAt(after, asked)).toBe(asked >= added && asked < next ? -1 : valueAt(before, asked));
        expect(entriesAfter(after, added)).toEqual(entriesAfter(before, added));
      }),
    );
  });

  it('is left as it was by an insertion', () => {
    const before = Object.freeze(numbered(['2025-01-01', '2026-01-01']));
    expect(inserted(before, '2025-06-01', 9)).toHaveLength(3);
    expect(before).toHaveLength(2);
  });
});
