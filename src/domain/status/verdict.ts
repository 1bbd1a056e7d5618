import type { Figure } from '../indicator/events.js';
import type { Criterion, Decimal, Milestone } from '../target/criterion.js';
import type { RULE } from './rules.js';

/** Every status, worst first: the order in which a group, or a target of several criteria, takes its own. */
export const STATUSES = [
  'missed',
  'behind',
  'at-risk',
  'not-reported',
  'not-assessable',
  'in-progress',
  'on-track',
  'achieved',
] as const;
export type Status = (typeof STATUSES)[number];

/** The worst of some statuses, null being none; null when there is none at all. */
export const worst = (statuses: Iterable<Status | null>): Status | null => {
  const present = new Set(statuses);
  return STATUSES.find((status) => present.has(status)) ?? null;
};

/** Why a status is what it is, as a stable code. */
export type Reason =
  // not-reported
  | 'no-figure'
  | 'no-figure-in-last-year'
  | 'other-qualifier'
  | 'awaiting-members'
  | 'not-summable'
  | 'missing-component'
  // not-assessable
  | 'unread'
  | 'missing-benchmark'
  | 'no-previous-year'
  | 'previous-year-zero'
  | 'field-changed'
  | 'unit-changed'
  | 'other-unit'
  | 'no-number'
  | 'no-formula'
  | 'zero-denominator'
  // a state that nobody has judged: in-progress, and not-assessable once the milestone has passed
  | 'not-judged'
  | 'not-judged-this-year'
  | 'no-figure-this-year'
  // in-progress: why there is no line to compare with
  | 'open'
  | 'no-threshold'
  | 'no-start'
  | 'start-not-comparable'
  | 'start-meets-target'
  | 'figure-before-start'
  | 'beyond-range';

/** What was asked for; `milestone` is where the target stands, `yearly` for each of its years. */
export interface VerdictTarget {
  readonly milestone: Milestone;
  readonly notation: string;
  readonly criterion: Criterion;
  readonly effectiveOn: string;
}

/** The figure that a verdict rests on, or the last one where none of the milestone's last year exists. */
export interface VerdictMeasurement extends Pick<Figure, 'value' | 'met' | 'components' | 'qualifier'> {
  /** Null for the sum of a collective's figures, whose ids are in `summedFrom`. */
  readonly id: string | null;
  readonly summedFrom: readonly string[];
  readonly period: string;
  readonly state: 'reported' | 'accepted';
}

/** The straight line a figure is held against; days are ISO, `at` and `ratio` are rounded for display only. */
export interface Line {
  readonly from: {
    readonly value: Decimal;
    readonly on: string;
    readonly source: 'baseline' | 'milestone';
  };
  readonly to: { readonly value: Decimal; readonly on: string };
  /** What the line expects at the end of the figure's period. */
  readonly at: { readonly value: Decimal; readonly on: string };
  readonly ratio: Decimal;
}

/** One of several criteria that must all hold. */
export interface VerdictPart {
  readonly name: string | null;
  /** What it asks for: several without a name are told apart by it. */
  readonly kind: Criterion['kind'];
  readonly status: Status;
  readonly reason: Reason | null;
}

/** How an indicator stands against one milestone on a day, and why. */
export interface Verdict {
  readonly status: Status;
  readonly reason: Reason | null;
  /** A figure for the milestone was due and there is none. */
  readonly overdue: boolean;
  /** The figure used has not been accepted. */
  readonly provisional: boolean;
  /** The figure used is of a period that ended over 18 months ago. */
  readonly stale: boolean;
  readonly aboveRange: boolean;
  /** Missed, yet a later figure meets the target. */
  readonly reachedLater: boolean;
  /** `2030`, a year of a yearly target, or `open`. */
  readonly milestone: Milestone;
  readonly target: VerdictTarget;
  readonly measurement: VerdictMeasurement | null;
  readonly line: Line | null;
  readonly parts: readonly VerdictPart[];
  readonly rule: typeof RULE;
  /** One plain sentence with the numbers used. */
  readonly because: string;
}

/** The indicator's verdict, with that of each of its milestones beside it, the earliest first. */
export interface Assessment extends Verdict {
  readonly milestones: readonly Verdict[];
}

export interface AssessmentContext {
  /** The day asked about (ISO), included. */
  readonly asOf: string;
  /** `accepted` leaves out the figures that are not accepted yet. */
  readonly figures: 'all' | 'accepted';
  /** The plan's first day, and its last where it has one (ISO). */
  readonly plan: { readonly from: string; readonly endsOn: string | null };
  /** Null when no collective leads on asOf. */
  readonly collective: Collective | null;
}

/** Who leads an indicator together. */
export interface Collective {
  /** The members, on asOf, of each collective that leads. */
  readonly groups: readonly (readonly string[])[];
  /** Whoever leads beside it, or led on another day: what one of these reports stands for itself, unless it is a member. */
  readonly named: ReadonlySet<string>;
}
