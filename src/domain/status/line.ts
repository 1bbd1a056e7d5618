import { sameText } from '../same-text.js';
import type { Criterion, Decimal } from '../target/criterion.js';
import { add, compare, mul, ratio, sub } from '../target/decimal.js';
import { daysBetween, periodEnd } from '../time.js';
import { satisfies } from './criteria.js';
import type { Facts } from './facts.js';
import type { DueTarget } from './milestones.js';
import { compareQuantity, type Quantity, whole } from './quantity.js';
import { AT_RISK_FROM, fieldOn, ON_TRACK_FROM } from './rules.js';
import type { Line, Reason } from './verdict.js';

/** Progress held against the line. */
export interface Progress {
  readonly status: 'on-track' | 'at-risk' | 'behind';
  readonly line: Line;
}

/** Where a line ends: the criterion asks to come to `value`, and `higher` says from which side. */
interface Edge {
  readonly criterion: Extract<Criterion, { kind: 'threshold' | 'between' | 'rank' }>;
  readonly value: Decimal;
  readonly higher: boolean;
  readonly measure: Measure;
}

/** Where a line starts. */
interface Start {
  readonly value: Decimal;
  readonly on: string;
  readonly source: 'baseline' | 'milestone';
  readonly measure: Measure;
}

/** What a number measures: two that differ in any of it are not on one line. `field` only for a rank. */
interface Measure {
  readonly unit: string | null;
  readonly qualifier: string | null;
  readonly field: number | null;
}

export interface OnTheWay {
  readonly criterion: Criterion;
  /** Name of the part that the criterion is, among several. */
  readonly name: string | null;
  readonly quantity: Quantity;
  /** Last day of the figure's period. */
  readonly end: string;
  readonly due: DueTarget;
  readonly previous: DueTarget | null;
  readonly facts: Facts;
}

/** Holds a figure that does not meet its target yet against the line to it, or says why there is no line. */
export const progress = (way: OnTheWay): Progress | Reason => {
  const { due, facts, quantity, end } = way;
  if (due.endsOn === null) return 'open';
  const edge = edgeOf(way.criterion, due, facts);
  if (edge === null) return 'no-threshold';
  const start = startOf(way);
  if (start === null) return 'no-start';
  if (!comparable(start, edge, facts.unitOn(end))) return 'start-not-comparable';
  if (satisfies(edge.criterion, whole(start.value), facts).met) return 'start-meets-target';
  return along(start, edge, due.endsOn, quantity, end);
};

const along = (
  start: Start,
  edge: Edge,
  endsOn: string,
  quantity: Quantity,
  end: string,
): Progress | Reason => {
  // The milestone has not passed, so it ends no earlier than the figure's period.
  if (end <= start.on) return 'figure-before-start';
  const gap = sub(edge.value, start.value);
  const sign = edge.higher ? '1' : '-1';
  if (compare(mul(gap, sign), '0') <= 0) return 'start-meets-target';
  if (compareQuantity(quantity, edge.value) === (edge.higher ? 1 : -1)) return 'beyond-range';
  const elapsed = String(daysBetween(start.on, end));
  const total = String(daysBetween(start.on, endsOn));
  // r = gained / expected, with (figure − start) and gap × elapsed / total multiplied out so that nothing is rounded.
  const gained = mul(mul(sub(quantity.over, mul(start.value, quantity.under)), total), sign);
  const expected = mul(mul(mul(gap, elapsed), quantity.under), sign);
  const at = ratio(add(mul(start.value, total), mul(gap, elapsed)), total);
  return {
    status: rated(gained, expected),
    line: {
      from: { value: start.value, on: start.on, source: start.source },
      to: { value: edge.value, on: endsOn },
      at: { value: at, on: end },
      ratio: ratio(gained, expected),
    },
  };
};

const rated = (gained: Decimal, expected: Decimal): Progress['status'] => {
  if (compare(gained, mul(ON_TRACK_FROM, expected)) >= 0) return 'on-track';
  return compare(gained, mul(AT_RISK_FROM, expected)) >= 0 ? 'at-risk' : 'behind';
};

/** The figure is in the indicator's unit; where it has none, in the one that it was asked for. */
const comparable = (start: Start, { measure }: Edge, measured: string | null): boolean =>
  sameText(start.measure.unit, measure.unit) &&
  sameText(measured ?? measure.unit, measure.unit) &&
  sameText(start.measure.qualifier, measure.qualifier) &&
  (measure.field === null || start.measure.field === measure.field);

const edgeOf = (criterion: Criterion, { effectiveOn }: DueTarget, facts: Facts): Edge | null => {
  const unit = facts.unitOn(effectiveOn);
  switch (criterion.kind) {
    case 'threshold': {
      const measure = { unit: criterion.unit ?? unit, qualifier: criterion.qualifier, field: null };
      return { criterion, value: criterion.value, higher: criterion.relation.startsWith('>'), measure };
    }
    case 'between': {
      const measure = { unit: criterion.unit ?? unit, qualifier: criterion.qualifier, field: null };
      const higher = facts.direction === 'higher-is-better';
      return { criterion, value: higher ? criterion.low : criterion.high, higher, measure };
    }
    case 'rank': {
      const measure = { unit, qualifier: null, field: fieldOn(effectiveOn) };
      return { criterion, value: criterion.within, higher: false, measure };
    }
    case 'comparative':
    case 'state':
    case 'maintain':
    case 'growth':
    case 'rising':
    case 'all':
    case 'none':
    case 'unread':
      return null;
  }
};

/** The baseline where it is a number, else the previous milestone's threshold. A baseline is of no part in particular. */
const startOf = ({ name, previous, facts }: OnTheWay): Start | null => {
  const { baseline } = facts;
  if (name === null && baseline && baseline.value !== null) {
    const on = periodEnd(baseline.period);
    const unit = baseline.unit ?? facts.unitOn(baseline.effectiveOn);
    const measure = { unit, qualifier: baseline.qualifier, field: fieldOn(on) };
    return { value: baseline.value, on, source: 'baseline', measure };
  }
  if (previous?.endsOn == null) return null;
  const criterion = partNamed(previous.target.criterion, name);
  const edge = criterion && edgeOf(criterion, previous, facts);
  return edge ? { value: edge.value, on: previous.endsOn, source: 'milestone', measure: edge.measure } : null;
};

/** What a criterion asks of a part: of the unnamed one, its level (a cell can hold a level and a growth). */
const partNamed = (criterion: Criterion, name: string | null): Criterion | undefined => {
  if (criterion.kind !== 'all') return name === null ? criterion : undefined;
  return criterion.parts.find(
    (part) => sameText(part.name, name) && ['threshold', 'between', 'rank'].includes(part.criterion.kind),
  )?.criterion;
};
