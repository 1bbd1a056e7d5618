import { endOfYear, yearOf } from '../time.js';
import { valueAt } from '../timeline.js';
import type { Deadline } from './events.js';
import { type Completion, type ConditionMet, metOf, type Task } from './task.js';

export const TASK_STATUSES = ['done', 'overdue', 'due', 'waiting', 'open', 'continuous'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

export interface TaskVerdict {
  readonly status: TaskStatus;
  readonly deadline: Deadline;
  /** The day by which it is due, where there is one. */
  readonly dueOn: string | null;
  /** The day from which it counts as done, or null. */
  readonly doneOn: string | null;
  /** Of a yearly task: each year's own verdict. */
  readonly years: readonly {
    readonly year: number;
    readonly status: TaskStatus;
    readonly doneOn: string | null;
  }[];
  readonly because: string;
}

/** The task's verdict on a day (the day included). */
export const assessTask = (task: Task, asOf: string, planEndsOn: string | null): TaskVerdict => {
  const deadline = valueAt(task.deadline, asOf) ?? (task.deadline[0] as { value: Deadline }).value;
  if (deadline.kind === 'yearly') return yearly(task, deadline, asOf, planEndsOn);
  const done = doneSince(task, null, asOf);
  const met = metBy(task, deadline, asOf);
  const dueOn = deadline.kind === 'condition' ? (met?.dueOn ?? null) : deadline.dueOn;
  const answer = (status: TaskStatus, because: string): TaskVerdict => ({
    status,
    deadline,
    dueOn,
    doneOn: done,
    years: [],
    because,
  });
  if (done) return answer('done', `done on ${done}`);
  if (deadline.kind === 'continuous') return answer('continuous', 'goes on without an end');
  if (deadline.kind === 'condition' && met === undefined)
    return answer('waiting', `waits: ${deadline.condition}`);
  if (dueOn === null) return answer('open', 'no day is set by which it is due');
  return asOf > dueOn ? answer('overdue', `was due on ${dueOn}`) : answer('due', `is due on ${dueOn}`);
};

const metBy = (task: Task, deadline: Deadline, asOf: string): ConditionMet | undefined => {
  const met = metOf(task, deadline);
  return met && met.effectiveOn <= asOf ? met : undefined;
};

/** The first day from which the task counts as done on a day, or null when it does not (or was opened again). */
const doneSince = (task: Task, year: number | null, asOf: string): string | null => {
  const all: Completion['timeline'] = task.completions.find((row) => row.year === year)?.timeline ?? [];
  const known = all.filter(({ effectiveOn }) => effectiveOn <= asOf);
  const opened = known.findLastIndex(({ value }) => !value.done);
  return known[opened + 1]?.effectiveOn ?? null;
};

const yearly = (task: Task, deadline: Deadline, asOf: string, planEndsOn: string | null): TaskVerdict => {
  const last = planEndsOn && planEndsOn < asOf ? yearOf(planEndsOn) : yearOf(asOf);
  const years = [];
  for (let year = yearOf(task.givenOn); year <= last; year += 1) {
    const end = endOfYear(year);
    if (valueAt(task.deadline, asOf < end ? asOf : end)?.kind !== 'yearly') continue;
    const doneOn = doneSince(task, year, asOf);
    const status: TaskStatus = doneOn ? 'done' : asOf > end ? 'overdue' : 'due';
    years.push({ year, status, doneOn });
  }
  const missed = years.filter(({ status }) => status === 'overdue').map(({ year }) => year);
  const current = years.at(-1);
  const status = current?.status ?? 'due';
  const because =
    missed.length > 0 ? `not done for ${missed.join(', ')}` : `judged for ${current?.year ?? last}`;
  return {
    status: missed.length > 0 ? 'overdue' : status,
    deadline,
    dueOn: endOfYear(current?.year ?? last),
    doneOn: current?.doneOn ?? null,
    years,
    because,
  };
};
