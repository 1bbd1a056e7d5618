import type { JudgedIndicator } from '../indicator/indicator.js';
import { assess, ownStatus } from './assess.js';
import { type Around, contextOf } from './context.js';
import { assessGroup, type GroupVerdict } from './group.js';
import { type Assessment, type Status, worst } from './verdict.js';

/** An indicator's own verdict, and what its children say where it is a group. */
export interface Judged {
  readonly status: Status | null;
  readonly assessment: Assessment | null;
  /** Of a group: its children's counts, and whether they or its own target decide. */
  readonly children: GroupVerdict | null;
}

export interface Family extends Around {
  /** Whatever was ever entered under an indicator. */
  readonly childrenOf: (id: string) => readonly JudgedIndicator[];
}

/** Judges an indicator on a day (ISO) together with what stands under it then; what has ended, on its last day. */
export const judge = (indicator: JudgedIndicator, day: string, family: Family): Judged => {
  const context = contextOf(indicator, day, family);
  const assessment = assess(indicator, context);
  const children = standing(indicator, context.asOf, family);
  if (children.length === 0) return { status: assessment?.status ?? null, assessment, children: null };
  const group = assessGroup(
    assessment,
    children.map((child) => judge(child, context.asOf, family).status),
  );
  return { status: group.status, assessment, children: group };
};

/** The status that `judge` gives, and nothing beside it: what decides is looked at, and no more. */
export const statusOf = (indicator: JudgedIndicator, day: string, family: Family): Status | null => {
  const context = contextOf(indicator, day, family);
  return (
    ownStatus(indicator, context) ??
    worst(standing(indicator, context.asOf, family).map((child) => statusOf(child, context.asOf, family)))
  );
};

const standing = ({ id }: JudgedIndicator, day: string, { childrenOf }: Family): readonly JudgedIndicator[] =>
  childrenOf(id).filter(
    ({ adoptedOn, dropped }) => adoptedOn <= day && !(dropped && dropped.effectiveOn <= day),
  );
