import type { Given } from '../../../src/domain/given.js';
import type {
  AcceptMeasurement,
  AdoptIndicator,
  AssignIndicator,
  CorrectMeasurement,
  DropIndicator,
  IndicatorCommand,
  ReadCriterion,
  RecordBaseline,
  RecordBenchmark,
  ReleaseIndicator,
  ReportMeasurement,
  RetractMeasurement,
  ReturnMeasurement,
  RewordIndicator,
  SetTarget,
  TransferIndicator,
  WithdrawTarget,
} from '../../../src/domain/indicator/commands.js';
import type { Figure, IndicatorEvent } from '../../../src/domain/indicator/events.js';
import { knowing, PLAN, WHY } from '../../support/decider.js';

/** Short ways to ask something of one indicator; each command is in order unless it is said otherwise. */
export const INDICATOR = `${PLAN}/7.1`;
export const FROM = '2025-06-01';
const given = knowing();
const by = (subject: string): Given => ({ ...given, by: subject });

export const wording = {
  title: 'Tỷ lệ sử dụng dịch vụ công trực tuyến',
  unit: '%',
  direction: 'higher-is-better',
  guidance: 'a/b',
  formula: { numerator: ['a'], denominator: ['b'] },
} as const;

export const adopt = (
  over: Partial<AdoptIndicator['data']> = {},
  known: Partial<Given> = {},
): AdoptIndicator => ({
  type: 'AdoptIndicator',
  data: {
    indicatorId: INDICATOR,
    ...wording,
    code: '7.1',
    parent: `${PLAN}/7`,
    section: 'I',
    order: 12,
    deadline: null,
    source: { file: 'kh-1570-2025-phu-luc-1.txt', table: 'Phụ lục I', row: '7.1' },
    assumed: [],
    effectiveOn: FROM,
    ...over,
  },
  given: { ...given, ...known },
});

export const reword = (over: Partial<RewordIndicator['data']> = {}): RewordIndicator => ({
  type: 'RewordIndicator',
  data: {
    indicatorId: INDICATOR,
    ...wording,
    title: 'Tỷ lệ hồ sơ trực tuyến',
    effectiveOn: '2026-01-01',
    ...WHY,
    ...over,
  },
  given,
});

export const drop = (over: Partial<DropIndicator['data']> = {}): DropIndicator => ({
  type: 'DropIndicator',
  data: { indicatorId: INDICATOR, effectiveOn: '2026-03-01', ...WHY, ...over },
  given,
});

export const baseline = (notation: string, over: Partial<RecordBaseline['data']> = {}): RecordBaseline => ({
  type: 'RecordBaseline',
  data: { indicatorId: INDICATOR, notation, period: '2024', effectiveOn: FROM, ...over },
  given,
});

export const target = (notation: string, over: Partial<SetTarget['data']> = {}): SetTarget => ({
  type: 'SetTarget',
  data: {
    indicatorId: INDICATOR,
    milestone: '2030',
    notation,
    effectiveOn: FROM,
    reason: null,
    legalBasis: null,
    ...over,
  },
  given,
});

export const revise = (notation: string, over: Partial<SetTarget['data']> = {}): SetTarget =>
  target(notation, { effectiveOn: '2026-01-01', ...WHY, ...over });

export const withdraw = (over: Partial<WithdrawTarget['data']> = {}): WithdrawTarget => ({
  type: 'WithdrawTarget',
  data: { indicatorId: INDICATOR, milestone: '2030', effectiveOn: '2026-02-01', ...WHY, ...over },
  given,
});

export const UNREAD = 'tăng 5 bậc';
export const readAs = (
  criterion: ReadCriterion['data']['criterion'],
  over: Partial<ReadCriterion['data']> = {},
): ReadCriterion => ({
  type: 'ReadCriterion',
  data: { indicatorId: INDICATOR, milestone: '2030', criterion, reason: 'Sở KH&CN xác nhận', ...over },
  given,
});

export const assign = (over: Partial<AssignIndicator['data']> = {}): AssignIndicator => ({
  type: 'AssignIndicator',
  data: {
    indicatorId: INDICATOR,
    role: 'lead',
    agencies: ['so-khcn'],
    notation: 'Sở KH&CN',
    effectiveOn: FROM,
    ...over,
  },
  given,
});

export const release = (over: Partial<ReleaseIndicator['data']> = {}): ReleaseIndicator => ({
  type: 'ReleaseIndicator',
  data: {
    indicatorId: INDICATOR,
    role: 'lead',
    agencies: ['so-khcn'],
    effectiveOn: '2026-01-01',
    ...WHY,
    ...over,
  },
  given,
});

export const transfer = (over: Partial<TransferIndicator['data']> = {}): TransferIndicator => ({
  type: 'TransferIndicator',
  data: {
    indicatorId: INDICATOR,
    role: 'lead',
    moves: [{ from: 'so-khcn', to: 'so-tai-chinh' }],
    effectiveOn: '2026-01-01',
    reorganizationId: null,
    allocation: null,
    ...WHY,
    ...over,
  },
  given,
});

export const benchmark = (over: Partial<RecordBenchmark['data']> = {}): RecordBenchmark => ({
  type: 'RecordBenchmark',
  data: {
    indicatorId: INDICATOR,
    benchmark: 'national-average',
    value: '31.5',
    period: '2025',
    source: 'Bộ KH&CN',
    effectiveOn: '2026-02-01',
    ...over,
  },
  given,
});

const NOTHING: Figure = {
  value: null,
  met: null,
  components: null,
  qualifier: null,
  source: null,
  evidence: null,
  note: null,
};

/** A figure, a value where it is a text: `76.4`. */
export const figure = (said: string | Partial<Figure>): Figure => ({
  ...NOTHING,
  ...(typeof said === 'string' ? { value: said } : said),
});

export const idOf = (period = '2025', n = 1): string => `${INDICATOR}@${period}#${n}`;

export const report = (
  said: string | Partial<Figure>,
  over: Partial<ReportMeasurement['data']> = {},
  subject = 'lan',
): ReportMeasurement => ({
  type: 'ReportMeasurement',
  data: { indicatorId: INDICATOR, period: '2025', agencyId: 'so-khcn', ...figure(said), ...over },
  given: by(subject),
});

export const accept = (measurementId = idOf(), subject = 'hoa'): AcceptMeasurement => ({
  type: 'AcceptMeasurement',
  data: { indicatorId: INDICATOR, measurementId, note: null },
  given: by(subject),
});

export const giveBack = (over: Partial<ReturnMeasurement['data']> = {}): ReturnMeasurement => ({
  type: 'ReturnMeasurement',
  data: { indicatorId: INDICATOR, measurementId: idOf(), ...WHY, ...over },
  given: by('hoa'),
});

export const correct = (
  said: string | Partial<Figure>,
  over: Partial<CorrectMeasurement['data']> = {},
  subject = 'lan',
): CorrectMeasurement => ({
  type: 'CorrectMeasurement',
  data: { indicatorId: INDICATOR, measurementId: idOf(), ...figure(said), ...WHY, ...over },
  given: by(subject),
});

export const retract = (over: Partial<RetractMeasurement['data']> = {}): RetractMeasurement => ({
  type: 'RetractMeasurement',
  data: { indicatorId: INDICATOR, measurementId: idOf(), ...WHY, ...over },
  given: by('lan'),
});

export const AT_LEAST_80 = {
  kind: 'threshold',
  relation: '>=',
  value: '80',
  unit: null,
  qualifier: null,
} as const;

/** For every event of an indicator, commands that lead to it, the last of them yielding it. */
export const INDICATOR_STORIES: Readonly<Record<IndicatorEvent['type'], readonly IndicatorCommand[]>> = {
  IndicatorAdopted: [adopt()],
  IndicatorReworded: [adopt(), reword()],
  IndicatorDropped: [adopt(), drop()],
  BaselineRecorded: [adopt(), baseline('Đã đạt 75,5%')],
  TargetSet: [adopt(), target('≥ 80')],
  TargetRevised: [adopt(), target('≥ 80'), revise('≥ 85')],
  TargetWithdrawn: [adopt(), target('≥ 80'), withdraw()],
  CriterionRead: [adopt(), target(UNREAD), readAs(AT_LEAST_80)],
  AgencyAssigned: [adopt(), assign()],
  AgencyReleased: [adopt(), assign(), release()],
  AssignmentTransferred: [adopt(), assign(), transfer()],
  BenchmarkRecorded: [adopt(), benchmark()],
  MeasurementReported: [adopt(), report('76.4')],
  MeasurementAccepted: [adopt(), report('76.4'), accept()],
  MeasurementReturned: [adopt(), report('76.4'), giveBack()],
  MeasurementCorrected: [adopt(), report('76.4'), correct('75.5')],
  MeasurementRetracted: [adopt(), report('76.4'), retract()],
};
