import type { Decimal } from '../target/criterion.js';
import { parseVietnamese } from '../target/decimal.js';

const PLAIN = /^(?:đã\s+đạt|đạt)?\s*(\d[\d.,]*)\s*(%|[\p{L} ]*)$/iu;

/**
 * The number of a baseline, only where its notation plainly is one: `Đã đạt 75,5%`, `76`, `23 doanh nghiệp`;
 * not `13/21`, `Đã đạt`, `60-70 sinh viên` or `8713 người được tập huấn (đạt 2.65%)`.
 */
export const readBaseline = (notation: string): { value: Decimal; unit: string | null } | null => {
  const match = PLAIN.exec(notation.normalize('NFC').trim());
  const value = match?.[1] ? parseVietnamese(match[1]) : null;
  if (value === null) return null;
  return { value, unit: match?.[2]?.trim() || null };
};
