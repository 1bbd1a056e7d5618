import { type Criterion, type CriterionPart, MAX_PARTS, type Relation } from './criterion.js';
import { isName, type Level, type LevelOf, readLevel, readRelation, shareOf, towards } from './level.js';
import {
  DASH,
  hasComparison,
  hasQuantity,
  isPerYear,
  isRankUnit,
  PER_YEAR,
  phrase,
  STRIVE,
  tidy,
  withoutGoal,
  withoutNames,
} from './wording.js';

/** The indicator that a target is of, as far as reading the target needs it. */
export interface TargetOf extends LevelOf {
  /** Whether it measures a share; where this is not known, a unit without `%` says that it does not. */
  readonly share?: boolean;
}

/** The benchmark in `đạt mức trung bình chung của cả nước`. */
export const NATIONAL_AVERAGE = 'national-average';

/** Longest notation that is read; the longest in the annexes has 172 characters. */
export const MAX_NOTATION = 2000;

/**
 * Reads a target's notation, as an annex prints it, into the criterion that it asks for. Never throws and never
 * guesses: what is not understood is `unread`, with the reason.
 */
export const readTarget = (notation: string, of: TargetOf): Criterion => {
  if (notation.length > MAX_NOTATION) return unread(`longer than ${MAX_NOTATION} characters`);
  const text = tidy(notation);
  for (const rule of RULES) {
    const criterion = rule(text, of);
    if (criterion !== null) return criterion;
  }
  return unread(whyUnread(text));
};

/** A rule reads the texts of its own form and leaves all others (null) to the rules after it. */
type Rule = (text: string, of: TargetOf) => Criterion | null;

const unread = (reason: string): Criterion => ({ kind: 'unread', reason });

const NOTHING = new RegExp(`^${DASH}*$`, 'u');

const none: Rule = (text) => (NOTHING.test(text) ? { kind: 'none' } : null);

const AVERAGE = /^mức trung bình(?: chung)?(?: của)? (?:cả nước|toàn quốc)$/iu;

const comparative: Rule = (text, of) => {
  const { relation: written, rest } = readRelation(withoutGoal(text));
  if (!AVERAGE.test(rest)) return null;
  if (isRankUnit(of.unit) && /\p{L}/u.test(written.sign))
    return unread(`“${written.sign}” an average place can mean a better place or a greater number`);
  const relation: Relation = written.relation ?? towards(of.direction);
  return { kind: 'comparative', relation, benchmark: NATIONAL_AVERAGE };
};

const PLACE = /^(?:(?:≤|<=) ?)?0*([1-9]\d{0,8})(?: (?:trong )?(?:số )?các tỉnh, thành(?: phố)?)?$/iu;

/** Every number of a ranking is a place: `45 các tỉnh, thành`. */
const rank: Rule = (text, { unit }) => {
  if (!isRankUnit(unit) || !hasQuantity(text)) return null;
  const place = PLACE.exec(withoutGoal(text))?.[1];
  return place === undefined
    ? unread('the indicator is a ranking, and this is not one place in it')
    : { kind: 'rank', within: place };
};

const MAINTAIN = /^(?:(?:hằng|hàng) năm )?(?:tiếp tục )?duy trì(?:,? (?:và )?hoàn thiện)?\.?$/iu;

const maintain: Rule = (text) =>
  MAINTAIN.test(text.replace(/^(\p{L}+ năm) \(([^()]*)\)$/u, '$1 $2')) ? { kind: 'maintain', text } : null;

const rising: Rule = (text) => {
  const rest = /^tăng dần(?!\p{L})(.*)$/iu.exec(withoutGoal(text))?.[1];
  return rest === undefined || hasQuantity(rest) || hasComparison(rest) ? null : { kind: 'rising' };
};

const GROWTH = new RegExp(
  `^(${PER_YEAR} )?(?:(?:${STRIVE}) )?tăng( trưởng)? (.+?)( ?/ ?năm| ${PER_YEAR})?[.;,]?$`,
  'iu',
);

/** Growth per year, in percent: `phấn đấu mỗi năm tăng trưởng 5%`. */
const growth: Rule = (text, of) => {
  const [, before, relative, amount = '', after] = GROWTH.exec(withoutGoal(text)) ?? [];
  const size = readLevel(amount, { unit: null, direction: 'higher-is-better' });
  if (size === null || size.unit !== '%' || size.qualifier !== null) return null;
  if (before === undefined && after === undefined) return unread('growth, and not against what');
  if (relative === undefined && mayBeShare(of))
    return unread(
      'growth of a share: in percentage points or relative to the year before is for a person to say',
    );
  if (size.kind === 'between') return { kind: 'growth', low: size.low, high: size.high };
  if (size.relation !== '>=') return unread('growth by more or less than a number');
  return { kind: 'growth', low: size.value, high: null };
};

const mayBeShare = ({ share, unit }: TargetOf): boolean => share ?? (unit === null || unit.includes('%'));

const LEVEL_AND_CHANGE = new RegExp(
  `^(.+?) ?(?:[;,(]| ${phrase('và')}) ?((?:(?:${STRIVE}) )?(?:${PER_YEAR} )?(?:(?:${STRIVE}) )?tăng .+?)\\)?$`,
  'iu',
);

/** A level and a growth in one cell: `3% và tăng dần theo yêu cầu phát triển`. One figure is judged by both. */
const levelAndChange: Rule = (text, of) => {
  const [, first = '', second = ''] = LEVEL_AND_CHANGE.exec(text) ?? [];
  const base = readMeasured(first, of);
  if (base === null) return null;
  const change = rising(second, of) ?? growth(second, of);
  if (change === null || change.kind === 'unread') return change;
  return { kind: 'all', parts: [base, change].map((criterion) => ({ name: null, criterion })) };
};

/** `100% …; tối thiểu 70% …; 100% …`: each is judged by the figure's component of its letter. */
const several: Rule = (text, of) => {
  const texts = text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (texts.length < 2) return null;
  if (texts.length > MAX_PARTS) return unread(`more than ${MAX_PARTS} criteria`);
  const parts: CriterionPart[] = [];
  const measured = new Set<string>();
  for (const [index, part] of texts.entries()) {
    const criterion = readMeasured(part, of);
    if (criterion === null) return null;
    parts.push({ name: String.fromCharCode('a'.charCodeAt(0) + index), criterion });
    measured.add((criterion.qualifier ?? wordsOf(criterion.unit)).toLowerCase());
  }
  const told = measured.size === parts.length && !measured.has('');
  return told ? { kind: 'all', parts } : unread('several numbers, and not what each of them is of');
};

const wordsOf = (unit: string | null): string => (unit === null || unit === '%' ? '' : unit);

/** `6G (50%)`: what is measured, and how much of it. */
const readNamed = (text: string, of: TargetOf): Level | null => {
  const [, name = '', amount = ''] = /^([^()]+?) ?\(([^()]+)\)$/u.exec(text) ?? [];
  if (!isName(name) || withoutGoal(amount) !== amount) return null;
  const found = readLevel(amount, of);
  if (found === null || found.qualifier !== null) return null;
  return { ...found, ...(found.unit === '%' ? shareOf(name, of.unit) : { qualifier: name }) };
};

const readMeasured = (text: string, of: TargetOf): Level | null => readLevel(text, of) ?? readNamed(text, of);

const WITH_GOAL = new RegExp(
  `^(?:([^()]+?)(?:, ?| ?\\()((?:${STRIVE}) [^()]+)\\)?|([^()]+?) ((?:đảm bảo|bảo đảm) [^()]+))$`,
  'iu',
);
const CONDITION = new RegExp(phrase('nếu|khi|trừ'), 'iu');

/** Something to be done, and the level that it is to come to: `Tiếp tục rà soát, bổ sung (phấn đấu … đạt 100%)`. */
const activityWithGoal: Rule = (text, of) => {
  const [, byMark, goalByMark, byWord, goalByWord] = WITH_GOAL.exec(text) ?? [];
  const activity = byMark ?? byWord ?? '';
  if (!isState(activity) || CONDITION.test(activity)) return null;
  const found = readLevel(goalByMark ?? goalByWord ?? '', of);
  // A share each year is a level; a number each year may be that year's or add up over the years.
  return found !== null && isPerYear(activity) && !found.unit?.startsWith('%') ? null : found;
};

/** A thing to exist, to be issued, done or kept: no number and no comparison, so that a person can judge it. */
const state: Rule = (text) => (isState(text) ? { kind: 'state', text } : null);

const isState = (text: string): boolean =>
  /\p{L}/u.test(withoutNames(text)) && !hasQuantity(text) && !hasComparison(text);

const RULES: readonly Rule[] = [
  none,
  comparative,
  rank,
  maintain,
  readLevel,
  rising,
  growth,
  levelAndChange,
  several,
  readNamed,
  activityWithGoal,
  state,
];

const CHANGE = new RegExp(phrase('tăng|giảm'), 'iu');

const whyUnread = (text: string): string => {
  if (!hasQuantity(text))
    return hasComparison(text)
      ? 'asks for more or less, and not how much'
      : 'holds nothing that can be judged';
  if (CHANGE.test(text)) return 'a change in a form that is not understood';
  return isPerYear(text)
    ? 'a number per year: whether each year counts alone or the years add up is for a person to say'
    : 'a number in a form that is not understood';
};
