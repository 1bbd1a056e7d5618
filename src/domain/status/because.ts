import type { CountingFigure } from './figures.js';
import type { DueTarget } from './milestones.js';
import { shown } from './quantity.js';
import type { Ruling } from './ruling.js';
import type { Reason, VerdictPart } from './verdict.js';

/** A reason in plain words, as the end of "…: ". */
const IN_WORDS: Record<Reason, string> = {
  'no-figure': 'no figure has been reported',
  'no-figure-in-last-year': 'there is no figure of a period ending in its last year',
  'other-qualifier': 'the figures reported measure something else',
  'awaiting-members': 'not every member of the collective has reported the same period',
  'not-summable': 'every member has reported, but not in components of the same names that can be summed',
  'missing-component': 'the figure lacks a component',
  unread: 'the target has not been read yet',
  'missing-benchmark': 'the benchmark it is compared with has not been recorded',
  'no-previous-year': 'there is no figure of the same period a year before',
  'previous-year-zero': 'there is no growth from a figure of zero',
  'field-changed': 'the number of provinces and cities ranked has changed since the target was set',
  'unit-changed': 'the unit has changed since',
  'other-unit': 'it is not of the unit that it is compared with',
  'no-number': 'the figure is no number',
  'no-formula': 'nothing says how its components compose a number',
  'zero-denominator': 'the figure is a share of zero',
  'not-judged': 'nobody has judged whether it is met',
  'not-judged-this-year': 'nobody has judged this year whether it is met',
  'no-figure-this-year': 'it counts each year anew, and there is no figure of this year yet',
  open: 'the target has no date',
  'no-threshold': 'there is no number to draw a line to',
  'no-start': 'there is no number to draw a line from',
  'start-not-comparable':
    'the start and the target do not measure the same, so there is no line between them',
  'start-meets-target': 'the start already meets the target, so there is no line to follow',
  'figure-before-start': 'the figure is of a period no later than the start of the line',
  'beyond-range': 'it is beyond the far end of the range',
};

/** What a sentence tells of. `used` is false for a figure that is only shown. */
export interface Told {
  readonly ruling: Ruling;
  readonly figure: CountingFigure | null;
  readonly used: boolean;
  readonly due: DueTarget;
  readonly asOf: string;
  readonly later: CountingFigure | null;
}

/** One plain sentence: which figure, which target, what follows, and the numbers used. */
export const because = (told: Told): string => {
  const { ruling, figure, used, due } = told;
  if (figure === null || !used) return `${withoutFigure(told)}.`;
  const target = asked(due);
  if (ruling.parts.length > 0)
    return `${described(figure, null)} is held against ${target}: ${each(ruling)}${later(told)}${along(ruling)}.`;
  const subject = described(figure, ruling);
  switch (ruling.status) {
    case 'achieved':
      return `${subject} meets ${target}${beside(ruling)}${ruling.aboveRange ? ' and is above its range' : ''}.`;
    case 'missed':
      return `${subject} does not meet ${target}${beside(ruling)}${passed(due)}${later(told)}.`;
    case 'on-track':
    case 'at-risk':
    case 'behind':
      return `${subject} does not yet meet ${target}${along(ruling)}.`;
    case 'in-progress':
      return `${subject} does not yet meet ${target}${beside(ruling)}${why(ruling)}.`;
    case 'not-reported':
    case 'not-assessable':
      return `${subject} cannot be held against ${target}${why(ruling)}.`;
  }
};

const asked = ({ target, milestone, endsOn }: DueTarget): string =>
  `the ${endsOn === null ? 'undated' : milestone} target "${target.notation}"`;

const described = (figure: CountingFigure, ruling: Ruling | null): string => {
  const of = figure.qualifier === null ? '' : ` of ${figure.qualifier}`;
  const sum = figure.id === null ? `, summed over ${figure.summedFrom.length} members` : '';
  return `The ${told(figure, ruling)}${of} for ${figure.period}${sum}`;
};

const told = ({ met, value, components }: CountingFigure, ruling: Ruling | null): string => {
  if (met !== null) return `judgement "${met}"`;
  const number = ruling?.quantity ? shown(ruling.quantity) : value;
  const parts = components?.map((row) => `${row.name} = ${row.value}`).join(', ');
  return ['figure', number, parts && `(${parts})`].filter(Boolean).join(' ');
};

const beside = (ruling: Ruling): string =>
  ruling.beside === null ? '' : ` (compared with ${ruling.beside})`;

const passed = ({ passed, milestone }: DueTarget): string => (passed ? `, and ${milestone} has passed` : '');

const why = ({ reason }: Ruling): string => (reason === null ? '' : `: ${IN_WORDS[reason]}`);

const later = ({ later: figure }: Told): string =>
  figure === null ? '' : `; the figure for ${figure.period} meets it later`;

const along = ({ line }: Ruling): string => {
  if (line === null) return '';
  const { from, to, at, ratio } = line;
  return (
    `; the line from ${from.value} on ${from.on} (${from.source}) to ${to.value} on ${to.on} expects ${at.value} ` +
    `on ${at.on}, and the progress made is ${ratio} of the progress expected`
  );
};

const each = ({ parts }: Ruling): string =>
  parts
    .map(({ name, kind, status, reason }) => {
      const part = name === null ? (UNNAMED[kind] ?? 'the figure itself') : `"${name}"`;
      return `${part} is ${status}${reason === null ? '' : ` (${IN_WORDS[reason]})`}`;
    })
    .join(', ');

/** A cell can ask one figure for a level and for a change. */
const UNNAMED: Readonly<Partial<Record<VerdictPart['kind'], string>>> = {
  threshold: 'its level',
  between: 'its level',
  growth: 'its growth',
  rising: 'its rise',
};

const withoutFigure = ({ ruling, figure, due, asOf }: Told): string => {
  const opening = ruling.status === 'not-assessable' ? 'Nothing can be said' : 'No figure counts';
  const last = figure === null ? '' : `; the last is the ${told(figure, null)} for ${figure.period}`;
  return `${opening} on ${asOf} for ${asked(due)}${passed(due)}${why(ruling)}${last}`;
};
