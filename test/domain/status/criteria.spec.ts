import { describe, expect, it } from '@jest/globals';
import type { IndicatorEvent } from '../../../src/domain/indicator/events.js';
import type { Criterion, Relation } from '../../../src/domain/target/criterion.js';
import {
  adopted,
  at,
  atLeast,
  baseline,
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

describe('a threshold', () => {
  it.each<[Relation, string, boolean]>([
    ['>=', '80', true],
    ['>=', '79.99', false],
    ['>', '80', false],
    ['>', '80.01', true],
    ['<=', '80', true],
    ['<=', '80.01', false],
    ['<', '80', false],
    ['<', '79.99', true],
  ])('%s 80 by %s: %s', (relation, value, met) => {
    expect(judged(atLeast('80', { relation }), value).status).toBe(met ? 'achieved' : 'in-progress');
  });

  it('compares decimals, not floats and not texts', () => {
    expect(judged(atLeast('0.3'), '0.30000000000000000001').status).toBe('achieved');
    expect(judged(atLeast('0.30000000000000000001'), '0.3').status).toBe('in-progress');
    expect(judged(atLeast('9'), '10').status).toBe('achieved');
  });

  it('cannot be held against a judgement', () => {
    expect(judged(atLeast('80'), { met: 'met' })).toMatchObject({
      status: 'not-assessable',
      reason: 'no-number',
    });
  });
});

describe('a range', () => {
  it.each([
    ['9.99', 'in-progress', false],
    ['10', 'achieved', false],
    ['15', 'achieved', false],
    ['15.01', 'achieved', true],
  ])('of 10-15 where higher is better, by %s: %s, above it %s', (value, status, aboveRange) => {
    expect(judged(between('10', '15'), value)).toMatchObject({ status, aboveRange });
  });

  it.each([
    ['9.99', 'in-progress'],
    ['10', 'achieved'],
    ['15', 'achieved'],
    ['15.01', 'in-progress'],
  ])('of 10-15 where lower is better, by %s: %s', (value, status) => {
    const lower = adopted({ direction: 'lower-is-better' });
    expect(judged(between('10', '15'), value, lower)).toMatchObject({ status, aboveRange: false });
  });
});

describe('a rank', () => {
  const rank: Criterion = { kind: 'rank', within: '45' };

  it('is met at or below its number', () => {
    for (const [place, status] of [
      ['45', 'achieved'],
      ['46', 'in-progress'],
      ['1', 'achieved'],
    ] as const)
      expect(given(target('2030', rank), reported('2024', place)).on('2025-01-01').status).toBe(status);
  });

  it('set among 63 is not-assessable by a figure from among 34', () => {
    const some = given(
      target('2030', rank, '2025-06-30'),
      reported('2025-Q2', '20'),
      reported('2025-Q3', '20'),
    );
    expect(some.on('2025-09-29')).toMatchObject({ status: 'achieved' });
    expect(some.on('2025-09-30')).toMatchObject({ status: 'not-assessable', reason: 'field-changed' });
  });

  it('is assessable again once the target is revised', () => {
    const some = given(
      target('2030', rank, '2025-05-08'),
      revised('2030', { kind: 'rank', within: '25' }, '2025-07-01'),
      reported('2025', '20'),
    );
    expect(some.on('2026-01-01').status).toBe('achieved');
  });

  it('set among 34 is not-assessable by a figure from among 63', () => {
    const some = given(target('2030', rank, '2025-07-01'), reported('2025-Q2', '20'));
    expect(some.on('2025-08-01').reason).toBe('field-changed');
  });

  it('is not reached later in another field', () => {
    const some = given(target('2024', rank), reported('2024', '50'), reported('2026', '20'));
    expect(some.on('2027-01-01')).toMatchObject({ status: 'missed', reachedLater: false });
  });
});

describe('"Duy trì"', () => {
  const maintain: Criterion = { kind: 'maintain', text: 'Duy trì' };

  it('beside a numeric baseline means not below it', () => {
    expect(judged(maintain, '76', baseline('2023', '76')).status).toBe('achieved');
    expect(judged(maintain, '75.9', baseline('2023', '76'))).toMatchObject({
      status: 'in-progress',
      line: null,
    });
  });

  it('beside a numeric baseline means not above it where lower is better', () => {
    const lower = adopted({ direction: 'lower-is-better' });
    expect(judged(maintain, '3', lower, baseline('2023', '4')).status).toBe('achieved');
    expect(judged(maintain, '5', lower, baseline('2023', '4')).status).toBe('in-progress');
  });

  it('beside a baseline of zero is still numeric', () => {
    expect(judged(maintain, '0', baseline('2023', '0')).status).toBe('achieved');
  });

  it('is missed when the last year’s figure is below the baseline', () => {
    const some = given(target('2025', maintain), baseline('2023', '76'), reported('2025', '75'));
    expect(some.on('2026-01-01').status).toBe('missed');
  });

  it('counts figures of what the baseline measured', () => {
    const of5G = baseline('2023', '76', { qualifier: '5G' });
    expect(judged(maintain, '80', of5G)).toMatchObject({ status: 'not-reported', reason: 'other-qualifier' });
    expect(judged(maintain, { value: '80', qualifier: '5G' }, of5G).status).toBe('achieved');
  });

  it('beside a textual baseline is a state', () => {
    const said = (met: 'met' | 'partly', ...before: IndicatorEvent[]) =>
      given(...before, target('2030', maintain), reported('2025', { met })).on('2025-12-31').status;
    expect(said('met', baseline('2023', null))).toBe('achieved');
    expect(said('partly', baseline('2023', null))).toBe('in-progress');
    expect(said('met')).toBe('achieved');
  });

  it('whose baseline has no unit, or another, is not held against a share of components', () => {
    const share = parts({ a: '60', b: '70' });
    const count = judged(maintain, share, adopted({ unit: null }), baseline('2023', '76'));
    expect(count).toMatchObject({ status: 'not-assessable', reason: 'other-unit' });
    const percent = adopted({ unit: null });
    expect(judged(maintain, share, percent, baseline('2023', '76', { unit: '%' })).status).toBe('achieved');
    const people = [
      adopted({ unit: '%' }),
      baseline('2023', '50'),
      reworded('2024-06-01', { unit: 'người' }),
    ];
    expect(judged(maintain, '60', ...people).reason).toBe('unit-changed');
    expect(judged(maintain, '60', baseline('2023', '50', { unit: 'người' })).reason).toBe('other-unit');
  });

  it.each(['open', '2030'])(
    'under %s, too, is judged anew each year beside a textual baseline',
    (milestone) => {
      const some = given(
        target(milestone, maintain),
        baseline('2023', null),
        reported('2024', { met: 'met' }),
      );
      expect(some.on('2024-12-31').status).toBe('achieved');
      expect(some.on('2025-01-01')).toMatchObject({ status: 'in-progress', reason: 'not-judged-this-year' });
    },
  );

  it('beside a textual baseline is judged anew each year', () => {
    const some = given(target('yearly', maintain), baseline('2023', null), reported('2024', { met: 'met' }));
    expect(some.on('2024-12-31').status).toBe('achieved');
    expect(some.on('2025-01-01')).toMatchObject({
      milestone: '2025',
      status: 'in-progress',
      reason: 'not-judged-this-year',
      measurement: { id: idOf('2024') },
    });
    expect(at(some.on('2026-01-01'), '2025')).toMatchObject({ status: 'not-reported', overdue: true });
  });

  it('never judged at all is not-reported', () => {
    expect(given(target('yearly', maintain), baseline('2023', null)).on('2025-06-01').status).toBe(
      'not-reported',
    );
  });
});

describe('a state', () => {
  const state: Criterion = { kind: 'state', text: 'Có Trung tâm' };

  it.each([
    ['met', 'achieved', 'achieved'],
    ['partly', 'in-progress', 'missed'],
    ['not-met', 'in-progress', 'missed'],
  ] as const)('judged %s is %s before its milestone ends and %s after', (met, before, after) => {
    const some = given(target('2025', state), reported('2025-Q1', { met }));
    expect(some.on('2025-06-01').status).toBe(before);
    expect(some.on('2026-06-01').status).toBe(after);
  });

  it('never reported is not-reported, and overdue once its milestone has passed', () => {
    const some = given(target('2025', state));
    expect(some.on('2025-06-01')).toMatchObject({ status: 'not-reported', overdue: false });
    expect(some.on('2026-06-01')).toMatchObject({ status: 'not-reported', overdue: true });
  });

  it('of which only a number is known is not judged yet, and not-assessable once its milestone has passed', () => {
    const some = given(target('2025', state), reported('2025-Q1', '3'));
    expect(some.on('2025-06-01')).toMatchObject({ status: 'in-progress', reason: 'not-judged' });
    expect(some.on('2026-06-01')).toMatchObject({ status: 'not-assessable', reason: 'not-judged' });
  });

  it('every year is judged anew each year', () => {
    const some = given(target('yearly', state), reported('2024', { met: 'met' })).on('2025-06-01');
    expect(some).toMatchObject({ milestone: '2025', status: 'in-progress', reason: 'not-judged-this-year' });
  });

  it('judged in its own words says nothing of the others of a later milestone, nor of those that come after', () => {
    const some = given(
      target('2025', state),
      target('2030', { kind: 'state', text: 'Nâng cấp' }),
      target('2035', { kind: 'state', text: 'Nâng cấp' }),
      reported('2025', { met: 'met' }),
    ).on('2026-06-01');
    expect(at(some, '2025').status).toBe('achieved');
    for (const milestone of ['2030', '2035'])
      expect(at(some, milestone)).toMatchObject({ status: 'in-progress', reason: 'not-judged' });
    expect(some.because).toContain(
      'nobody has judged whether it is met; the last is the judgement "met" for 2025',
    );
    const judged = given(
      target('2025', state),
      target('2030', { kind: 'state', text: 'Nâng cấp' }),
      reported('2025', { met: 'partly' }),
      reported('2026', { met: 'met' }),
    ).on('2027-01-01');
    expect(at(judged, '2025')).toMatchObject({ status: 'missed', reachedLater: false });
    expect(at(judged, '2030').status).toBe('achieved');
  });

  it('judged before its words were revised is judged anew, and in the same words is not', () => {
    const judged = [target('2030', state), reported('2025', { met: 'met' })] as const;
    const other = revised('2030', { kind: 'state', text: 'Có hai Trung tâm' }, '2026-07-01');
    expect(given(...judged, other).on('2026-06-30').status).toBe('achieved');
    expect(given(...judged, other).on('2026-07-01')).toMatchObject({
      status: 'in-progress',
      reason: 'not-judged',
    });
    expect(given(...judged, revised('2030', state, '2026-07-01')).on('2026-07-01').status).toBe('achieved');
    const again = reported('2026-Q3', { met: 'met' });
    expect(given(...judged, other, again).on('2026-10-01').status).toBe('achieved');
  });

  it('missed can be reached later', () => {
    const some = given(
      target('2025', state),
      reported('2025', { met: 'partly' }),
      reported('2026', { met: 'met' }),
    );
    expect(some.on('2027-01-01')).toMatchObject({ status: 'missed', reachedLater: true });
  });
});
