import { describe, expect, it } from '@jest/globals';
import { assessmentDay } from '../../../src/domain/status/ended.js';
import { assessGroup } from '../../../src/domain/status/group.js';
import { STATUSES, worst } from '../../../src/domain/status/verdict.js';

describe('a group', () => {
  it('without a target takes the worst of its children and counts them', () => {
    const group = assessGroup(null, ['achieved', 'behind', 'achieved', 'not-reported']);
    expect(group.status).toBe('behind');
    expect(group.judgedBy).toBe('children');
    expect(group.counts).toEqual({
      missed: 0,
      behind: 1,
      'at-risk': 0,
      'not-reported': 1,
      'not-assessable': 0,
      'in-progress': 0,
      'on-track': 0,
      achieved: 2,
    });
  });

  it('leaves out children without a target', () => {
    const group = assessGroup(null, ['on-track', null]);
    expect(group.status).toBe('on-track');
    expect(Object.values(group.counts).reduce((a, b) => a + b)).toBe(1);
  });

  it('has no status where nothing in it has a target', () => {
    expect(assessGroup(null, [null]).status).toBeNull();
    expect(assessGroup(null, []).status).toBeNull();
  });

  it('with a target of its own is judged by it, with its children’s counts beside it', () => {
    const group = assessGroup({ status: 'achieved' }, ['missed', null]);
    expect(group).toMatchObject({ status: 'achieved', judgedBy: 'target', counts: { missed: 1 } });
  });

  it('orders the statuses from the worst to the best', () => {
    expect(STATUSES).toEqual([
      'missed',
      'behind',
      'at-risk',
      'not-reported',
      'not-assessable',
      'in-progress',
      'on-track',
      'achieved',
    ]);
    STATUSES.forEach((status, index) => {
      expect(worst(STATUSES.slice(index).reverse())).toBe(status);
    });
  });
});

describe('the day to assess', () => {
  it('is asOf before anything ended what is due', () => {
    expect(assessmentDay('2026-05-01', null, '2026-05-02')).toBe('2026-05-01');
  });

  it('is the last day before it ended, from that day on', () => {
    expect(assessmentDay('2026-05-01', '2026-05-01')).toBe('2026-04-30');
    expect(assessmentDay('2027-05-01', '2026-01-01', null)).toBe('2025-12-31');
  });

  it('is the day before the earlier of two ends', () => {
    expect(assessmentDay('2027-05-01', '2026-06-01', '2026-03-01')).toBe('2026-02-28');
    expect(assessmentDay('2027-05-01', '2026-03-01', '2026-06-01')).toBe('2026-02-28');
  });
});
