import { plusDays } from '../time.js';

type End = { readonly effectiveOn: string } | null;

/**
 * The day (ISO) to assess when something ended what is due (the indicator was dropped, the plan superseded): the last
 * day before the earliest end, or asOf itself when nothing had ended by then. The caller marks what has ended.
 */
export const assessmentDay = (asOf: string, ...endedOn: readonly (string | null)[]): string => {
  let day = asOf;
  for (const end of endedOn) if (end !== null && end <= day) day = plusDays(end, -1);
  return day;
};

/** The day (ISO) to read who holds a subject: what has ended, or is in a closed plan, keeps the holder of its last day. */
export const heldOn = (
  day: string,
  { dropped }: { readonly dropped: End },
  plan: { readonly closed: End } | null | undefined,
): string => assessmentDay(day, dropped?.effectiveOn ?? null, plan?.closed?.effectiveOn ?? null);
