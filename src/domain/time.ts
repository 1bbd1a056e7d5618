import { Temporal } from 'temporal-polyfill';

/** Dates are days of this zone; instants are UTC. */
export const ZONE = 'Asia/Ho_Chi_Minh';

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/** Whether a text is an ISO date that exists (`2025-02-29` does not). */
export const isDate = (text: string): boolean => {
  if (!DATE.test(text)) return false;
  try {
    Temporal.PlainDate.from(text, { overflow: 'reject' });
    return true;
  } catch {
    return false;
  }
};

/** An instant as ISO UTC with milliseconds, or null when the text is none (an offset is needed, and is turned into UTC). */
export const instant = (text: string): string | null => {
  if (!INSTANT.test(text)) return null;
  try {
    return Temporal.Instant.from(text).toString({ smallestUnit: 'millisecond' });
  } catch {
    return null;
  }
};

/** The day (ISO) in Asia/Ho_Chi_Minh at an instant (ISO UTC). */
export const dayOf = (instantText: string): string =>
  Temporal.Instant.from(instantText).toZonedDateTimeISO(ZONE).toPlainDate().toString();

export const yearOf = (day: string): number => Number(day.slice(0, 4));

export const endOfYear = (year: number | string): string => `${year}-12-31`;

/** Days from one date to another; negative when the second is earlier. */
export const daysBetween = (from: string, to: string): number =>
  Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to)).days;

/** The day a number of days later (earlier when negative). */
export const plusDays = (day: string, days: number): string =>
  Temporal.PlainDate.from(day).add({ days }).toString();

/** The day a number of months later (earlier when negative); the last day of a shorter month. */
export const plusMonths = (day: string, months: number): string =>
  Temporal.PlainDate.from(day).add({ months }).toString();

/** First and last day of a period: `2026`, `2026-H1`, `2026-Q2`, `2026-06`, `2026-06-30`. Null when it is none. */
export const periodDays = (period: string): { readonly start: string; readonly end: string } | null => {
  const year = period.slice(0, 4);
  if (!/^\d{4}$/.test(year)) return null;
  const rest = period.slice(4);
  if (rest === '') return months(year, 1, 12);
  const part = /^-(?:H([12])|Q([1-4])|(0[1-9]|1[0-2]))$/.exec(rest);
  if (part?.[1]) return months(year, Number(part[1]) * 6 - 5, 6);
  if (part?.[2]) return months(year, Number(part[2]) * 3 - 2, 3);
  if (part?.[3]) return months(year, Number(part[3]), 1);
  return isDate(period) ? { start: period, end: period } : null;
};

const months = (year: string, first: number, count: number) => {
  const start = `${year}-${String(first).padStart(2, '0')}-01`;
  const end = Temporal.PlainDate.from(start).add({ months: count }).subtract({ days: 1 }).toString();
  return { start, end };
};

/** The last day of a period; periods are checked where they enter, so a stored one always has it. */
export const periodEnd = (period: string): string => periodDays(period)?.end ?? period;

/** The same period a year before: `2026-Q2` → `2025-Q2`. */
export const yearBefore = (period: string): string => `${Number(period.slice(0, 4)) - 1}${period.slice(4)}`;
