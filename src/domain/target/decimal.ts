import Big from 'big.js';
import type { Decimal } from './criterion.js';

/** Most digits that a decimal may have on entry, those before and after the mark taken together. */
export const MAX_DIGITS = 30;

/** How a decimal is written. Both parts are bounded, so that a text of any length is refused without being parsed. */
export const PLAIN = /^-?\d{1,30}(?:\.\d{1,30})?$/;

/**
 * The canonical form of a decimal as JSON and events write it: `99.70` gives `99.7`, `-0` gives `0`.
 * Null for anything else: `1e5`, `NaN`, `1,5`, `+1`, `.5`, ` 1`, or more than 30 digits.
 */
export const canonicalDecimal = (text: string): Decimal | null => {
  if (!PLAIN.test(text)) return null;
  const decimal = printed(new Big(text));
  return digits(decimal) > MAX_DIGITS ? null : decimal;
};

/** Whether a text can be taken as a decimal; `canonicalDecimal` gives the form to keep. */
export const isDecimal = (text: string): boolean => canonicalDecimal(text) !== null;

const WHOLE = /^-?\d+$/;
const THOUSANDS = /^-?[1-9]\d{0,2}(?:\.\d{3})+$/;
const WITH_COMMA = /^(-?(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+)),(\d+)$/;
// A dot before anything but three digits, or after a lone 0, cannot group thousands.
const WITH_DOT = /^-?(?:\d+\.(?:\d{1,2}|\d{4,})|0\.\d{3})$/;

/**
 * Reads a number as Vietnamese documents write it: a comma is the decimal mark and dots group thousands (`1.000,5`),
 * yet a dot that can group nothing is a decimal mark too (`0.73`, `52.97`). Leading zeros are dropped (`05`).
 * Null for what is malformed or can be taken in two ways (`1.00.000`, `1,000,000`, `1000.500`, `01.000`).
 */
export const parseVietnamese = (text: string): Decimal | null => {
  const number = text.trim();
  if (WHOLE.test(number) || WITH_DOT.test(number)) return canonicalDecimal(number);
  if (THOUSANDS.test(number)) return canonicalDecimal(number.replaceAll('.', ''));
  const [, whole, places] = WITH_COMMA.exec(number) ?? [];
  return whole && places ? canonicalDecimal(`${whole.replaceAll('.', '')}.${places}`) : null;
};

/** Whether a number is only one if its dots group thousands: of a percentage nobody can say that they do. */
export const isGrouped = (text: string): boolean => THOUSANDS.test(text.trim());

/** Most numbers that are kept as they were read: targets, baselines and figures name the same few again and again. */
const MAX_KEPT_NUMBERS = 10_000;
const kept = new Map<Decimal, Big>();

const numberOf = (decimal: Decimal): Big => {
  const known = kept.get(decimal);
  if (known !== undefined) return known;
  const number = new Big(decimal);
  if (kept.size < MAX_KEPT_NUMBERS) kept.set(decimal, number);
  return number;
};

export const compare = (a: Decimal, b: Decimal): -1 | 0 | 1 => (a === b ? 0 : numberOf(a).cmp(numberOf(b)));

/** Exact, as `sub` and `mul` are: a result may have more digits than an entry. */
export const add = (a: Decimal, b: Decimal): Decimal => printed(numberOf(a).plus(numberOf(b)));
export const sub = (a: Decimal, b: Decimal): Decimal => printed(numberOf(a).minus(numberOf(b)));
export const mul = (a: Decimal, b: Decimal): Decimal => printed(numberOf(a).times(numberOf(b)));

/**
 * Compares the share numerator/denominator with a percentage, exactly and without dividing: 9996/10000 is below `100`.
 * @throws RangeError when the denominator is 0
 */
export const compareShare = (numerator: Decimal, denominator: Decimal, percent: Decimal): -1 | 0 | 1 => {
  const share = mul(numerator, '100');
  const asked = mul(percent, nonZero(denominator));
  return compare(denominator, '0') > 0 ? compare(share, asked) : compare(asked, share);
};

/**
 * a/b to so many decimal places, half to even. For display only: a verdict never rests on a rounded number.
 * @throws RangeError when b is 0
 */
export const ratio = (a: Decimal, b: Decimal, places = 4): Decimal =>
  printed(new (roundedTo(places))(a).div(nonZero(b)));

const rounding = new Map<number, typeof Big>();

const roundedTo = (places: number): typeof Big => {
  const known = rounding.get(places);
  if (known !== undefined) return known;
  const Rounded = Big();
  Rounded.DP = places;
  Rounded.RM = Big.roundHalfEven;
  rounding.set(places, Rounded);
  return Rounded;
};

const nonZero = (decimal: Decimal): Decimal => {
  if (compare(decimal, '0') === 0) throw new RangeError('There is no share of 0.');
  return decimal;
};

const printed = (big: Big): Decimal => big.toFixed();

/** A lone 0 before the mark is no digit of the number, the zeros after it are. */
const digits = (decimal: Decimal): number => decimal.replace(/^-?(?:0\.)?|\./g, '').length;
