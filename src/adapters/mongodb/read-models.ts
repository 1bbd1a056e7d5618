import { randomUUID } from 'node:crypto';
import { type Binary, type ClientSession, type Collection as Documents, MongoServerError } from 'mongodb';
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
  type ReadModels,
  ReadModelsUnavailable,
  type Row,
} from '../../ports/read-models.js';
import { columnAt, columnOf } from '../checked-find.js';
import { assertCollection, sameFields } from '../checked-rows.js';
import { type BuildDocument, type Builds, MongoBuild, rowsOf } from './build.js';
import { isDuplicate, MongoConnection } from './connection.js';
import { filterOf, queryOf, type RowDocument } from './find.js';
import { Transactions } from './transactions.js';

const BUILDS = 'builds';
/** How long the indexes of a build may take: far longer than any other answer is waited for. */
const INDEXING_MS = 600_000;

/** Read models in one MongoDB database: `builds` says which are live, `<name>@<build>` holds the rows of each. */
export class MongoReadModels implements ReadModels, Builds {
  readonly documents: Documents<BuildDocument>;
  /** What each live build is written by from here, by the name of its collection. */
  readonly #transactions = new Map<string, Transactions>();

  private constructor(readonly connection: MongoConnection) {
    this.documents = connection.database.collection<BuildDocument>(BUILDS);
  }

  /**
   * Opens a database of a replica set.
   * @param database the URL's own when left out
   * @throws ReadModelsUnavailable
   */
  static async open(url: string, database?: string): Promise<MongoReadModels> {
    const connection = await MongoConnection.open(
      url,
      database,
      (message, cause) => new ReadModelsUnavailable(message, { cause }),
    );
    const models = new MongoReadModels(connection);
    await connection.ask(() =>
      models.documents.createIndex(
        { name: 1 },
        { name: 'one live build', unique: true, partialFilterExpression: { live: true } },
      ),
    );
    return models;
  }

  rows(name: string, id: string): Documents<RowDocument> {
    return this.connection.database.collection<RowDocument>(`${name}@${id}`);
  }

  async live(collection: Collection, epoch = 0): Promise<Build> {
    assertCollection(collection);
    return this.#ask(async () => {
      for (;;) {
        const found = await this.#liveDocument(collection.name);
        if (found && found.epoch > epoch)
          throw new Fenced(
            `${collection.name} is written under epoch ${found.epoch}, no longer under ${epoch}`,
          );
        if (!found) await this.#createLive(collection, epoch);
        else if (!sameFields(found.fields, collection.fields)) await this.#throwAway(found);
        else {
          const build = await this.#takeOver(collection, found, epoch);
          if (build) return build;
        }
      }
    });
  }

  async fresh(collection: Collection): Promise<Build> {
    assertCollection(collection);
    return this.#ask(async () => {
      await this.documents.deleteMany({ name: collection.name, live: false });
      await this.#sweep(collection.name);
      return new MongoBuild(this, collection, await this.#create(collection), null);
    });
  }

  /** Filled first, a collection is indexed at a fraction of the cost: a sort instead of a search for each row. */
  async prepare(build: Build): Promise<void> {
    if (!(build instanceof MongoBuild)) throw new RangeError('that is no build of these read models');
    await build.checkpoint();
    await this.#ask(() => this.#index(build.collection, build.id));
  }

  async activate(collection: Collection, build: Build, epoch = 0): Promise<void> {
    if (!(build instanceof MongoBuild)) throw new RangeError('that is no build of these read models');
    const { name, fields } = build.collection;
    if (name !== collection.name || !sameFields(fields, collection.fields))
      throw new RangeError(`a build of ${name} is not one of ${collection.name} with its fields`);
    if (!build.isLive) await this.prepare(build);
    await this.#ask(async () => {
      const transactions = this.#transactionsOf(name);
      await transactions.run((session) => this.#switch(build, epoch, transactions.id, session));
      build.goLive({ transactions, epoch });
      // What is left over is swept when the next build is begun.
      await this.#sweep(name).catch(() => undefined);
    });
  }

  async checkpoints(collections: readonly Collection[]): Promise<readonly (Position | null)[]> {
    return this.#ask(async () => {
      const names = collections.map(({ name }) => name);
      const found = await this.documents.find({ name: { $in: names }, live: true }).toArray();
      return collections.map(
        ({ name, fields }) =>
          found.find((one) => one.name === name && sameFields(one.fields, fields))?.checkpoint ?? null,
      );
    });
  }

  async faults(collection: Collection): Promise<readonly Fault[]> {
    return this.#ask(async () => {
      const found = await this.#readable(collection);
      return found?.faults.map((text) => JSON.parse(text)) ?? [];
    });
  }

  async get(collection: Collection, key: string): Promise<Row | undefined> {
    return (await this.getMany(collection, [key])).get(key);
  }

  async getMany(collection: Collection, keys: readonly string[]): Promise<ReadonlyMap<string, Row>> {
    const found = await this.#read(
      collection,
      (rows) => rowsOf(rows, keys),
      ({ size }) => size === 0,
    );
    return found ?? new Map();
  }

  async find(collection: Collection, query: Find): Promise<readonly Found[]> {
    const found = await this.#found(collection, query, { json: 1 });
    return found.map(({ _id, json }) => ({ key: _id, row: JSON.parse(json) }));
  }

  async keys(collection: Collection, query: Find): Promise<readonly string[]> {
    return (await this.#found(collection, query, { _id: 1 })).map(({ _id }) => _id);
  }

  async count(collection: Collection, where: Find['where']): Promise<number> {
    const filter = filterOf(collection.fields, where);
    const count = await this.#read(
      collection,
      (rows) => rows.countDocuments(filter),
      (rows) => rows === 0,
    );
    return count ?? 0;
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  /**
   * Reads the rows of the live build; undefined when there is none. Those of a build that is thrown away at that moment
   * are gone all together, or break off: then those of the build in its place are read. Where none has taken it the server
   * broke off, which says nothing of the rows: they are read once more.
   * @throws ReadModelsUnavailable
   */
  #read<Answer>(
    collection: Collection,
    read: (rows: Documents<RowDocument>) => Promise<Answer>,
    isEmpty: (answer: Answer) => boolean,
  ): Promise<Answer | undefined> {
    return this.#ask(async () => {
      let build = await this.#readable(collection);
      for (let brokenOff = false; build; ) {
        const answer = await unlessDropped(() => read(this.rows(collection.name, build?._id ?? '')));
        if (answer !== undefined && !isEmpty(answer)) return answer;
        const now = await this.#readable(collection);
        if (now?._id === build._id) {
          if (answer !== undefined) return answer;
          if (brokenOff) throw new ReadModelsUnavailable('MongoDB breaks off what is read');
          brokenOff = true;
        }
        build = now;
      }
      return undefined;
    });
  }

  async #found(
    collection: Collection,
    query: Find,
    projection: Readonly<Record<string, 1>>,
  ): Promise<readonly RowDocument[]> {
    const { filter, sort, limit } = queryOf(collection, query);
    const found = await this.#read(
      collection,
      (rows) =>
        rows.find(filter, { sort, limit, projection, batchSize: limit + 1, allowDiskUse: true }).toArray(),
      ({ length }) => length === 0,
    );
    return found ?? [];
  }

  async #readable({ name, fields }: Collection): Promise<BuildDocument | null> {
    const found = await this.#liveDocument(name);
    return found && sameFields(found.fields, fields) ? found : null;
  }

  #liveDocument(name: string): Promise<BuildDocument | null> {
    return this.documents.findOne({ name, live: true });
  }

  /** Writes the live build from here on; null when it has become another, or another's, meanwhile. */
  async #takeOver(collection: Collection, found: BuildDocument, epoch: number): Promise<MongoBuild | null> {
    const { name } = collection;
    const transactions = this.#transactionsOf(name);
    if (found.session && found.epoch < epoch && !isSame(transactions.id, found.session))
      await this.#breakOff(found.session);
    const { matchedCount } = await this.documents.updateOne(
      { _id: found._id, live: true, epoch: { $lte: epoch } },
      { $set: { epoch, session: transactions.id } },
    );
    return matchedCount === 0 ? null : new MongoBuild(this, collection, found._id, { transactions, epoch });
  }

  /**
   * Ends the transaction that an earlier writer may have left open: one that sleeps, or was cut off in the middle of it,
   * would hold up everybody else for as long as the server lets a transaction live (a minute).
   */
  async #breakOff(session: Binary): Promise<void> {
    await this.connection.client.db('admin').command({ killSessions: [{ id: session }] });
  }

  /** Puts a build in the place of the live one. */
  async #switch(build: MongoBuild, epoch: number, id: Binary, session: ClientSession): Promise<void> {
    const { name } = build.collection;
    const found = await this.documents.findOne({ _id: build.id }, { session });
    if (!found) throw new BuildGone(`build ${build.id} of ${name} was thrown away`);
    if (found.live) return;
    const old = await this.documents.findOneAndDelete({ name, live: true }, { session });
    if (old && old.epoch > epoch)
      throw new Fenced(`${name} is written under epoch ${old.epoch}, no longer under ${epoch}`);
    await this.documents.updateOne(
      { _id: build.id },
      { $set: { ...build.folded, live: true, epoch, session: id } },
      { session },
    );
  }

  async #createLive(collection: Collection, epoch: number): Promise<void> {
    const _id = await this.#create(collection);
    await this.#index(collection, _id);
    try {
      await this.documents.updateOne({ _id }, { $set: { live: true, epoch } });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      // Another process was faster.
      await this.documents.deleteOne({ _id });
      await this.rows(collection.name, _id).drop();
    }
  }

  /** A new, empty build; its document comes first, so that rows without one belong to nobody. */
  async #create({ name, fields }: Collection): Promise<string> {
    const _id = randomUUID();
    const unwritten = { live: false, checkpoint: null, mark: null, faults: [], epoch: 0, session: null };
    await this.documents.insertOne({ _id, name, fields, ...unwritten });
    await this.connection.database.createCollection(`${name}@${_id}`);
    return _id;
  }

  /** Creates the indexes that are not there yet. */
  async #index(collection: Collection, id: string): Promise<void> {
    const { name } = collection;
    const { fields, order } = collection;
    const then = order === undefined ? {} : { [columnOf(fields, order)]: 1 as const };
    const indexes = indexedFields(collection).map((index) => ({
      key: { [columnAt(index)]: 1 as const, ...then, _id: 1 as const },
    }));
    // The driver hands it to the connection, though its types do not know it.
    const patient: object = { socketTimeoutMS: INDEXING_MS };
    if (indexes.length > 0) await this.rows(name, id).createIndexes(indexes, patient);
  }

  async #throwAway({ _id, name }: BuildDocument): Promise<void> {
    await this.documents.deleteOne({ _id });
    await this.#sweep(name);
  }

  /** Drops rows that belong to no build any more. */
  async #sweep(name: string): Promise<void> {
    const { database } = this.connection;
    const collections = await database.listCollections({}, { nameOnly: true }).toArray();
    const kept = await this.documents.find({ name }, { projection: { _id: 1 } }).toArray();
    const names = new Set(kept.map(({ _id }) => `${name}@${_id}`));
    for (const one of collections)
      if (one.name.startsWith(`${name}@`) && !names.has(one.name)) await database.dropCollection(one.name);
  }

  #transactionsOf(name: string): Transactions {
    const known = this.#transactions.get(name);
    if (known) return known;
    const transactions = new Transactions(this.connection.client.startSession());
    this.#transactions.set(name, transactions);
    return transactions;
  }

  #ask<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    return this.connection.ask(work);
  }
}

const isSame = (one: Binary, other: Binary): boolean => one.toString('hex') === other.toString('hex');

/** What a query answers whose collection is dropped in the middle of it. */
const DROPPED: readonly unknown[] = ['QueryPlanKilled', 'CursorNotFound', 'NamespaceNotFound'];

const unlessDropped = async <Answer>(read: () => Promise<Answer>): Promise<Answer | undefined> => {
  try {
    return await read();
  } catch (error) {
    if (error instanceof MongoServerError && DROPPED.includes(error.codeName)) return undefined;
    throw error;
  }
};
