import { assertJson, NotStorable, textFault } from '../domain/canonical.js';
import { type Collection, MAX_ROW_BYTES, type Row, type Scalar } from '../ports/read-models.js';

/** Most indexed fields of a collection. */
export const MAX_FIELDS = 32;

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const FIELD = /^[A-Za-z_][A-Za-z0-9_]{0,99}$/;

/** @throws RangeError for what is no collection */
export const assertCollection = ({ name, fields }: Collection): void => {
  if (!NAME.test(name)) throw new RangeError(`${name} cannot name a collection`);
  if (fields.length > MAX_FIELDS) throw new RangeError(`${name} has more than ${MAX_FIELDS} indexed fields`);
  if (new Set(fields).size < fields.length) throw new RangeError(`${name} names an indexed field twice`);
  const odd = fields.find((field) => !FIELD.test(field));
  if (odd !== undefined) throw new RangeError(`${odd} cannot name an indexed field of ${name}`);
};

export const sameFields = (one: readonly string[], other: readonly string[]): boolean =>
  one === other || JSON.stringify(one) === JSON.stringify(other);

/** A row as it is stored: as JSON with its fields in the order given, and the value of each indexed field. */
export interface CheckedRow {
  readonly json: string;
  readonly values: readonly Scalar[];
}

/** @throws NotStorable */
export const checkedRow = ({ name, fields }: Collection, key: string, row: Row): CheckedRow => {
  const why = textFault(key);
  if (why !== null) throw new NotStorable(`${name}: a key with ${why} cannot be stored`);
  assertJson(row, `${name}/${key}`);
  if (typeof row.position !== 'string') throw new NotStorable(`${name}/${key}.position is not a position`);
  const values = fields.map((field) => {
    const value = Object.hasOwn(row, field) ? row[field] : null;
    if (!isScalar(value)) throw new NotStorable(`${name}/${key}.${field} is indexed, but not a scalar`);
    return value;
  });
  const json = JSON.stringify(row);
  if (isTooLarge(json)) throw new NotStorable(`${name}/${key} is larger than ${MAX_ROW_BYTES} bytes`);
  return { json, values };
};

const isScalar = (value: unknown): value is Scalar => value === null || typeof value !== 'object';

// A UTF-16 unit takes at most three bytes: only what is nearly too large has to be measured.
const isTooLarge = (json: string): boolean =>
  json.length * 3 > MAX_ROW_BYTES && Buffer.byteLength(json) > MAX_ROW_BYTES;
