/**
 * Dates are days of Asia/Ho_Chi_Minh, as ISO text; instants are UTC. Days compare as text. The calendar is that of the
 * language's Date, always given an instant and never asked for the present one.
 */

const MS_PER_DAY = 86_400_000;
/** Vietnam has been seven hours ahead of UTC, without summer time, since before the first plan. */
const ZONE_OFFSET_MS = 7 * 3_600_000;

/** The hour (UTC) in which it is midnight in Vietnam. */
const MIDNIGHT_HOUR = '17';

const DAY_LENGTH = 'YYYY-MM-DD'.length;
const [HOUR_FROM, HOUR_TO] = ['YYYY-MM-DDT'.length, 'YYYY-MM-DDTHH'.length];
/** There was no such year: after the last one before Christ came the year 1. */
const NO_YEAR = '0000';

const DATE = /^\d{4}-\d{2}-\d{2}$/;
/** How an instant is written; its day has to exist, too. */
export const INSTANT =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

const toMs = (day: string): number => Date.parse(`${day}T00:00:00Z`);
const toDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Whether a text is an ISO date that exists (`2025-02-29` does not, and there was no year 0). */
export const isDate = (text: string): boolean => {
  if (!DATE.test(text) || text.startsWith(NO_YEAR)) return false;
  const ms = toMs(text);
  return !Number.isNaN(ms) && toDay(ms) === text;
};

/** An instant as ISO UTC with milliseconds, or null when the text is none (an offset is needed, and is turned into UTC). */
export const instant = (text: string): string | null => {
  const day = INSTANT.exec(text)?.[1];
  if (day === undefined || !isDate(day)) return null;
  const utc = new Date(Date.parse(text)).toISOString();
  // Instants are compared as texts; a year before 0 or after 9999 would begin with a sign.
  return /^\d/.test(utc) ? utc : null;
};

/** The day (ISO) in Asia/Ho_Chi_Minh at an instant (ISO UTC). */
export const dayOf = (instantText: string): string =>
  // Every event is asked for its day: until midnight there, it is the one in the text.
  instantText.endsWith('Z') && instantText.slice(HOUR_FROM, HOUR_TO) < MIDNIGHT_HOUR
    ? instantText.slice(0, DAY_LENGTH)
    : toDay(Date.parse(instantText) + ZONE_OFFSET_MS);

export const yearOf = (day: string): number => Number(day.slice(0, 4));

export const endOfYear = (year: number | string): string => `${year}-12-31`;

/** A day as a number, which is compared faster than a text: `2026-06-30` is 20260630. */
export const dayNumber = (day: string): number =>
  Number(day.slice(0, 4)) * 10_000 + Number(day.slice(5, 7)) * 100 + Number(day.slice(8));

/** Days from one date to another; negative when the second is earlier. */
export const daysBetween = (from: string, to: string): number => (toMs(to) - toMs(from)) / MS_PER_DAY;

/** The day a number of days later (earlier when negative). */
export const plusDays = (day: string, days: number): string => toDay(toMs(day) + days * MS_PER_DAY);

/** The day a number of months later (earlier when negative); the last day of a shorter month. */
export const plusMonths = (day: string, months: number): string => {
  const date = new Date(toMs(day));
  const wanted = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  date.setUTCDate(Math.min(wanted, daysInMonth(date.getUTCFullYear(), date.getUTCMonth())));
  return toDay(date.getTime());
};

/** Days of a month (0 to 11). */
const daysInMonth = (year: number, month: number): number => {
  if (month !== 1) return month === 3 || month === 5 || month === 8 || month === 10 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
};

/** First and last day of a period: `2026`, `2026-H1`, `2026-Q2`, `2026-06`, `2026-06-30`. Null when it is none. */
export const periodDays = (period: string): ReturnType<typeof daysOf> =>
  period.startsWith(NO_YEAR) ? null : daysOf(period);

/** As `periodDays`, whatever the year: what is stored once was taken. */
const daysOf = (period: string): { readonly start: string; readonly end: string } | null => {
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
  const last = first + count - 1;
  return {
    start: `${year}-${twoDigits(first)}-01`,
    end: `${year}-${twoDigits(last)}-${daysInMonth(Number(year), last - 1)}`,
  };
};

const twoDigits = (number: number): string => String(number).padStart(2, '0');

/** Most periods whose end is kept: every figure of every row is of one of the same few. */
const MAX_KEPT_ENDS = 10_000;
const ends = new Map<string, string>();

/** The last day of a period; periods are checked where they enter, so a stored one always has it. */
export const periodEnd = (period: string): string => {
  // A day ends its own period, and nothing else is as long.
  if (period.length === DAY_LENGTH) return period;
  const known = ends.get(period);
  if (known !== undefined) return known;
  const end = daysOf(period)?.end ?? period;
  if (ends.size < MAX_KEPT_ENDS) ends.set(period, end);
  return end;
};

/** First day of a period; of a text that is none, the text itself. */
export const periodStart = (period: string): string => daysOf(period)?.start ?? period;

/** The same period a year before: `2026-Q2` → `2025-Q2`. */
export const yearBefore = (period: string): string => `${Number(period.slice(0, 4)) - 1}${period.slice(4)}`;
