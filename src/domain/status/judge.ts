import type { JudgedIndicator } from '../indicator/indicator.js';
import { assess, ownStatus } from './assess.js';
import { assessGroup, type GroupVerdict } from './group.js';
import { type Assessment, type AssessmentContext, type Status, worst } from './verdict.js';

/** An indicator's own verdict, and what its children say where it is a group. */
export interface Judged {
  readonly status: Status | null;
  readonly assessment: Assessment | null;
  /** Of a group: its children's counts, and whether they or its own target decide. */
  readonly children: GroupVerdict | null;
}

/** What stands under an indicator on the asked day, and what each is judged in. */
export interface Family {
  childrenOf(id: string): readonly JudgedIndicator[];
  contextOf(indicator: JudgedIndicator): AssessmentContext;
}

/** Judges an indicator together with everything that stands under it. */
export const judge = (indicator: JudgedIndicator, family: Family): Judged => {
  const assessment = assess(indicator, family.contextOf(indicator));
  const children = family.childrenOf(indicator.id);
  if (children.length === 0) return { status: assessment?.status ?? null, assessment, children: null };
  const group = assessGroup(
    assessment,
    children.map((child) => judge(child, family).status),
  );
  return { status: group.status, assessment, children: group };
};

/** The status that `judge` gives, and nothing beside it: what decides is looked at, and no more. */
export const statusOf = (indicator: JudgedIndicator, family: Family): Status | null =>
  ownStatus(indicator, family.contextOf(indicator)) ??
  worst(family.childrenOf(indicator.id).map((child) => statusOf(child, family)));
