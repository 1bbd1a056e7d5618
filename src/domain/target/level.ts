import type { Criterion, Decimal, Direction, Relation } from './criterion.js';
import { compare, compareShare, isGrouped, parseVietnamese } from './decimal.js';
import { DASH, hasComparison, hasQuantity, isPerYear, phrase, tidy, withoutGoal } from './wording.js';

/** A number that is asked for, or the two ends of a range. */
export type Level = Extract<Criterion, { kind: 'threshold' | 'between' }>;

/** What an indicator's own wording says of its targets. */
export interface LevelOf {
  readonly unit: string | null;
  readonly direction: Direction;
}

/**
 * Reads a tidied text that is one quantity: `Phấn đấu đạt 99%`, `trên 5% GRDP`, `01 - 03`, `100% (31/31)`.
 * Null when it is anything else, or more than that.
 */
export const readLevel = (text: string, of: LevelOf): Level | null => {
  const { relation, rest } = readRelation(withoutGoal(text.replace(/[\s.;,]+$/, '')));
  return readRange(rest, relation, of) ?? readThreshold(rest, relation, of);
};

/** The words and signs that compare, as written; the longer before those that they contain. */
const RELATIONS: readonly (readonly [RegExp, Relation])[] = [
  [/^(?:≥|>=|≧)/u, '>='],
  [/^(?:≤|<=|≦)/u, '<='],
  [/^>/u, '>'],
  [/^</u, '<'],
  [new RegExp(`^${phrase('tối thiểu|ít nhất|từ|không dưới|không (?:thấp|ít|nhỏ) hơn')}`, 'iu'), '>='],
  [new RegExp(`^${phrase('tối đa|nhiều nhất|không (?:vượt )?quá|không (?:cao|nhiều|lớn) hơn')}`, 'iu'), '<='],
  [new RegExp(`^${phrase('trên|hơn|vượt|(?:cao|nhiều|lớn) hơn')}`, 'iu'), '>'],
  [new RegExp(`^${phrase('dưới|(?:thấp|ít|nhỏ) hơn')}`, 'iu'), '<'],
];

interface Related {
  /** What was written before the number; empty where nothing was. */
  readonly sign: string;
  readonly relation: Relation | null;
}

/** Takes the relation from the start of a text; null where none is written. */
export const readRelation = (text: string): { readonly relation: Related; readonly rest: string } => {
  for (const [pattern, relation] of RELATIONS) {
    const sign = pattern.exec(text)?.[0];
    if (sign === undefined) continue;
    return { relation: { sign, relation }, rest: withoutGoal(text.slice(sign.length).trim()) };
  }
  return { relation: { sign: '', relation: null }, rest: text };
};

/** The relation of a number that stands alone: enough is as much as asked, in the direction that is better. */
export const towards = (direction: Direction): Relation => (direction === 'higher-is-better' ? '>=' : '<=');

const NUMBER = '\\d+(?:[.,]\\d+)*';
const RANGE = new RegExp(`^(-?${NUMBER})( ?%)? ?(?:${DASH}|đến) ?(-?${NUMBER})(?!\\d)(.*)$`, 'iu');
const SINGLE = new RegExp(`^(-?${NUMBER})(.*)$`, 'u');

const isFrom = (sign: string): boolean => sign.toLowerCase() === 'từ';

/** `10-15`, `01 - 03`, `10%-15%`, `từ 10 đến 15%`: both ends in one unit, the lower first. */
const readRange = (text: string, { sign }: Related, of: LevelOf): Level | null => {
  if (sign !== '' && !isFrom(sign)) return null;
  const [, from, share, to, tail] = RANGE.exec(text) ?? [];
  const low = signed(from, sign);
  const high = signed(to, sign);
  const measure = tail === undefined ? null : readMeasure(tail, of);
  if (low === null || high === null || measure === null || compare(low, high) > 0) return null;
  if ([from, to].some((end) => end !== undefined && isDoubtful(end, measure))) return null;
  if (share !== undefined && !measure.unit?.startsWith('%')) return null;
  return { kind: 'between', low, high, ...measure };
};

const readThreshold = (text: string, related: Related, of: LevelOf): Level | null => {
  const { text: bare, count } = withoutCount(text);
  const [, number, tail] = SINGLE.exec(bare) ?? [];
  const value = signed(number, related.sign);
  if (value === null || tail === undefined) return null;
  const { relation, rest } = readBound(tail, related, of.direction);
  const measure = readMeasure(rest, of);
  if (relation === null || measure === null || isDoubtful(number ?? '', measure)) return null;
  if (count !== null && !(measure.unit?.startsWith('%') && agrees(count, value))) return null;
  return { kind: 'threshold', relation, value, ...measure };
};

/** `52.975%`: in thousands, or with three decimals? */
const isDoubtful = (number: string, { unit }: Measure): boolean =>
  isGrouped(number) && (unit?.startsWith('%') ?? false);

/** A minus sign is one only behind a relation: elsewhere the same sign opens a list or joins a range. */
const signed = (number: string | undefined, sign: string): Decimal | null =>
  number === undefined || (number.startsWith('-') && sign === '') ? null : parseVietnamese(number);

const BOUND = new RegExp(`^(.*?) ?${phrase('trở (lên|xuống)')}$`, 'iu');

/** `50% trở lên`: the relation can stand behind the number, but not both before and behind. */
const readBound = (
  tail: string,
  { sign, relation }: Related,
  direction: Direction,
): { readonly relation: Relation | null; readonly rest: string } => {
  const [, rest, bound] = BOUND.exec(tail) ?? [];
  if (rest === undefined || bound === undefined)
    return { relation: relation ?? towards(direction), rest: tail };
  if (bound.toLowerCase() === 'lên') return { relation: sign === '' || isFrom(sign) ? '>=' : null, rest };
  return { relation: sign === '' || isFrom(sign) ? '<=' : null, rest };
};

const COUNT = new RegExp(` ?\\((${NUMBER}) ?/ ?(${NUMBER})\\)$`, 'u');

type Count = readonly [Decimal | null, Decimal | null];

/** `100% (31/31)`: the annex counts it out behind the share. */
const withoutCount = (text: string): { readonly text: string; readonly count: Count | null } => {
  const [all, over = '', under = ''] = COUNT.exec(text) ?? [];
  if (all === undefined) return { text, count: null };
  return { text: text.slice(0, -all.length), count: [parseVietnamese(over), parseVietnamese(under)] };
};

/** A count that says the same as the share adds nothing to it; one that does not leaves open which holds. */
const agrees = ([over, under]: Count, percent: Decimal): boolean =>
  over !== null && under !== null && under !== '0' && compareShare(over, under, percent) === 0;

interface Measure {
  readonly unit: string | null;
  readonly qualifier: string | null;
}

/** What stands behind the number: a unit (`tin, bài`), a percent sign, or that and the words for what it is a share of. */
const readMeasure = (tail: string, { unit }: LevelOf): Measure | null => {
  const text = tail.trim();
  if (text === '') return { unit: null, qualifier: null };
  if (text.startsWith('%')) {
    const words = text.slice(1).trim();
    if (words === '') return { unit: '%', qualifier: null };
    return isName(words) ? shareOf(words, unit) : null;
  }
  // Letters that cling to a number are part of it: "5G" is no five of anything.
  return tail.startsWith(' ') && /^\p{L}/u.test(text) && isName(text)
    ? { unit: text, qualifier: null }
    : null;
};

/** A share of what its words name; of an indicator whose unit is just that (`% GRDP`) they are the unit. */
export const shareOf = (words: string, unit: string | null): Measure =>
  unit !== null && sameWords(`% ${words}`, unit)
    ? { unit: `% ${words}`, qualifier: null }
    : { unit: '%', qualifier: words };

const sameWords = (a: string, b: string): boolean =>
  tidy(a).toLowerCase().replaceAll(' ', '') === tidy(b).toLowerCase().replaceAll(' ', '');

// Words that go on from the number to something else than its name.
const NO_NAME = new RegExp(
  `^(?:[^\\p{L}\\p{N}]|${phrase('và|hoặc|đến|nhưng|sau đó|trong đó|tiếp tục|duy trì')})|;|[.,:]$`,
  'iu',
);

/** Whether words can name what is measured: they are whole, without a quantity or a comparison. */
export const isName = (words: string): boolean =>
  words !== '' && !NO_NAME.test(words) && !hasQuantity(words) && !hasComparison(words) && !isPerYear(words);
