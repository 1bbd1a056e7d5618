import type { Formula } from '../indicator/events.js';
import type { Baseline, Benchmark, JudgedIndicator } from '../indicator/indicator.js';
import { sameText } from '../same-text.js';
import type { Criterion, Direction } from '../target/criterion.js';
import { entriesUntil, entryAt, valueAt } from '../timeline.js';
import type { CountingFigure } from './figures.js';

/** What holds of an indicator on the day asked about, beside its targets and figures. */
export interface Facts {
  readonly direction: Direction;
  readonly formula: Formula | null;
  readonly baseline: (Baseline & { readonly effectiveOn: string }) | null;
  /** The one that took effect last comes last. */
  readonly benchmarks: readonly Benchmark[];
  /** The indicator's unit on a day; before its first wording, the first. */
  readonly unitOn: (day: string) => string | null;
}

/** What a figure is judged in: the indicator's facts, the day its target was set, and the figures it is compared with. */
export interface Setting {
  readonly facts: Facts;
  readonly setOn: string;
  /** Of the criterion's qualifier, in order of precedence. */
  readonly figures: readonly CountingFigure[];
}

export const factsOf = (indicator: JudgedIndicator, asOf: string): Facts => {
  const first = indicator.wording[0]?.value;
  const wording = valueAt(indicator.wording, asOf) ?? first;
  const baseline = entryAt(indicator.baseline, asOf);
  return {
    direction: wording?.direction ?? 'higher-is-better',
    formula: wording?.formula ?? null,
    baseline: baseline ? { ...baseline.value, effectiveOn: baseline.effectiveOn } : null,
    benchmarks: entriesUntil(indicator.benchmarks, asOf).map(({ value }) => value),
    unitOn: (day) => (valueAt(indicator.wording, day) ?? first)?.unit ?? null,
  };
};

/**
 * The qualifier that a figure must have to count for a criterion. Parts judged by name need none: the name says it.
 * What is maintained is what the baseline measured.
 */
export const qualifierOf = (criterion: Criterion, facts: Facts): string | null => {
  switch (criterion.kind) {
    case 'threshold':
    case 'between':
      return criterion.qualifier;
    case 'maintain':
      return facts.baseline?.value ? facts.baseline.qualifier : null;
    case 'all':
      return (
        criterion.parts
          .filter(({ name }) => name === null)
          .map((part) => qualifierOf(part.criterion, facts))
          .find((qualifier) => qualifier !== null) ?? null
      );
    case 'rank':
    case 'comparative':
    case 'state':
    case 'growth':
    case 'rising':
    case 'none':
    case 'unread':
      return null;
  }
};

/** The figures that measure what the criterion asks about. */
export const withQualifier = (
  figures: readonly CountingFigure[],
  qualifier: string | null,
): readonly CountingFigure[] => figures.filter((figure) => sameText(figure.qualifier, qualifier));

/** Whether a person judges it, met or not: a state, and "Duy trì" beside a baseline that is no number. */
export const isJudged = (criterion: Criterion, facts: Facts): boolean => {
  if (criterion.kind === 'all') return criterion.parts.some((part) => isJudged(part.criterion, facts));
  return criterion.kind === 'state' || (criterion.kind === 'maintain' && !facts.baseline?.value);
};
