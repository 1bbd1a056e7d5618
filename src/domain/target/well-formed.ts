import { CODE } from '../ids.js';
import { plainTextFault } from '../text.js';
import { type Criterion, MAX_PARTS } from './criterion.js';
import { canonicalDecimal, compare } from './decimal.js';

const RELATIONS: readonly unknown[] = ['>=', '>', '<=', '<'];
export const MAX_TEXT_LENGTH = 2_000;

type Check = (value: unknown) => boolean;

const decimal: Check = (value) => typeof value === 'string' && canonicalDecimal(value) === value;
const place: Check = (value) => decimal(value) && /^[1-9]\d*$/.test(String(value));
const text: Check = (value) => typeof value === 'string' && plainTextFault(value, MAX_TEXT_LENGTH) === null;
const code: Check = (value) => typeof value === 'string' && CODE.test(value);
const textOrNull: Check = (value) => value === null || text(value);
const relation: Check = (value) => RELATIONS.includes(value);

/** What each kind of criterion holds beside its kind, and how each field is checked. */
const SHAPES: { readonly [K in Criterion['kind']]: Readonly<Record<string, Check>> } = {
  threshold: { relation, value: decimal, unit: textOrNull, qualifier: textOrNull },
  between: { low: decimal, high: decimal, unit: textOrNull, qualifier: textOrNull },
  rank: { within: place },
  comparative: { relation, benchmark: code },
  state: { text },
  maintain: { text },
  growth: { low: decimal, high: (value) => value === null || decimal(value) },
  rising: {},
  all: {
    parts: (value) =>
      Array.isArray(value) && value.length > 0 && value.length <= MAX_PARTS && value.every(part),
  },
  none: {},
  unread: { reason: text },
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

// A part has no parts of its own.
const part: Check = (value) =>
  isObject(value) &&
  Object.keys(value).length === 2 &&
  textOrNull(value['name']) &&
  isObject(value['criterion']) &&
  value['criterion']['kind'] !== 'all' &&
  isCriterion(value['criterion']);

const rises = ({ low, high }: Record<string, unknown>): boolean =>
  typeof low !== 'string' || typeof high !== 'string' || compare(low, high) <= 0;

/** Whether a value from outside is a criterion: a known kind with exactly its fields, each of the right form. */
export const isCriterion = (value: unknown): value is Criterion => {
  if (!isObject(value)) return false;
  const { kind } = value;
  if (typeof kind !== 'string' || !Object.hasOwn(SHAPES, kind)) return false;
  const shape = SHAPES[kind as Criterion['kind']];
  const fields = Object.keys(shape);
  return (
    Object.keys(value).length === fields.length + 1 &&
    fields.every((field) => Object.hasOwn(value, field) && shape[field]?.(value[field])) &&
    rises(value)
  );
};
