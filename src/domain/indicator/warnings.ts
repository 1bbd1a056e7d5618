import { plainly, sameText } from '../same-text.js';
import { componentNamed } from '../status/figures.js';
import { isPercent, type Quantity, quantityOf, shown } from '../status/quantity.js';
import { fieldOn } from '../status/rules.js';
import { canonicalDecimal, compare, mul } from '../target/decimal.js';
import { isRankUnit } from '../target/wording.js';
import { periodEnd } from '../time.js';
import type { Figure } from './events.js';
import { criteriaOn, qualifiersAsked, wordingFor } from './figure.js';
import type { Indicator } from './indicator.js';
import type { Measurement } from './measurement.js';
import { endNumber, periodEndsOf } from './period-ends.js';

/**
 * Odd but possible figures are taken, and said to be odd: by how they were written (`said`), and beside the agency's own
 * figures and accepted ones. A warning is read
 * by whoever sees the figure, so it gives the number that it compares with only where that was accepted.
 */
export const warningsOf = (
  figure: Figure,
  said: Pick<Figure, 'value' | 'components'>,
  state: Indicator,
  period: string,
  agencyId: string | null,
): string[] => {
  const end = periodEnd(period);
  const unit = wordingFor(state, period)?.unit ?? shareAsked(state, end);
  const warnings: string[] = [];
  const asked = qualifiersAsked(state, end);
  if (asked.length > 0 && figure.met === null && !asked.some((one) => sameText(one, figure.qualifier)))
    warnings.push(
      `no target asks for ${figure.qualifier ?? 'a figure without qualifier'}: it counts for none`,
    );
  const isWholeShare = unit === null ? figure.components !== null : isPercent(unit);
  for (const text of [isWholeShare ? null : said.value, ...(said.components ?? []).map(({ value }) => value)])
    if (text !== null && MAYBE_THOUSANDS.test(text))
      warnings.push(`${text} is read as ${canonicalDecimal(text)}: a dot is a decimal mark`);
  const before = lastBefore(figure, state, period, agencyId);
  for (const { name, isShare, numberIn } of judgedIn(figure, state, end, { unit, isShare: isWholeShare })) {
    const quantity = numberIn(figure, period);
    if (quantity === null) continue;
    const warn = (odd: string) => warnings.push(name === null ? odd : `${name}: ${odd}`);
    if (isShare && exceeds(quantity, '100')) warn('a percentage over 100');
    if (isShare && compare(quantity.over, '0') < 0) warn('a percentage below 0');
    const field = fieldOn(end);
    if (isRankUnit(unit) && exceeds(quantity, String(field)))
      warn(`a place beyond the ${field} that are ranked`);
    const earlier = before && numberIn(before, before.period);
    if (earlier && compare(earlier.over, '0') > 0 && isHalved(quantity, earlier))
      warn(
        `a fall by half or more from ${before.state === 'accepted' ? shown(earlier) : 'the figure'} for ${before.period}`,
      );
  }
  return warnings;
};

/** A number that a verdict sees in a figure. */
interface Judged {
  /** Of a target of several criteria, the component that one of them names. */
  readonly name: string | null;
  readonly isShare: boolean;
  readonly numberIn: (figure: Figure, period: string) => Quantity | null;
}

/**
 * What the targets of the day judge in a figure: each of its components that a target of several criteria names, and the
 * figure itself unless every target is of that kind.
 */
const judgedIn = (
  { components }: Figure,
  state: Indicator,
  day: string,
  { unit, isShare }: { readonly unit: string | null; readonly isShare: boolean },
): readonly Judged[] => {
  const criteria = criteriaOn(state, day);
  const named = new Map<string, Judged>();
  for (const { name, criterion } of criteria.flatMap((one) => (one.kind === 'all' ? one.parts : []))) {
    if (name === null || !componentNamed({ components }, name)) continue;
    const isPart = isPercent(unit) || ('unit' in criterion && isPercent(criterion.unit));
    named.set(plainly(name), {
      name,
      isShare: isPart || named.get(plainly(name))?.isShare === true,
      numberIn: (figure) => {
        const found = componentNamed(figure, name);
        return found ? { over: found.value, under: '1' } : null;
      },
    });
  }
  const whole: Judged = {
    ...{ name: null, isShare },
    numberIn: (figure, period) => numberOf(figure, state, period, unit),
  };
  const isWhole = named.size === 0 || criteria.some(({ kind }) => kind !== 'all');
  return isWhole ? [whole, ...named.values()] : [...named.values()];
};

/** As thousands are grouped in Vietnam. */
const MAYBE_THOUSANDS = /^-?[1-9]\d{0,2}\.\d{3}$/;

/** `%` where a target of the day asks for a share. */
const shareAsked = (state: Indicator, day: string): string | null =>
  criteriaOn(state, day).some(
    (criterion) => 'unit' in criterion && criterion.unit && isPercent(criterion.unit),
  )
    ? '%'
    : null;

/** The number that a verdict would see; null where it sees none. */
const numberOf = (figure: Figure, state: Indicator, period: string, unit: string | null): Quantity | null => {
  const quantity = quantityOf(figure, wordingFor(state, period)?.formula ?? null, unit);
  return typeof quantity === 'string' ? null : quantity;
};

const exceeds = ({ over, under }: Quantity, limit: string): boolean => compare(over, mul(limit, under)) > 0;

const isHalved = (now: Quantity, before: Quantity): boolean =>
  compare(mul(mul(now.over, '2'), before.under), mul(before.over, now.under)) <= 0;

/** The figure of the period that ended last before this one's end; of several, the one reported last. */
const lastBefore = (
  { qualifier }: Figure,
  { measurements }: Indicator,
  period: string,
  agencyId: string | null,
): Measurement | undefined => {
  const [ends, end] = [periodEndsOf(measurements), endNumber(period)];
  let [last, lastEnd]: [Measurement | undefined, number] = [undefined, 0];
  for (let at = measurements.length - 1; at >= 0; at--) {
    const [row, rowEnd] = [measurements[at], ends[at]];
    if (!row || !rowEnd || rowEnd >= end || rowEnd <= lastEnd) continue;
    if (row.met !== null || !sameText(row.qualifier, qualifier)) continue;
    if (row.state !== 'accepted' && !(row.state === 'reported' && row.agencyId === agencyId)) continue;
    [last, lastEnd] = [row, rowEnd];
  }
  return last;
};
