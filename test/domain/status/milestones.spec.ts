import { describe, expect, it } from '@jest/globals';
import { at, atLeast, given, reported, revised, target, withdrawn } from './given.js';

const endsOn = (day: string) => ({ plan: { from: '2024-01-01', endsOn: day } });

describe('which milestone speaks for the indicator', () => {
  const targets = [target('2030', atLeast('80')), target('2025', atLeast('50'))];

  it('is the earliest with a target that is not passed, whatever the order they were set in', () => {
    expect(given(...targets).on('2025-03-01').milestone).toBe('2025');
  });

  it('is passed only on the day after it ends', () => {
    expect(given(...targets).on('2025-12-31').milestone).toBe('2025');
    expect(given(...targets).on('2026-01-01').milestone).toBe('2030');
  });

  it('is the last once all are passed', () => {
    expect(given(...targets).on('2031-01-01').milestone).toBe('2030');
  });

  it('has every milestone beside it with its own verdict, the earliest first', () => {
    const { milestones } = given(...targets, reported('2025', '60'), reported('2026-01', '61')).on(
      '2026-02-01',
    );
    expect(milestones.map(({ milestone, status }) => [milestone, status])).toEqual([
      ['2025', 'achieved'],
      ['2030', 'on-track'],
    ]);
  });

  it('leaves out a milestone without a target', () => {
    const some = given(target('2025', { kind: 'none' }), target('2030', atLeast('80')));
    expect(some.on('2025-03-01').milestones.map(({ milestone }) => milestone)).toEqual(['2030']);
  });

  it('puts a target without a date after those with one', () => {
    const some = given(target('open', atLeast('90')), ...targets);
    expect(some.on('2025-03-01').milestones.map(({ milestone }) => milestone)).toEqual([
      '2025',
      '2030',
      'open',
    ]);
    expect(some.on('2031-03-01').milestone).toBe('open');
  });
});

describe('an indicator with nothing to judge', () => {
  it('has no assessment without any target', () => {
    expect(given(reported('2024', '60')).maybe('2025-03-01')).toBeNull();
  });

  it('has no assessment where `-` is all there is', () => {
    expect(given(target('2030', { kind: 'none' })).maybe('2025-03-01')).toBeNull();
    const parts = [{ name: null, criterion: { kind: 'none' } as const }];
    expect(given(target('2030', { kind: 'all', parts })).maybe('2025-03-01')).toBeNull();
  });

  it('has no assessment before its first target takes effect', () => {
    const some = given(target('2030', atLeast('80'), '2025-05-08'));
    expect(some.maybe('2025-05-07')).toBeNull();
    expect(some.on('2025-05-08').status).toBe('not-reported');
  });

  it('has no assessment once the target is withdrawn, and had one until the day before', () => {
    const some = given(target('2030', atLeast('80')), withdrawn('2030', '2026-01-01'));
    expect(some.maybe('2026-01-01')).toBeNull();
    expect(some.on('2025-12-31').status).toBe('not-reported');
  });
});

describe('a target over time', () => {
  it('is the one that holds on asOf', () => {
    const some = given(
      target('2030', atLeast('80')),
      revised('2030', atLeast('90'), '2025-06-01'),
      reported('2024', '85'),
    );
    expect(some.on('2025-05-31')).toMatchObject({
      status: 'achieved',
      target: { effectiveOn: '2024-01-01' },
    });
    expect(some.on('2025-06-01')).toMatchObject({
      status: 'in-progress',
      target: { effectiveOn: '2025-06-01' },
    });
  });

  it('that is entered late does not undo one that took effect later', () => {
    const some = given(
      target('2030', atLeast('90'), '2025-06-01'),
      target('2030', atLeast('80'), '2024-06-01'),
    );
    expect(some.on('2025-07-01').target.criterion).toEqual(atLeast('90'));
    expect(some.on('2025-05-01').target.criterion).toEqual(atLeast('80'));
  });
});

describe('a yearly target', () => {
  const yearly = target('yearly', atLeast('80'), '2024-02-01');

  it('makes each calendar year a milestone, from the plan to the year of asOf', () => {
    const { milestones, milestone } = given(yearly).on('2026-05-01');
    expect(milestones.map((one) => one.milestone)).toEqual(['2024', '2025', '2026']);
    expect(milestone).toBe('2026');
  });

  it('runs to the end of the plan where it has one', () => {
    const { milestones, milestone } = given(yearly).on('2025-05-01', endsOn('2027-12-31'));
    expect(milestones.map((one) => one.milestone)).toEqual(['2024', '2025', '2026', '2027']);
    expect(milestone).toBe('2025');
  });

  it('is judged by its last year once the plan is over', () => {
    expect(given(yearly).on('2027-05-01', endsOn('2025-12-31')).milestone).toBe('2025');
  });

  it('says where it stands: yearly', () => {
    expect(given(yearly).on('2024-05-01')).toMatchObject({
      milestone: '2024',
      target: { milestone: 'yearly' },
    });
  });

  it('judges each year by a figure of that year', () => {
    const some = given(yearly, reported('2024', '70'), reported('2025', '85')).on('2026-02-01');
    expect(at(some, '2024')).toMatchObject({ status: 'missed', reachedLater: true });
    expect(at(some, '2025')).toMatchObject({ status: 'achieved' });
  });

  it('that was raised does not judge the years before', () => {
    const some = given(
      yearly,
      revised('yearly', atLeast('90'), '2025-03-01'),
      reported('2024', '85'),
      reported('2025', '85'),
    ).on('2026-02-01');
    expect(at(some, '2024').status).toBe('achieved');
    expect(at(some, '2025').status).toBe('missed');
  });

  it('asks nothing of the years before it was set', () => {
    const late = given(target('yearly', atLeast('80'), '2025-03-01')).on('2026-02-01');
    expect(late.milestones.map((one) => one.milestone)).toEqual(['2025', '2026']);
  });

  it('that was withdrawn asks nothing any more', () => {
    expect(given(yearly, withdrawn('yearly', '2026-01-01')).maybe('2026-02-01')).toBeNull();
  });

  it('is not spread over more years than a plan can have', () => {
    expect(given(yearly).on('2024-05-01', endsOn('9999-12-31')).milestones).toHaveLength(100);
  });
});
