import type { Decimal } from '../target/criterion.js';
import { isGrouped, parseVietnamese } from '../target/decimal.js';
import { isName } from '../target/level.js';

// Letters that cling to a number are part of it: "5G" is no five of anything.
const PLAIN = /^(?:đã\s+đạt|đạt)?\s*(\d[\d.,]*)(?:\s*(%)|\s+(\p{L}[\p{L} ]*))?$/iu;
const OPEN_ENDED = /^(?:trở|trong)(?!\p{L})/iu;

/**
 * The number of a baseline, only where its notation plainly is one: `Đã đạt 75,5%`, `76`, `23 doanh nghiệp`;
 * not `13/21`, `Đã đạt`, `60-70 sinh viên` or `8713 người được tập huấn (đạt 2.65%)`.
 */
export const readBaseline = (notation: string): { value: Decimal; unit: string | null } | null => {
  const [, number = '', share, words] = PLAIN.exec(notation.normalize('NFC').trim()) ?? [];
  const value = parseVietnamese(number);
  if (value === null || (share !== undefined && isGrouped(number))) return null;
  if (words !== undefined && (!isName(words) || OPEN_ENDED.test(words))) return null;
  return { value, unit: share ?? words ?? null };
};
