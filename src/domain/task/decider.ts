import { assign, release, transfer } from '../assignment.js';
import { type Decider, Rejected } from '../decider.js';
import { inSection, planOf, same, withinPlan, withReason } from '../given.js';
import { isDate, yearOf } from '../time.js';
import { valueAt } from '../timeline.js';
import type { TaskCommand } from './commands.js';
import type { Deadline, TaskEvent } from './events.js';
import { evolve, metOf, type Task } from './task.js';

/** Decides what happens to one task. Its stream is `task-<taskId>`. */
export const taskDecider: Decider<TaskCommand, Task | null, TaskEvent> = {
  initial: null,
  evolve,
  decide: (command, state) => (command.type === 'GiveTask' ? give(command, state) : change(command, state)),
};

type Of<Type extends TaskCommand['type']> = Extract<TaskCommand, { type: Type }>;

const give = ({ data, given }: Of<'GiveTask'>, state: Task | null): TaskEvent[] => {
  const plan = planOf(given);
  withinPlan(plan, data.effectiveOn);
  inSection(plan, data.section, data.effectiveOn);
  consistent(data.deadline);
  const event: TaskEvent = { type: 'TaskGiven', data: { ...data, planId: plan.planId } };
  if (state === null) return [event];
  if (same(evolve(null, event), asGiven(state))) return [];
  throw new Rejected('TaskExists', 'A task with this code is already in the plan.', 'code');
};

/** The task as it was given: what came later taken away. */
const asGiven = (state: Task): Task => ({
  ...state,
  deadline: state.deadline.slice(0, 1),
  assignments: { lead: [], coordinating: [] },
  conditionsMet: [],
  progress: [],
  completions: [],
  dropped: null,
});

/** A deadline by date has its day; one on a condition says which. */
const consistent = ({ kind, dueOn, condition }: Deadline): void => {
  if (kind === 'date' && (dueOn === null || !isDate(dueOn)))
    throw new Rejected('DeadlineUnclear', 'A deadline by date needs its day.', 'deadline.dueOn');
  if (kind !== 'date' && dueOn !== null)
    throw new Rejected('DeadlineUnclear', 'Only a deadline by date has a day.', 'deadline.dueOn');
  if ((kind === 'condition') !== (condition !== null))
    throw new Rejected(
      'DeadlineUnclear',
      'A deadline on a condition says which, and no other does.',
      'deadline.condition',
    );
};

const change = (command: Exclude<TaskCommand, Of<'GiveTask'>>, state: Task | null): readonly TaskEvent[] => {
  if (state === null) throw new Rejected('UnknownTask', 'This task does not exist.', 'taskId');
  const { effectiveOn } = command.data;
  withinPlan(planOf(command.given), effectiveOn);
  if (effectiveOn < state.givenOn)
    throw new Rejected('BeforeTask', `The task holds only from ${state.givenOn}.`, 'effectiveOn');
  if (state.dropped && effectiveOn >= state.dropped.effectiveOn && command.type !== 'DropTask')
    throw new Rejected('TaskDropped', `The task was dropped on ${state.dropped.effectiveOn}.`, 'effectiveOn');
  const subject = { kind: 'task', id: state.id } as const;
  switch (command.type) {
    case 'AssignTask':
      return assign(subject, state.assignments, command.data, command.given);
    case 'ReleaseTask':
      return release(subject, state.assignments, command.data);
    case 'TransferTask':
      return transfer(subject, state.assignments, command.data, command.given);
    case 'ReviseDeadline':
      return reviseDeadline(command, state);
    case 'MeetTaskCondition':
      return meetCondition(command, state);
    case 'ReportTaskProgress':
      return reportProgress(command, state);
    case 'CompleteTask':
      return complete(command, state);
    case 'ReopenTask':
      return reopen(command, state);
    case 'DropTask':
      return drop(command, state);
  }
};

const reviseDeadline = ({ data }: Of<'ReviseDeadline'>, state: Task): TaskEvent[] => {
  consistent(data.deadline);
  if (same(valueAt(state.deadline, data.effectiveOn), data.deadline)) return [];
  withReason(data.reason);
  return [{ type: 'DeadlineRevised', data }];
};

const meetCondition = ({ data, given }: Of<'MeetTaskCondition'>, state: Task): TaskEvent[] => {
  const { effectiveOn, dueOn, evidence } = data;
  notAhead(effectiveOn, given.today);
  const deadline = valueAt(state.deadline, effectiveOn);
  if (deadline?.kind !== 'condition')
    throw new Rejected('NoCondition', 'The task does not wait for a condition.', 'taskId');
  const met = metOf(state, deadline);
  if (met && same(met, { condition: met.condition, effectiveOn, dueOn, evidence })) return [];
  if (met)
    throw new Rejected('ConditionAlreadyMet', `The condition was met on ${met.effectiveOn}.`, 'taskId');
  if (dueOn !== null && dueOn < effectiveOn)
    throw new Rejected('DueBeforeMet', 'The task cannot be due before its condition was met.', 'dueOn');
  return [{ type: 'TaskConditionMet', data }];
};

const reportProgress = ({ data, given }: Of<'ReportTaskProgress'>, state: Task): TaskEvent[] => {
  notAhead(data.effectiveOn, given.today);
  const { effectiveOn, agencyId, note, evidence } = data;
  if (state.progress.some((row) => same(row, { effectiveOn, agencyId, note, evidence }))) return [];
  return [{ type: 'TaskProgressReported', data }];
};

const notAhead = (effectiveOn: string, today: string): void => {
  if (effectiveOn > today)
    throw new Rejected('InTheFuture', 'What has been done cannot lie in the future.', 'effectiveOn');
};

const yearly = (state: Task, year: number | null, effectiveOn: string): void => {
  const isYearly = valueAt(state.deadline, effectiveOn)?.kind === 'yearly';
  if (isYearly !== (year !== null))
    throw new Rejected(
      'YearUnclear',
      isYearly
        ? 'The task is yearly: name the year that this is about.'
        : 'The task is not yearly: name no year.',
      'year',
    );
  if (year !== null && year < yearOf(state.givenOn))
    throw new Rejected('YearUnclear', `The task holds only from ${state.givenOn}.`, 'year');
  if (year !== null && year > yearOf(effectiveOn))
    throw new Rejected('YearUnclear', `${year} has not begun on ${effectiveOn}.`, 'year');
};

const doneOn = (
  state: Task,
  year: number | null,
  day: string,
): Task['completions'][number]['timeline'][number]['value'] | undefined =>
  valueAt(state.completions.find((row) => row.year === year)?.timeline ?? [], day);

const complete = ({ data, given }: Of<'CompleteTask'>, state: Task): TaskEvent[] => {
  const { year, effectiveOn } = data;
  yearly(state, year, effectiveOn);
  notAhead(effectiveOn, given.today);
  if (doneOn(state, year, effectiveOn)?.done) return [];
  return [{ type: 'TaskCompleted', data }];
};

const reopen = ({ data }: Of<'ReopenTask'>, state: Task): TaskEvent[] => {
  const { year, effectiveOn, reason } = data;
  yearly(state, year, effectiveOn);
  const held = doneOn(state, year, effectiveOn);
  if (held && !held.done) return [];
  if (!held) throw new Rejected('NotDone', 'The task was not done on that day.', 'effectiveOn');
  withReason(reason);
  return [{ type: 'TaskReopened', data }];
};

const drop = ({ data }: Of<'DropTask'>, state: Task): TaskEvent[] => {
  if (state.dropped?.effectiveOn === data.effectiveOn) return [];
  if (state.dropped)
    throw new Rejected('TaskDropped', `The task was dropped on ${state.dropped.effectiveOn}.`, 'effectiveOn');
  withReason(data.reason);
  return [{ type: 'TaskDropped', data }];
};
