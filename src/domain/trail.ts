import type { Agency } from './agency/agency.js';
import type { AgencyEvent } from './agency/events.js';
import type { IndicatorEvent } from './indicator/events.js';
import { benchmarkOf, type Indicator } from './indicator/indicator.js';
import type { PlanEvent } from './plan/events.js';
import type { Plan } from './plan/plan.js';
import type { ReorganizationEvent } from './reorganization/events.js';
import type { Reorganization } from './reorganization/reorganization.js';
import type { TaskEvent } from './task/events.js';
import { metOf, type Task } from './task/task.js';
import { entriesAfter, type Timeline, valueAt } from './timeline.js';

/** What one event changed: the fact it is about, just before and just after it. */
export interface Trace {
  readonly before: unknown;
  readonly after: unknown;
  /** Days of the entries that take effect later and that this one does not undo. */
  readonly laterEntries: readonly string[];
}

/** The fact that an event is about: a timeline with the day to look at, or a value that has none, there or to be found. */
type Concern =
  | { readonly timeline: Timeline<unknown>; readonly on: string }
  | { readonly value: unknown }
  | { readonly find: () => unknown };

/** Who asks for later entries alone looks for nothing: a row may have hundreds of figures. */
const trace = (before: Concern | null, after: Concern | null): Trace => ({
  get before() {
    return factOf(before);
  },
  get after() {
    return factOf(after);
  },
  laterEntries:
    before && 'timeline' in before
      ? entriesAfter(before.timeline, before.on).map((entry) => entry.effectiveOn)
      : [],
});

const factOf = (concern: Concern | null): unknown => {
  if (concern === null) return null;
  if ('timeline' in concern) return valueAt(concern.timeline, concern.on) ?? null;
  return ('find' in concern ? concern.find() : concern.value) ?? null;
};

/** Traces one event of an indicator through the states around it (null before adoption). */
export const traceIndicator = (
  before: Indicator | null,
  event: IndicatorEvent,
  after: Indicator | null,
): Trace => trace(before && ofIndicator(before, event), after && ofIndicator(after, event));

const ofIndicator = (state: Indicator, { type, data }: IndicatorEvent): Concern => {
  switch (type) {
    case 'IndicatorAdopted': {
      const { code, section, parent, order, deadline } = state;
      return { value: { ...state.wording[0]?.value, code, section, parent, order, deadline } };
    }
    case 'IndicatorReworded':
      return { timeline: state.wording, on: data.effectiveOn };
    case 'IndicatorDropped':
      return { value: state.dropped };
    case 'BaselineRecorded':
      return { timeline: state.baseline, on: data.effectiveOn };
    case 'TargetSet':
    case 'TargetRevised':
    case 'TargetWithdrawn':
    case 'CriterionRead': {
      const timeline = state.targets.find((row) => row.milestone === data.milestone)?.timeline ?? [];
      return { timeline, on: data.effectiveOn };
    }
    case 'AgencyAssigned':
    case 'AgencyReleased':
    case 'AssignmentTransferred':
      return { timeline: state.assignments[data.role], on: data.effectiveOn };
    case 'BenchmarkRecorded':
      return { timeline: benchmarkOf(state, data), on: data.effectiveOn };
    case 'MeasurementReported':
    case 'MeasurementAccepted':
    case 'MeasurementReturned':
    case 'MeasurementCorrected':
    case 'MeasurementRetracted':
      return { find: () => state.measurements.findLast((row) => row.id === data.measurementId) };
  }
};

/** Traces one event of a task. */
export const traceTask = (before: Task | null, event: TaskEvent, after: Task | null): Trace =>
  trace(before && ofTask(before, event), after && ofTask(after, event));

const ofTask = (state: Task, { type, data }: TaskEvent): Concern => {
  switch (type) {
    case 'TaskGiven':
      return {
        value: { title: state.title, expectedResult: state.expectedResult, ...state.deadline[0]?.value },
      };
    case 'DeadlineRevised':
      return { timeline: state.deadline, on: data.effectiveOn };
    case 'AgencyAssigned':
    case 'AgencyReleased':
    case 'AssignmentTransferred':
      return { timeline: state.assignments[data.role], on: data.effectiveOn };
    case 'TaskConditionMet':
      return { value: metOf(state, valueAt(state.deadline, data.effectiveOn)) };
    case 'TaskProgressReported':
      return { value: state.progress.at(-1) };
    case 'TaskCompleted':
    case 'TaskReopened': {
      const timeline = state.completions.find((row) => row.year === data.year)?.timeline ?? [];
      return { timeline, on: data.effectiveOn };
    }
    case 'TaskDropped':
      return { value: state.dropped };
  }
};

/** Traces one event of a plan. */
export const tracePlan = (before: Plan | null, event: PlanEvent, after: Plan | null): Trace =>
  trace(before && ofPlan(before, event), after && ofPlan(after, event));

const ofPlan = (state: Plan, { type, data }: PlanEvent): Concern => {
  switch (type) {
    case 'PlanIssued': {
      const { number, issuer, issuedOn, supersedes } = state;
      return { value: { ...state.details[0]?.value, number, issuer, issuedOn, supersedes } };
    }
    case 'PlanAmended':
      return { timeline: state.details, on: data.effectiveOn };
    case 'PlanOpened':
      return { value: { opened: state.opened } };
    case 'PlanSuperseded':
      return { value: state.superseded };
    case 'PlanClosed':
      return { value: state.closed };
  }
};

/** Traces one event of an agency. */
export const traceAgency = (before: Agency | null, event: AgencyEvent, after: Agency | null): Trace =>
  trace(before && ofAgency(before, event), after && ofAgency(after, event));

const ofAgency = (state: Agency, { type, data }: AgencyEvent): Concern => {
  switch (type) {
    case 'AgencyEstablished':
      return { value: state.names[0]?.value };
    case 'AgencyAliased':
      return { value: { aliases: state.aliases } };
    case 'AgencyRenamed':
      return { timeline: state.names, on: data.effectiveOn };
    case 'AgencyDissolved':
    case 'AgencyRestored':
      return { value: state.dissolutions.at(-1) ?? null };
    case 'AgencyGroupDefined':
      return { value: { ...state.names[0]?.value, members: state.members[0]?.value } };
    case 'AgencyGroupChanged':
      return { timeline: state.members, on: data.effectiveOn };
  }
};

/** Traces one event of a reorganization: what it decreed, applied, revoked or turned back. */
export const traceReorganization = (
  before: Reorganization | null,
  { type }: ReorganizationEvent,
  after: Reorganization | null,
): Trace => trace(before && ofReorganization(before, type), after && ofReorganization(after, type));

const ofReorganization = (state: Reorganization, type: ReorganizationEvent['type']): Concern => {
  switch (type) {
    case 'ReorganizationDecreed':
      return { value: state.decree };
    case 'ReorganizationApplied':
      return { value: state.applied };
    case 'ReorganizationRevoked':
      return { value: state.revoked };
    case 'ReorganizationTurnedBack':
      return { value: state.turnedBack };
  }
};
