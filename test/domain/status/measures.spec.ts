import { describe, expect, it } from '@jest/globals';
import {
  adopted,
  at,
  atLeast,
  atMost,
  between,
  given,
  idOf,
  judged,
  parts,
  reported,
  revised,
  reworded,
  target,
} from './given.js';

describe('a share given by components', () => {
  it('is compared as the exact fraction: 99.96 does not meet 100%', () => {
    expect(judged(atLeast('100'), parts({ a: '2499', b: '2500' })).status).toBe('in-progress');
    expect(judged(atLeast('100'), parts({ a: '2500', b: '2500' })).status).toBe('achieved');
    expect(judged(atLeast('100'), parts({ a: '99999999999999', b: '100000000000000' })).status).toBe(
      'in-progress',
    );
  });

  it('meets a third exactly', () => {
    const third = parts({ a: '1', b: '3' });
    expect(judged(atLeast('33.33333333333333333333'), third).status).toBe('achieved');
    expect(judged(atLeast('33.33333333333333333334'), third).status).toBe('in-progress');
  });

  it('follows the indicator’s formula', () => {
    const formula = { numerator: ['a', 'b'], denominator: ['c'] };
    const some = (a: string, b: string) =>
      judged(atLeast('24'), parts({ a, b, c: '100' }), adopted({ formula })).status;
    expect(some('10', '14')).toBe('achieved');
    expect(some('10', '13.99')).toBe('in-progress');
  });

  it('is the share a/b without a formula, when they are exactly a and b', () => {
    expect(judged(atLeast('50'), parts({ b: '2', a: '1' })).status).toBe('achieved');
    expect(judged(atLeast('50'), parts({ a: '1', b: '2', c: '3' })).reason).toBe('no-formula');
    expect(judged(atLeast('50'), parts({ a: '1', x: '2' })).reason).toBe('no-formula');
  });

  it('is a plain sum where the formula has no denominator', () => {
    const formula = { numerator: ['a', 'b'], denominator: [] };
    expect(judged(atLeast('3'), parts({ a: '1', b: '2' }), adopted({ formula })).status).toBe('achieved');
  });

  it('is a plain ratio where the unit is no percentage', () => {
    const ratio = adopted({ unit: 'máy/người' });
    expect(judged(atLeast('0.5'), parts({ a: '1', b: '2' }), ratio).status).toBe('achieved');
    expect(judged(atLeast('0.6'), parts({ a: '1', b: '2' }), ratio).status).toBe('in-progress');
  });

  it('is not-assessable with a component that the formula needs missing', () => {
    const formula = { numerator: ['a', 'b'], denominator: ['c'] };
    expect(judged(atLeast('24'), parts({ a: '1', c: '2' }), adopted({ formula })).reason).toBe(
      'missing-component',
    );
    expect(judged(atLeast('24'), parts({ a: '1', b: '2' }), adopted({ formula })).reason).toBe(
      'missing-component',
    );
  });

  it('of zero is not-assessable, and never throws', () => {
    expect(judged(atLeast('50'), parts({ a: '1', b: '0' }))).toMatchObject({
      status: 'not-assessable',
      reason: 'zero-denominator',
    });
  });
});

describe('a qualifier', () => {
  const of6G = atLeast('50', { qualifier: '6G' });

  it('is part of what is measured: a figure with another does not count', () => {
    const some = given(target('2030', of6G), reported('2025', { value: '99', qualifier: '5G' }));
    expect(some.on('2026-01-01')).toMatchObject({
      status: 'not-reported',
      reason: 'other-qualifier',
      measurement: null,
    });
  });

  it('does not count when the figure has none, nor when only the figure has one', () => {
    expect(judged(of6G, '99').reason).toBe('other-qualifier');
    expect(judged(atLeast('50'), { value: '99', qualifier: '6G' }).reason).toBe('other-qualifier');
  });

  it('is found whatever its case, behind newer figures of another', () => {
    const some = given(
      target('2030', of6G),
      reported('2024', { value: '60', qualifier: '6g' }),
      reported('2025', { value: '99', qualifier: '5G' }),
    );
    expect(some.on('2026-01-01')).toMatchObject({
      status: 'achieved',
      measurement: { id: idOf('2024'), qualifier: '6g' },
    });
  });

  it('of one milestone does not keep a figure from another', () => {
    const some = given(
      target('2025', atLeast('100', { qualifier: '5G' })),
      target('2030', of6G),
      reported('2025', { value: '100', qualifier: '5G' }),
    ).on('2026-01-01');
    expect(at(some, '2025').status).toBe('achieved');
    expect(at(some, '2030').status).toBe('not-reported');
  });
});

describe('the wording', () => {
  it('that counts is the one that holds on asOf', () => {
    const lower = reworded('2026-06-01', { direction: 'lower-is-better' });
    const some = given(target('2030', between('10', '15')), lower, reported('2025', '16'));
    expect(some.on('2026-05-31').status).toBe('achieved');
    expect(some.on('2026-06-01').status).toBe('in-progress');
  });
});

describe('a unit', () => {
  it('that is a share is not held against a count, nor the other way round', () => {
    const none = { status: 'not-assessable', reason: 'other-unit' };
    expect(judged(atLeast('80', { unit: '%' }), '90', adopted({ unit: 'doanh nghiệp' }))).toMatchObject(none);
    expect(judged(atLeast('80', { unit: 'doanh nghiệp' }), '90', adopted({ unit: '%' }))).toMatchObject(none);
    const share = parts({ a: '6', b: '300' });
    const count = atLeast('5', { unit: 'doanh nghiệp' });
    expect(judged(count, share, adopted({ unit: null }))).toMatchObject(none);
    expect(judged(atLeast('5'), share, adopted({ unit: 'doanh nghiệp' }))).toMatchObject(none);
    expect(judged(atLeast('2'), share, adopted({ unit: null })).status).toBe('achieved');
    expect(judged(atLeast('0.02'), share, adopted({ unit: 'bác sĩ/dân' })).status).toBe('achieved');
  });

  it('that changed after the target was set keeps new figures from being held against it', () => {
    const events = [
      adopted({ unit: 'người' }),
      target('2030', atLeast('80')),
      reworded('2025-01-01', { unit: '%' }),
      reported('2025', '90'),
    ] as const;
    expect(given(...events).on('2026-01-01')).toMatchObject({
      status: 'not-assessable',
      reason: 'unit-changed',
    });
    const again = revised('2030', atLeast('85'), '2025-06-01');
    expect(given(...events, again).on('2026-01-01').status).toBe('achieved');
  });

  it('that changed keeps old figures from a new target', () => {
    const some = given(
      adopted({ unit: 'người' }),
      reported('2024', '3000'),
      reworded('2025-01-01', { unit: '%' }),
      target('2030', atLeast('80'), '2025-01-01'),
    );
    expect(some.on('2025-06-01').reason).toBe('unit-changed');
  });

  it('written in the target itself is the one that counts', () => {
    const some = given(
      adopted({ unit: 'người' }),
      target('2030', atLeast('80', { unit: '%' })),
      reworded('2025-01-01', { unit: '%' }),
      reported('2025', '90'),
    );
    expect(some.on('2026-01-01').status).toBe('achieved');
  });

  it('may be spelled in another case', () => {
    const some = given(
      adopted({ unit: 'Doanh nghiệp' }),
      target('2030', atMost('5')),
      reworded('2025-01-01', { unit: 'doanh nghiệp' }),
      reported('2025', '4'),
    );
    expect(some.on('2026-01-01').status).toBe('achieved');
  });
});
