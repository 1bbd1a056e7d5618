import type { Figure } from '../indicator/events.js';
import type { JudgedIndicator } from '../indicator/indicator.js';
import type { JudgedFigure } from '../indicator/measurement.js';
import { plainly, sameText } from '../same-text.js';
import type { Decimal } from '../target/criterion.js';
import { add } from '../target/decimal.js';
import { periodEnd, periodStart } from '../time.js';
import type { AssessmentContext } from './verdict.js';

/** A figure that counts on the day asked about: its period has ended, and it was neither returned nor retracted. */
export interface CountingFigure extends Pick<Figure, 'value' | 'met' | 'components' | 'qualifier'> {
  /** Null for the sum of a collective's figures, whose ids are in `summedFrom`. */
  readonly id: string | null;
  readonly summedFrom: readonly string[];
  readonly period: string;
  /** Last day of the period. */
  readonly end: string;
  readonly state: 'reported' | 'accepted';
  readonly sequence: number;
}

export interface CountingFigures {
  /** The first is the one to rest on: latest period end, then longest period, then accepted, then last recorded. */
  readonly counting: readonly CountingFigure[];
  /** Why the last period of which members of the collective reported anything has no sum; null where it has one. */
  readonly unsummed: Unsummed | null;
}

type Unsummed = 'awaiting-members' | 'not-summable';

type Context = Pick<AssessmentContext, 'asOf' | 'figures' | 'collective'>;

/** The figures that count on asOf, the one to rest on first. */
export const countingFigures = (
  { measurements }: Pick<JudgedIndicator, 'measurements'>,
  context: Context,
): CountingFigures => {
  const single = measurements.filter((measurement) => counts(measurement, context)).map(figureOf);
  if (context.collective === null) return { counting: single.sort(byPrecedence), unsummed: null };
  const { groups, named } = context.collective;
  const members = new Set(groups.flat());
  const { sums, unsummed } = summed(
    single,
    members,
    groups.every(({ length }) => length > 0),
  );
  const alone = single.filter(
    ({ agencyId }) => agencyId === null || (named.has(agencyId) && !members.has(agencyId)),
  );
  return { counting: [...alone, ...sums].sort(byPrecedence), unsummed };
};

/**
 * Of an indicator's own figures with a qualifier, those that can decide: the one to rest on, and the one to rest on of a
 * year, in this order. The same that come first in `countingFigures`, found without putting all of them in order.
 */
export const decidingFigures = (
  { measurements }: Pick<JudgedIndicator, 'measurements'>,
  context: Context,
  qualifier: string | null,
  year: string,
): readonly CountingFigure[] => {
  let newest: Dated | null = null;
  let ofYear: Dated | null = null;
  for (const measurement of measurements) {
    if (!stands(measurement, context) || !sameText(measurement.qualifier, qualifier)) continue;
    const end = periodEnd(measurement.period);
    if (end > context.asOf) continue;
    const dated = { measurement, end };
    if (newest === null || precedes(dated, newest)) newest = dated;
    if (end.startsWith(year) && (ofYear === null || precedes(dated, ofYear))) ofYear = dated;
  }
  if (newest === null) return [];
  const first = figureOf(newest.measurement);
  return ofYear === null || ofYear === newest ? [first] : [first, figureOf(ofYear.measurement)];
};

interface Dated {
  readonly measurement: JudgedFigure;
  readonly end: string;
}

const precedes = (a: Dated, b: Dated): boolean => order(a.measurement, a.end, b.measurement, b.end) < 0;

/** Of each period end the figure that wins there, the latest first. */
export const onePerPeriodEnd = (figures: readonly CountingFigure[]): readonly CountingFigure[] =>
  figures.filter(({ end }, index) => figures[index - 1]?.end !== end);

export const componentNamed = ({ components }: Pick<Figure, 'components'>, name: string) =>
  components?.find((row) => sameText(row.name, name));

/** The figure seen through one of its components; null when it does not have it. */
export const component = (figure: CountingFigure, name: string): CountingFigure | null => {
  const found = componentNamed(figure, name);
  return found ? { ...figure, value: found.value, components: null, met: null } : null;
};

interface Single extends CountingFigure {
  readonly id: string;
  readonly agencyId: string | null;
}

/** Whether a figure was neither returned nor retracted, nor waits where only accepted ones count. */
const stands = ({ state }: JudgedFigure, { figures }: Context): boolean =>
  state === 'accepted' || (state === 'reported' && figures === 'all');

/** Whether a figure counts on the day: it stands, and its period has ended. */
const counts = (measurement: JudgedFigure, context: Context): boolean =>
  stands(measurement, context) && periodEnd(measurement.period) <= context.asOf;

const figureOf = (measurement: JudgedFigure): Single => {
  const { id, agencyId, period, value, met, components, qualifier, state, sequence } = measurement;
  const end = periodEnd(period);
  const counting = state as Single['state'];
  // biome-ignore format: one literal, no copy of another
  return { id, summedFrom: [], agencyId, period, end, value, met, components, qualifier, state: counting, sequence };
};

const byPrecedence = (a: CountingFigure, b: CountingFigure): number => order(a, a.end, b, b.end);

type Ordered = Pick<JudgedFigure, 'period' | 'state' | 'sequence'>;

/** Of periods that end together, the year tells more than its last quarter. */
const order = (a: Ordered, aEnd: string, b: Ordered, bEnd: string): number => {
  if (aEnd !== bEnd) return aEnd < bEnd ? 1 : -1;
  if (a.period !== b.period) return periodStart(a.period) < periodStart(b.period) ? -1 : 1;
  if (a.state !== b.state) return a.state === 'accepted' ? -1 : 1;
  return b.sequence - a.sequence;
};

/** A member's figure never stands for the whole: only the sum over every member does, of collectives that all have members. */
const summed = (
  single: readonly Single[],
  members: ReadonlySet<string>,
  isWhole: boolean,
): { readonly sums: readonly CountingFigure[]; readonly unsummed: Unsummed | null } => {
  const periods = new Map<string, Single[]>();
  for (const figure of single) {
    if (figure.agencyId === null || !members.has(figure.agencyId)) continue;
    const key = JSON.stringify([figure.period, figure.qualifier && plainly(figure.qualifier)]);
    periods.set(key, [...(periods.get(key) ?? []), figure]);
  }
  const sums: CountingFigure[] = [];
  let last: { readonly end: string; readonly sum: CountingFigure | Unsummed } | undefined;
  for (const [figure, ...others] of periods.values()) {
    if (!figure) continue;
    const sum = isWhole ? sumOver([figure, ...others], members) : 'awaiting-members';
    if (typeof sum !== 'string') sums.push(sum);
    if (!last || figure.end > last.end) last = { end: figure.end, sum };
  }
  return { sums, unsummed: typeof last?.sum === 'string' ? last.sum : null };
};

const sumOver = (figures: readonly Single[], members: ReadonlySet<string>): CountingFigure | Unsummed => {
  const ofMember = new Map<string | null, Single>();
  for (const figure of [...figures].sort(byPrecedence))
    if (!ofMember.has(figure.agencyId)) ofMember.set(figure.agencyId, figure);
  const all = [...ofMember.values()];
  const [first] = all;
  if (!first || all.length < members.size) return 'awaiting-members';
  const components = totals(all);
  if (components === null) return 'not-summable';
  return {
    ...{ id: null, summedFrom: all.map(({ id }) => id), period: first.period, end: first.end },
    ...{ value: null, met: null, components, qualifier: first.qualifier },
    state: all.every(({ state }) => state === 'accepted') ? 'accepted' : 'reported',
    sequence: Math.max(...all.map(({ sequence }) => sequence)),
  };
};

/** The components summed by name; null unless every figure has the same ones. */
const totals = (figures: readonly Single[]): { name: string; value: Decimal }[] | null => {
  const names = figures[0]?.components?.map(({ name }) => name) ?? [];
  if (names.length === 0) return null;
  const sums: { name: string; value: Decimal }[] = [];
  for (const name of names) {
    let total: Decimal = '0';
    for (const figure of figures) {
      const value = component(figure, name)?.value;
      if (value === null || value === undefined) return null;
      total = add(total, value);
    }
    sums.push({ name, value: total });
  }
  return figures.every((figure) => figure.components?.length === names.length) ? sums : null;
};
