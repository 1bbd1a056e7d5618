/** A decimal as text, in canonical form: optional minus, no leading zeros, `.` as the mark, no trailing zeros. */
export type Decimal = string;

/** Milestone of a target: a year (`2030`), every calendar year, or no date at all. */
export type Milestone = string;
export const YEARLY: Milestone = 'yearly';
export const OPEN: Milestone = 'open';

export type Direction = 'higher-is-better' | 'lower-is-better';
export type Relation = '>=' | '>' | '<=' | '<';

/**
 * What a target's notation asks for. `unit` is what stands beside the number in the notation (`%`, `tin, bài`) and is
 * null where it gives none (then the indicator's own unit holds); `qualifier` is part of what is measured
 * (`6G (50%)` is 50 % of qualifier `6G`).
 */
export type Criterion =
  | {
      readonly kind: 'threshold';
      readonly relation: Relation;
      readonly value: Decimal;
      readonly unit: string | null;
      readonly qualifier: string | null;
    }
  | {
      readonly kind: 'between';
      readonly low: Decimal;
      readonly high: Decimal;
      readonly unit: string | null;
      readonly qualifier: string | null;
    }
  /** A place in a ranking; lower is better. */
  | { readonly kind: 'rank'; readonly within: Decimal }
  /** Compared with a recorded benchmark, such as the country's average. */
  | { readonly kind: 'comparative'; readonly relation: Relation; readonly benchmark: string }
  /** A person judges met, partly or not met. */
  | { readonly kind: 'state'; readonly text: string }
  /** "Duy trì": not below a numeric baseline; beside a textual one a state, judged anew each year. */
  | { readonly kind: 'maintain'; readonly text: string }
  /** Relative growth against the year before, in percent per year. `high` is null for a single figure. */
  | { readonly kind: 'growth'; readonly low: Decimal; readonly high: Decimal | null }
  /** Higher than the year before. */
  | { readonly kind: 'rising' }
  /** Every part must hold; a part with a name is judged from the figure's component of that name. */
  | { readonly kind: 'all'; readonly parts: readonly CriterionPart[] }
  /** `-` or empty: no target at this milestone. */
  | { readonly kind: 'none' }
  /** Not understood: waits for a person, never guessed. */
  | { readonly kind: 'unread'; readonly reason: string };

/** Most parts that must hold together: each is named by a letter. */
export const MAX_PARTS = 20;

export interface CriterionPart {
  readonly name: string | null;
  readonly criterion: Criterion;
}
