import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  dayOf,
  daysBetween,
  endOfYear,
  instant,
  isDate,
  periodDays,
  periodEnd,
  plusDays,
  plusMonths,
  yearBefore,
  yearOf,
} from '../../src/domain/time.js';

describe('a date', () => {
  it.each(['0001-01-01', '2025-01-01', '2024-02-29', '2000-02-29', '2028-02-29', '1999-12-31', '9999-12-31'])(
    'is a day that exists: %s',
    (text) => expect(isDate(text)).toBe(true),
  );

  it.each([
    ...[
      '0000-01-01',
      '0000-12-31',
      '2025-02-29',
      '2100-02-29',
      '1900-02-29',
      '2025-04-31',
      '2025-13-01',
      '2025-00-01',
      '2025-01-00',
    ],
    ...[
      '2025-1-1',
      '25-01-01',
      '2025-01-01T00:00:00Z',
      ' 2025-01-01',
      '2025-01-01\n',
      '20250101',
      '',
      '+002025-01-01',
    ],
  ])('is nothing else: %j', (text) => expect(isDate(text)).toBe(false));
});

describe('an instant', () => {
  it.each([
    ['2025-03-01T02:00:00Z', '2025-03-01T02:00:00.000Z'],
    ['2025-03-01T02:00Z', '2025-03-01T02:00:00.000Z'],
    ['2025-03-01T00:00:00+07:00', '2025-02-28T17:00:00.000Z'],
    ['2024-12-31T23:30:00-01:00', '2025-01-01T00:30:00.000Z'],
    ['2025-03-01T02:00:00.5Z', '2025-03-01T02:00:00.500Z'],
    ['2025-03-01T02:00:00.999999999Z', '2025-03-01T02:00:00.999Z'],
    ['2028-02-29T23:59:59Z', '2028-02-29T23:59:59.000Z'],
  ])('is turned into UTC with milliseconds: %s', (text, utc) => expect(instant(text)).toBe(utc));

  it.each([
    ...['2025-03-01', '2025-03-01T02:00:00', '2025-02-29T02:00:00Z', '2025-03-01T24:00:00Z'],
    ...['2025-03-01T02:60:00Z', '2025-03-01 02:00:00Z', '2025-03-01T02:00:00+25:00', 'now', ''],
  ])('needs a day that exists, a time and an offset: %j', (text) => expect(instant(text)).toBeNull());

  it.each(['9999-12-31T23:59:59-07:00', '0000-01-01T00:00:00+07:00'])(
    'stays within the years that compare as texts: not %s',
    (text) => expect(instant(text)).toBeNull(),
  );

  it('compares as text as it does in time', () => {
    const milliseconds = fc.integer({ min: Date.UTC(1900, 0), max: Date.UTC(2200, 0) });
    fc.assert(
      fc.property(milliseconds, milliseconds, (a, b) => {
        const [first, second] = [a, b].map((ms) => instant(new Date(ms).toISOString()) ?? '');
        expect((first ?? '') < (second ?? '')).toBe(a < b);
      }),
    );
  });
});

describe('the day at an instant', () => {
  it.each([
    ['2025-12-31T16:59:59.999Z', '2025-12-31'],
    ['2025-12-31T17:00:00.000Z', '2026-01-01'],
    ['2026-01-01T00:00:00.000Z', '2026-01-01'],
    ['2026-01-01T16:59:59.999Z', '2026-01-01'],
    ['2028-02-28T17:00:00.000Z', '2028-02-29'],
    ['2028-02-29T17:00:00.000Z', '2028-03-01'],
    ['2027-02-28T17:00:00.000Z', '2027-03-01'],
  ])('is that of Asia/Ho_Chi_Minh, whose midnight is 17:00 UTC: %s', (at, day) =>
    expect(dayOf(at)).toBe(day),
  );

  it('is that of the clock seven hours ahead, also where the text ends in another way', () => {
    const milliseconds = fc.integer({ min: Date.UTC(1900, 0), max: Date.UTC(2200, 0) });
    fc.assert(
      fc.property(milliseconds, (ms) => {
        const at = new Date(ms).toISOString();
        const day = new Date(ms + 7 * 3_600_000).toISOString().slice(0, 10);
        expect([dayOf(at), dayOf(at.replace('Z', '+00:00'))]).toEqual([day, day]);
      }),
    );
  });
});

describe('a period', () => {
  it.each([
    ['2026', '2026-01-01', '2026-12-31'],
    ['2026-H1', '2026-01-01', '2026-06-30'],
    ['2026-H2', '2026-07-01', '2026-12-31'],
    ['2026-Q1', '2026-01-01', '2026-03-31'],
    ['2026-Q2', '2026-04-01', '2026-06-30'],
    ['2026-Q3', '2026-07-01', '2026-09-30'],
    ['2026-Q4', '2026-10-01', '2026-12-31'],
    ['2026-02', '2026-02-01', '2026-02-28'],
    ['2028-02', '2028-02-01', '2028-02-29'],
    ['2100-02', '2100-02-01', '2100-02-28'],
    ['2026-12', '2026-12-01', '2026-12-31'],
    ['2026-06-30', '2026-06-30', '2026-06-30'],
    ['2028-02-29', '2028-02-29', '2028-02-29'],
  ])('%s lasts from %s to %s', (period, start, end) => {
    expect(periodDays(period)).toEqual({ start, end });
    expect(periodEnd(period)).toBe(end);
  });

  it.each([
    ...['', '26', '2026-', '2026-H0', '2026-H3', '2026-Q0', '2026-Q5', '2026-00', '2026-13', '2026-6'],
    ...[
      '2026-02-29',
      '2026-h1',
      'Q1-2026',
      '2026-Q1-01',
      '2026 ',
      ' 2026',
      '2026-06-30T00:00:00Z',
      '20260',
      '2026\n',
    ],
  ])('is nothing else: %j', (period) => expect(periodDays(period)).toBeNull());

  it('of a year before is the same part of it', () => {
    expect(['2026', '2026-H1', '2026-Q2', '2026-06', '2026-06-30'].map(yearBefore)).toEqual([
      ...['2025', '2025-H1', '2025-Q2', '2025-06', '2025-06-30'],
    ]);
  });

  it('of the 29th of February has no counterpart a year before', () => {
    expect(periodDays(yearBefore('2028-02-29'))).toBeNull();
  });
});

describe('counting days', () => {
  it('takes leap years as they are', () => {
    expect(daysBetween('2024-01-01', '2025-01-01')).toBe(366);
    expect(daysBetween('2025-01-01', '2026-01-01')).toBe(365);
    expect(daysBetween('2028-02-28', '2028-03-01')).toBe(2);
    expect(daysBetween('2025-03-01', '2025-02-28')).toBe(-1);
    expect(daysBetween('2025-03-01', '2025-03-01')).toBe(0);
    expect(plusDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(plusDays('2027-02-28', 1)).toBe('2027-03-01');
    expect(plusDays('2026-01-01', -1)).toBe('2025-12-31');
  });

  it('ends a month later on the last day of a shorter month', () => {
    expect(plusMonths('2027-01-31', 1)).toBe('2027-02-28');
    expect(plusMonths('2028-01-31', 1)).toBe('2028-02-29');
    expect(plusMonths('2028-02-29', 12)).toBe('2029-02-28');
    expect(plusMonths('2025-12-31', 18)).toBe('2027-06-30');
    expect(plusMonths('2026-03-31', -1)).toBe('2026-02-28');
    expect(plusMonths('2026-01-15', -1)).toBe('2025-12-15');
  });

  it('goes back the days it went', () => {
    const days = fc.integer({ min: -40_000, max: 40_000 });
    fc.assert(
      fc.property(days, days, (from, by) => {
        const day = plusDays('2025-01-01', from);
        expect(isDate(day)).toBe(true);
        expect(plusDays(plusDays(day, by), -by)).toBe(day);
        expect(daysBetween(day, plusDays(day, by))).toBe(by);
      }),
    );
  });

  it('knows the year of a day, and its last day', () => {
    expect(yearOf('2025-12-31')).toBe(2025);
    expect(endOfYear(2028)).toBe('2028-12-31');
    expect(endOfYear('2045')).toBe('2045-12-31');
  });
});
