import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Position } from '../../ports/event-store.js';
import {
  type Build,
  BuildGone,
  type Collection,
  type Fault,
  type Find,
  type Found,
  type ReadModels,
  ReadModelsUnavailable,
  type Row,
} from '../../ports/read-models.js';
import { assertCollection, sameFields } from '../checked-rows.js';
import { type Beside, checkBeside, indexBeside } from './beside.js';
import {
  type Ask,
  assertLatest,
  buildTableSql,
  type Epochs,
  HeldBuild,
  indexesSql,
  SqliteBuild,
  tableOf,
} from './build.js';
import { type Connection, isSqliteError } from './database.js';
import { bytesOf, DAMAGE, deleteFile, isDamage, openSound, READ_SHAPE } from './read-file.js';
import { RowCache } from './row-cache.js';
import { SharedTransaction } from './shared-transaction.js';

const LIVE = 1;
const UNFINISHED = 0;
type Live = typeof LIVE | typeof UNFINISHED;

/** What takes long in a larger file is done beside its use: it is checked, and builds are indexed. */
export const LARGE_BYTES = 67_108_864;

/** Told when a damaged file was deleted: which one, and why. Everything in it has to be folded again. */
export type OnDamage = (file: string, reason: string) => void;

export interface Opening {
  /**
   * Names of the collections that are in use: when a build goes live, those of all others are dropped, unless one in use
   * has folded nothing yet. Everything is kept when left out.
   */
  readonly inUse?: readonly string[];
  /** From how many bytes on a file is large. */
  readonly largeBytes?: number;
  /** Told when a file could not be checked beside its use: which one, and why. */
  readonly onUnchecked?: (file: string, reason: string) => void;
}

/** Read models in one SQLite file, apart from the log: it can be deleted at any time, at the cost of a rebuild. */
export class SqliteReadModels implements ReadModels {
  #database: Connection;
  /** Builds that somebody may hold, by number: so that they learn when theirs is thrown away. */
  readonly #builds = new Map<number, SqliteBuild>();
  readonly #live = new Map<string, SqliteBuild>();
  #cache = new RowCache();
  readonly #shared = new SharedTransaction((work) => this.#inTransaction(work));
  // Leases of one process begin anew with it, and so do their epochs.
  readonly #epochs: Epochs = new Map();
  #check: Beside | undefined;
  #index: Beside | undefined;
  /** Resolves when no other process makes indexes any more: until then nobody writes to the file. */
  #indexing: Promise<void> | undefined;
  #closed = false;
  /** Whether the file was found damaged while it was used. */
  #wasDamaged = false;

  private constructor(
    private readonly file: string,
    private readonly onDamage: OnDamage,
    private readonly inUse: readonly string[] | undefined,
    private readonly largeBytes: number,
    database: Connection,
  ) {
    this.#database = database;
  }

  /**
   * Opens the file, creating it when it is missing. One that is damaged, or has the tables of another version, is
   * deleted, reported and started empty; a database of something else is left alone. A large file is checked while it is
   * used: whenever damage is found, or met by whoever asks, all its builds are gone, and it is empty from then on.
   * @throws ForeignDatabase, ReadModelsUnavailable
   */
  static open(file: string, onDamage: OnDamage, opening: Opening = {}): SqliteReadModels {
    const { inUse, largeBytes = LARGE_BYTES, onUnchecked = () => undefined } = opening;
    return unlessSqliteFails(() => {
      const checkFirst = bytesOf(file) <= largeBytes;
      try {
        const models = new SqliteReadModels(file, onDamage, inUse, largeBytes, openSound(file, checkFirst));
        if (!checkFirst) models.#checkBeside(onUnchecked);
        return models;
      } catch (error) {
        if (!isDamage(error)) throw error;
        onDamage(file, error.message);
      }
      deleteFile(file);
      return new SqliteReadModels(file, onDamage, inUse, largeBytes, openSound(file, false));
    });
  }

  async live(collection: Collection, epoch = 0): Promise<Build> {
    await this.#writable();
    return this.#ask(() => {
      const build = this.#liveBuild(collection);
      assertLatest(this.#epochs, collection.name, epoch);
      this.#epochs.set(collection.name, epoch);
      return new HeldBuild(build, this.#epochs, epoch);
    });
  }

  async fresh(collection: Collection): Promise<Build> {
    assertCollection(collection);
    await this.#writable();
    return this.#ask(() => new HeldBuild(this.#replace(collection, UNFINISHED), this.#epochs, null));
  }

  /**
   * Filled first, a table is indexed at a fraction of the cost: a sort instead of a search for each row. Where the file is
   * large that takes a second, in which another process does it, and what is to be written waits.
   */
  async prepare(given: Build): Promise<void> {
    const build = this.#mine(given);
    const statements = indexesSql(build.collection, build.number);
    await this.#writable();
    if (bytesOf(this.file) > this.largeBytes) {
      this.#indexing = this.#shared.holding(() => this.#indexBeside(statements));
      await this.#indexing;
      this.#indexing = undefined;
    }
    // What has been made is not made again.
    for (const sql of statements) {
      await nextTurn();
      this.#ask(() => {
        build.assertThere();
        this.#database.exec(sql);
      });
    }
  }

  async activate(collection: Collection, given: Build, epoch = 0): Promise<void> {
    const build = this.#mine(given);
    const { name, fields } = build.collection;
    if (name !== collection.name || !sameFields(fields, collection.fields)) {
      throw new RangeError(`a build of ${name} is not one of ${collection.name} with its fields`);
    }
    if (this.#live.get(name) === build) return;
    await this.#writable();
    assertLatest(this.#epochs, name, epoch);
    const dropped = this.#inTransaction(() => {
      build.assertThere();
      for (const sql of indexesSql(build.collection, build.number)) this.#database.exec(sql);
      const old = this.#drop(name, LIVE);
      this.#database.prepare('UPDATE builds SET live = ? WHERE number = ?').run(LIVE, build.number);
      return [...old, ...this.#dropUnused(name)];
    });
    this.#forget(dropped);
    this.#live.set(name, build);
    this.#epochs.set(name, epoch);
    (given as HeldBuild).epoch = epoch;
  }

  async checkpoints(collections: readonly Collection[]): Promise<readonly (Position | null)[]> {
    return Promise.all(collections.map((one) => this.#ask(() => this.#liveBuild(one).checkpoint())));
  }

  async faults(collection: Collection): Promise<readonly Fault[]> {
    return this.#ask(() => this.#liveBuild(collection).faults());
  }

  async get(collection: Collection, key: string): Promise<Row | undefined> {
    return this.#read(collection, (build) => build.rows([key]).get(key));
  }

  async getMany(collection: Collection, keys: readonly string[]): Promise<ReadonlyMap<string, Row>> {
    return this.#read(collection, (build) => build.rows(keys));
  }

  async keys(collection: Collection, query: Find): Promise<readonly string[]> {
    return this.#read(collection, (build) => build.keys(query));
  }

  async find(collection: Collection, query: Find): Promise<readonly Found[]> {
    return this.#read(collection, (build) => build.find(query));
  }

  async count(collection: Collection, where: Find['where']): Promise<number> {
    return this.#read(collection, (build) => build.count(where));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.all([this.#check?.stop(), this.#index?.stop()]);
    this.#database.close();
  }

  #checkBeside(onUnchecked: NonNullable<Opening['onUnchecked']>): void {
    this.#check = checkBeside(this.file);
    this.#check.found
      .then((reason) => {
        if (reason !== null && !this.#closed) this.#beginAnew(reason);
      })
      .catch((error: Error) => onUnchecked(this.file, error.message));
  }

  async #writable(): Promise<void> {
    while (this.#indexing) await this.#indexing;
  }

  /** Does not reject: whoever could not make them there makes them here. */
  async #indexBeside(statements: readonly string[]): Promise<void> {
    this.#index = indexBeside(this.file, READ_SHAPE.checkpointPages, statements);
    await this.#index.found.catch(() => undefined);
  }

  /** Nothing in the file can be trusted: it is empty from here on, and whoever holds one of its builds is told so. */
  #beginAnew(reason: string): void {
    void this.#check?.stop();
    void this.#index?.stop();
    this.#forget([...this.#builds.keys()]);
    this.#cache = new RowCache();
    this.#wasDamaged = true;
    this.#database.close();
    deleteFile(this.file);
    this.onDamage(this.file, reason);
  }

  /** @throws RangeError for a build of others, BuildGone */
  #mine(given: Build): SqliteBuild {
    if (!(given instanceof HeldBuild)) throw new RangeError('that is no build of these read models');
    const { build } = given;
    if (this.#builds.get(build.number) !== build)
      throw new BuildGone(`build ${build.number} was thrown away`);
    return build;
  }

  /** Asks the live build. One that was lost says nothing until it is folded again: that it is empty is no answer. */
  #read<Answer>(collection: Collection, question: (build: SqliteBuild) => Answer): Answer {
    return this.#ask(() => {
      const build = this.#liveBuild(collection);
      if (this.#wasDamaged && build.folded === null)
        throw new ReadModelsUnavailable(`${collection.name} was damaged, and is folded anew`);
      return question(build);
    });
  }

  #liveBuild(collection: Collection): SqliteBuild {
    const kept = this.#live.get(collection.name);
    if (kept && sameFields(kept.collection.fields, collection.fields)) return kept;
    assertCollection(collection);
    const build = this.#ofEarlierRun(collection) ?? this.#replace(collection, LIVE);
    this.#live.set(collection.name, build);
    return build;
  }

  /** The live build that the file holds, unless its fields are others. */
  #ofEarlierRun(collection: Collection): SqliteBuild | undefined {
    const line = this.#database
      .prepare<[string, number], [number: number, fields: string]>(
        'SELECT number, fields FROM builds WHERE collection = ? AND live = ?',
      )
      .raw()
      .get(collection.name, LIVE);
    if (!line || line[1] !== JSON.stringify(collection.fields)) return undefined;
    return this.#hold(collection, line[0]);
  }

  /** A new, empty build in the place of those that are live, or unfinished. */
  #replace(collection: Collection, live: Live): SqliteBuild {
    const { number, dropped } = this.#inTransaction(() => {
      const old = this.#drop(collection.name, live);
      const { lastInsertRowid } = this.#database
        .prepare('INSERT INTO builds (collection, fields, live) VALUES (?, ?, ?)')
        .run(collection.name, JSON.stringify(collection.fields), live);
      const created = Number(lastInsertRowid);
      this.#database.exec(buildTableSql(collection, created));
      if (live === LIVE) for (const sql of indexesSql(collection, created)) this.#database.exec(sql);
      return { number: created, dropped: old };
    });
    this.#forget(dropped);
    return this.#hold(collection, number);
  }

  #drop(name: string, live: Live): readonly number[] {
    const numbers = this.#database
      .prepare<[string, number], number>('SELECT number FROM builds WHERE collection = ? AND live = ?')
      .pluck()
      .all(name, live);
    for (const number of numbers) {
      this.#database.exec(`DROP TABLE ${tableOf(name, number)}`);
      this.#database.prepare('DELETE FROM builds WHERE number = ?').run(number);
    }
    return numbers;
  }

  /** Whoever makes a build live uses its collection. */
  #dropUnused(madeLive: string): readonly number[] {
    const inUse = this.inUse && [...this.inUse, madeLive];
    const names = (where: string) =>
      this.#database
        .prepare<[], string>(`SELECT DISTINCT collection FROM builds WHERE ${where}`)
        .pluck()
        .all();
    const folded = names(`live = ${LIVE} AND checkpoint IS NOT NULL`);
    if (!inUse?.every((name) => folded.includes(name))) return [];
    return names('true')
      .filter((name) => !inUse.includes(name))
      .flatMap((name) => [...this.#drop(name, LIVE), ...this.#drop(name, UNFINISHED)]);
  }

  #hold(collection: Collection, number: number): SqliteBuild {
    const build = new SqliteBuild(this.#database, this.#cache, this.#ask, this.#shared, collection, number);
    this.#builds.set(number, build);
    return build;
  }

  // Only once the transaction that dropped them is committed: until then they are still there.
  #forget(dropped: readonly number[]): void {
    for (const number of dropped) {
      const build = this.#builds.get(number);
      if (!build) continue;
      build.markGone();
      this.#builds.delete(number);
      if (this.#live.get(build.collection.name) === build) this.#live.delete(build.collection.name);
    }
  }

  #inTransaction<Answer>(work: () => Answer): Answer {
    return this.#ask(() => this.#database.transaction(work).immediate());
  }

  /** Does something with the file. Where that meets damage, it is done again with the empty one that takes its place. */
  readonly #ask = <Answer>(work: () => Answer): Answer => {
    if (this.#closed) throw new ReadModelsUnavailable('the read models are closed');
    return unlessSqliteFails(() => {
      try {
        return this.#withFile(work);
      } catch (error) {
        if (!isSqliteError(error, ...DAMAGE)) throw error;
        this.#beginAnew(error.message);
        return this.#withFile(work);
      }
    });
  };

  #withFile<Answer>(work: () => Answer): Answer {
    if (!this.#database.open) this.#database = openSound(this.file, false);
    return work();
  }
}

const unlessSqliteFails: Ask = (work) => {
  try {
    return work();
  } catch (error) {
    if (!isSqliteError(error)) throw error;
    throw new ReadModelsUnavailable(`the read models failed: ${error.message}`, { cause: error });
  }
};
