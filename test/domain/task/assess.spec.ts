import { describe, expect, it } from '@jest/globals';
import { assessTask, type TaskVerdict } from '../../../src/domain/task/assess.js';
import type { TaskCommand } from '../../../src/domain/task/commands.js';
import { taskDecider } from '../../../src/domain/task/decider.js';
import type { Deadline } from '../../../src/domain/task/events.js';
import { evolve, type Task } from '../../../src/domain/task/task.js';
import { yielded } from '../../support/decider.js';
import {
  byDay,
  CONTINUOUS,
  complete,
  give,
  meet,
  OPEN_ENDED,
  onCondition,
  postpone,
  reopen,
  YEARLY,
} from './commands.js';

const task = (deadline: Deadline, ...commands: TaskCommand[]) => {
  const state = yielded(taskDecider, [give({ deadline }), ...commands]).reduce(evolve, null as Task | null);
  if (state === null) throw new Error('The task must be given.');
  return { on: (asOf: string, endsOn: string | null = null): TaskVerdict => assessTask(state, asOf, endsOn) };
};

describe('a task due by a day', () => {
  const due = task(byDay('2026-06-30'));

  it('is due up to that day, the day included, and overdue after it', () => {
    expect(due.on('2026-06-30')).toEqual({
      status: 'due',
      deadline: byDay('2026-06-30'),
      dueOn: '2026-06-30',
      doneOn: null,
      years: [],
      because: 'is due on 2026-06-30',
    });
    expect(due.on('2026-07-01')).toMatchObject({ status: 'overdue', because: 'was due on 2026-06-30' });
  });

  it('is done from the day it was done, and not before', () => {
    const done = task(byDay('2026-01-31'), complete());
    expect(done.on('2026-02-28')).toMatchObject({ status: 'overdue', doneOn: null });
    expect(done.on('2026-03-01')).toMatchObject({
      status: 'done',
      doneOn: '2026-03-01',
      because: 'done on 2026-03-01',
    });
  });

  it('is done from the first day, where it turns out to have been done earlier', () => {
    const done = task(byDay('2026-06-30'), complete(), complete({ effectiveOn: '2026-01-09' }));
    expect(done.on('2026-03-05')).toMatchObject({ status: 'done', doneOn: '2026-01-09' });
  });

  it('that was opened again is due, and done from the day it was done anew', () => {
    const again = task(byDay('2026-06-30'), complete(), reopen(), complete({ effectiveOn: '2026-03-08' }));
    expect(again.on('2026-03-04')).toMatchObject({ status: 'done', doneOn: '2026-03-01' });
    expect(again.on('2026-03-05')).toMatchObject({ status: 'due', doneOn: null });
    expect(again.on('2026-03-08')).toMatchObject({ status: 'done', doneOn: '2026-03-08' });
  });

  it('is judged by the deadline that holds on the day asked about', () => {
    const postponed = task(byDay('2025-12-31'), postpone(byDay('2026-12-31')));
    expect(postponed.on('2025-12-31')).toMatchObject({ status: 'due', dueOn: '2025-12-31' });
    expect(postponed.on('2026-01-01')).toMatchObject({ status: 'due', dueOn: '2026-12-31' });
  });

  it('is judged by its first deadline before it was given', () => {
    expect(due.on('2024-01-01')).toMatchObject({ status: 'due', dueOn: '2026-06-30' });
  });
});

describe('a task without a day', () => {
  it('goes on where it is continuous, and can be done', () => {
    expect(task(CONTINUOUS).on('2040-01-01')).toMatchObject({ status: 'continuous', dueOn: null });
    expect(task(CONTINUOUS, complete()).on('2026-03-01').status).toBe('done');
  });

  it('is open, and never overdue', () => {
    expect(task(OPEN_ENDED).on('2099-01-01')).toMatchObject({ status: 'open', dueOn: null });
  });
});

describe('a task on a condition', () => {
  const met = task(onCondition(), meet());

  it('waits until the condition is met', () => {
    expect(met.on('2025-08-31')).toMatchObject({
      status: 'waiting',
      dueOn: null,
      because: 'waits: có văn bản của Trung ương',
    });
  });

  it('is then due by the day that the condition set', () => {
    expect(met.on('2025-09-01')).toMatchObject({ status: 'due', dueOn: '2025-12-31' });
    expect(met.on('2026-01-01')).toMatchObject({ status: 'overdue', dueOn: '2025-12-31' });
  });

  it('is open, never overdue, where the condition set no day', () => {
    expect(task(onCondition(), meet({ dueOn: null })).on('2040-01-01').status).toBe('open');
  });

  it('can be done without waiting', () => {
    expect(task(onCondition(), complete()).on('2026-03-01').status).toBe('done');
  });

  it('waits anew from the day on which another condition takes its place, and not before', () => {
    const other = task(onCondition(), meet(), postpone(onCondition('bố trí kinh phí')));
    expect(other.on('2025-12-31')).toMatchObject({ status: 'due', dueOn: '2025-12-31' });
    expect(other.on('2026-01-01').status).toBe('waiting');
  });

  it('keeps what each condition came to, by day', () => {
    const second = meet({ effectiveOn: '2026-02-01', dueOn: '2026-04-30' });
    const both = task(onCondition(), meet(), postpone(onCondition('bố trí kinh phí')), second);
    expect(both.on('2025-12-31')).toMatchObject({ status: 'due', dueOn: '2025-12-31' });
    expect(both.on('2026-02-01')).toMatchObject({ status: 'due', dueOn: '2026-04-30' });
  });

  it('does not wait again where only its wording changed', () => {
    const reworded = postpone({ ...onCondition(), notation: 'Khi có văn bản của Trung ương' });
    expect(task(onCondition(), meet(), reworded).on('2026-01-01').status).toBe('overdue');
  });
});

describe('a yearly task', () => {
  const done = (year: number, effectiveOn: string) => complete({ year, effectiveOn });

  it('is judged year by year from the year it was given', () => {
    const verdict = task(YEARLY, done(2025, '2025-12-20')).on('2026-05-01');
    expect(verdict.years).toEqual([
      { year: 2025, status: 'done', doneOn: '2025-12-20' },
      { year: 2026, status: 'due', doneOn: null },
    ]);
    expect(verdict).toMatchObject({
      status: 'due',
      dueOn: '2026-12-31',
      doneOn: null,
      because: 'judged for 2026',
    });
  });

  it('is due up to the last day of the year, and overdue from the next', () => {
    expect(task(YEARLY).on('2025-12-31')).toMatchObject({ status: 'due', dueOn: '2025-12-31' });
    expect(task(YEARLY).on('2026-01-01')).toMatchObject({
      status: 'overdue',
      because: 'not done for 2025',
      dueOn: '2026-12-31',
    });
  });

  it('is overdue as long as one of its years is, even when this year is done', () => {
    const verdict = task(YEARLY, done(2026, '2026-03-01')).on('2026-05-01');
    expect(verdict.status).toBe('overdue');
    expect(verdict.years.map(({ status }) => status)).toEqual(['overdue', 'done']);
  });

  it('done late for a year counts from then on', () => {
    const late = task(YEARLY, done(2025, '2026-02-10'));
    expect(late.on('2026-02-09').status).toBe('overdue');
    expect(late.on('2026-02-10').status).toBe('due');
  });

  it('is due no more once the plan has ended', () => {
    const verdict = task(YEARLY, done(2025, '2025-12-20')).on('2028-01-01', '2026-12-31');
    expect(verdict.years.map(({ year }) => year)).toEqual([2025, 2026]);
    expect(verdict).toMatchObject({ status: 'overdue', dueOn: '2026-12-31' });
  });

  it('is not yet judged for any year before it was given', () => {
    expect(task(YEARLY).on('2024-06-01')).toMatchObject({
      status: 'due',
      years: [],
      because: 'judged for 2024',
    });
  });

  it('is not asked for years in which it was due by a day instead', () => {
    const became = task(byDay('2025-12-31'), postpone(YEARLY, { effectiveOn: '2027-01-01' }));
    expect(became.on('2028-02-29').years.map(({ year }) => year)).toEqual([2027, 2028]);
  });
});
