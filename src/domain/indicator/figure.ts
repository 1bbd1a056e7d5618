import { Rejected } from '../decider.js';
import { plainly } from '../same-text.js';
import type { Criterion, Decimal } from '../target/criterion.js';
import { canonicalDecimal, MAX_DIGITS } from '../target/decimal.js';
import { isRankUnit } from '../target/wording.js';
import { periodEnd } from '../time.js';
import { valueAt } from '../timeline.js';
import type { Figure, Wording } from './events.js';
import type { Indicator } from './indicator.js';

/** The decimal in the one form that is stored: `99.70` is `99.7`. @throws Rejected naming the field */
export const storedDecimal = (text: string, field: string): Decimal => {
  const canonical = canonicalDecimal(text);
  if (canonical === null)
    throw new Rejected(
      'NotADecimal',
      `A figure is a decimal number of at most ${MAX_DIGITS} digits, written as text, such as "99.7".`,
      field,
    );
  return canonical;
};

/** What was said of a figure, and nothing of what became of it. */
export const saidOf = ({ value, met, components, qualifier, source, evidence, note }: Figure): Figure => ({
  ...{ value, met, components, qualifier, source, evidence, note },
});

/**
 * What is said of an indicator for a period, as it is stored: one of value, judgement and components, and the qualifier
 * that every target asks for where none is named. @throws Rejected for what is no figure
 */
export const taken = (said: Figure, state: Indicator, period: string, today: string): Figure => {
  const figure = wellFormed(said);
  if (
    figure.value !== null &&
    isRankUnit(wordingFor(state, period)?.unit ?? null) &&
    !PLACE.test(figure.value)
  )
    throw new Rejected('NotAPlace', 'A place in a ranking is a whole number, from 1 on.', 'value');
  const [asked, ...others] = qualifiersAsked(state, today);
  return figure.qualifier === null && asked && others.length === 0 ? { ...figure, qualifier: asked } : figure;
};

const PLACE = /^[1-9]\d*$/;

const wellFormed = (data: Figure): Figure => {
  const { met, note } = data;
  const said = [data.value, met, data.components].filter((part) => part !== null);
  if (said.length !== 1)
    throw new Rejected('FigureUnclear', 'Give exactly one of value, met and components.', 'value');
  const value = data.value === null ? null : storedDecimal(data.value, 'value');
  if (data.components?.length === 0)
    throw new Rejected('FigureUnclear', 'Name at least one component.', 'components');
  const components =
    data.components?.map((component, index) => ({
      name: component.name,
      value: storedDecimal(component.value, `components[${index}].value`),
    })) ?? null;
  // As a verdict finds them: of two names that say the same it would see one.
  if (new Set(components?.map(({ name }) => plainly(name))).size !== (components?.length ?? 0))
    throw new Rejected('FigureUnclear', 'A component is named twice.', 'components');
  if (met !== null && !note?.trim())
    throw new Rejected('NoteMissing', 'A judgement needs a note that says what it rests on.', 'note');
  return { ...saidOf(data), value, components };
};

/** The wording that a period is measured by: that of its end, or the first. */
export const wordingFor = ({ wording }: Pick<Indicator, 'wording'>, period: string): Wording | undefined =>
  valueAt(wording, periodEnd(period)) ?? wording[0]?.value;

/** The criteria of the targets that hold on a day, but for those that ask for nothing. */
export const criteriaOn = ({ targets }: Pick<Indicator, 'targets'>, day: string): readonly Criterion[] =>
  targets
    .flatMap(({ timeline }) => valueAt(timeline, day)?.criterion ?? [])
    .filter(({ kind }) => kind !== 'none');

/** What the targets that hold on a day ask for: each qualifier once, null for a target that names none. */
export const qualifiersAsked = (state: Pick<Indicator, 'targets'>, day: string): (string | null)[] => {
  const asked = new Map<string | null, string | null>();
  for (const criterion of criteriaOn(state, day)) {
    const qualifier = 'qualifier' in criterion ? criterion.qualifier : null;
    const key = qualifier && plainly(qualifier);
    if (!asked.has(key)) asked.set(key, qualifier);
  }
  return [...asked.values()];
};
