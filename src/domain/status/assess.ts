import type { JudgedIndicator } from '../indicator/indicator.js';
import type { Criterion } from '../target/criterion.js';
import { plusMonths } from '../time.js';
import { because } from './because.js';
import { isCountedAnew, meets } from './criteria.js';
import { type Facts, factsOf, isJudged, qualifierOf, type Setting, withQualifier } from './facts.js';
import {
  type CountingFigure,
  type CountingFigures,
  countingFigures,
  decidingFigures,
  onePerPeriodEnd,
} from './figures.js';
import { currentOf, type DueTarget, dueTargets } from './milestones.js';
import { RULE, STALE_AFTER_MONTHS } from './rules.js';
import { type Ruling, rule, ruleWithout, ruling } from './ruling.js';
import type {
  Assessment,
  AssessmentContext,
  Reason,
  Status,
  Verdict,
  VerdictMeasurement,
} from './verdict.js';

/**
 * How an indicator stands on a day, by rule set `assessment.v1`: the verdict of its earliest milestone that is not
 * passed, else of the last, with every milestone's own beside it. Null when it has no target on that day.
 */
export const assess = (indicator: JudgedIndicator, context: AssessmentContext): Assessment | null => {
  const due = dueTargets(indicator, context);
  if (due.length === 0) return null;
  const known = knownOf(indicator, context);
  const milestones = due.map((target, index) => ({
    passed: target.passed,
    verdict: verdictOn(target, due[index - 1] ?? null, known),
  }));
  const current = currentOf(milestones);
  return current ? { ...current.verdict, milestones: milestones.map(({ verdict }) => verdict) } : null;
};

/**
 * The status that `assess` gives, without what explains it: only the milestone that speaks for the indicator is ruled
 * on, and nothing is put into words. Null when it has no target on that day.
 */
export const ownStatus = (indicator: JudgedIndicator, context: AssessmentContext): Status | null => {
  const due = dueTargets(indicator, context);
  const current = currentOf(due);
  if (!current) return null;
  const previous = due[due.indexOf(current) - 1] ?? null;
  return ruledOn(current, previous, decidingOn(current, indicator, context)).ruled.status;
};

/** As `knownOf`, with no more figures than the status at one milestone rests on. */
const decidingOn = (due: DueTarget, indicator: JudgedIndicator, context: AssessmentContext): Known => {
  const { target, milestone } = due;
  if (context.collective !== null || looksBack(target.criterion)) return knownOf(indicator, context);
  const facts = factsOf(indicator, context.asOf);
  const qualifier = qualifierOf(target.criterion, facts);
  const year = yearOwed(due, facts, context.asOf) ?? milestone;
  const counting = decidingFigures(indicator, context, qualifier, year);
  return { facts, figures: { counting, unsummed: null }, asOf: context.asOf };
};

/** Whether a criterion compares a figure with earlier ones. */
const looksBack = (criterion: Criterion): boolean =>
  criterion.kind === 'all'
    ? criterion.parts.some((part) => looksBack(part.criterion))
    : criterion.kind === 'growth' || criterion.kind === 'rising';

interface Known {
  readonly facts: Facts;
  readonly figures: CountingFigures;
  readonly asOf: string;
}

const knownOf = (indicator: JudgedIndicator, context: AssessmentContext): Known => ({
  facts: factsOf(indicator, context.asOf),
  figures: countingFigures(indicator, context),
  asOf: context.asOf,
});

/** What follows at one milestone, and the figure that it rests on; null where there is none to rest on. */
const ruledOn = (due: DueTarget, previous: DueTarget | null, known: Known) => {
  const { facts } = known;
  const { criterion } = due.target;
  const figures = withQualifier(known.figures.counting, qualifierOf(criterion, facts));
  const setting: Setting = { facts, setOn: due.effectiveOn, figures };
  const own = criterion.kind === 'unread' ? null : figureFor(due, setting, known.asOf);
  const ruled = own ? rule(criterion, own, setting, { due, previous }) : withoutFigure(due, figures, known);
  return { ruled, own, setting };
};

const verdictOn = (due: DueTarget, previous: DueTarget | null, known: Known): Verdict => {
  const { asOf } = known;
  const { criterion } = due.target;
  const { ruled, own, setting } = ruledOn(due, previous, known);
  const figure = own ?? setting.figures[0] ?? null;
  const later = ruled.status === 'missed' ? laterMet(due, setting) : null;
  return {
    status: ruled.status,
    reason: ruled.reason,
    overdue: ruled.status === 'not-reported' && due.passed,
    provisional: own !== null && own.state !== 'accepted',
    stale: own !== null && isStale(own, asOf),
    aboveRange: ruled.aboveRange,
    reachedLater: later !== null,
    milestone: due.milestone,
    target: {
      milestone: due.standsUnder,
      notation: due.target.notation,
      criterion,
      effectiveOn: due.effectiveOn,
    },
    measurement: figure && measurementOf(figure),
    line: ruled.line,
    parts: ruled.parts,
    rule: RULE,
    because: because({ ruling: ruled, figure, used: own !== null, due, asOf, later }),
  };
};

/** The figure that decides on a milestone: the newest, but one of the year that it owes. */
const figureFor = (due: DueTarget, { facts, figures }: Setting, asOf: string): CountingFigure | null => {
  const year = yearOwed(due, facts, asOf);
  const about = isJudged(due.target.criterion, facts) ? figures.filter(isAbout(due)) : figures;
  return (year === null ? about[0] : about.find(({ end }) => end.slice(0, 4) === year)) ?? null;
};

/** Whether a person's judgement is about the words of this target. */
const isAbout =
  ({ judged: { after, until } }: DueTarget) =>
  ({ end }: Pick<CountingFigure, 'end'>): boolean =>
    (after === null || end > after) && (until === null || end <= until);

/**
 * The year of which a figure must be; null where the newest will do. A milestone that has passed owes its last year, what
 * is asked for each year anew that year, and what is to be maintained, and a person judges, the year asked about.
 */
const yearOwed = (due: DueTarget, facts: Facts, asOf: string): string | null => {
  const { criterion } = due.target;
  const isYearly = due.milestone !== due.standsUnder && due.endsOn !== null;
  if (due.passed) return due.milestone;
  if (isYearly && (isJudged(criterion, facts) || isCountedAnew(criterion, facts, asOf))) return due.milestone;
  return criterion.kind === 'maintain' && isJudged(criterion, facts) ? asOf.slice(0, 4) : null;
};

const withoutFigure = (due: DueTarget, figures: readonly CountingFigure[], known: Known): Ruling => {
  const { criterion } = due.target;
  if (due.passed || figures.length === 0 || criterion.kind === 'unread')
    return ruleWithout(criterion, figures.length > 0 ? 'no-figure-in-last-year' : absence(known.figures));
  if (!isJudged(criterion, known.facts)) return ruling('in-progress', 'no-figure-this-year');
  const isOwed = yearOwed(due, known.facts, known.asOf) !== null;
  return ruling('in-progress', isOwed ? 'not-judged-this-year' : 'not-judged');
};

const absence = ({ counting, unsummed }: CountingFigures): Reason =>
  counting.length > 0 ? 'other-qualifier' : (unsummed ?? 'no-figure');

/** The first figure after a passed milestone that meets its target. */
const laterMet = (due: DueTarget, setting: Setting): CountingFigure | null =>
  onePerPeriodEnd(setting.figures)
    .filter(({ end }) => due.endsOn !== null && end > due.endsOn)
    .filter((figure) => !isJudged(due.target.criterion, setting.facts) || isAbout(due)(figure))
    .findLast((figure) => meets(due.target.criterion, figure, setting)) ?? null;

/** Within one year nothing is stale, so that the calendar is asked only of older figures. */
const isStale = ({ end }: CountingFigure, asOf: string): boolean =>
  end.slice(0, 4) !== asOf.slice(0, 4) && plusMonths(end, STALE_AFTER_MONTHS) < asOf;

const measurementOf = (figure: CountingFigure): VerdictMeasurement => {
  const { id, summedFrom, period, value, met, components, qualifier, state } = figure;
  return { id, summedFrom, period, value, met, components, qualifier, state };
};
