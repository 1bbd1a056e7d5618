import type { Assumption, LegalBasis, Provenance } from '../message.js';
import type { Criterion, Decimal, Milestone } from '../target/criterion.js';
import { inserted, type Timeline } from '../timeline.js';
import type { AssignmentEvent, AssignmentRole, Figure, IndicatorEvent, Wording } from './events.js';

export interface Target {
  readonly notation: string;
  readonly criterion: Criterion;
}

export interface Baseline {
  readonly notation: string;
  readonly value: Decimal | null;
  readonly unit: string | null;
  readonly qualifier: string | null;
  readonly period: string;
}

export interface Benchmark {
  readonly benchmark: string;
  readonly value: Decimal;
  readonly period: string;
  readonly source: string;
}

export type MeasurementState = 'reported' | 'accepted' | 'returned' | 'retracted';

/** A figure as it stands now; the ones it replaced stay in the trail. */
export interface Measurement extends Figure {
  readonly id: string;
  readonly period: string;
  /** The agency the figure is of; null for the provincial office's own. */
  readonly agencyId: string | null;
  readonly reportedBy: string;
  readonly state: MeasurementState;
  readonly corrected: boolean;
  /** Place of its last report or correction in the stream: the greater, the later recorded. */
  readonly sequence: number;
  readonly warnings: readonly string[];
}

/** Who holds a role on a subject from a day on, and how it came about. */
export interface Holders {
  readonly agencies: readonly string[];
  readonly notation: string | null;
}

export interface Assignments {
  readonly lead: Timeline<Holders>;
  readonly coordinating: Timeline<Holders>;
}

/** All that is known of one indicator: facts and timelines, no verdict. */
export interface Indicator {
  readonly id: string;
  readonly planId: string;
  readonly code: string;
  readonly parent: string | null;
  readonly section: string | null;
  readonly order: number;
  readonly deadline: string | null;
  readonly adoptedOn: string;
  readonly source: Provenance | null;
  readonly assumed: readonly Assumption[];
  readonly wording: Timeline<Wording>;
  readonly baseline: Timeline<Baseline>;
  /** In the order the milestones were first set; a null value is a withdrawn target. */
  readonly targets: readonly { readonly milestone: Milestone; readonly timeline: Timeline<Target | null> }[];
  readonly assignments: Assignments;
  readonly benchmarks: readonly Benchmark[];
  readonly measurements: readonly Measurement[];
  readonly dropped: {
    readonly effectiveOn: string;
    readonly reason: string;
    readonly legalBasis: LegalBasis | null;
  } | null;
  /** How many events were folded. */
  readonly version: number;
}

/** Folds one event into the indicator. Null before adoption. */
export const evolve = (state: Indicator | null, event: IndicatorEvent): Indicator | null => {
  if (event.type === 'IndicatorAdopted') return adopted(event.data);
  if (state === null) return null;
  return Object.assign(change(state, event), { version: state.version + 1 });
};

const adopted = (data: Extract<IndicatorEvent, { type: 'IndicatorAdopted' }>['data']): Indicator => {
  const { title, unit, direction, guidance, formula } = data;
  return {
    id: data.indicatorId,
    planId: data.planId,
    code: data.code,
    parent: data.parent,
    section: data.section,
    order: data.order,
    deadline: data.deadline,
    adoptedOn: data.effectiveOn,
    source: data.source,
    assumed: data.assumed,
    wording: [{ effectiveOn: data.effectiveOn, value: { title, unit, direction, guidance, formula } }],
    baseline: [],
    targets: [],
    assignments: { lead: [], coordinating: [] },
    benchmarks: [],
    measurements: [],
    dropped: null,
    version: 1,
  };
};

/** A new indicator, never the one given. */
const change = (
  state: Indicator,
  event: Exclude<IndicatorEvent, { type: 'IndicatorAdopted' }>,
): Indicator => {
  switch (event.type) {
    case 'IndicatorReworded': {
      const { title, unit, direction, guidance, formula, effectiveOn } = event.data;
      return {
        ...state,
        wording: inserted(state.wording, effectiveOn, { title, unit, direction, guidance, formula }),
      };
    }
    case 'IndicatorDropped': {
      const { effectiveOn, reason, legalBasis } = event.data;
      return { ...state, dropped: { effectiveOn, reason, legalBasis } };
    }
    case 'BaselineRecorded': {
      const { notation, value, unit, qualifier, period, effectiveOn } = event.data;
      return {
        ...state,
        baseline: inserted(state.baseline, effectiveOn, { notation, value, unit, qualifier, period }),
      };
    }
    case 'TargetSet':
    case 'TargetRevised':
    case 'CriterionRead': {
      const { milestone, notation, criterion, effectiveOn } = event.data;
      return withTarget(state, milestone, effectiveOn, { notation, criterion });
    }
    case 'TargetWithdrawn':
      return withTarget(state, event.data.milestone, event.data.effectiveOn, null);
    case 'AgencyAssigned':
    case 'AgencyReleased':
    case 'AssignmentTransferred':
      return { ...state, assignments: assigned(state.assignments, event) };
    case 'BenchmarkRecorded': {
      const { benchmark, value, period, source } = event.data;
      return { ...state, benchmarks: [...state.benchmarks, { benchmark, value, period, source }] };
    }
    case 'MeasurementReported': {
      const { measurementId, indicatorId: _, ...rest } = event.data;
      const measurement: Measurement = {
        id: measurementId,
        ...rest,
        state: 'reported',
        corrected: false,
        sequence: state.version,
      };
      return { ...state, measurements: [...state.measurements, measurement] };
    }
    case 'MeasurementAccepted':
      return withMeasurement(state, event.data.measurementId, { state: 'accepted' });
    case 'MeasurementReturned':
      return withMeasurement(state, event.data.measurementId, { state: 'returned' });
    case 'MeasurementCorrected': {
      const { value, met, components, qualifier, source, evidence, note, warnings, correctedBy } = event.data;
      return withMeasurement(state, event.data.measurementId, {
        ...{ value, met, components, qualifier, source, evidence, note, warnings },
        reportedBy: correctedBy,
        state: 'reported',
        corrected: true,
        sequence: state.version,
      });
    }
    case 'MeasurementRetracted':
      return withMeasurement(state, event.data.measurementId, { state: 'retracted' });
  }
};

/** The assignments after one more assignment event: its role's timeline gains an entry. */
export const assigned = (
  assignments: Assignments,
  { data }: { readonly data: AssignmentEvent['data'] },
): Assignments => {
  const role: AssignmentRole = data.role;
  const holders: Holders = { agencies: data.agencies, notation: data.notation };
  return { ...assignments, [role]: inserted(assignments[role], data.effectiveOn, holders) };
};

const withTarget = (
  state: Indicator,
  milestone: Milestone,
  effectiveOn: string,
  target: Target | null,
): Indicator => {
  const known = state.targets.some((row) => row.milestone === milestone);
  const targets = known
    ? state.targets.map((row) =>
        row.milestone === milestone
          ? { milestone, timeline: inserted(row.timeline, effectiveOn, target) }
          : row,
      )
    : [...state.targets, { milestone, timeline: inserted<Target | null>([], effectiveOn, target) }];
  return { ...state, targets };
};

const withMeasurement = (state: Indicator, id: string, changes: Partial<Measurement>): Indicator => ({
  ...state,
  measurements: state.measurements.map((row) => (row.id === id ? { ...row, ...changes } : row)),
});
