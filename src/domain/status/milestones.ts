import type { JudgedIndicator, Target } from '../indicator/indicator.js';
import { sameText } from '../same-text.js';
import { type Criterion, type Milestone, OPEN, YEARLY } from '../target/criterion.js';
import { endOfYear, plusDays, yearOf } from '../time.js';
import { type Entry, entriesUntil, entryAt, type Timeline } from '../timeline.js';
import { MAX_YEARS } from './rules.js';
import type { AssessmentContext } from './verdict.js';

/** A target as it holds for one milestone; each year of a yearly target is a milestone. */
export interface DueTarget {
  /** `2030`, a year of a yearly target, or `open`. */
  readonly milestone: Milestone;
  /** Where the target stands: `yearly` for each of its years. */
  readonly standsUnder: Milestone;
  readonly target: Target;
  readonly effectiveOn: string;
  /** Last day of the milestone; null for `open`. */
  readonly endsOn: string | null;
  readonly passed: boolean;
  /** After which day (null: ever), and until which, a person's judgement is about these words and not about others. */
  readonly judged: { readonly after: string | null; readonly until: string | null };
}

/** The indicator's targets as they hold on asOf, the earliest milestone first and `open` last. */
export const dueTargets = (
  indicator: Pick<JudgedIndicator, 'targets'>,
  context: Pick<AssessmentContext, 'asOf' | 'plan'>,
): readonly DueTarget[] =>
  inWords(
    indicator.targets
      .flatMap(({ milestone, timeline }) =>
        milestone === YEARLY ? everyYear(timeline, context) : atMilestone(milestone, timeline, context.asOf),
      )
      .sort(byEnd),
  );

/** The milestone that speaks for the indicator: the earliest that is not passed, else the last. */
export const currentOf = <T extends { readonly passed: boolean }>(due: readonly T[]): T | undefined =>
  due.find(({ passed }) => !passed) ?? due.at(-1);

const YEAR = /^\d{4}$/;

const atMilestone = (
  milestone: Milestone,
  timeline: Timeline<Target | null>,
  asOf: string,
): readonly DueTarget[] => {
  const endsOn = YEAR.test(milestone) ? endOfYear(milestone) : null;
  return dueTarget(endsOn === null ? OPEN : milestone, milestone, entryAt(timeline, asOf), endsOn, asOf).map(
    (due) => ({ ...due, judged: { after: lastDayOfOthers(entriesUntil(timeline, asOf)), until: null } }),
  );
};

/** The last day on which other words were asked for than by the last of these entries; null where there were none. */
const lastDayOfOthers = (entries: Timeline<Target | null>): string | null => {
  const words = entries.at(-1)?.value?.notation ?? null;
  const other = entries.findLastIndex(({ value }) => !sameText(value?.notation ?? null, words));
  const first = entries[other + 1];
  return other < 0 || !first ? null : plusDays(first.effectiveOn, -1);
};

/** Milestones one after the other: what was judged until the end of one is not about the other words of the next. */
const inWords = (due: readonly DueTarget[]): readonly DueTarget[] => {
  const told: DueTarget[] = [];
  for (const [index, one] of due.entries()) {
    const [before, next] = [told.at(-1), due[index + 1]];
    const isNew = before !== undefined && !sameText(before.target.notation, one.target.notation);
    const since = isNew ? before.endsOn : (before?.judged.after ?? null);
    const after = [since, one.judged.after].reduce(later);
    const ends = next !== undefined && !sameText(next.target.notation, one.target.notation);
    told.push({ ...one, judged: { after, until: ends ? one.endsOn : null } });
  }
  return told;
};

const later = (a: string | null, b: string | null): string | null =>
  a === null || (b !== null && b > a) ? b : a;

/** A year is judged by the target that held at its end, so that a target raised later does not judge years gone by. */
const everyYear = (
  timeline: Timeline<Target | null>,
  { asOf, plan }: Pick<AssessmentContext, 'asOf' | 'plan'>,
): readonly DueTarget[] => {
  if (!entryAt(timeline, asOf)?.value) return [];
  const first = yearOf(plan.from);
  const last = Math.min(yearOf(plan.endsOn ?? asOf), first + MAX_YEARS - 1);
  const due: DueTarget[] = [];
  for (let year = first; year <= last; year += 1) {
    const endsOn = endOfYear(year);
    const held = entryAt(timeline, endsOn < asOf ? endsOn : asOf);
    due.push(...dueTarget(String(year), YEARLY, held, endsOn, asOf));
  }
  return due;
};

const dueTarget = (
  milestone: Milestone,
  standsUnder: Milestone,
  held: Entry<Target | null> | undefined,
  endsOn: string | null,
  asOf: string,
): readonly DueTarget[] => {
  const target = held?.value;
  if (!held || !target || !asks(target.criterion)) return [];
  const passed = endsOn !== null && asOf > endsOn;
  const judged = { after: null, until: null };
  return [{ milestone, standsUnder, target, effectiveOn: held.effectiveOn, endsOn, passed, judged }];
};

/** Whether a criterion asks for anything: `-` does not. */
export const asks = (criterion: Criterion): boolean =>
  criterion.kind === 'all' ? criterion.parts.some((part) => asks(part.criterion)) : criterion.kind !== 'none';

const byEnd = (a: DueTarget, b: DueTarget): number => {
  if (a.endsOn === b.endsOn) return 0;
  if (a.endsOn === null || b.endsOn === null) return a.endsOn === null ? 1 : -1;
  return a.endsOn < b.endsOn ? -1 : 1;
};
