import type { Position } from './event-store.js';

/**
 * A row as a projection made it: JSON of strings, booleans, null, safe integers, arrays and plain objects (keys like
 * `2030` are allowed here); `position` is that of the last event that touched it.
 */
export interface Row {
  readonly position: Position;
  readonly [field: string]: unknown;
}

export type Scalar = string | number | boolean | null;

/**
 * A collection of rows and the top-level fields that it is searched by (a row's value there is a Scalar; missing counts as
 * null). `indexed` are those that a question begins with, all when left out: a condition on another is tried on each row
 * that they leave. What an index leaves stands in it in the order of the field `order`, by key when left out: sorted so, a
 * page costs what it holds.
 * One field holds values of one type, or null. They are ordered: null first, false before true, strings by code point.
 * Other fields under the same name throw the live build away: it is then empty, to be rebuilt.
 */
export interface Collection {
  readonly name: string;
  readonly fields: readonly string[];
  readonly indexed?: readonly string[] | undefined;
  readonly order?: string | undefined;
}

/** The numbers of the fields that have an index. */
export const indexedFields = ({ fields, indexed = fields }: Collection): readonly number[] =>
  indexed.map((field) => fields.indexOf(field));

export type Condition =
  | { readonly equals: Scalar }
  | { readonly in: readonly Scalar[] }
  | { readonly from?: Scalar; readonly to?: Scalar };

export interface Find {
  /** Conditions on fields; all must hold. `from` and `to` are inclusive and not null; a range never holds null. */
  readonly where: Readonly<Record<string, Condition>>;
  /** Only rows whose keys begin with this; a condition is then tried on each of them. */
  readonly prefix?: string | undefined;
  /** Field to sort by, the key when left out; rows that are equal there, and rows without a sort, come in key order. */
  readonly sort?: { readonly field?: string; readonly descending?: boolean };
  /** Continue after the row with this sort value and key (the value counts only where a field is sorted by). */
  readonly after?: { readonly value: Scalar; readonly key: string };
  /** At most this many rows; 1 to MAX_FIND_ROWS. */
  readonly limit: number;
}

/** UTF-8 bytes of one row as JSON. */
export const MAX_ROW_BYTES = 8_388_608;
export const MAX_FIND_ROWS = 1_000;
/** Most values of one `in` condition. */
export const MAX_IN_VALUES = 1_000;

export interface Found {
  readonly key: string;
  readonly row: Row;
}

/**
 * An event that could not be folded into a row: the row stands still from there on, other rows go on. `key` is empty where
 * the event does not even say which row it is.
 */
export interface Fault {
  readonly key: string;
  readonly position: Position;
  readonly eventId: string;
  readonly error: string;
}

/** Most faults that a build keeps: the newest. */
export const MAX_FAULTS = 100;

/**
 * One build of a collection. The live build is what readers see; a rebuild writes a build of its own that nobody
 * reads yet, until it is activated.
 */
export interface Build {
  /** Position up to which this build has folded the log; null before the first event. */
  checkpoint(): Promise<Position | null>;
  /** What was written with the checkpoint of the event that stands there; null when nothing was. */
  mark(): Promise<string | null>;
  /** Rows to fold into: whoever gets them does not change them, and they may be the same objects again. */
  getMany(keys: readonly string[]): Promise<ReadonlyMap<string, Row>>;
  /**
   * Writes rows, the checkpoint with its mark and what could not be folded together, all or none. A fresh build, which
   * nobody reads, is of no use when this fails for another reason than NotStorable: some of it may be written.
   * @throws NotStorable (nothing is written), BuildGone, Fenced, ReadModelsUnavailable
   */
  commit(
    rows: ReadonlyMap<string, Row>,
    checkpoint: Position,
    faults?: readonly Fault[],
    mark?: string | null,
  ): Promise<void>;
}

/** Storage for projections: everything in it can be thrown away and rebuilt from the log. */
export interface ReadModels {
  /**
   * The live build, created empty when there is none, to be written under an epoch (that of a lease; 0 when left out).
   * From then on what writes under an earlier epoch is refused, whichever process it is in.
   * @throws Fenced when a later epoch was here already
   */
  live(collection: Collection, epoch?: number): Promise<Build>;
  /** A new, empty build beside the live one; an unfinished one of an earlier attempt is thrown away. */
  fresh(collection: Collection): Promise<Build>;
  /** Readies a fresh build for those who will read it, which takes time and need not be waited for by who folds. @throws BuildGone */
  prepare(build: Build): Promise<void>;
  /**
   * Makes a fresh build the live one in one step and throws the old one away; the build goes on as the live one, written
   * under the epoch.
   * @throws BuildGone; Fenced when a later epoch writes the live build
   */
  activate(collection: Collection, build: Build, epoch?: number): Promise<void>;
  /** How far the live build of each collection has folded the log, in their order; null before the first event. */
  checkpoints(collections: readonly Collection[]): Promise<readonly (Position | null)[]>;
  /** What could not be folded into the live build, oldest first; at most MAX_FAULTS. */
  faults(collection: Collection): Promise<readonly Fault[]>;
  /** Rows of the live build. */
  get(collection: Collection, key: string): Promise<Row | undefined>;
  getMany(collection: Collection, keys: readonly string[]): Promise<ReadonlyMap<string, Row>>;
  /** @throws RangeError for what is no field of the collection, a bound that is null, or a limit out of range */
  find(collection: Collection, query: Find): Promise<readonly Found[]>;
  /** The keys of what `find` gives. @throws RangeError as `find` */
  keys(collection: Collection, query: Find): Promise<readonly string[]>;
  /** How many rows the live build holds for the conditions. */
  count(collection: Collection, where: Find['where']): Promise<number>;
  close(): Promise<void>;
}

/** The build was thrown away: another was activated, a newer attempt began, or the collection's fields changed. */
export class BuildGone extends Error {
  override readonly name = 'BuildGone';
}

/** A later epoch writes the live build now: whoever wrote it before must not go on. */
export class Fenced extends Error {
  override readonly name = 'Fenced';
}

/** The read models cannot be read or written now. */
export class ReadModelsUnavailable extends Error {
  override readonly name = 'ReadModelsUnavailable';
}
