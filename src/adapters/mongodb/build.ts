import type { AnyBulkWriteOperation, Binary, Collection as Documents } from 'mongodb';
import type { Position } from '../../ports/event-store.js';
import {
  type Build,
  BuildGone,
  type Collection,
  type Fault,
  Fenced,
  MAX_FAULTS,
  type Row,
} from '../../ports/read-models.js';
import { columnAt } from '../checked-find.js';
import { checkedRow } from '../checked-rows.js';
import type { MongoConnection } from './connection.js';
import type { RowDocument } from './find.js';
import type { Transactions } from './transactions.js';

/** What is known of one build; its rows are in a collection of their own. */
export interface BuildDocument {
  readonly _id: string;
  readonly name: string;
  readonly fields: readonly string[];
  readonly live: boolean;
  readonly checkpoint: Position | null;
  /** Missing where an earlier release wrote it. */
  readonly mark?: string | null;
  /** Each as JSON. */
  readonly faults: readonly string[];
  /** The latest epoch that the live build is written under, and the session that it is written in. */
  readonly epoch: number;
  readonly session: Binary | null;
}

/** The stored builds, and where their rows are. */
export interface Builds {
  readonly connection: MongoConnection;
  readonly documents: Documents<BuildDocument>;
  rows(name: string, id: string): Documents<RowDocument>;
}

/** How far a build has come. */
type Folded = Required<Pick<BuildDocument, 'checkpoint' | 'mark' | 'faults'>>;

type Writes = readonly AnyBulkWriteOperation<RowDocument>[];

/** How a live build is written. */
interface Writing {
  readonly transactions: Transactions;
  readonly epoch: number;
}

export class MongoBuild implements Build {
  readonly #rows: Documents<RowDocument>;
  #writing: Writing | null;
  /** Of a fresh build, until it is activated: what is built when the process ends is thrown away. */
  #checkpoint: Position | null = null;
  #mark: string | null = null;
  #faults: readonly string[] = [];

  constructor(
    private readonly builds: Builds,
    readonly collection: Collection,
    readonly id: string,
    writing: Writing | null,
  ) {
    this.#rows = builds.rows(collection.name, id);
    this.#writing = writing;
  }

  checkpoint(): Promise<Position | null> {
    return this.#ask(async () => {
      const { checkpoint } = await this.#assertThere();
      return this.#writing ? checkpoint : this.#checkpoint;
    });
  }

  mark(): Promise<string | null> {
    return this.#ask(async () => {
      const { mark = null } = await this.#assertThere();
      return this.#writing ? mark : this.#mark;
    });
  }

  getMany(keys: readonly string[]): Promise<ReadonlyMap<string, Row>> {
    return this.#ask(async () => {
      const found = await rowsOf(this.#rows, keys);
      // The rows of a build that is gone are gone all together.
      if (found.size === 0) await this.#assertThere();
      return found;
    });
  }

  async commit(
    rows: ReadonlyMap<string, Row>,
    checkpoint: Position,
    faults: readonly Fault[] = [],
    mark: string | null = null,
  ): Promise<void> {
    const writes = [...rows].map(([key, row]) => this.#writeOf(key, row));
    const texts = faults.map((fault) => JSON.stringify(fault));
    const writing = this.#writing;
    const folded = { checkpoint, mark, faults: texts };
    await this.#ask(() =>
      writing ? this.#commitLive(writing, writes, folded) : this.#commitFresh(writes, folded),
    );
  }

  /** What the build's document holds once it is live. */
  get folded(): Folded {
    return { checkpoint: this.#checkpoint, mark: this.#mark, faults: this.#faults };
  }

  /** From now on it is written as the live build. */
  goLive(writing: Writing): void {
    this.#writing = writing;
  }

  get isLive(): boolean {
    return this.#writing !== null;
  }

  /** The rows and the build's own document, all or nothing; the document first, so that nobody who may not write does. */
  async #commitLive(
    { transactions, epoch }: Writing,
    writes: Writes,
    { checkpoint, mark, faults }: Folded,
  ): Promise<void> {
    const isWritten = await transactions.run(async (session) => {
      const { matchedCount } = await this.builds.documents.updateOne(
        { _id: this.id, live: true, epoch },
        {
          $set: { checkpoint, mark },
          ...(faults.length > 0 && { $push: { faults: { $each: [...faults], $slice: -MAX_FAULTS } } }),
        },
        { session },
      );
      if (matchedCount === 0) return false;
      if (writes.length > 0) await this.#rows.bulkWrite([...writes], { session, ordered: false });
      return true;
    });
    if (!isWritten) throw await this.#refusal(epoch);
  }

  async #refusal(epoch: number): Promise<Error> {
    const { name } = this.collection;
    const now = await this.builds.documents.findOne({ _id: this.id, live: true });
    return now
      ? new Fenced(`${name} is written under epoch ${now.epoch}, no longer under ${epoch}`)
      : this.#gone();
  }

  /** Plainly: nobody reads it before it is whole. */
  async #commitFresh(writes: Writes, { checkpoint, mark, faults }: Folded): Promise<void> {
    if (writes.length > 0) await this.#rows.bulkWrite([...writes], { ordered: false });
    if (!(await this.builds.documents.findOne({ _id: this.id }))) {
      // Writing to a collection that was dropped made it anew.
      await this.#rows.drop();
      throw this.#gone();
    }
    this.#checkpoint = checkpoint;
    this.#mark = mark;
    this.#faults = [...this.#faults, ...faults].slice(-MAX_FAULTS);
  }

  #writeOf(key: string, row: Row): AnyBulkWriteOperation<RowDocument> {
    const { json, values } = checkedRow(this.collection, key, row);
    const columns = Object.fromEntries(values.map((value, index) => [columnAt(index), value]));
    return { replaceOne: { filter: { _id: key }, replacement: { json, ...columns }, upsert: true } };
  }

  async #assertThere(): Promise<BuildDocument> {
    const document = await this.builds.documents.findOne({ _id: this.id });
    if (!document) throw this.#gone();
    return document;
  }

  #gone(): BuildGone {
    return new BuildGone(`build ${this.id} of ${this.collection.name} was thrown away`);
  }

  #ask<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    return this.builds.connection.ask(work);
  }
}

/** Rows by key, those that are there. */
export const rowsOf = async (
  rows: Documents<RowDocument>,
  keys: readonly string[],
): Promise<Map<string, Row>> => {
  if (keys.length === 0) return new Map();
  const found = await rows
    .find({ _id: { $in: [...keys] } }, { projection: { json: 1 }, batchSize: keys.length + 1 })
    .toArray();
  return new Map(found.map(({ _id, json }) => [_id, JSON.parse(json)]));
};
