import { assign, release, transfer } from '../assignment.js';
import { type Decider, Rejected } from '../decider.js';
import { type Given, inSection, type PlanGiven, planOf, same, withinPlan, withReason } from '../given.js';
import { periodDays } from '../time.js';
import { valueAt } from '../timeline.js';
import { readBaseline } from './baseline.js';
import type { IndicatorCommand } from './commands.js';
import type { IndicatorEvent, Wording } from './events.js';
import { saidOf, storedDecimal, taken } from './figure.js';
import { benchmarkOf, evolve, type Indicator } from './indicator.js';
import type { Measurement } from './measurement.js';
import { endNumber, periodEndsOf } from './period-ends.js';
import { readCriterion, setTarget, withdrawTarget } from './targets.js';
import { warningsOf } from './warnings.js';

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
  const { indicatorId, effectiveOn, reason, legalBasis } = data;
  const held = valueAt(state.wording, effectiveOn) as Wording;
  const wording: Wording = {
    title: data.title ?? held.title,
    unit: data.unit === undefined ? held.unit : data.unit,
    direction: data.direction ?? held.direction,
    guidance: data.guidance === undefined ? held.guidance : data.guidance,
    formula: data.formula === undefined ? held.formula : data.formula,
  };
  if (same(held, wording)) return [];
  withReason(reason);
  return [{ type: 'IndicatorReworded', data: { indicatorId, ...wording, effectiveOn, reason, legalBasis } }];
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
  const value = storedDecimal(data.value, 'value');
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

/** A figure of a time in which the plan held comes in after its closing, too. */
const notAfterClosing = (given: Given, period: string): void => {
  const { closedOn } = planOf(given);
  if (closedOn !== null && knownPeriod(period).start >= closedOn)
    throw new Rejected('PlanClosed', `The plan was closed on ${closedOn}.`, 'period');
};

const report = ({ data, given }: Of<'ReportMeasurement'>, state: Indicator): IndicatorEvent[] => {
  const { indicatorId, period, agencyId } = data;
  if (state.dropped && state.dropped.effectiveOn <= given.today) throw isDropped(state.dropped.effectiveOn);
  if (knownPeriod(period).start > given.today)
    throw new Rejected('PeriodNotBegun', 'The period has not begun yet.', 'period');
  notAfterClosing(given, period);
  const figure = taken(data, state, period, given.today);
  const [ends, end] = [periodEndsOf(state.measurements), endNumber(period)];
  const ofPeriod = state.measurements.filter((row, at) => ends[at] === end && row.period === period);
  const standing = ofPeriod.find((row) => row.agencyId === agencyId && row.state !== 'retracted');
  if (standing) {
    if (same(saidOf(standing), figure)) return [];
    const message = `${standing.id} is this agency's figure for the period: correct it.`;
    throw new Rejected('AlreadyReported', message, 'period');
  }
  const measurementId = `${indicatorId}@${period}#${ofPeriod.length + 1}`;
  const warnings = warningsOf(figure, data, state, period, agencyId);
  return [
    {
      type: 'MeasurementReported',
      data: { indicatorId, measurementId, period, agencyId, reportedBy: given.by, ...figure, warnings },
    },
  ];
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
  if (found.authors.includes(given.by))
    throw new Rejected(
      'OwnFigure',
      'Who accepts a figure is not who reported or corrected it.',
      'measurementId',
    );
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
  const figure = taken(data, state, found.period, given.today);
  // What was returned and was right is said again: it waits for acceptance anew.
  if (found.state !== 'returned' && same(saidOf(found), figure)) return [];
  withReason(data.reason);
  const { indicatorId, measurementId, reason, legalBasis } = data;
  const warnings = warningsOf(figure, data, state, found.period, found.agencyId);
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
