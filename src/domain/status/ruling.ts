import type { Criterion } from '../target/criterion.js';
import { type Judgement, judge, type SingleCriterion, throughName } from './criteria.js';
import type { Setting } from './facts.js';
import type { CountingFigure } from './figures.js';
import { progress } from './line.js';
import { asks, type DueTarget } from './milestones.js';
import type { Quantity } from './quantity.js';
import { type Line, type Reason, type Status, type VerdictPart, worst } from './verdict.js';

/** The status that a figure gives a criterion at a milestone, and what it rests on. */
export interface Ruling {
  readonly status: Status;
  readonly reason: Reason | null;
  readonly aboveRange: boolean;
  readonly line: Line | null;
  readonly parts: readonly VerdictPart[];
  /** The number compared, and what with where the notation does not say. */
  readonly quantity: Quantity | null;
  readonly beside: string | null;
}

/** The milestone judged, and the one before it. */
export interface At {
  readonly due: DueTarget;
  readonly previous: DueTarget | null;
}

/** Rules on a figure: met is achieved; not met is missed once the milestone has passed, and before that the line decides. */
export const rule = (criterion: Criterion, figure: CountingFigure, setting: Setting, at: At): Ruling =>
  ruleOn(criterion, null, figure, setting, at);

/** Without a figure: what is unread cannot be assessed, everything else was not reported. */
export const ruleWithout = (criterion: Criterion, reason: Reason): Ruling => {
  if (criterion.kind === 'unread') return ruling('not-assessable', 'unread');
  if (criterion.kind !== 'all') return ruling('not-reported', reason);
  return together(
    criterion.parts
      .filter((part) => asks(part.criterion))
      .map(({ name, criterion: part }) => ({ name, kind: part.kind, ruling: ruleWithout(part, reason) })),
  );
};

/** A ruling that rests on no number. */
export const ruling = (status: Status, reason: Reason | null): Ruling => ({
  ...{ status, reason, aboveRange: false, line: null, parts: [], quantity: null, beside: null },
});

const ruleOn = (
  criterion: Criterion,
  name: string | null,
  figure: CountingFigure,
  setting: Setting,
  at: At,
): Ruling =>
  criterion.kind === 'all'
    ? ruleOnEach(criterion, figure, setting, at)
    : ruleOnOne(criterion, name, figure, setting, at);

const ruleOnEach = (
  { parts }: Extract<Criterion, { kind: 'all' }>,
  figure: CountingFigure,
  setting: Setting,
  at: At,
): Ruling =>
  together(
    parts
      .filter((part) => asks(part.criterion))
      .map(({ name, criterion }) => {
        const seen = throughName(name, figure, setting);
        const ruling = seen
          ? ruleOn(criterion, name, seen.figure, seen.setting, at)
          : ruleWithout(criterion, 'missing-component');
        return { name, kind: criterion.kind, ruling };
      }),
  );

/** All parts must hold, so the worst speaks for them. */
const together = (
  parts: readonly (Pick<VerdictPart, 'name' | 'kind'> & { readonly ruling: Ruling })[],
): Ruling => {
  const status = worst(parts.map((part) => part.ruling.status)) ?? 'not-assessable';
  const speaks = parts.find((part) => part.ruling.status === status)?.ruling ?? ruling(status, null);
  return {
    ...speaks,
    aboveRange: parts.some((part) => part.ruling.aboveRange),
    parts: parts.map(({ name, kind, ruling: { status, reason } }) => ({ name, kind, status, reason })),
  };
};

const ruleOnOne = (
  criterion: SingleCriterion,
  name: string | null,
  figure: CountingFigure,
  setting: Setting,
  at: At,
): Ruling => {
  const judgement = judge(criterion, figure, setting);
  switch (judgement.outcome) {
    case 'not-assessable':
      return ruling('not-assessable', judgement.reason);
    case 'not-judged':
      return ruling(at.due.passed ? 'not-assessable' : 'in-progress', 'not-judged');
    case 'met':
      return { ...ruling('achieved', null), ...compared(judgement) };
    case 'not-met':
      return at.due.passed
        ? { ...ruling('missed', null), ...compared(judgement) }
        : { ...onTheWay(criterion, name, judgement, figure, setting, at), ...compared(judgement) };
  }
};

type Compared = Extract<Judgement, { quantity: Quantity | null }>;

const compared = ({ aboveRange, quantity, beside }: Compared) => ({ aboveRange, quantity, beside });

const onTheWay = (
  criterion: SingleCriterion,
  name: string | null,
  { quantity }: Compared,
  { end }: CountingFigure,
  { facts }: Setting,
  { due, previous }: At,
): Ruling => {
  if (quantity === null) return ruling('in-progress', null);
  const result = progress({ criterion, name, quantity, end, due, previous, facts });
  return typeof result === 'string'
    ? ruling('in-progress', result)
    : { ...ruling(result.status, null), line: result.line };
};
