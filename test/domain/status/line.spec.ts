import { describe, expect, it } from '@jest/globals';
import type { IndicatorEvent } from '../../../src/domain/indicator/events.js';
import type { Criterion } from '../../../src/domain/target/criterion.js';
import {
  adopted,
  at,
  atLeast,
  atMost,
  baseline,
  between,
  given,
  parts,
  reported,
  reworded,
  target,
} from './given.js';

// From the end of 2024 to the end of 2028 are 1461 days; the end of 2025 is 365 of them, of 2027 1095.
const goal = (criterion: Criterion = atLeast('80')) => target('2028', criterion);
const from = baseline('2024', '40');

describe('the line', () => {
  it('runs from the end of the baseline’s period to the threshold at the milestone’s end', () => {
    expect(given(goal(), from, reported('2025', '45')).on('2026-01-01').line).toEqual({
      from: { value: '40', on: '2024-12-31', source: 'baseline' },
      to: { value: '80', on: '2028-12-31' },
      at: { value: '49.9932', on: '2025-12-31' },
      ratio: '0.5003',
    });
  });

  it('is read at the end of the figure’s period, not on asOf', () => {
    const some = given(goal(), from, reported('2025', '50'));
    expect(some.on('2026-01-01').line).toEqual(some.on('2027-06-01').line);
    expect(some.on('2027-06-01').status).toBe('on-track');
  });

  it('starts at the previous milestone’s threshold where there is no baseline', () => {
    const some = given(target('2025', atLeast('50')), goal(), reported('2026', '55'));
    expect(some.on('2027-01-01')).toMatchObject({
      status: 'behind',
      line: { from: { value: '50', on: '2025-12-31', source: 'milestone' } },
    });
  });

  it('starts at the previous milestone’s threshold where the baseline is no number', () => {
    const some = given(baseline('2024', null), target('2025', atLeast('50')), goal(), reported('2026', '60'));
    expect(some.on('2027-01-01')).toMatchObject({
      status: 'on-track',
      line: { from: { source: 'milestone' } },
    });
  });

  it('starts at the baseline although there is a previous milestone', () => {
    const some = given(from, target('2025', atLeast('50')), goal(), reported('2026', '60'));
    expect(some.on('2027-01-01').line?.from.source).toBe('baseline');
  });
});

describe('progress along the line', () => {
  // 2024-12-31 to 2025-12-31 of 1461 days: expected 40 + 1461 × 365 / 1461 = 405.
  const steep = (value: string) =>
    given(baseline('2024', '40'), goal(atLeast('1501')), reported('2025', value)).on('2026-01-01');

  it('is on-track from all of what is expected', () => {
    expect(steep('405')).toMatchObject({ status: 'on-track', line: { ratio: '1' } });
  });

  it('is at-risk below that, however little', () => {
    expect(steep('404.999999999')).toMatchObject({ status: 'at-risk' });
  });

  it('is at-risk from 0.8 of what is expected', () => {
    expect(steep('332')).toMatchObject({ status: 'at-risk', line: { ratio: '0.8' } });
  });

  it('is behind below that, however little', () => {
    expect(steep('331.999999999')).toMatchObject({ status: 'behind' });
  });

  it('is behind when the figure fell below the start', () => {
    expect(steep('39')).toMatchObject({ status: 'behind', line: { ratio: '-0.0027' } });
  });

  it('turns the signs where lower is better', () => {
    const falling = (value: string) =>
      given(baseline('2024', '1501'), goal(atMost('40')), reported('2025', value)).on('2026-01-01');
    expect(falling('1136')).toMatchObject({
      status: 'on-track',
      line: { ratio: '1', at: { value: '1136' } },
    });
    expect(falling('1137').status).toBe('at-risk');
    expect(falling('1209').status).toBe('at-risk');
    expect(falling('1210').status).toBe('behind');
    expect(falling('1502').status).toBe('behind');
  });

  it('takes a share as the exact fraction', () => {
    const share = (a: string) =>
      given(from, goal(), reported('2025', parts({ a, b: '146100' }))).on('2026-01-01');
    // Expected: 40 + 40 × 365 / 1461 percent of 146100, which is 58440 + 14600.
    expect(share('73040').status).toBe('on-track');
    expect(share('73039').status).toBe('at-risk');
  });

  it('goes towards the near end of a range', () => {
    const higher = given(from, goal(between('80', '90')), reported('2025', '50')).on('2026-01-01');
    expect(higher).toMatchObject({ status: 'on-track', line: { to: { value: '80' } } });
    const lower = given(
      adopted({ direction: 'lower-is-better' }),
      baseline('2024', '130'),
      goal(between('80', '90')),
      reported('2025', '120'),
    ).on('2026-01-01');
    expect(lower).toMatchObject({ status: 'on-track', line: { to: { value: '90' } } });
  });

  it('goes towards a rank from above', () => {
    const some = given(
      adopted({ unit: 'Thứ bậc' }),
      baseline('2022', '60'),
      target('2025', { kind: 'rank', within: '45' }),
      reported('2024', '49'),
    );
    expect(some.on('2025-01-01')).toMatchObject({
      status: 'on-track',
      line: { at: { value: '49.9954' }, to: { value: '45' } },
    });
  });
});

describe('no line, so only in-progress', () => {
  const status = (...events: IndicatorEvent[]) => {
    const { status, reason, line } = given(...events).on('2026-01-01');
    return { status, reason, line };
  };
  const none = (reason: string) => ({ status: 'in-progress', reason, line: null });

  it('with neither baseline nor previous milestone', () => {
    expect(status(goal(), reported('2025', '50'))).toEqual(none('no-start'));
  });

  it('from a previous milestone that has no threshold', () => {
    const state = target('2025', { kind: 'state', text: 'Có Trung tâm' });
    const some = given(state, goal(), reported('2025', '50')).on('2026-01-01');
    expect(at(some, '2028')).toMatchObject(none('no-start'));
  });

  it('from a start that already meets the target', () => {
    expect(status(baseline('2024', '80'), goal(), reported('2025', '70'))).toEqual(
      none('start-meets-target'),
    );
  });

  it('from a start that stands on a strict threshold', () => {
    const above = goal(atLeast('80', { relation: '>' }));
    expect(status(baseline('2024', '80'), above, reported('2025', '70'))).toEqual(none('start-meets-target'));
  });

  it('for a figure of a period no later than the start', () => {
    expect(status(from, goal(), reported('2024', '50'))).toEqual(none('figure-before-start'));
  });

  it('from a baseline that ends no earlier than the milestone', () => {
    expect(status(baseline('2028', '40'), goal(), reported('2025', '50'))).toEqual(
      none('figure-before-start'),
    );
  });

  it('from one unit to another', () => {
    const people = baseline('2024', '40', { unit: 'người' });
    expect(status(people, goal(), reported('2025', '50'))).toEqual(none('start-not-comparable'));
    const asked = goal(atLeast('80', { unit: 'tin, bài' }));
    const some = [adopted({ unit: 'cuộc' }), from, asked, reported('2025', '50')] as const;
    expect(status(...some)).toEqual(none('start-not-comparable'));
  });

  it('for a figure in another unit than both ends', () => {
    const posts = { unit: 'tin, bài' };
    const some = [baseline('2024', '40', posts), goal(atLeast('80', posts)), reported('2025', '50')];
    expect(status(adopted({ unit: 'người' }), ...some)).toEqual(none('start-not-comparable'));
  });

  it('from a number without a unit to a percentage, where the indicator has no unit', () => {
    const asked = goal(atLeast('80', { unit: '%' }));
    const events = [adopted({ unit: null }), asked, reported('2025', '50')] as const;
    expect(status(...events, baseline('2024', '40'))).toEqual(none('start-not-comparable'));
    expect(status(...events, baseline('2024', '40', { unit: '%' })).status).toBe('on-track');
  });

  it('from the baseline of another unit, which the previous milestone does not replace', () => {
    const some = given(
      baseline('2024', '40', { unit: 'người' }),
      target('2025', atLeast('50')),
      goal(),
      reported('2026', '60'),
    );
    expect(some.on('2027-01-01')).toMatchObject(none('start-not-comparable'));
  });

  it('from 5G to 6G', () => {
    const some = given(
      target('2025', atLeast('100', { qualifier: '5G' })),
      goal(atLeast('50', { qualifier: '6G' })),
      reported('2026', { value: '10', qualifier: '6G' }),
    );
    expect(some.on('2027-01-01')).toMatchObject(none('start-not-comparable'));
    const known = given(
      baseline('2024', '10', { qualifier: '5G' }),
      goal(atLeast('50', { qualifier: '6G' })),
      reported('2025', { value: '20', qualifier: '6G' }),
    );
    expect(known.on('2026-01-01')).toMatchObject(none('start-not-comparable'));
  });

  it('but from 6G to 6G there is one', () => {
    const some = given(
      target('2025', atLeast('50', { qualifier: '6G' })),
      goal(atLeast('80', { qualifier: '6G' })),
      reported('2026', { value: '60', qualifier: '6G' }),
    );
    expect(some.on('2027-01-01').status).toBe('on-track');
  });

  it('from a rank in another field', () => {
    const rank = target('2028', { kind: 'rank', within: '10' }, '2025-08-01');
    expect(status(baseline('2024', '40'), rank, reported('2025', '20'))).toEqual(
      none('start-not-comparable'),
    );
  });

  it('below a range where lower is better', () => {
    const lower = adopted({ direction: 'lower-is-better' });
    const events = [lower, baseline('2024', '20'), goal(between('10', '15')), reported('2025', '8')] as const;
    expect(status(...events)).toEqual(none('beyond-range'));
  });

  it('from one year of a yearly target to the next', () => {
    const some = given(target('yearly', atLeast('80')), reported('2025', '70')).on('2026-02-01');
    expect(some).toMatchObject({ milestone: '2026', ...none('start-meets-target') });
  });

  it('after the unit was reworded', () => {
    const some = given(
      adopted({ unit: 'người' }),
      from,
      reworded('2025-01-01', { unit: '%' }),
      target('2028', atLeast('80'), '2025-01-01'),
      reported('2025', '50'),
    );
    expect(some.on('2026-01-01')).toMatchObject(none('start-not-comparable'));
  });
});

describe('a zero', () => {
  it('can be a target to come down to', () => {
    const some = given(baseline('2024', '40'), goal(atMost('0')), reported('2025', '30')).on('2026-01-01');
    expect(some).toMatchObject({ status: 'on-track', line: { to: { value: '0' } } });
  });

  it('can be a target that is met', () => {
    expect(given(goal(atMost('0')), reported('2025', '0')).on('2026-01-01').status).toBe('achieved');
  });

  it('can be a baseline', () => {
    expect(given(baseline('2024', '0'), goal(), reported('2025', '0')).on('2026-01-01')).toMatchObject({
      status: 'behind',
      line: { ratio: '0' },
    });
  });
});
