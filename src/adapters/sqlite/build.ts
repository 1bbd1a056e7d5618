import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Position } from '../../ports/event-store.js';
import {
  type Build,
  BuildGone,
  type Collection,
  type Fault,
  Fenced,
  type Find,
  type Found,
  indexedFields,
  MAX_FAULTS,
  type Row,
} from '../../ports/read-models.js';
import { columnAt, columnOf } from '../checked-find.js';
import { checkedRow } from '../checked-rows.js';
import type { Connection } from './database.js';
import { findSql, type SqlValue, sqlValue, whereSql } from './find-sql.js';
import type { RowCache } from './row-cache.js';
import type { SharedTransaction } from './shared-transaction.js';

/** A row ready to be written: key, position, the value of each field, JSON. */
type StoredRow = [key: string, position: string, ...fields: SqlValue[], json: string];

/** Rows whose texts are made in one turn of the event loop. */
const ROWS_A_TURN = 500;
/** Rows of a build that nobody reads that are written in one transaction. */
const ROWS_A_TRANSACTION = 5_000;

/** Runs work on the file, giving its failures the port's words. */
export type Ask = <Answer>(work: () => Answer) => Answer;

/** One build of a collection: the table `<name>@<number>`, and its line in `builds`. */
export class SqliteBuild implements Build {
  readonly #database: Connection;
  readonly #cache: RowCache;
  readonly #ask: Ask;
  readonly #shared: SharedTransaction;
  readonly #table: string;
  readonly #statements: ReturnType<typeof statementsOf>;
  #gone = false;

  constructor(
    database: Connection,
    cache: RowCache,
    ask: Ask,
    shared: SharedTransaction,
    readonly collection: Collection,
    readonly number: number,
  ) {
    this.#database = database;
    this.#cache = cache;
    this.#ask = ask;
    this.#shared = shared;
    this.#table = tableOf(collection.name, number);
    this.#statements = statementsOf(database, this.#table, collection.fields);
  }

  async checkpoint(): Promise<Position | null> {
    return this.#whileThere(() => this.folded);
  }

  async mark(): Promise<string | null> {
    return this.#whileThere(() => this.#statements.mark.get(this.number) ?? null);
  }

  /** Position up to which it has folded the log. */
  get folded(): Position | null {
    return this.#statements.checkpoint.get(this.number) ?? null;
  }

  async getMany(keys: readonly string[]): Promise<ReadonlyMap<string, Row>> {
    return this.#whileThere(() => this.#together(keys, (key) => this.#kept(key)));
  }

  /**
   * `allowed` is asked in the turn in which all is written, and throws to refuse. Null for a build that nobody reads: it is
   * written in one transaction after the other, so that others are written in between.
   */
  async commit(
    rows: ReadonlyMap<string, Row>,
    checkpoint: Position,
    faults: readonly Fault[] = [],
    mark: string | null = null,
    allowed: (() => void) | null = null,
  ): Promise<void> {
    const stored: StoredRow[] = [];
    for (const [key, row] of rows) {
      // A rebuild writes thousands of long rows at once: others get their turn while the texts are made.
      if (stored.length % ROWS_A_TURN === ROWS_A_TURN - 1) await nextTurn();
      stored.push(this.#stored(key, row));
    }
    let at = 0;
    if (allowed === null)
      for (; at + ROWS_A_TRANSACTION < stored.length; at += ROWS_A_TRANSACTION)
        await this.#shared.run(() => {
          this.assertThere();
          this.#put(stored.slice(at, at + ROWS_A_TRANSACTION));
        });
    await this.#shared.run(() => {
      this.assertThere();
      allowed?.();
      this.#put(stored.slice(at));
      this.#reach(checkpoint, faults, mark);
    });
    for (const row of stored) {
      const [key] = row;
      this.#cache.replace(this.#place(key), rows.get(key) as Row, (row.at(-1) as string).length);
    }
  }

  faults(): readonly Fault[] {
    return JSON.parse(this.#statements.faults.get(this.number) ?? '[]');
  }

  /** Rows by key, those that are there. */
  rows(keys: readonly string[]): ReadonlyMap<string, Row> {
    return this.#together(keys, (key) => {
      const json = this.#statements.get.get(key);
      return json === undefined ? undefined : JSON.parse(json);
    });
  }

  /** In one transaction: otherwise each read takes and releases the file's locks. */
  #together(keys: readonly string[], read: (key: string) => Row | undefined): ReadonlyMap<string, Row> {
    const found = new Map<string, Row>();
    this.#database.transaction(() => {
      for (const key of keys) {
        const row = read(key);
        if (row !== undefined) found.set(key, row);
      }
    })();
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

  keys(query: Find): readonly string[] {
    const { text, values } = findSql(this.collection, query);
    return this.#database
      .prepare<unknown[], string>(`SELECT key FROM ${this.#table} ${text}`)
      .pluck()
      .all(...values);
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

  /** @throws BuildGone */
  assertThere(): void {
    if (this.#gone) throw new BuildGone(`build ${this.number} of ${this.collection.name} was thrown away`);
  }

  #whileThere<Answer>(work: () => Answer): Answer {
    return this.#ask(() => {
      this.assertThere();
      return work();
    });
  }

  #put(stored: readonly StoredRow[]): void {
    for (const row of stored) this.#statements.put.run(...row);
  }

  #reach(checkpoint: Position, faults: readonly Fault[], mark: string | null): void {
    const { saveCheckpoint, saveFaults } = this.#statements;
    saveCheckpoint.run(checkpoint, mark, this.number);
    if (faults.length === 0) return;
    saveFaults.run(JSON.stringify([...this.faults(), ...faults].slice(-MAX_FAULTS)), this.number);
  }

  #stored(key: string, row: Row): StoredRow {
    const { json, values } = checkedRow(this.collection, key, row);
    return [key, row.position, ...values.map(sqlValue), json];
  }
}

/** Who has written the live builds of a file, by the name of their collection: the latest epoch. */
export type Epochs = Map<string, number>;

/** A build as somebody writes it: a live one under an epoch, a fresh one under none. */
export class HeldBuild implements Build {
  constructor(
    readonly build: SqliteBuild,
    private readonly epochs: Epochs,
    public epoch: number | null,
  ) {}

  checkpoint(): Promise<Position | null> {
    return this.build.checkpoint();
  }

  mark(): Promise<string | null> {
    return this.build.mark();
  }

  getMany(keys: readonly string[]): Promise<ReadonlyMap<string, Row>> {
    return this.build.getMany(keys);
  }

  async commit(
    rows: ReadonlyMap<string, Row>,
    checkpoint: Position,
    faults?: readonly Fault[],
    mark?: string | null,
  ): Promise<void> {
    const { build, epoch } = this;
    const allowed = epoch === null ? null : () => assertLatest(this.epochs, build.collection.name, epoch);
    build.assertThere();
    allowed?.();
    await build.commit(rows, checkpoint, faults, mark, allowed);
  }
}

/** @throws Fenced when a later epoch writes the live build of the collection */
export const assertLatest = (epochs: Epochs, name: string, epoch: number): void => {
  const latest = epochs.get(name) ?? 0;
  if (epoch < latest) throw new Fenced(`${name} is written under epoch ${latest}, no longer under ${epoch}`);
};

/** The SQL that creates a build's table. The fields stand before the text, so that they are read without it. */
export const buildTableSql = ({ name, fields }: Collection, number: number): string =>
  `CREATE TABLE ${tableOf(name, number)}
    (key TEXT PRIMARY KEY, position TEXT NOT NULL, ${columnsOf(fields, ' ANY')}json TEXT NOT NULL) STRICT`;

/** The SQL that creates the indexes of a build's table that are not there yet, one a field. What is null is seldom asked for. */
export const indexesSql = (collection: Collection, number: number): readonly string[] => {
  const order = collection.order === undefined ? 'key' : columnOf(collection.fields, collection.order);
  return indexedFields(collection).map((index) => {
    const [name, table] = [`${collection.name}@${number}.f${index}`, tableOf(collection.name, number)];
    const columns = order === columnAt(index) ? order : `${columnAt(index)}, ${order}`;
    return `CREATE INDEX IF NOT EXISTS ${quoted(name)} ON ${table} (${columns}) WHERE f${index} IS NOT NULL`;
  });
};

const columnsOf = (fields: readonly string[], type = ''): string =>
  fields.map((_, index) => `${columnAt(index)}${type}, `).join('');

export const tableOf = (name: string, number: number): string => quoted(`${name}@${number}`);

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const statementsOf = (database: Connection, table: string, fields: readonly string[]) => ({
  checkpoint: database
    .prepare<[number], string | null>('SELECT checkpoint FROM builds WHERE number = ?')
    .pluck(),
  mark: database.prepare<[number], string | null>('SELECT mark FROM builds WHERE number = ?').pluck(),
  saveCheckpoint: database.prepare<[string, string | null, number]>(
    'UPDATE builds SET checkpoint = ?, mark = ? WHERE number = ?',
  ),
  faults: database.prepare<[number], string>('SELECT faults FROM builds WHERE number = ?').pluck(),
  saveFaults: database.prepare<[string, number]>('UPDATE builds SET faults = ? WHERE number = ?'),
  get: database.prepare<[string], string>(`SELECT json FROM ${table} WHERE key = ?`).pluck(),
  put: database.prepare<StoredRow>(
    `REPLACE INTO ${table} (key, position, ${columnsOf(fields)}json) VALUES (?, ?, ?${', ?'.repeat(fields.length)})`,
  ),
});
