import type { Benchmark } from '../indicator/indicator.js';
import { sameText } from '../same-text.js';
import type { Criterion, Decimal, Direction, Relation } from '../target/criterion.js';
import { compare, mul, sub } from '../target/decimal.js';
import { periodEnd, yearBefore } from '../time.js';
import { type Facts, isJudged, type Setting } from './facts.js';
import { type CountingFigure, component } from './figures.js';
import { compareQuantity, isQuotient, type Quantity, quantityOf, shown, whole } from './quantity.js';
import { fieldOn } from './rules.js';
import type { Reason } from './verdict.js';

/** A criterion that stands alone. */
export type SingleCriterion = Exclude<Criterion, { kind: 'all' }>;

/**
 * What a criterion says of a figure. `quantity` is the number that was compared, null for a state; `beside` tells
 * what it was compared with where the notation does not say (a benchmark, a baseline, the year before).
 */
export type Judgement =
  | {
      readonly outcome: 'met' | 'not-met';
      readonly aboveRange: boolean;
      readonly quantity: Quantity | null;
      readonly beside: string | null;
    }
  | { readonly outcome: 'not-judged' }
  | { readonly outcome: 'not-assessable'; readonly reason: Reason };

/** Judges one figure by one criterion. Exact: nothing is rounded. */
export const judge = (criterion: SingleCriterion, figure: CountingFigure, setting: Setting): Judgement => {
  switch (criterion.kind) {
    case 'threshold':
    case 'between':
      return judgeLevel(criterion, figure, setting);
    case 'rank':
      return fieldOn(setting.setOn) === fieldOn(figure.end)
        ? judgeNumber(figure, setting, null, (quantity) => satisfies(criterion, quantity, setting.facts))
        : notAssessable('field-changed');
    case 'comparative':
      return judgeComparison(criterion, figure, setting);
    case 'maintain':
      return isJudged(criterion, setting.facts) ? judgeState(figure) : judgeMaintained(figure, setting);
    case 'growth':
      return judgeAgainstYearBefore(figure, setting, (now, before) => grown(criterion, now, before, setting));
    case 'rising':
      return judgeAgainstYearBefore(figure, setting, (now, before) => answer(excess(now, before, '0') > 0));
    case 'state':
      return judgeState(figure);
    case 'unread':
    case 'none':
      return notAssessable('unread');
  }
};

/** Whether a figure meets a criterion, all its parts included; what cannot be judged does not meet it. */
export const meets = (criterion: Criterion, figure: CountingFigure, setting: Setting): boolean => {
  if (criterion.kind !== 'all') return judge(criterion, figure, setting).outcome === 'met';
  return criterion.parts.every(({ name, criterion: part }) => {
    if (part.kind === 'none') return true;
    const seen = throughName(name, figure, setting);
    return seen !== null && meets(part, seen.figure, seen.setting);
  });
};

/** A figure and what it is compared with, seen through the component of a part's name; null when it lacks it. */
export const throughName = (
  name: string | null,
  figure: CountingFigure,
  setting: Setting,
): { readonly figure: CountingFigure; readonly setting: Setting } | null => {
  if (name === null) return { figure, setting };
  const seen = component(figure, name);
  if (seen === null) return null;
  const figures = setting.figures.flatMap((other) => component(other, name) ?? []);
  return { figure: seen, setting: { ...setting, figures } };
};

export interface Answer {
  readonly met: boolean;
  readonly aboveRange: boolean;
}

type Numeric = Extract<Criterion, { kind: 'threshold' | 'between' | 'rank' }>;

/** Whether a number satisfies a criterion that is made of numbers alone. */
export const satisfies = (
  criterion: Numeric,
  quantity: Quantity,
  { direction }: Pick<Facts, 'direction'>,
): Answer => {
  switch (criterion.kind) {
    case 'threshold':
      return answer(holds(criterion.relation, compareQuantity(quantity, criterion.value)));
    case 'rank':
      return answer(compareQuantity(quantity, criterion.within) <= 0);
    case 'between':
      return withinRange(
        compareQuantity(quantity, criterion.low),
        compareQuantity(quantity, criterion.high),
        direction,
      );
  }
};

const answer = (met: boolean): Answer => ({ met, aboveRange: false });

const holds = (relation: Relation, comparison: -1 | 0 | 1): boolean => {
  switch (relation) {
    case '>=':
      return comparison >= 0;
    case '>':
      return comparison > 0;
    case '<=':
      return comparison <= 0;
    case '<':
      return comparison < 0;
  }
};

/** Above a range counts as met where higher is better. */
const withinRange = (toLow: -1 | 0 | 1, toHigh: -1 | 0 | 1, direction: Direction): Answer => {
  const aboveRange = toHigh > 0 && direction === 'higher-is-better';
  return { met: toLow >= 0 && (toHigh <= 0 || aboveRange), aboveRange };
};

const notAssessable = (reason: Reason): Judgement => ({ outcome: 'not-assessable', reason });

const judged = (
  { met, aboveRange }: Answer,
  quantity: Quantity | null,
  beside: string | null = null,
): Judgement => ({ outcome: met ? 'met' : 'not-met', aboveRange, quantity, beside });

const judgeNumber = (
  figure: CountingFigure,
  { facts }: Setting,
  unit: string | null,
  policy: (quantity: Quantity) => Answer,
  beside: string | null = null,
): Judgement => {
  const quantity = quantityOf(figure, facts.formula, unit ?? facts.unitOn(figure.end));
  return typeof quantity === 'string' ? notAssessable(quantity) : judged(policy(quantity), quantity, beside);
};

const judgeLevel = (
  criterion: Extract<Criterion, { kind: 'threshold' | 'between' }>,
  figure: CountingFigure,
  setting: Setting,
): Judgement => {
  const { unit } = criterion;
  const fault = unitFault({ unit, on: setting.setOn }, figure, setting.facts);
  if (fault) return notAssessable(fault);
  return judgeNumber(figure, setting, unit, (quantity) => satisfies(criterion, quantity, setting.facts));
};

/** A number as somebody wrote it down on a day: `unit` is the one beside it, null where there is none. */
interface Written {
  readonly unit: string | null;
  readonly on: string;
}

/** A number of people is held against no percentage, and a share against no number of people. */
const unitFault = (
  { unit, on }: Written,
  figure: CountingFigure,
  { unitOn, formula }: Facts,
): Reason | null => {
  const measured = unitOn(figure.end);
  if (differ(unitOn(on), measured) && !sameText(unit, measured)) return 'unit-changed';
  if (unit !== null && measured !== null && isShare(unit) !== isShare(measured)) return 'other-unit';
  const asked = unit ?? measured;
  return asked !== null && !isRatio(asked) && isQuotient(figure, formula) ? 'other-unit' : null;
};

/** As `unitFault`: of a baseline, a number without any unit is no share. */
const baselineFault = (
  { unit, effectiveOn }: NonNullable<Facts['baseline']>,
  figure: CountingFigure,
  facts: Facts,
): Reason | null => {
  const isUnknown = unit === null && facts.unitOn(effectiveOn) === null;
  if (isUnknown && isQuotient(figure, facts.formula)) return 'other-unit';
  return unitFault({ unit, on: effectiveOn }, figure, facts);
};

const isShare = (unit: string): boolean => unit.includes('%');
const isRatio = (unit: string): boolean => isShare(unit) || unit.includes('/');

/** Whether a criterion asks for so much each year, which one year's figure does not say of the next: a count, or growth. */
export const isCountedAnew = (criterion: Criterion, facts: Facts, day: string): boolean => {
  switch (criterion.kind) {
    case 'growth':
    case 'rising':
      return true;
    case 'threshold':
    case 'between': {
      const unit = criterion.unit ?? facts.unitOn(day);
      return unit !== null && !isRatio(unit);
    }
    case 'all':
      return criterion.parts.some((part) => isCountedAnew(part.criterion, facts, day));
    default:
      return false;
  }
};

/** A unit that nobody wrote down differs from none. */
const differ = (a: string | null, b: string | null): boolean => a !== null && b !== null && !sameText(a, b);

/** A state is judged by a person; a number says nothing of it. */
const judgeState = ({ met }: CountingFigure): Judgement =>
  met === null ? { outcome: 'not-judged' } : judged(answer(met === 'met'), null);

const judgeMaintained = (figure: CountingFigure, setting: Setting): Judgement => {
  const { baseline, direction } = setting.facts;
  const fault = baseline && baselineFault(baseline, figure, setting.facts);
  if (fault) return notAssessable(fault);
  const value = baseline?.value ?? '0';
  const policy = (quantity: Quantity): Answer => {
    const comparison = compareQuantity(quantity, value);
    return answer(direction === 'higher-is-better' ? comparison >= 0 : comparison <= 0);
  };
  return judgeNumber(figure, setting, null, policy, `the baseline ${value} of ${baseline?.period}`);
};

const judgeComparison = (
  { benchmark, relation }: Extract<Criterion, { kind: 'comparative' }>,
  figure: CountingFigure,
  setting: Setting,
): Judgement => {
  const recorded = setting.facts.benchmarks.filter((row) => row.benchmark === benchmark);
  const found = benchmarkFor(recorded, figure);
  if (!found) return notAssessable('missing-benchmark');
  const policy = (quantity: Quantity) => answer(holds(relation, compareQuantity(quantity, found.value)));
  return judgeNumber(figure, setting, null, policy, `the benchmark ${found.value} of ${found.period}`);
};

/** The benchmark of the figure's own period, else the latest whose period had ended by then; the last of each. */
const benchmarkFor = (recorded: readonly Benchmark[], figure: CountingFigure): Benchmark | undefined => {
  const own = recorded.filter(({ period }) => period === figure.period).at(-1);
  if (own) return own;
  let latest: { readonly row: Benchmark; readonly end: string } | undefined;
  for (const row of recorded) {
    const end = periodEnd(row.period);
    if (end <= figure.end && (!latest || end >= latest.end)) latest = { row, end };
  }
  return latest?.row;
};

/** The same period a year before, as a figure or else as the baseline; in the same unit. */
const yearBeforeOf = (figure: CountingFigure, setting: Setting): Quantity | Reason => {
  const { facts, figures } = setting;
  const period = yearBefore(figure.period);
  const before = figures.find((other) => other.period === period);
  if (before) {
    if (differ(facts.unitOn(before.end), facts.unitOn(figure.end))) return 'unit-changed';
    const quantity = quantityOf(before, facts.formula, facts.unitOn(figure.end));
    return typeof quantity === 'string' ? 'no-previous-year' : quantity;
  }
  const { baseline } = facts;
  if (!baseline?.value || baseline.period !== period || !sameText(baseline.qualifier, figure.qualifier))
    return 'no-previous-year';
  return baselineFault(baseline, figure, facts) ?? whole(baseline.value);
};

const judgeAgainstYearBefore = (
  figure: CountingFigure,
  setting: Setting,
  policy: (now: Quantity, before: Quantity) => Answer | Reason,
): Judgement => {
  const now = quantityOf(figure, setting.facts.formula, setting.facts.unitOn(figure.end));
  if (typeof now === 'string') return notAssessable(now);
  const before = yearBeforeOf(figure, setting);
  if (typeof before === 'string') return notAssessable(before);
  const result = policy(now, before);
  if (typeof result === 'string') return notAssessable(result);
  return judged(result, now, `${shown(before)} for ${yearBefore(figure.period)}`);
};

/** Relative growth in percent; above a range counts as above any range does. */
const grown = (
  { low, high }: Extract<Criterion, { kind: 'growth' }>,
  now: Quantity,
  before: Quantity,
  { facts }: Setting,
): Answer | Reason => {
  if (compare(before.over, '0') === 0) return 'previous-year-zero';
  const toLow = excess(now, before, low);
  return high === null ? answer(toLow >= 0) : withinRange(toLow, excess(now, before, high), facts.direction);
};

/** Compares the growth from one number to another with a percentage: now − before against percent of |before|. */
const excess = (now: Quantity, before: Quantity, percent: Decimal): -1 | 0 | 1 => {
  const gained = sub(mul(now.over, before.under), mul(before.over, now.under));
  const base = mul(before.over, now.under);
  const size = compare(base, '0') < 0 ? mul(base, '-1') : base;
  return compare(mul(gained, '100'), mul(size, percent));
};
