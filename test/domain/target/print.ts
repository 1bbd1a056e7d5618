import type { Criterion, Decimal, Relation } from '../../../src/domain/target/criterion.js';
import type { Level } from '../../../src/domain/target/level.js';
import { NATIONAL_AVERAGE } from '../../../src/domain/target/read.js';

/** Writes a decimal as Vietnamese documents do: `1000.5` gives `1.000,5`. `parseVietnamese` reads it back. */
export const printVietnamese = (decimal: Decimal): string => {
  const [whole = '', places] = decimal.split('.');
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, '.');
  return places === undefined ? grouped : `${grouped},${places}`;
};

/**
 * Writes a criterion in the annexes' notation. `readTarget` reads it back to the same criterion on an indicator of the
 * same unit and direction; what is `unread` has no notation of its own and is written `?`.
 */
export const printCriterion = (criterion: Criterion): string => {
  switch (criterion.kind) {
    case 'threshold':
    case 'between':
      return printLevel(criterion);
    case 'rank':
      return `${criterion.within} các tỉnh, thành`;
    case 'comparative':
      return `${SIGNS[criterion.relation]} ${printBenchmark(criterion.benchmark)}`;
    case 'state':
    case 'maintain':
      return criterion.text;
    case 'growth':
      return `mỗi năm tăng trưởng ${printGrowth(criterion.low, criterion.high)}`;
    case 'rising':
      return 'tăng dần';
    case 'all':
      return criterion.parts.map((part) => printCriterion(part.criterion)).join('; ');
    case 'none':
      return '-';
    case 'unread':
      return '?';
  }
};

const SIGNS: Readonly<Record<Relation, string>> = { '>=': '≥', '>': '>', '<=': '≤', '<': '<' };

const printBenchmark = (benchmark: string): string =>
  benchmark === NATIONAL_AVERAGE ? 'mức trung bình chung của cả nước' : benchmark;

const printLevel = (criterion: Level): string => {
  const { unit, qualifier } = criterion;
  const number =
    criterion.kind === 'threshold'
      ? `${SIGNS[criterion.relation]} ${printNumber(criterion.value, unit)}`
      : printRange(criterion.low, criterion.high, unit);
  const quantity = unit === null ? number : `${number}${unit.startsWith('%') ? '' : ' '}${unit}`;
  if (qualifier === null) return quantity;
  return unit === '%' ? `${quantity} ${qualifier}` : `${qualifier} (${quantity})`;
};

const printGrowth = (low: Decimal, high: Decimal | null): string =>
  high === null ? `tối thiểu ${printNumber(low, '%')}%` : `${printRange(low, high, '%')}%`;

const printRange = (low: Decimal, high: Decimal, unit: string | null): string =>
  `từ ${printNumber(low, unit)} đến ${printNumber(high, unit)}`;

/** Of a percentage no thousands are grouped: it could as well have three decimals. */
const printNumber = (number: Decimal, unit: string | null): string =>
  unit?.startsWith('%') ? printVietnamese(number).replaceAll('.', '') : printVietnamese(number);
