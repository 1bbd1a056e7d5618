import { setImmediate as nextTurn } from 'node:timers/promises';
import { assertJson, NotStorable, textFault } from '../../domain/canonical.js';
import type { Position } from '../../ports/event-store.js';
import {
  type Build,
  BuildGone,
  type Collection,
  type Find,
  type Found,
  type Row,
  type Scalar,
} from '../../ports/read-models.js';
import type { Connection } from './database.js';
import { findSql, type SqlValue, sqlValue, whereSql } from './find-sql.js';
import type { RowCache } from './row-cache.js';

/** A row ready to be written: key, position, JSON, then the value of each field. */
type StoredRow = [key: string, position: string, json: string, ...fields: SqlValue[]];

/** Rows whose texts are made in one turn of the event loop. */
const ROWS_A_TURN = 500;

/** Runs work on the file, giving its failures the port's words. */
export type Ask = <Answer>(work: () => Answer) => Answer;

/** One build of a collection: the table `<name>@<number>`, and its line in `builds`. */
export class SqliteBuild implements Build {
  readonly #database: Connection;
  readonly #ask: Ask;
  readonly #table: string;
  readonly #statements: ReturnType<typeof statementsOf>;
  readonly #cache: RowCache;
  #gone = false;

  constructor(
    database: Connection,
    cache: RowCache,
    ask: Ask,
    readonly collection: Collection,
    readonly number: number,
  ) {
    this.#database = database;
    this.#cache = cache;
    this.#ask = ask;
    this.#table = tableOf(collection.name, number);
    this.#statements = statementsOf(database, this.#table, collection.fields.length);
  }

  async checkpoint(): Promise<Position | null> {
    return this.#whileThere(() => this.#statements.checkpoint.get(this.number) ?? null);
  }

  async getMany(keys: readonly string[]): Promise<ReadonlyMap<string, Row>> {
    return this.#whileThere(() => {
      const found = new Map<string, Row>();
      for (const key of keys) {
        const row = this.#kept(key);
        if (row !== undefined) found.set(key, row);
      }
      return found;
    });
  }

  async commit(rows: ReadonlyMap<string, Row | null>, checkpoint: Position): Promise<void> {
    const stored: { key: string; row: StoredRow | null }[] = [];
    for (const [key, row] of rows) {
      // A rebuild writes thousands of long rows at once: others get their turn while the texts are made.
      if (stored.length % ROWS_A_TURN === ROWS_A_TURN - 1) await nextTurn();
      stored.push({ key, row: row && this.#stored(key, row) });
    }
    this.#whileThere(() => this.#database.transaction(() => this.#write(stored, checkpoint)).immediate());
    for (const { key, row } of stored) {
      const changed = rows.get(key);
      if (row && changed) this.#cache.replace(this.#place(key), changed, row[2].length);
      else this.#cache.forget(this.#place(key));
    }
  }

  /** Rows by key, those that are there. */
  rows(keys: readonly string[]): ReadonlyMap<string, Row> {
    const found = new Map<string, Row>();
    for (const key of keys) {
      const json = this.#statements.get.get(key);
      if (json !== undefined) found.set(key, JSON.parse(json));
    }
    return found;
  }

  /** A row as it is kept from one page to the next, for whoever folds into it. */
  #kept(key: string): Row | undefined {
    const kept = this.#cache.get(this.#place(key));
    if (kept !== undefined) return kept;
    const json = this.#statements.get.get(key);
    if (json === undefined) return undefined;
    const row: Row = JSON.parse(json);
    this.#cache.keep(this.#place(key), row, json.length);
    return row;
  }

  #place(key: string): string {
    return `${this.number} ${key}`;
  }

  find(query: Find): readonly Found[] {
    const { text, values } = findSql(this.collection, query);
    return this.#database
      .prepare<unknown[], [key: string, json: string]>(`SELECT key, json FROM ${this.#table} ${text}`)
      .raw()
      .all(...values)
      .map(([key, json]) => ({ key, row: JSON.parse(json) }));
  }

  count(where: Find['where']): number {
    const { text, values } = whereSql(this.collection, where);
    const sql = `SELECT count(*) FROM ${this.#table} WHERE ${text}`;
    return (
      this.#database
        .prepare<unknown[], number>(sql)
        .pluck()
        .get(...values) ?? 0
    );
  }

  /** From now on whoever still holds this build is told that it is gone. */
  markGone(): void {
    this.#gone = true;
  }

  #whileThere<Answer>(work: () => Answer): Answer {
    if (this.#gone) throw new BuildGone(`build ${this.number} of ${this.collection.name} was thrown away`);
    return this.#ask(work);
  }

  #write(stored: readonly { key: string; row: StoredRow | null }[], checkpoint: Position): void {
    const { put, remove, saveCheckpoint } = this.#statements;
    for (const { key, row } of stored) {
      if (row) put.run(...row);
      else remove.run(key);
    }
    saveCheckpoint.run(checkpoint, this.number);
  }

  #stored(key: string, row: Row): StoredRow {
    const { name, fields } = this.collection;
    const why = textFault(key);
    if (why !== null) throw new NotStorable(`${name}: a key with ${why} cannot be stored`);
    assertJson(row, `${name}/${key}`);
    if (typeof row.position !== 'string') throw new NotStorable(`${name}/${key}.position is not a position`);
    const values = fields.map((field) => {
      const value = Object.hasOwn(row, field) ? row[field] : null;
      if (!isScalar(value)) throw new NotStorable(`${name}/${key}.${field} is indexed, but not a scalar`);
      return sqlValue(value);
    });
    // Not canonical: a row is given back with its fields in the order that the projection chose.
    return [key, row.position, JSON.stringify(row), ...values];
  }
}

/** The SQL that creates a build's table, an index a field. */
export const buildTableSql = (collection: Collection, number: number): string => {
  const columns = collection.fields.map((_, index) => `, f${index} ANY`).join('');
  const table = tableOf(collection.name, number);
  const indexes = collection.fields.map(
    (_, index) =>
      `CREATE INDEX ${quoted(`${collection.name}@${number}.f${index}`)} ON ${table} (f${index}, key);`,
  );
  return `CREATE TABLE ${table} (key TEXT PRIMARY KEY, position TEXT NOT NULL, json TEXT NOT NULL${columns}) STRICT;
    ${indexes.join('\n')}`;
};

export const tableOf = (name: string, number: number): string => quoted(`${name}@${number}`);

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const isScalar = (value: unknown): value is Scalar => value === null || typeof value !== 'object';

const statementsOf = (database: Connection, table: string, fields: number) => ({
  checkpoint: database
    .prepare<[number], string | null>('SELECT checkpoint FROM builds WHERE number = ?')
    .pluck(),
  saveCheckpoint: database.prepare<[string, number]>('UPDATE builds SET checkpoint = ? WHERE number = ?'),
  get: database.prepare<[string], string>(`SELECT json FROM ${table} WHERE key = ?`).pluck(),
  put: database.prepare<StoredRow>(`REPLACE INTO ${table} VALUES (?, ?, ?${', ?'.repeat(fields)})`),
  remove: database.prepare<[string]>(`DELETE FROM ${table} WHERE key = ?`),
});
