import type { Assumption, LegalBasis, Provenance } from '../message.js';
import type { Criterion, Decimal, Milestone } from '../target/criterion.js';
import { inserted, type Timeline } from '../timeline.js';
import type { AssignmentEvent, IndicatorEvent, MeasurementCorrected, Wording } from './events.js';
import {
  isOfFigure,
  type JudgedFigure,
  type Measurement,
  type MeasurementEvent,
  STATE_AFTER,
} from './measurement.js';
import { withFigure } from './period-ends.js';

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

/** Who holds a role on a subject from a day on, and how it came about. */
export interface Holders {
  readonly agencies: readonly string[];
  readonly notation: string | null;
}

export interface Assignments {
  readonly lead: Timeline<Holders>;
  readonly coordinating: Timeline<Holders>;
}

/** What is asked of an indicator, and of whom: all that is known of it but its figures. */
export interface IndicatorTerms {
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
  /** Of every benchmark and period. */
  readonly benchmarks: Timeline<Benchmark>;
  readonly dropped: {
    readonly effectiveOn: string;
    readonly reason: string;
    readonly legalBasis: LegalBasis | null;
  } | null;
}

/** What a verdict rests on: an indicator with its figures, in the order in which they were first reported. */
export interface JudgedIndicator extends IndicatorTerms {
  readonly measurements: readonly JudgedFigure[];
}

/** All that is known of one indicator: facts and timelines, no verdict. */
export interface Indicator extends JudgedIndicator {
  readonly measurements: readonly Measurement[];
  /** How many events were folded. */
  readonly version: number;
}

/** An event of the indicator itself, and of none of its figures. */
export type TermsEvent = Exclude<IndicatorEvent, MeasurementEvent>;

/** Folds one event into the indicator. Null before adoption. */
export const evolve = (state: Indicator | null, event: IndicatorEvent): Indicator | null => {
  if (event.type === 'IndicatorAdopted') return { ...adopted(event.data), measurements: [], version: 1 };
  if (state === null) return null;
  const { version } = state;
  const next = isMeasured(event)
    ? { ...state, measurements: measured(state.measurements, event, version) }
    : change(state, event);
  return Object.assign(next, { version: version + 1 });
};

/** Folds one event that is of no figure into what is known beside the figures. Null before adoption. */
export const evolveTerms = (state: IndicatorTerms | null, event: TermsEvent): IndicatorTerms | null => {
  if (event.type === 'IndicatorAdopted') return adopted(event.data);
  return state && change(state, event);
};

const isMeasured = (event: IndicatorEvent): event is MeasurementEvent => isOfFigure(event.type);

const adopted = (data: Extract<IndicatorEvent, { type: 'IndicatorAdopted' }>['data']): IndicatorTerms => {
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
    dropped: null,
  };
};

/** A new indicator, never the one given. */
const change = <Terms extends IndicatorTerms>(
  state: Terms,
  event: Exclude<TermsEvent, { type: 'IndicatorAdopted' }>,
): Terms => {
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
      const { benchmark, value, period, source, effectiveOn } = event.data;
      return {
        ...state,
        benchmarks: inserted(state.benchmarks, effectiveOn, { benchmark, value, period, source }),
      };
    }
  }
};

/** What was recorded of one benchmark for one period. */
export const benchmarkOf = (
  { benchmarks }: Pick<IndicatorTerms, 'benchmarks'>,
  of: Pick<Benchmark, 'benchmark' | 'period'>,
): Timeline<Benchmark> =>
  benchmarks.filter(({ value }) => value.benchmark === of.benchmark && value.period === of.period);

/** The figures after an event of one of them; `sequence` is its revision. */
const measured = (
  measurements: readonly Measurement[],
  event: MeasurementEvent,
  sequence: number,
): readonly Measurement[] => {
  const state = STATE_AFTER[event.type];
  if (event.type === 'MeasurementReported') {
    const { measurementId, indicatorId: _, ...rest } = event.data;
    const authors = [rest.reportedBy];
    const figure = { id: measurementId, ...rest, authors, state, corrected: false, sequence };
    return withFigure(measurements, figure);
  }
  return measurements.map((one) => {
    if (one.id !== event.data.measurementId) return one;
    if (event.type !== 'MeasurementCorrected') return { ...one, state };
    return { ...one, ...correction(event.data, one.authors), state, sequence };
  });
};

const correction = (data: MeasurementCorrected['data'], before: readonly string[]) => {
  const { value, met, components, qualifier, source, evidence, note, warnings, correctedBy } = data;
  const figure = { value, met, components, qualifier, source, evidence, note };
  const authors = before.includes(correctedBy) ? before : [...before, correctedBy];
  return { ...figure, warnings, reportedBy: correctedBy, authors, corrected: true };
};

/** The assignments after one more assignment event: its role's timeline gains an entry. */
export const assigned = (
  assignments: Assignments,
  { data: { role, agencies, notation, effectiveOn } }: { readonly data: AssignmentEvent['data'] },
): Assignments => {
  const timeline = inserted(assignments[role], effectiveOn, { agencies, notation });
  return role === 'lead' ? { ...assignments, lead: timeline } : { ...assignments, coordinating: timeline };
};

const withTarget = <Terms extends IndicatorTerms>(
  state: Terms,
  milestone: Milestone,
  effectiveOn: string,
  target: Target | null,
): Terms => {
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
