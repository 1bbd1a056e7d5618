import { type Find, MAX_FIND_ROWS, MAX_IN_VALUES, type Scalar } from '../ports/read-models.js';

/** Where a field's value stands in a store. Columns are numbered: a field's name never becomes part of a query. */
export const columnAt = (index: number): string => `f${index}`;

/** The column of a collection's field. @throws RangeError */
export const columnOf = (fields: readonly string[], field: string): string => {
  const index = fields.indexOf(field);
  if (index < 0) throw new RangeError(`${field} is not an indexed field (${fields.join(', ')})`);
  return columnAt(index);
};

/** @throws RangeError for a limit out of range */
export const assertLimit = ({ limit }: Pick<Find, 'limit'>): void => {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_FIND_ROWS)
    throw new RangeError(`limit ${limit} is not within 1 and ${MAX_FIND_ROWS}`);
};

/** @throws RangeError for more values than one condition may name */
export const assertAmong = (values: readonly Scalar[]): void => {
  if (values.length > MAX_IN_VALUES)
    throw new RangeError(`more than ${MAX_IN_VALUES} values in one condition`);
};
