import { assign, release, transfer } from '../assignment.js';
import { type Decider, Rejected } from '../decider.js';
import { type Given, inSection, type PlanGiven, planOf, same, withinPlan, withReason } from '../given.js';
import type { Decimal } from '../target/criterion.js';
import { canonicalDecimal, compare, mul } from '../target/decimal.js';
import { periodDays, periodEnd } from '../time.js';
import { valueAt } from '../timeline.js';
import { readBaseline } from './baseline.js';
import type { IndicatorCommand } from './commands.js';
import type { Figure, IndicatorEvent } from './events.js';
import { benchmarkOf, evolve, type Indicator } from './indicator.js';
import type { Measurement } from './measurement.js';
import { readCriterion, setTarget, withdrawTarget } from './targets.js';

/** Decides what happens to one indicator. Its stream is `indicator-<indicatorId>`. */
export const indicatorDecider: Decider<IndicatorCommand, Indicator | null, IndicatorEvent> = {
  initial: null,
  evolve,
  decide: (command, state) =>
    command.type === 'AdoptIndicator' ? adopt(command, state) : change(command, existing(state)),
};

type Of<Type extends IndicatorCommand['type']> = Extract<IndicatorCommand, { type: Type }>;

const existing = (state: Indicator | null): Indicator => {
  if (state === null) throw new Rejected('UnknownIndicator', 'This indicator does not exist.', 'indicatorId');
  return state;
};

const adopt = ({ data, given }: Of<'AdoptIndicator'>, state: Indicator | null): IndicatorEvent[] => {
  const plan = planOf(given);
  withinPlan(plan, data.effectiveOn);
  inSection(plan, data.section, data.effectiveOn);
  ofPlan(plan, data.parent);
  const event: IndicatorEvent = { type: 'IndicatorAdopted', data: { ...data, planId: plan.planId } };
  if (state === null) return [event];
  if (same(evolve(null, event), asAdopted(state))) return [];
  throw new Rejected('AlreadyAdopted', 'An indicator with this code is already in the plan.', 'code');
};

/** The indicator as it was on adoption; nothing takes effect before that, so its first wording is the adopted one. */
const asAdopted = (state: Indicator): Indicator => ({
  ...state,
  wording: state.wording.slice(0, 1),
  baseline: [],
  targets: [],
  assignments: { lead: [], coordinating: [] },
  benchmarks: [],
  measurements: [],
  dropped: null,
  version: 1,
});

const ofPlan = (plan: PlanGiven, parent: string | null): void => {
  if (parent !== null && !parent.startsWith(`${plan.planId}/`))
    throw new Rejected('ForeignParent', `${parent} stands in another plan.`, 'parent');
};

const change = (
  command: Exclude<IndicatorCommand, Of<'AdoptIndicator'>>,
  state: Indicator,
): readonly IndicatorEvent[] => {
  const subject = { kind: 'indicator', id: state.id } as const;
  // A reading changes nothing from its day on: it says what has stood there.
  if (command.type !== 'ReadCriterion' && 'effectiveOn' in command.data)
    changeable(state, command.given, command.data.effectiveOn, command.type);
  switch (command.type) {
    case 'RewordIndicator':
      return reword(command, state);
    case 'DropIndicator':
      return drop(command, state);
    case 'RecordBaseline':
      return recordBaseline(command, state);
    case 'SetTarget':
      return setTarget(command, state);
    case 'WithdrawTarget':
      return withdrawTarget(command, state);
    case 'ReadCriterion':
      return readCriterion(command, state);
    case 'AssignIndicator':
      return assign(subject, state.assignments, command.data, command.given);
    case 'ReleaseIndicator':
      return release(subject, state.assignments, command.data);
    case 'TransferIndicator':
      return transfer(subject, state.assignments, command.data, command.given);
    case 'RecordBenchmark':
      return recordBenchmark(command, state);
    case 'ReportMeasurement':
      return report(command, state);
    case 'AcceptMeasurement':
      return accept(command, state);
    case 'ReturnMeasurement':
      return giveBack(command, state);
    case 'CorrectMeasurement':
      return correct(command, state);
    case 'RetractMeasurement':
      return retract(command, state);
  }
};

const changeable = (
  state: Indicator,
  given: Given,
  effectiveOn: string,
  type: IndicatorCommand['type'],
): void => {
  withinPlan(planOf(given), effectiveOn);
  if (effectiveOn < state.adoptedOn)
    throw new Rejected('BeforeAdoption', `The indicator holds only from ${state.adoptedOn}.`, 'effectiveOn');
  if (state.dropped && effectiveOn >= state.dropped.effectiveOn && type !== 'DropIndicator')
    throw isDropped(state.dropped.effectiveOn);
};

const isDropped = (on: string): Rejected =>
  new Rejected('IndicatorDropped', `The indicator was dropped on ${on}.`, 'effectiveOn');

const reword = ({ data }: Of<'RewordIndicator'>, state: Indicator): IndicatorEvent[] => {
  const { title, unit, direction, guidance, formula } = data;
  if (same(valueAt(state.wording, data.effectiveOn), { title, unit, direction, guidance, formula }))
    return [];
  withReason(data.reason);
  return [{ type: 'IndicatorReworded', data }];
};

const drop = ({ data }: Of<'DropIndicator'>, state: Indicator): IndicatorEvent[] => {
  if (state.dropped?.effectiveOn === data.effectiveOn) return [];
  if (state.dropped) throw isDropped(state.dropped.effectiveOn);
  withReason(data.reason);
  return [{ type: 'IndicatorDropped', data }];
};

const recordBaseline = ({ data }: Of<'RecordBaseline'>, state: Indicator): IndicatorEvent[] => {
  knownPeriod(data.period);
  const read = readBaseline(data.notation);
  const { notation, period, effectiveOn, indicatorId } = data;
  const baseline = {
    notation,
    value: read?.value ?? null,
    unit: read?.unit ?? null,
    qualifier: data.qualifier ?? null,
    period,
  };
  if (same(valueAt(state.baseline, effectiveOn), baseline)) return [];
  return [{ type: 'BaselineRecorded', data: { indicatorId, ...baseline, effectiveOn } }];
};

const recordBenchmark = ({ data }: Of<'RecordBenchmark'>, state: Indicator): IndicatorEvent[] => {
  knownPeriod(data.period);
  const value = decimal(data.value, 'value');
  const { benchmark, period, source } = data;
  const held = valueAt(benchmarkOf(state, data), data.effectiveOn);
  if (same(held, { benchmark, value, period, source })) return [];
  return [{ type: 'BenchmarkRecorded', data: { ...data, value } }];
};

const knownPeriod = (period: string): { start: string; end: string } => {
  const days = periodDays(period);
  if (!days)
    throw new Rejected(
      'UnknownPeriod',
      'A period is 2026, 2026-H1, 2026-Q2, 2026-06 or 2026-06-30.',
      'period',
    );
  return days;
};

/** The decimal in the one form that is stored: `99.70` is `99.7`. */
const decimal = (text: string, field: string): Decimal => {
  const canonical = canonicalDecimal(text);
  if (canonical === null)
    throw new Rejected('NotADecimal', 'A figure is a decimal number written as text, such as "99.7".', field);
  return canonical;
};

const figureOf = (data: Figure): Figure => {
  const { met, qualifier, source, evidence, note } = data;
  const said = [data.value, met, data.components].filter((part) => part !== null);
  if (said.length !== 1)
    throw new Rejected('FigureUnclear', 'Give exactly one of value, met and components.', 'value');
  const value = data.value === null ? null : decimal(data.value, 'value');
  if (data.components?.length === 0)
    throw new Rejected('FigureUnclear', 'Name at least one component.', 'components');
  const components =
    data.components?.map((component, index) => ({
      name: component.name,
      value: decimal(component.value, `components[${index}].value`),
    })) ?? null;
  if (new Set(components?.map(({ name }) => name)).size !== (components?.length ?? 0))
    throw new Rejected('FigureUnclear', 'A component is named twice.', 'components');
  if (met !== null && !note?.trim())
    throw new Rejected('NoteMissing', 'A judgement needs a note that says what it rests on.', 'note');
  return { value, met, components, qualifier, source, evidence, note };
};

const report = ({ data, given }: Of<'ReportMeasurement'>, state: Indicator): IndicatorEvent[] => {
  const { indicatorId, period, agencyId } = data;
  if (state.dropped && state.dropped.effectiveOn <= given.today) throw isDropped(state.dropped.effectiveOn);
  if (knownPeriod(period).start > given.today)
    throw new Rejected('PeriodNotBegun', 'The period has not begun yet.', 'period');
  const figure = qualified(figureOf(data), state, given);
  const ofPeriod = state.measurements.filter((row) => row.period === period);
  const standing = ofPeriod.find((row) => row.agencyId === agencyId && row.state !== 'retracted');
  if (standing) {
    if (same(figureOf(standing), figure)) return [];
    const message = `${standing.id} is this agency's figure for the period: correct it.`;
    throw new Rejected('AlreadyReported', message, 'period');
  }
  const measurementId = `${indicatorId}@${period}#${ofPeriod.length + 1}`;
  const warnings = warningsOf(figure, state, period, agencyId);
  return [
    {
      type: 'MeasurementReported',
      data: { indicatorId, measurementId, period, agencyId, reportedBy: given.by, ...figure, warnings },
    },
  ];
};

/** What a figure is of, where it does not say so and every target asks for the same. */
const qualified = (figure: Figure, state: Indicator, given: Given): Figure => {
  const [asked, ...others] = qualifiersAsked(state, given.today);
  return figure.qualifier === null && asked && others.length === 0 ? { ...figure, qualifier: asked } : figure;
};

/** What the targets that hold on a day ask for: each qualifier once, null for a target that names none. */
const qualifiersAsked = (state: Indicator, day: string): (string | null)[] => {
  const held = state.targets.flatMap(({ timeline }) => valueAt(timeline, day)?.criterion ?? []);
  const asking = held.filter(({ kind }) => kind !== 'none');
  return [...new Set(asking.map((criterion) => ('qualifier' in criterion ? criterion.qualifier : null)))];
};

/**
 * Odd but possible figures are taken, and said to be odd: beside the agency's own figures and accepted ones, since a
 * warning quotes what it compares with.
 */
const warningsOf = (figure: Figure, state: Indicator, period: string, agencyId: string | null): string[] => {
  const warnings: string[] = [];
  const asked = qualifiersAsked(state, periodEnd(period));
  if (asked.length > 0 && figure.met === null && !asked.includes(figure.qualifier))
    warnings.push(
      `no target asks for ${figure.qualifier ?? 'a figure without qualifier'}: it counts for none`,
    );
  if (figure.value === null) return warnings;
  const wording = valueAt(state.wording, periodEnd(period)) ?? state.wording[0]?.value;
  const unit = wording?.unit ?? '';
  if (unit.startsWith('%') && compare(figure.value, '100') > 0) warnings.push('a percentage over 100');
  const before = lastBefore(figure, state, period, agencyId);
  if (before?.value && compare(before.value, '0') > 0 && compare(mul(figure.value, '2'), before.value) <= 0)
    warnings.push(`a fall by half or more from ${before.value} for ${before.period}`);
  return warnings;
};

/** The figure of the period that ended last before this one's end; of several, the one reported last. */
const lastBefore = (
  { qualifier }: Figure,
  { measurements }: Indicator,
  period: string,
  agencyId: string | null,
): Measurement | undefined => {
  const end = periodEnd(period);
  let last: Measurement | undefined;
  let lastEnd = '';
  for (const row of measurements) {
    if (row.value === null || row.qualifier !== qualifier) continue;
    if (row.state !== 'accepted' && !(row.state === 'reported' && row.agencyId === agencyId)) continue;
    const rowEnd = periodEnd(row.period);
    if (rowEnd >= end || rowEnd < lastEnd) continue;
    last = row;
    lastEnd = rowEnd;
  }
  return last;
};

const measurement = (state: Indicator, id: string): Measurement => {
  const found = state.measurements.find((row) => row.id === id);
  if (!found) throw noSuchFigure();
  return found;
};

/** What is said of a figure that is not there, and to those who may not know whether it is. */
export const noSuchFigure = (): Rejected =>
  new Rejected('UnknownMeasurement', 'There is no such figure.', 'measurementId');

const standing = (state: Indicator, id: string): Measurement => {
  const found = measurement(state, id);
  if (found.state === 'retracted')
    throw new Rejected('MeasurementRetracted', 'The figure was retracted.', 'measurementId');
  return found;
};

const accept = ({ data, given }: Of<'AcceptMeasurement'>, state: Indicator): IndicatorEvent[] => {
  const found = standing(state, data.measurementId);
  if (found.state === 'accepted') return [];
  if (found.state === 'returned')
    throw new Rejected(
      'MeasurementReturned',
      'The figure was returned: it waits for a correction.',
      'measurementId',
    );
  if (found.reportedBy === given.by)
    throw new Rejected('OwnFigure', 'Who accepts a figure is not who reported it.', 'measurementId');
  return [{ type: 'MeasurementAccepted', data }];
};

const giveBack = ({ data }: Of<'ReturnMeasurement'>, state: Indicator): IndicatorEvent[] => {
  const found = standing(state, data.measurementId);
  if (found.state === 'returned') return [];
  withReason(data.reason);
  return [{ type: 'MeasurementReturned', data }];
};

const correct = ({ data, given }: Of<'CorrectMeasurement'>, state: Indicator): IndicatorEvent[] => {
  const found = standing(state, data.measurementId);
  const figure = qualified(figureOf(data), state, given);
  if (same(figureOf(found), figure)) return [];
  withReason(data.reason);
  const { indicatorId, measurementId, reason, legalBasis } = data;
  const warnings = warningsOf(figure, state, found.period, found.agencyId);
  return [
    {
      type: 'MeasurementCorrected',
      data: { indicatorId, measurementId, ...figure, reason, legalBasis, correctedBy: given.by, warnings },
    },
  ];
};

const retract = ({ data }: Of<'RetractMeasurement'>, state: Indicator): IndicatorEvent[] => {
  if (measurement(state, data.measurementId).state === 'retracted') return [];
  withReason(data.reason);
  return [{ type: 'MeasurementRetracted', data }];
};
