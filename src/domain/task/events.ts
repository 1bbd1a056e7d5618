import type { AssignmentEvent, Effective, Reasoned } from '../indicator/events.js';
import type { Assumption, Fact, Provenance } from '../message.js';

/**
 * A deadline, verbatim and typed: `date` by a day, `yearly` each calendar year, `continuous` without end,
 * `condition` once something has happened ("sau khi có văn bản của Trung ương").
 */
export interface Deadline {
  readonly notation: string;
  readonly kind: 'date' | 'yearly' | 'continuous' | 'condition' | 'open';
  readonly dueOn: string | null;
  readonly condition: string | null;
}

type On<Data> = { readonly taskId: string } & Data;

export type TaskGiven = Fact<
  'TaskGiven',
  On<
    Effective & {
      readonly planId: string;
      readonly code: string;
      readonly section: string | null;
      /** Place in the annex, from 1. */
      readonly order: number;
      readonly title: string;
      readonly expectedResult: string | null;
      readonly deadline: Deadline;
      readonly source: Provenance | null;
      readonly assumed: readonly Assumption[];
    }
  >
>;
export type DeadlineRevised = Fact<
  'DeadlineRevised',
  On<Effective & Reasoned & { readonly deadline: Deadline }>
>;
/** What the task waited for has happened; it may set the day by which the task is due. */
export type TaskConditionMet = Fact<
  'TaskConditionMet',
  On<Effective & { readonly dueOn: string | null; readonly evidence: string }>
>;
export type TaskProgressReported = Fact<
  'TaskProgressReported',
  On<
    Effective & { readonly agencyId: string | null; readonly note: string; readonly evidence: string | null }
  >
>;
/** `year` names the year that a yearly task was done for; null for any other task. */
export type TaskCompleted = Fact<
  'TaskCompleted',
  On<Effective & { readonly year: number | null; readonly result: string; readonly evidence: string | null }>
>;
export type TaskReopened = Fact<'TaskReopened', On<Effective & Reasoned & { readonly year: number | null }>>;
export type TaskDropped = Fact<'TaskDropped', On<Effective & Reasoned>>;

export type TaskEvent =
  | TaskGiven
  | DeadlineRevised
  | AssignmentEvent
  | TaskConditionMet
  | TaskProgressReported
  | TaskCompleted
  | TaskReopened
  | TaskDropped;
