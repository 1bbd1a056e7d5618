import type { Figure, Formula } from '../indicator/events.js';
import type { Decimal } from '../target/criterion.js';
import { add, compare, mul, ratio } from '../target/decimal.js';
import { componentNamed } from './figures.js';
import type { Reason } from './verdict.js';

/** An exact number, `over` divided by `under`; `under` is positive. A share never becomes a rounded percentage. */
export interface Quantity {
  readonly over: Decimal;
  readonly under: Decimal;
}

/** What a number is taken from. */
type Said = Pick<Figure, 'value' | 'components'>;

export const whole = (value: Decimal): Quantity => ({ over: value, under: '1' });

export const compareQuantity = ({ over, under }: Quantity, value: Decimal): -1 | 0 | 1 =>
  compare(over, under === '1' ? value : mul(value, under));

/** The quantity as a decimal, rounded for display only: what is nearly whole is not shown as if it were. */
export const shown = (quantity: Quantity): Decimal => {
  const { over, under } = quantity;
  if (under === '1') return over;
  const rounded = PLACES.map((places) => ratio(over, under, places));
  const tells = (decimal: Decimal) => decimal.includes('.') || compareQuantity(quantity, decimal) === 0;
  return rounded.find(tells) ?? (rounded[0] as Decimal);
};

const PLACES = [4, 8, 16, 32];

/**
 * The number a figure gives in the unit asked for: its components as a share where a formula composes them
 * (in percent, unless the unit is another), else its value; or the reason why it gives none.
 */
export const quantityOf = (figure: Said, formula: Formula | null, unit: string | null): Quantity | Reason => {
  if (figure.components === null) return figure.value === null ? 'no-number' : whole(figure.value);
  const composed = composedBy(figure, formula);
  if (composed === null) return figure.value === null ? 'no-formula' : whole(figure.value);
  const over = sumOf(figure, composed.numerator);
  if (over === null) return 'missing-component';
  if (composed.denominator.length === 0) return whole(over);
  const under = sumOf(figure, composed.denominator);
  if (under === null) return 'missing-component';
  return divided(isPercent(unit) ? mul(over, '100') : over, under);
};

/** Whether a figure's components are put together as one number divided by another. */
export const isQuotient = (figure: Said, formula: Formula | null): boolean =>
  (composedBy(figure, formula)?.denominator.length ?? 0) > 0;

const composedBy = ({ components }: Said, formula: Formula | null): Formula | null =>
  components === null ? null : (formula ?? (isPair(components) ? PAIR : null));

/** Components named exactly a and b are the share a/b, as the annexes write it. */
const PAIR: Formula = { numerator: ['a'], denominator: ['b'] };

const isPair = (components: readonly { readonly name: string }[]): boolean =>
  components.length === 2 && ['a', 'b'].every((name) => components.some((row) => row.name === name));

export const isPercent = (unit: string | null): boolean => unit === null || unit.includes('%');

const sumOf = (figure: Said, names: readonly string[]): Decimal | null => {
  let sum: Decimal | null = null;
  for (const name of names) {
    const value: Decimal | null = componentNamed(figure, name)?.value ?? null;
    if (value === null) return null;
    sum = sum === null ? value : add(sum, value);
  }
  return sum;
};

const divided = (over: Decimal, under: Decimal): Quantity | Reason => {
  const sign = compare(under, '0');
  if (sign === 0) return 'zero-denominator';
  return sign > 0 ? { over, under } : { over: mul(over, '-1'), under: mul(under, '-1') };
};
