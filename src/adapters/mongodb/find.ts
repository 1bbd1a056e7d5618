import type { Filter, Sort } from 'mongodb';
import type { Collection, Condition, Find, Scalar } from '../../ports/read-models.js';
import { assertAmong, assertLimit, columnOf } from '../checked-find.js';
import { prefixEnd } from '../prefix-end.js';

/** A row in its collection: the key, the row as JSON, and the value of each indexed field: `f0`, `f1`, … */
export interface RowDocument {
  readonly _id: string;
  readonly json: string;
  readonly [column: string]: Scalar;
}

/** @throws RangeError for what the collection cannot answer */
export const queryOf = (
  { fields }: Collection,
  { where, prefix = '', sort, after, limit }: Find,
): { readonly filter: Filter<RowDocument>; readonly sort: Sort; readonly limit: number } => {
  assertLimit({ limit });
  const column = sort?.field === undefined ? undefined : columnOf(fields, sort.field);
  const descending = sort?.descending === true;
  const direction = descending ? -1 : 1;
  const parts = [
    filterOf(fields, where),
    ...(prefix === '' ? [] : [prefixFilter(prefix)]),
    ...(after ? [afterFilter(column, descending, after)] : []),
  ];
  return {
    filter: { $and: parts },
    sort: column === undefined ? { _id: direction } : { [column]: direction, _id: 1 },
    limit,
  };
};

/** @throws RangeError */
export const filterOf = (fields: readonly string[], where: Find['where']): Filter<RowDocument> => {
  const parts = Object.entries(where).map(([field, condition]) => ({
    [columnOf(fields, field)]: operatorOf(condition),
  }));
  return parts.length > 0 ? { $and: parts } : {};
};

const operatorOf = (condition: Condition): object => {
  if ('equals' in condition) return { $eq: condition.equals };
  if ('in' in condition) {
    assertAmong(condition.in);
    return { $in: condition.in };
  }
  const { from, to } = condition;
  if (from === undefined && to === undefined) throw new RangeError('a range needs from or to');
  if (from === null || to === null) throw new RangeError('a range is not bounded by null');
  // MongoDB compares within one type: a bound of one kind says nothing about values of another.
  return { ...(from !== undefined && { $gte: from }), ...(to !== undefined && { $lte: to }) };
};

const prefixFilter = (prefix: string): Filter<RowDocument> => {
  const end = prefixEnd(prefix);
  return { _id: { $gte: prefix, ...(end !== null && { $lt: end }) } };
};

const afterFilter = (
  column: string | undefined,
  descending: boolean,
  { value, key }: NonNullable<Find['after']>,
): Filter<RowDocument> => {
  const later = { _id: { $gt: key } };
  if (column === undefined) return descending ? { _id: { $lt: key } } : later;
  const sameValue = { [column]: value, ...later };
  // Null comes first when ascending, so last when descending.
  if (value === null) return descending ? sameValue : { $or: [{ [column]: { $ne: null } }, sameValue] };
  const further = descending
    ? [{ [column]: { $lt: value } }, { [column]: null }]
    : [{ [column]: { $gt: value } }];
  const beyond = { $or: [...further, sameValue] };
  // An index is entered at a bound, not at one of several.
  return descending ? beyond : { [column]: { $gte: value }, ...beyond };
};
