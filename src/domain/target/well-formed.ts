import type { Criterion } from './criterion.js';
import { isDecimal } from './decimal.js';

const RELATIONS: readonly unknown[] = ['>=', '>', '<=', '<'];
const MAX_PARTS = 20;

type Check = (value: unknown) => boolean;

const decimal: Check = (value) => typeof value === 'string' && isDecimal(value);
const text: Check = (value) => typeof value === 'string' && value.trim() !== '' && value.length <= 2_000;
const textOrNull: Check = (value) => value === null || text(value);
const relation: Check = (value) => RELATIONS.includes(value);

/** What each kind of criterion holds beside its kind, and how each field is checked. */
const SHAPES: { readonly [K in Criterion['kind']]: Readonly<Record<string, Check>> } = {
  threshold: { relation, value: decimal, unit: textOrNull, qualifier: textOrNull },
  between: { low: decimal, high: decimal, unit: textOrNull, qualifier: textOrNull },
  rank: { within: decimal },
  comparative: { relation, benchmark: text },
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

const part: Check = (value) =>
  isObject(value) &&
  Object.keys(value).length === 2 &&
  textOrNull(value['name']) &&
  isCriterion(value['criterion']);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a value from outside is a criterion: a known kind with exactly its fields, each of the right form. */
export const isCriterion = (value: unknown): value is Criterion => {
  if (!isObject(value) || !Object.hasOwn(SHAPES, String(value['kind']))) return false;
  const shape = SHAPES[value['kind'] as Criterion['kind']];
  const fields = Object.keys(shape);
  return (
    Object.keys(value).length === fields.length + 1 &&
    fields.every((field) => Object.hasOwn(value, field) && shape[field]?.(value[field]))
  );
};
