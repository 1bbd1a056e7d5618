import type { Collection, Condition, Find, Scalar } from '../../ports/read-models.js';
import { assertAmong, assertLimit, columnOf } from '../checked-find.js';
import { prefixEnd } from '../prefix-end.js';

/** What SQLite is given for a Scalar. Booleans are 0 and 1. */
export type SqlValue = string | number | null;

export const sqlValue = (value: Scalar): SqlValue => (typeof value === 'boolean' ? Number(value) : value);

export interface Sql {
  readonly text: string;
  readonly values: readonly SqlValue[];
}

/** `WHERE … ORDER BY … LIMIT …` of a query. @throws RangeError for what the collection cannot answer */
export const findSql = (collection: Collection, query: Find): Sql => {
  const { limit, prefix = '', sort, after } = query;
  assertLimit(query);
  const where = conditionsSql(query.where, (field) => {
    const column = columnOf(collection.fields, field);
    // Few keys begin with a prefix, while SQLite would take many rows with one value before it: a + keeps it from the index.
    return prefix === '' ? column : `+${column}`;
  });
  const column = sort?.field === undefined ? undefined : columnOf(collection.fields, sort.field);
  const direction = sort?.descending ? 'DESC' : 'ASC';
  const parts = [where, ...prefixSql(prefix), ...(after ? [afterSql(column, direction, after)] : [])];
  const order = column === undefined ? `key ${direction}` : `${column} ${direction}, key`;
  return {
    // Not a parameter: SQLite would compile the statement once more for its value.
    text: `WHERE ${parts.map(({ text }) => text).join(' AND ')} ORDER BY ${order} LIMIT ${limit}`,
    values: parts.flatMap(({ values }) => values),
  };
};

/** The conditions as one SQL expression. @throws RangeError */
export const whereSql = ({ fields }: Collection, where: Find['where']): Sql =>
  conditionsSql(where, (field) => columnOf(fields, field));

const conditionsSql = (where: Find['where'], column: (field: string) => string): Sql => {
  const parts = Object.entries(where).map(([field, condition]) => conditionSql(column(field), condition));
  return {
    text: parts.map(({ text }) => `(${text})`).join(' AND ') || '1',
    values: parts.flatMap(({ values }) => values),
  };
};

const conditionSql = (column: string, condition: Condition): Sql => {
  if ('equals' in condition)
    // Indexes leave nulls out, and only a comparison with = tells SQLite that it looks for none.
    return condition.equals === null
      ? { text: `${column} IS NULL`, values: [] }
      : { text: `${column} = ?`, values: [sqlValue(condition.equals)] };
  if ('in' in condition) return inSql(column, condition.in);
  return rangeSql(column, condition);
};

const inSql = (column: string, among: readonly Scalar[]): Sql => {
  assertAmong(among);
  const values = among.filter((value) => value !== null).map(sqlValue);
  const orNull = values.length < among.length ? ` OR ${column} IS NULL` : '';
  return { text: `${column} IN (${values.map(() => '?').join(', ')})${orNull}`, values };
};

const rangeSql = (column: string, range: { readonly from?: Scalar; readonly to?: Scalar }): Sql => {
  const bounds = [
    { bound: range.from, operator: '>=' },
    { bound: range.to, operator: '<=' },
  ].filter(({ bound }) => bound !== undefined);
  if (bounds.length === 0) throw new RangeError('a range needs from or to');
  const parts = bounds.map(({ bound, operator }): Sql => {
    if (bound === undefined || bound === null) throw new RangeError('a range is not bounded by null');
    // SQLite orders all numbers before all text: a bound of one kind says nothing about the other.
    const kind = typeof bound === 'string' ? '=' : '<>';
    return {
      text: `${column} ${operator} ? AND typeof(${column}) ${kind} 'text'`,
      values: [sqlValue(bound)],
    };
  });
  return {
    text: parts.map(({ text }) => text).join(' AND '),
    values: parts.flatMap(({ values }) => values),
  };
};

const prefixSql = (prefix: string): readonly Sql[] => {
  if (prefix === '') return [];
  const end = prefixEnd(prefix);
  return end === null
    ? [{ text: 'key >= ?', values: [prefix] }]
    : [{ text: 'key >= ? AND key < ?', values: [prefix, end] }];
};

const afterSql = (
  column: string | undefined,
  direction: 'ASC' | 'DESC',
  after: NonNullable<Find['after']>,
): Sql => {
  const { key } = after;
  if (column === undefined) return { text: `key ${direction === 'ASC' ? '>' : '<'} ?`, values: [key] };
  const value = sqlValue(after.value);
  // Null comes first when ascending, so last when descending.
  if (direction === 'ASC') {
    if (value === null) return { text: `(${column} IS NOT NULL OR key > ?)`, values: [key] };
    return { text: `${column} IS NOT NULL AND (${column}, key) > (?, ?)`, values: [value, key] };
  }
  if (value === null) return { text: `${column} IS NULL AND key > ?`, values: [key] };
  return {
    text: `(${column} < ? OR ${column} IS NULL OR (${column} = ? AND key > ?))`,
    values: [value, value, key],
  };
};
