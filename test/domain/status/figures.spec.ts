import { describe, expect, it } from '@jest/globals';
import {
  accepted,
  adopted,
  atLeast,
  corrected,
  given,
  idOf,
  reported,
  retracted,
  returned,
  target,
} from './given.js';

const goal = target('2030', atLeast('80'));

describe('which figure counts', () => {
  it('is one whose period has ended by asOf, that day included', () => {
    const some = given(goal, reported('2025', '85'));
    expect(some.on('2025-12-30')).toMatchObject({ status: 'not-reported', reason: 'no-figure' });
    expect(some.on('2025-12-31')).toMatchObject({ status: 'achieved', reason: null });
  });

  it('is the one whose period ended last, whatever was recorded last', () => {
    const some = given(goal, reported('2025-Q3', '85'), reported('2025-Q2', '60'));
    expect(some.on('2026-01-01').measurement?.id).toBe(idOf('2025-Q3'));
  });

  it('is within one period an accepted one before one that is not', () => {
    const some = given(goal, reported('2025', '85'), accepted('2025'), reported('2025', '60', { n: 2 }));
    expect(some.on('2026-01-01')).toMatchObject({
      status: 'achieved',
      provisional: false,
      measurement: { id: idOf('2025'), state: 'accepted' },
    });
  });

  it('is within one period, acceptance being equal, the last recorded', () => {
    const some = given(goal, reported('2025', '85', { n: 2 }), reported('2025', '60', { n: 1 }));
    expect(some.on('2026-01-01').measurement?.id).toBe(idOf('2025', 1));
  });

  it('is of periods that end together the longest, whatever was accepted or recorded last', () => {
    const year = given(
      target('2025', atLeast('100')),
      ...[reported('2025', '110'), reported('2025-Q4', '30'), accepted('2025-Q4'), reported('2025-12', '9')],
    );
    expect(year.on('2026-01-01')).toMatchObject({ status: 'achieved', measurement: { id: idOf('2025') } });
    const grown = given(
      ...[target('2025', { kind: 'growth', low: '5', high: null }), reported('2024', '100')],
      ...[reported('2025', '110'), reported('2025-Q4', '30')],
    );
    expect(grown.on('2026-01-01').status).toBe('achieved');
  });

  it('is a newer one that is not accepted before an older one that is', () => {
    const some = given(goal, reported('2024', '85'), accepted('2024'), reported('2025', '81'));
    expect(some.on('2026-01-01').measurement?.value).toBe('81');
  });

  it('is never one that was returned or retracted', () => {
    const some = given(
      goal,
      reported('2023', '50'),
      reported('2024', '85'),
      returned('2024'),
      reported('2025', '90'),
      retracted('2025'),
    );
    expect(some.on('2026-01-01').measurement?.value).toBe('50');
    expect(given(goal, reported('2025', '90'), returned('2025')).on('2026-01-01').status).toBe(
      'not-reported',
    );
  });

  it('counts as corrected', () => {
    const some = given(goal, reported('2025', '85'), returned('2025'), corrected('2025', '75'));
    expect(some.on('2026-01-01')).toMatchObject({
      status: 'in-progress',
      provisional: true,
      measurement: { value: '75' },
    });
  });

  it('may be of any period: year, half, quarter, month, day', () => {
    for (const period of ['2025', '2025-H2', '2025-Q4', '2025-12', '2025-12-31']) {
      const some = given(goal, reported(period, '85'));
      expect(some.on('2025-12-30').status).toBe('not-reported');
      expect(some.on('2025-12-31').status).toBe('achieved');
    }
  });
});

describe('a figure that is not accepted', () => {
  const some = given(goal, reported('2024', '70'), accepted('2024'), reported('2025', '85'));

  it('makes the verdict provisional', () => {
    expect(some.on('2026-01-01')).toMatchObject({ status: 'achieved', provisional: true });
  });

  it('is left out where only accepted figures are asked for', () => {
    expect(some.on('2026-01-01', { figures: 'accepted' })).toMatchObject({
      status: 'in-progress',
      provisional: false,
      measurement: { value: '70' },
    });
  });

  it('is nothing at all where no other is accepted', () => {
    const only = given(goal, reported('2025', '85'));
    expect(only.on('2026-01-01', { figures: 'accepted' })).toMatchObject({
      status: 'not-reported',
      measurement: null,
    });
  });
});

describe('a stale figure', () => {
  it('is one whose period ended over 18 months before asOf', () => {
    const some = given(goal, reported('2024', '85'));
    expect(some.on('2026-06-30').stale).toBe(false);
    expect(some.on('2026-07-01').stale).toBe(true);
  });

  it('still counts', () => {
    expect(given(goal, reported('2024', '85')).on('2026-07-01').status).toBe('achieved');
  });
});

describe('no figure', () => {
  it('is not-reported, and not overdue before the milestone has passed', () => {
    expect(given(goal).on('2030-12-31')).toMatchObject({
      status: 'not-reported',
      reason: 'no-figure',
      overdue: false,
      measurement: null,
    });
  });
});

describe('a yearly target', () => {
  const [posts, share] = [atLeast('52', { unit: 'tin, bài' }), atLeast('52', { unit: '%' })];

  it('of a count, or of growth, is not met by the figure of an earlier year', () => {
    const counted = given(adopted({ unit: null }), target('yearly', posts), reported('2024', '60'));
    expect(counted.on('2024-12-31').status).toBe('achieved');
    expect(counted.on('2025-01-01')).toMatchObject({
      ...{ milestone: '2025', status: 'in-progress', reason: 'no-figure-this-year' },
      measurement: { id: idOf('2024') },
      because: expect.stringContaining('it counts each year anew, and there is no figure of this year yet'),
    });
    const grown = { kind: 'growth', low: '5', high: null } as const;
    const growing = given(target('yearly', grown), reported('2023', '100'), reported('2024', '110'));
    expect(growing.on('2024-12-31').status).toBe('achieved');
    expect(growing.on('2025-01-01').reason).toBe('no-figure-this-year');
  });

  it('of a level is, until there is a newer one', () => {
    const level = given(target('yearly', share), reported('2024', '60'));
    expect(level.on('2025-01-01').status).toBe('achieved');
  });
});
