import { type Assignments, assigned } from '../indicator/indicator.js';
import type { Assumption, LegalBasis, Provenance } from '../message.js';
import { inserted, type Timeline, valueAt } from '../timeline.js';
import type { Deadline, TaskEvent } from './events.js';

export interface Progress {
  readonly effectiveOn: string;
  readonly agencyId: string | null;
  readonly note: string;
  readonly evidence: string | null;
}

/** What a task waited for has happened; it may set the day by which the task is due. */
export interface ConditionMet {
  readonly condition: string;
  readonly effectiveOn: string;
  readonly dueOn: string | null;
  readonly evidence: string;
}

/** Whether the work is done: for a yearly task one timeline a year, else one with year null. */
export interface Completion {
  readonly year: number | null;
  readonly timeline: Timeline<{
    readonly done: boolean;
    readonly result: string | null;
    readonly evidence: string | null;
  }>;
}

export interface Task {
  readonly id: string;
  readonly planId: string;
  readonly code: string;
  readonly section: string | null;
  readonly order: number;
  readonly givenOn: string;
  readonly title: string;
  readonly expectedResult: string | null;
  readonly source: Provenance | null;
  readonly assumed: readonly Assumption[];
  readonly deadline: Timeline<Deadline>;
  readonly assignments: Assignments;
  /** Each condition that the task waited for and that has come about. */
  readonly conditionsMet: readonly ConditionMet[];
  readonly progress: readonly Progress[];
  readonly completions: readonly Completion[];
  readonly dropped: {
    readonly effectiveOn: string;
    readonly reason: string;
    readonly legalBasis: LegalBasis | null;
  } | null;
}

/** Folds one event into the task. Null before it was given. */
export const evolve = (state: Task | null, event: TaskEvent): Task | null => {
  if (event.type === 'TaskGiven') return given(event.data);
  if (state === null) return null;
  switch (event.type) {
    case 'DeadlineRevised':
      return { ...state, deadline: inserted(state.deadline, event.data.effectiveOn, event.data.deadline) };
    case 'AgencyAssigned':
    case 'AgencyReleased':
    case 'AssignmentTransferred':
      return { ...state, assignments: assigned(state.assignments, event) };
    case 'TaskConditionMet': {
      const { effectiveOn, dueOn, evidence } = event.data;
      const condition = valueAt(state.deadline, effectiveOn)?.condition ?? '';
      const met = { condition, effectiveOn, dueOn, evidence };
      return { ...state, conditionsMet: [...state.conditionsMet, met] };
    }
    case 'TaskProgressReported': {
      const { effectiveOn, agencyId, note, evidence } = event.data;
      return { ...state, progress: [...state.progress, { effectiveOn, agencyId, note, evidence }] };
    }
    case 'TaskCompleted': {
      const { year, effectiveOn, result, evidence } = event.data;
      return withCompletion(state, year, effectiveOn, { done: true, result, evidence });
    }
    case 'TaskReopened':
      return withCompletion(state, event.data.year, event.data.effectiveOn, {
        done: false,
        result: null,
        evidence: null,
      });
    case 'TaskDropped': {
      const { effectiveOn, reason, legalBasis } = event.data;
      return { ...state, dropped: { effectiveOn, reason, legalBasis } };
    }
  }
};

/** How the condition of a deadline came about, on whatever day; undefined while the task waits for it. */
export const metOf = (task: Task, deadline: Deadline | undefined): ConditionMet | undefined =>
  task.conditionsMet.find(({ condition }) => condition === deadline?.condition);

const given = (data: Extract<TaskEvent, { type: 'TaskGiven' }>['data']): Task => {
  const { planId, code, section, order, title, expectedResult, source, assumed } = data;
  return {
    id: data.taskId,
    ...{ planId, code, section, order, title, expectedResult, source, assumed },
    givenOn: data.effectiveOn,
    deadline: [{ effectiveOn: data.effectiveOn, value: data.deadline }],
    assignments: { lead: [], coordinating: [] },
    conditionsMet: [],
    progress: [],
    completions: [],
    dropped: null,
  };
};

const withCompletion = (
  state: Task,
  year: number | null,
  effectiveOn: string,
  value: Completion['timeline'][number]['value'],
): Task => {
  const held = state.completions.find((row) => row.year === year);
  const next = { year, timeline: inserted(held?.timeline ?? [], effectiveOn, value) };
  const completions = held
    ? state.completions.map((row) => (row === held ? next : row))
    : [...state.completions, next];
  return { ...state, completions };
};
