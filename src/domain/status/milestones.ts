import type { JudgedIndicator, Target } from '../indicator/indicator.js';
import { type Criterion, type Milestone, OPEN, YEARLY } from '../target/criterion.js';
import { endOfYear, yearOf } from '../time.js';
import { type Entry, entryAt, type Timeline } from '../timeline.js';
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
}

/** The indicator's targets as they hold on asOf, the earliest milestone first and `open` last. */
export const dueTargets = (
  indicator: Pick<JudgedIndicator, 'targets'>,
  context: Pick<AssessmentContext, 'asOf' | 'plan'>,
): readonly DueTarget[] =>
  indicator.targets
    .flatMap(({ milestone, timeline }) =>
      milestone === YEARLY ? everyYear(timeline, context) : atMilestone(milestone, timeline, context.asOf),
    )
    .sort(byEnd);

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
  return dueTarget(endsOn === null ? OPEN : milestone, milestone, entryAt(timeline, asOf), endsOn, asOf);
};

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
  return [{ milestone, standsUnder, target, effectiveOn: held.effectiveOn, endsOn, passed }];
};

/** Whether a criterion asks for anything: `-` does not. */
export const asks = (criterion: Criterion): boolean =>
  criterion.kind === 'all' ? criterion.parts.some((part) => asks(part.criterion)) : criterion.kind !== 'none';

const byEnd = (a: DueTarget, b: DueTarget): number => {
  if (a.endsOn === b.endsOn) return 0;
  if (a.endsOn === null || b.endsOn === null) return a.endsOn === null ? 1 : -1;
  return a.endsOn < b.endsOn ? -1 : 1;
};
