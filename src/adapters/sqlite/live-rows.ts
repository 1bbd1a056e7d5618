import { canonicalText } from '../../domain/canonical.js';
import type { Position } from '../../ports/event-store.js';
import type { Collection, Row } from '../../ports/read-models.js';
import { columnAt } from '../checked-find.js';
import { checkedRow, sameFields } from '../checked-rows.js';
import { tableOf } from './build.js';
import type { Connection } from './database.js';
import { type SqlValue, sqlValue } from './find-sql.js';
import { openToRead, type Reading } from './reading.js';

/** The live builds of a file of read models as they stood at one moment, to be held against rows that were folded anew. */
export class LiveRows {
  private constructor(private readonly reading: Reading) {}

  /** @throws CannotOpen, or better-sqlite3's SqliteError */
  static open(file: string): LiveRows {
    const reading = openToRead(file);
    reading.database.exec('BEGIN');
    // Only with the first that is read is the moment the one at which it is.
    reading.database.prepare('SELECT count(*) FROM builds').get();
    return new LiveRows(reading);
  }

  /** The live build of a collection; undefined where there is none, or one of other fields, which is built anew. */
  of(collection: Collection): LiveBuild | undefined {
    const { database } = this.reading;
    const found = database
      .prepare<[string], { number: number; fields: string; checkpoint: Position | null }>(
        'SELECT number, fields, checkpoint FROM builds WHERE live = 1 AND collection = ?',
      )
      .get(collection.name);
    if (!found || !sameFields(JSON.parse(found.fields), collection.fields)) return undefined;
    return new LiveBuild(database, collection, found.number, found.checkpoint);
  }

  close(): void {
    this.reading.close();
  }
}

type Columns = readonly [position: string, ...fields: SqlValue[], json: string];

/** One live build, and how its rows differ from what they should be. */
export class LiveBuild {
  readonly #row;
  readonly #keys;

  constructor(
    database: Connection,
    private readonly collection: Collection,
    number: number,
    readonly checkpoint: Position | null,
  ) {
    const table = tableOf(collection.name, number);
    const columns = ['position', ...collection.fields.map((_, index) => columnAt(index)), 'json'];
    this.#row = database
      .prepare<[string], Columns>(`SELECT ${columns.join(', ')} FROM ${table} WHERE key = ?`)
      .raw();
    this.#keys = database.prepare<[], string>(`SELECT key FROM ${table}`).pluck();
  }

  /** Every key that has a row. */
  keys(): Iterable<string> {
    return this.#keys.iterate();
  }

  /** What is wrong with the row of a key that should be as given; null for one that is equal. @throws NotStorable */
  fault(key: string, row: Row): string | null {
    const { json, values } = checkedRow(this.collection, key, row);
    const stored = this.#row.get(key);
    if (stored === undefined) return `it has no row ${key}`;
    const columns = [row.position, ...values.map(sqlValue)];
    const isEqual =
      columns.every((value, index) => value === stored[index]) &&
      canonical(stored.at(-1)) === canonical(json);
    return isEqual ? null : `its row ${key} is not what the log says`;
  }
}

/** The canonical text of stored JSON; null for what is none. */
const canonical = (json: unknown): string | null => {
  try {
    return canonicalText(JSON.parse(String(json)));
  } catch {
    return null;
  }
};
