import { describe, expect, it } from '@jest/globals';
import type { Criterion } from '../../../src/domain/target/criterion.js';
import {
  adopted,
  at,
  baseline,
  benchmark,
  given,
  judged,
  parts,
  reported,
  returned,
  reworded,
  target,
} from './given.js';

describe('a comparison with a benchmark', () => {
  const average: Criterion = { kind: 'comparative', relation: '>=', benchmark: 'cả nước' };

  it('is not-assessable without one', () => {
    expect(judged(average, '60')).toMatchObject({ status: 'not-assessable', reason: 'missing-benchmark' });
    expect(judged(average, '60', benchmark('2025', '50', 'khu vực')).reason).toBe('missing-benchmark');
  });

  it('is not-reported without a figure, benchmark or none', () => {
    expect(given(target('2030', average)).on('2026-01-01').status).toBe('not-reported');
  });

  it('takes the benchmark of the figure’s own period', () => {
    const some = [benchmark('2024', '90'), benchmark('2025', '60'), benchmark('2025-12', '95')] as const;
    expect(judged(average, '60', ...some).status).toBe('achieved');
    expect(judged(average, '59', ...some).status).toBe('in-progress');
  });

  it('else the latest whose period had ended by then', () => {
    const some = [benchmark('2023', '90'), benchmark('2024', '60'), benchmark('2026', '99')] as const;
    expect(judged(average, '60', ...some).status).toBe('achieved');
    expect(judged(average, '60', benchmark('2026', '50')).reason).toBe('missing-benchmark');
  });

  it('takes the last recorded of one period', () => {
    expect(judged(average, '60', benchmark('2025', '50'), benchmark('2025', '70')).status).toBe(
      'in-progress',
    );
    expect(judged(average, '60', benchmark('2024', '50'), benchmark('2024', '70')).status).toBe(
      'in-progress',
    );
  });

  it('takes what holds on the day asked about, however late it was recorded', () => {
    const some = given(
      target('2030', average),
      reported('2025', '60'),
      ...[benchmark('2025', '70', 'cả nước', '2027-06-01'), benchmark('2025', '50', 'cả nước', '2026-06-01')],
    );
    expect(some.on('2026-05-31').reason).toBe('missing-benchmark');
    expect(some.on('2026-06-01').because).toContain('compared with the benchmark 50 of 2025');
    expect(some.on('2027-05-31').because).toContain('compared with the benchmark 50 of 2025');
    expect(some.on('2027-06-01').because).toContain('compared with the benchmark 70 of 2025');
  });

  it('has no line: nobody knows the average to come', () => {
    const some = judged(average, '60', baseline('2024', '40'), benchmark('2025', '70'));
    expect(some).toMatchObject({ status: 'in-progress', reason: 'no-threshold', line: null });
  });
});

describe('growth per year', () => {
  const growth: Criterion = { kind: 'growth', low: '5', high: null };
  const range: Criterion = { kind: 'growth', low: '1', high: '1.5' };

  it('compares with the figure of the same period a year before', () => {
    const some = [reported('2024', '200'), reported('2024-Q4', '1')] as const;
    expect(judged(growth, '210', ...some).status).toBe('achieved');
    expect(judged(growth, '209.99', ...some).status).toBe('in-progress');
  });

  it('compares a quarter with the same quarter', () => {
    const some = given(
      target('2030', growth),
      reported('2024-Q2', '100'),
      reported('2024', '300'),
      reported('2025-Q2', '105'),
    );
    expect(some.on('2025-07-01').status).toBe('achieved');
  });

  it('or with the baseline of that year', () => {
    expect(judged(growth, '210', baseline('2024', '200')).status).toBe('achieved');
    expect(judged(growth, '209', baseline('2024', '200')).status).toBe('in-progress');
  });

  it('is not-assessable without either', () => {
    const none = { status: 'not-assessable', reason: 'no-previous-year' };
    expect(judged(growth, '210')).toMatchObject(none);
    expect(judged(growth, '210', baseline('2023', '200'))).toMatchObject(none);
    expect(judged(growth, '210', baseline('2024', null))).toMatchObject(none);
    expect(judged(growth, '210', baseline('2024', '200', { qualifier: '5G' }))).toMatchObject(none);
    expect(judged(growth, '210', reported('2024-Q4', '200'))).toMatchObject(none);
    expect(judged(growth, '210', reported('2024', '200'), returned('2024'))).toMatchObject(none);
  });

  it('is not-assessable from zero', () => {
    expect(judged(growth, '210', reported('2024', '0'))).toMatchObject({
      status: 'not-assessable',
      reason: 'previous-year-zero',
    });
  });

  it('from below zero is growth all the same', () => {
    expect(judged(growth, '-95', reported('2024', '-100')).status).toBe('achieved');
    expect(judged(growth, '-105', reported('2024', '-100')).status).toBe('in-progress');
  });

  it('within a range is met, above it too where higher is better', () => {
    expect(judged(range, '101', reported('2024', '100'))).toMatchObject({
      status: 'achieved',
      aboveRange: false,
    });
    expect(judged(range, '101.6', reported('2024', '100'))).toMatchObject({
      status: 'achieved',
      aboveRange: true,
    });
    expect(judged(range, '100.9', reported('2024', '100')).status).toBe('in-progress');
  });

  it('is exact for shares, on both sides', () => {
    const before = reported('2024', parts({ a: '1', b: '3' }));
    expect(judged(growth, parts({ a: '35', b: '100' }), before).status).toBe('achieved');
    expect(judged(growth, parts({ a: '349999', b: '1000000' }), before).status).toBe('in-progress');
  });

  it('of a year that has passed is missed or achieved', () => {
    const some = given(
      target('yearly', growth),
      baseline('2023', '100'),
      reported('2024', '110'),
      reported('2025', '111'),
    ).on('2026-02-01');
    expect(at(some, '2024').status).toBe('achieved');
    expect(at(some, '2025').status).toBe('missed');
  });

  it('is not-assessable across a change of unit', () => {
    const some = given(
      adopted({ unit: 'tỷ đồng' }),
      target('2030', growth),
      reported('2024', '200'),
      reworded('2025-01-01', { unit: 'triệu đồng' }),
      reported('2025', '210000'),
    );
    expect(some.on('2026-01-01')).toMatchObject({ status: 'not-assessable', reason: 'unit-changed' });
  });
});

describe('rising', () => {
  const rising: Criterion = { kind: 'rising' };

  it('is more than the same period a year before', () => {
    expect(judged(rising, '201', reported('2024', '200')).status).toBe('achieved');
    expect(judged(rising, '200', reported('2024', '200')).status).toBe('in-progress');
    expect(judged(rising, '1', reported('2024', '0')).status).toBe('achieved');
  });

  it('is not-assessable without one', () => {
    expect(judged(rising, '201').reason).toBe('no-previous-year');
  });
});
