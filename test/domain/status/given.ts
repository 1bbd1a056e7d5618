import type { Figure, IndicatorEvent, Wording } from '../../../src/domain/indicator/events.js';
import { evolve, type Indicator } from '../../../src/domain/indicator/indicator.js';
import { assess } from '../../../src/domain/status/assess.js';
import type { Assessment, AssessmentContext, Verdict } from '../../../src/domain/status/verdict.js';
import type { Criterion, Relation } from '../../../src/domain/target/criterion.js';

/** Short ways to say what happened to one indicator, and to ask how it stands. */
const ID = 'kh-1570-2025/7.1';
const PLAN_FROM = '2024-01-01';
const BASIS = { number: '12/QĐ-UBND', date: null, clause: null };

export const adopted = (over: Partial<Wording> = {}): IndicatorEvent => ({
  type: 'IndicatorAdopted',
  data: {
    indicatorId: ID,
    planId: 'kh-1570-2025',
    code: '7.1',
    parent: null,
    section: null,
    order: 1,
    deadline: null,
    source: null,
    assumed: [],
    title: 'Tỷ lệ sử dụng dịch vụ công trực tuyến',
    unit: '%',
    direction: 'higher-is-better',
    guidance: null,
    formula: null,
    effectiveOn: PLAN_FROM,
    ...over,
  },
});

export const reworded = (effectiveOn: string, over: Partial<Wording>): IndicatorEvent => ({
  type: 'IndicatorReworded',
  data: {
    indicatorId: ID,
    title: 'Tỷ lệ sử dụng dịch vụ công trực tuyến',
    unit: '%',
    direction: 'higher-is-better',
    guidance: null,
    formula: null,
    ...over,
    effectiveOn,
    reason: 'reworded',
    legalBasis: null,
  },
});

export const atLeast = (
  value: string,
  over: { relation?: Relation; unit?: string | null; qualifier?: string | null } = {},
): Criterion => ({ kind: 'threshold', relation: '>=', value, unit: null, qualifier: null, ...over });

export const atMost = (value: string): Criterion => atLeast(value, { relation: '<=' });

export const between = (low: string, high: string): Criterion => ({
  kind: 'between',
  low,
  high,
  unit: null,
  qualifier: null,
});

/** As a document might write it: what a person judges, in the words to judge. */
const wordsOf = (criterion: Criterion): string =>
  'text' in criterion ? criterion.text : JSON.stringify(criterion.kind);

export const target = (
  milestone: string,
  criterion: Criterion,
  effectiveOn = PLAN_FROM,
  notation = wordsOf(criterion),
): IndicatorEvent => ({
  type: 'TargetSet',
  data: { indicatorId: ID, milestone, notation, criterion, effectiveOn },
});

export const revised = (milestone: string, criterion: Criterion, effectiveOn: string): IndicatorEvent => ({
  type: 'TargetRevised',
  data: {
    ...{ indicatorId: ID, milestone, notation: wordsOf(criterion), criterion, effectiveOn },
    reason: 'revised',
    legalBasis: BASIS,
  },
});

export const withdrawn = (milestone: string, effectiveOn: string): IndicatorEvent => ({
  type: 'TargetWithdrawn',
  data: { indicatorId: ID, milestone, effectiveOn, reason: 'withdrawn', legalBasis: BASIS },
});

export const baseline = (
  period: string,
  value: string | null,
  over: { unit?: string | null; qualifier?: string | null; notation?: string } = {},
): IndicatorEvent => ({
  type: 'BaselineRecorded',
  data: {
    indicatorId: ID,
    notation: value ?? 'Đã đạt',
    value,
    unit: null,
    qualifier: null,
    period,
    effectiveOn: PLAN_FROM,
    ...over,
  },
});

export const benchmark = (
  period: string,
  value: string,
  name = 'cả nước',
  effectiveOn = PLAN_FROM,
): IndicatorEvent => ({
  type: 'BenchmarkRecorded',
  data: {
    indicatorId: ID,
    benchmark: name,
    value,
    period,
    source: 'Bộ KH&CN',
    effectiveOn,
  },
});

type Said = string | Partial<Figure>;

const figure = (said: Said): Figure => ({
  value: null,
  met: null,
  components: null,
  qualifier: null,
  source: null,
  evidence: null,
  note: null,
  ...(typeof said === 'string' ? { value: said } : said),
});

/** Components as a figure: `parts({ a: '3', b: '4' })`. */
export const parts = (values: Record<string, string>): Partial<Figure> => ({
  components: Object.entries(values).map(([name, value]) => ({ name, value })),
});

export const idOf = (period: string, n = 1): string => `${ID}@${period}#${n}`;

export const reported = (
  period: string,
  said: Said,
  { n = 1, agencyId = 'vp-ubnd' }: { n?: number; agencyId?: string | null } = {},
): IndicatorEvent => ({
  type: 'MeasurementReported',
  data: {
    indicatorId: ID,
    measurementId: idOf(period, n),
    period,
    agencyId,
    reportedBy: 'lan',
    warnings: [],
    ...figure(said),
  },
});

export const accepted = (period: string, n = 1): IndicatorEvent => ({
  type: 'MeasurementAccepted',
  data: { indicatorId: ID, measurementId: idOf(period, n), note: null },
});

export const returned = (period: string, n = 1): IndicatorEvent => ({
  type: 'MeasurementReturned',
  data: { indicatorId: ID, measurementId: idOf(period, n), reason: 'unclear', legalBasis: null },
});

export const retracted = (period: string, n = 1): IndicatorEvent => ({
  type: 'MeasurementRetracted',
  data: { indicatorId: ID, measurementId: idOf(period, n), reason: 'wrong', legalBasis: null },
});

export const corrected = (period: string, said: Said, n = 1): IndicatorEvent => ({
  type: 'MeasurementCorrected',
  data: {
    indicatorId: ID,
    measurementId: idOf(period, n),
    correctedBy: 'lan',
    warnings: [],
    reason: 'a slip',
    legalBasis: null,
    ...figure(said),
  },
});

export const folded = (events: readonly IndicatorEvent[]): Indicator => {
  const state = events.reduce<Indicator | null>(evolve, null);
  if (state === null) throw new Error('The first event must adopt the indicator.');
  return state;
};

export const on = (asOf: string, over: Partial<AssessmentContext> = {}): AssessmentContext => ({
  asOf,
  figures: 'all',
  plan: { from: PLAN_FROM, endsOn: null },
  collective: null,
  ...over,
});

/** In a context: some collectives lead, each with its members; `and`, agencies by name beside them or before. */
export const ledBy = (...groups: readonly (readonly string[])[]) => {
  const led = (named: readonly string[]) => ({ collective: { groups, named: new Set(named) } });
  return { ...led([]), and: (...named: readonly string[]) => led(named) };
};

/** What happened, to be asked `on` a day; `maybe` where there may be no target. Adopted unless it begins so itself. */
export const given = (...events: readonly IndicatorEvent[]) => {
  const all = events[0]?.type === 'IndicatorAdopted' ? events : [adopted(), ...events];
  const state = folded(all);
  const maybe = (asOf: string, over: Partial<AssessmentContext> = {}) => assess(state, on(asOf, over));
  return {
    maybe,
    on: (asOf: string, over: Partial<AssessmentContext> = {}): Assessment => {
      const assessment = maybe(asOf, over);
      if (assessment === null) throw new Error('There is no target.');
      return assessment;
    },
  };
};

/** The verdict of one milestone of an assessment. */
export const at = (assessment: Assessment, milestone: string): Verdict => {
  const verdict = assessment.milestones.find((one) => one.milestone === milestone);
  if (verdict === undefined) throw new Error(`No verdict for ${milestone}.`);
  return verdict;
};

/** How a figure for 2025 stands on the first day of 2026 against a criterion for 2030. */
export const judged = (criterion: Criterion, said: Said, ...before: IndicatorEvent[]): Assessment =>
  given(...before, target('2030', criterion), reported('2025', said)).on('2026-01-01');
