import { holdersAt } from '../../src/domain/assignment.js';
import type { Figure } from '../../src/domain/indicator/events.js';
import type { Indicator, Target } from '../../src/domain/indicator/indicator.js';
import type { Actor, LegalBasis } from '../../src/domain/message.js';
import type { Criterion } from '../../src/domain/target/criterion.js';
import { valueAt } from '../../src/domain/timeline.js';
import { COLLEAGUE, OFFICE, reporterOf } from './people.js';
import { type Quarter, workingHours } from './quarters.js';
import type { Random } from './random.js';
import type { IndicatorSubject, Written } from './subjects.js';

/** How often things happen, as shares of the figures (and, of targets and assignments, of the rows each year). */
const SHARE = {
  late: 0.04,
  returned: 0.1,
  correctedLater: 0.08,
  retracted: 0.01,
  accepted: 0.95,
  revised: 0.15,
  coordinating: 0.1,
} as const;

export const BASIS: LegalBasis = { number: '118/QĐ-UBND', date: '2026-02-16', clause: 'Điều 1' };

/** Everything that happens to one indicator's figures and targets because a quarter has ended, in the order of time. */
export const reportQuarter = (subject: IndicatorSubject, quarter: Quarter, random: Random): Written[] => {
  const { state, stream } = subject;
  if (state === null || state.targets.length === 0 || random.chance(SHARE.late)) return [];
  const written: (Written | null)[] = [];
  const at = (first: number, last: number) => workingHours(quarter.over, random.between(first, last), random);
  if (quarter.quarter === 1 && random.chance(SHARE.revised)) written.push(revise(subject, at(1, 2), random));
  const by = responsible(state, quarter.over);
  const indicatorId = stream.slice('indicator-'.length);
  const reported = at(3, 20);
  const figure = figureFor(state, quarter, random);
  const agencyId = by.agencyId;
  const period = quarter.period;
  const report = { type: 'ReportMeasurement', data: { indicatorId, period, agencyId, ...figure } } as const;
  const first = subject.order(report, by, reported);
  written.push(first);
  const measurementId = subject.state?.measurements.at(-1)?.id;
  if (!first || !measurementId) return written.filter((one) => one !== null);
  const ids = { indicatorId, measurementId };
  const correct = (when: string, why: string) => {
    const data = { ...ids, ...figureFor(state, quarter, random), reason: why, legalBasis: null };
    written.push(subject.order({ type: 'CorrectMeasurement', data }, by, when));
  };
  const accept = (when: string) => {
    const data = { ...ids, note: null };
    written.push(subject.order({ type: 'AcceptMeasurement', data }, COLLEAGUE, when));
  };
  if (random.chance(SHARE.returned)) {
    const data = { ...ids, reason: 'Số liệu chưa khớp với báo cáo đã gửi', legalBasis: null };
    written.push(subject.order({ type: 'ReturnMeasurement', data }, COLLEAGUE, at(21, 25)));
    correct(at(26, 35), 'Rà soát lại theo yêu cầu của Văn phòng');
  }
  if (random.chance(SHARE.accepted)) accept(at(36, 45));
  if (random.chance(SHARE.correctedLater)) {
    correct(at(46, 60), 'Điều chỉnh theo số liệu chính thức');
    accept(at(61, 70));
  } else if (random.chance(SHARE.retracted)) {
    const data = { ...ids, reason: 'Báo cáo nhầm kỳ', legalBasis: null };
    written.push(subject.order({ type: 'RetractMeasurement', data }, by, at(71, 75)));
  }
  return written.filter((one) => one !== null);
};

/** Who reports: the first lead agency, or the office where a collective or nobody leads. */
const responsible = (state: Indicator, day: string): Actor => {
  const [lead] = holdersAt(state.assignments, 'lead', day);
  return lead === undefined || lead.includes('-cac-') ? OFFICE : reporterOf(lead);
};

const targetOf = (state: Indicator, day: string): Target | null => {
  for (const { timeline } of state.targets) {
    const held = valueAt(timeline, day);
    if (held) return held;
  }
  return null;
};

const NOTHING: Omit<Figure, 'value' | 'met' | 'components'> = {
  qualifier: null,
  source: null,
  evidence: 'Báo cáo quý của đơn vị, kèm phụ lục số liệu',
  note: null,
};

/** A figure of the kind that the target asks for, drifting towards better through the years. */
const figureFor = (state: Indicator, { year, over }: Quarter, random: Random): Figure => {
  const target = targetOf(state, over);
  const kind = target?.criterion.kind;
  const wording = valueAt(state.wording, over);
  if (wording?.formula) {
    const names = [...wording.formula.numerator, ...wording.formula.denominator];
    const components = names.map((name) => ({ name, value: String(random.between(500, 5_000)) }));
    return { ...NOTHING, value: null, met: null, components };
  }
  if (kind === 'state' || kind === 'unread' || kind === 'none' || kind === undefined) {
    const met = random.pick(['met', 'partly', 'not-met'] as const);
    return { ...NOTHING, value: null, met, components: null, note: 'Theo đánh giá của cơ quan chủ trì' };
  }
  if (kind === 'rank')
    return { ...NOTHING, value: String(random.between(10, 34)), met: null, components: null };
  const value = Math.min(100, 30 + 5 * (year - 2025) + random.between(0, 250) / 10);
  return { ...NOTHING, value: value.toFixed(1).replace(/\.0$/, ''), met: null, components: null };
};

/** Raises a target that is a number, on a decision. */
const revise = (subject: IndicatorSubject, at: string, random: Random): Written | null => {
  const { state, stream } = subject;
  const numeric = state?.targets.flatMap(({ milestone, timeline }) => {
    const held = timeline.at(-1)?.value;
    return held && held.criterion.kind === 'threshold' ? [{ milestone, criterion: held.criterion }] : [];
  });
  if (!numeric || numeric.length === 0) return null;
  const { milestone, criterion } = random.pick(numeric);
  const data = {
    ...{ indicatorId: stream.slice('indicator-'.length), milestone, effectiveOn: at.slice(0, 10) },
    notation: raised(criterion, random),
    reason: 'Điều chỉnh chỉ tiêu theo tình hình thực hiện',
    legalBasis: BASIS,
  };
  return subject.order({ type: 'SetTarget', data }, OFFICE, at);
};

const raised = ({ relation, unit }: Extract<Criterion, { kind: 'threshold' }>, random: Random): string =>
  `${relation.startsWith('>') ? '≥' : '≤'} ${random.between(40, 99)}${unit === '%' ? '%' : ''}`;

/** A further coordinating agency, now and then, at the beginning of a year. */
export const widen = (
  subject: IndicatorSubject,
  quarter: Quarter,
  agencies: readonly string[],
  random: Random,
): Written | null => {
  if (quarter.quarter !== 4 || subject.state === null || !random.chance(SHARE.coordinating)) return null;
  const at = workingHours(quarter.over, 0, random);
  const data = {
    ...{ indicatorId: subject.stream.slice('indicator-'.length), role: 'coordinating' as const },
    ...{ agencies: [random.pick(agencies)], notation: null, effectiveOn: at.slice(0, 10) },
  };
  return subject.order({ type: 'AssignIndicator', data }, OFFICE, at);
};
