import { periodEnd } from '../time.js';

/** Most periods whose end is remembered; a plan's reports name a few dozen. */
const MAX_REMEMBERED = 5_000;

const remembered = new Map<string, string>();

/**
 * The last day of a period, remembered: it never changes, every figure of every row asks for it, and the calendar
 * takes longer to find it than all the rest of a verdict takes.
 */
export const endOf = (period: string): string => {
  const known = remembered.get(period);
  if (known !== undefined) return known;
  const end = periodEnd(period);
  if (remembered.size < MAX_REMEMBERED) remembered.set(period, end);
  return end;
};
