import { describe, expect, it } from '@jest/globals';
import { accepted, at, atLeast, given, idOf, reported, target } from './given.js';

const goal = target('2025', atLeast('80'));

describe('a milestone that has passed', () => {
  it('is achieved by a figure of a period ending in its last year', () => {
    expect(given(goal, reported('2025-Q4', '80')).on('2026-01-01').status).toBe('achieved');
  });

  it('is missed when that figure does not meet the target', () => {
    expect(given(goal, reported('2025', '79.9')).on('2026-01-01')).toMatchObject({
      status: 'missed',
      reason: null,
      reachedLater: false,
      overdue: false,
    });
  });

  it('rests on the last figure of its last year', () => {
    const some = given(goal, reported('2025-Q2', '85'), reported('2025-Q4', '70'));
    expect(some.on('2026-01-01')).toMatchObject({
      status: 'missed',
      measurement: { id: idOf('2025-Q4') },
    });
  });

  it('is not-reported and overdue without such a figure, and shows the last one', () => {
    const some = given(goal, reported('2024', '85'), reported('2026-Q1', '90'));
    expect(some.on('2026-05-01')).toMatchObject({
      status: 'not-reported',
      reason: 'no-figure-in-last-year',
      overdue: true,
      provisional: false,
      reachedLater: false,
      measurement: { id: idOf('2026-Q1') },
    });
  });

  it('is not-reported and overdue with no figure at all', () => {
    expect(given(goal).on('2026-01-01')).toMatchObject({
      status: 'not-reported',
      reason: 'no-figure',
      overdue: true,
      measurement: null,
    });
  });

  it('stays missed and says reachedLater once a later figure meets it', () => {
    const some = given(goal, reported('2025', '70'), reported('2026-Q1', '75'), reported('2026-Q2', '82'));
    expect(some.on('2026-06-29')).toMatchObject({ status: 'missed', reachedLater: false });
    expect(some.on('2026-06-30')).toMatchObject({
      status: 'missed',
      reachedLater: true,
      measurement: { id: idOf('2025') },
    });
  });

  it('is reached later although a figure after that falls again', () => {
    const some = given(goal, reported('2025', '70'), reported('2026-Q1', '82'), reported('2026-Q2', '60'));
    expect(some.on('2026-07-01').reachedLater).toBe(true);
  });

  it('is not reached later by a figure from before', () => {
    const some = given(goal, reported('2024', '85'), reported('2025', '70'), reported('2026', '75'));
    expect(some.on('2027-01-01').reachedLater).toBe(false);
  });

  it('names the first figure that reached it', () => {
    const some = given(goal, reported('2025', '70'), reported('2026-Q1', '82'), reported('2026-Q2', '90'));
    expect(some.on('2026-07-01').because).toContain('the figure for 2026-Q1 meets it later');
  });

  it('is not reached by a later figure that another of its period outranks', () => {
    const some = given(
      goal,
      reported('2025', '70'),
      reported('2026', '60'),
      accepted('2026'),
      reported('2026', '90', { n: 2 }),
    );
    expect(some.on('2027-01-01').reachedLater).toBe(false);
  });

  it('is judged beside the milestone to come, each by its own figure', () => {
    const some = given(goal, target('2030', atLeast('90')), reported('2025', '85'), reported('2026', '95'));
    const assessment = some.on('2027-01-01');
    expect(assessment.milestone).toBe('2030');
    expect(at(assessment, '2025').measurement?.id).toBe(idOf('2025'));
    expect(at(assessment, '2030').measurement?.id).toBe(idOf('2026'));
  });
});

describe('a target without a date', () => {
  const open = target('open', atLeast('80'));

  it('is achieved or in-progress, never missed, and has no line', () => {
    expect(given(open, reported('2024', '85')).on('2040-01-01').status).toBe('achieved');
    expect(given(open, reported('2024', '70')).on('2040-01-01')).toMatchObject({
      status: 'in-progress',
      reason: 'open',
      line: null,
    });
  });

  it('is not-reported without a figure, and never overdue', () => {
    expect(given(open).on('2040-01-01')).toMatchObject({ status: 'not-reported', overdue: false });
  });

  it('can be a state', () => {
    const state = target('open', { kind: 'state', text: 'Ứng dụng' });
    expect(given(state, reported('2024', { met: 'met' })).on('2040-01-01').status).toBe('achieved');
    expect(given(state, reported('2024', { met: 'partly' })).on('2040-01-01').status).toBe('in-progress');
  });
});

describe('an unread target', () => {
  const unread = target('2025', { kind: 'unread', reason: 'two numbers' });

  it('is not-assessable with or without a figure, before and after its milestone, and never overdue', () => {
    for (const events of [[unread], [unread, reported('2025', '85')]])
      for (const day of ['2024-06-01', '2025-12-31', '2026-06-01'])
        expect(given(...events).on(day)).toMatchObject({
          status: 'not-assessable',
          reason: 'unread',
          overdue: false,
          provisional: false,
        });
  });

  it('shows the last figure all the same', () => {
    expect(given(unread, reported('2025', '85')).on('2026-06-01').measurement?.value).toBe('85');
  });
});
