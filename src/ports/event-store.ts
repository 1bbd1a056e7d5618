import type { Metadata, Recorded } from '../domain/message.js';

export { NotStorable } from '../domain/canonical.js';

/** A place in the log: compares as a plain string, opaque outside the store, and only ever one that the store gave. */
export type Position = string;

/** How every store writes a position: as a number of so many digits, padded with zeros. */
export const POSITION_DIGITS = 20;
export const POSITION = /^\d{20}$/;

/** An event to append. `data` and `metadata` are stored as canonical JSON (RFC 8785). */
export interface NewEvent {
  /** A UUID in lower case, not the nil one. */
  readonly id: string;
  /** Not empty, not beginning with `$` (as a stream's name: those belong to the server). */
  readonly type: string;
  readonly data: object;
  readonly metadata: Metadata;
}

export type RecordedEvent = Recorded;

/** A revision that the stream must be at, or `none` for a stream that must not exist. Never "any". */
export type ExpectedRevision = number | 'none';

export interface Appended {
  /** Revision of the last event appended; the first event of a stream has revision 0. */
  readonly revision: number;
  /** Position of the last event appended. */
  readonly position: Position;
}

export const MAX_APPEND_EVENTS = 1_000;
/** UTF-8 bytes of the canonical `data` of all events of one append together; metadata is not counted. */
export const MAX_APPEND_BYTES = 1_048_576;
/** UTF-8 bytes of one event's canonical metadata. */
export const MAX_METADATA_BYTES = 16_384;
/** Longest name of a stream or an event type, in UTF-16 units. */
export const MAX_NAME_LENGTH = 1_000;
/** The largest page of the log read at once. */
export const MAX_PAGE_EVENTS = 1_000;

/** A stream from a revision (default 0). */
export interface StreamFrom {
  readonly stream: string;
  readonly from?: number;
}

export interface EventStore {
  /**
   * Appends 1 to 1,000 events (at most 1 MiB of data) to one stream, all or none; returns when they are durable.
   * Repeating an append (same ids, same expected revision) answers as the first time, also after a restart and when the
   * stream has grown since; the first of them alone count as a repeat too, old and new ids together are a conflict.
   * Data is not compared, and an old id at another revision is not noticed: it is written again.
   * @throws RevisionConflict, AppendTooLarge, NotStorable (names and ids too), OutcomeUnknown, StoreUnavailable;
   * RangeError for no events, or an expected revision that is none
   */
  append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<Appended>;
  /**
   * One stream from a revision (default 0), oldest first, to `limit` events or its end as it was; a missing stream is empty.
   * @throws RangeError for what is no revision, or no limit
   */
  read(stream: string, from?: number, limit?: number): AsyncIterable<RecordedEvent>;
  /** Several streams, each as `read` gives it, in the order asked; for so many that their events fit into memory. */
  readMany(streams: readonly StreamFrom[]): Promise<readonly (readonly RecordedEvent[])[]>;
  /**
   * The log after a position (null: from the start), in order, in pages of at most MAX_PAGE_EVENTS, none of them empty;
   * ends at `limit` events, or at the head as it was.
   * @throws RangeError for what is no position of this log, or no limit
   */
  readAll(after: Position | null, limit?: number): AsyncIterable<readonly RecordedEvent[]>;
  /**
   * The log after a position and everything appended later, in pages, until the signal aborts or the store closes. An
   * empty page says "caught up": all that was appended before the subscription has been given. It can be said again.
   * @throws RangeError for what is no position of this log
   */
  subscribeAll(after: Position | null, signal: AbortSignal): AsyncIterable<readonly RecordedEvent[]>;
  /** The event at a position; undefined where none of this log stands. */
  at(position: Position): Promise<RecordedEvent | undefined>;
  /** Position of the last event, or null for an empty log. */
  head(): Promise<Position | null>;
  /**
   * Resolves when nothing is known that keeps appends from being made durable. Left out where reading says as much.
   * @throws StoreUnavailable
   */
  assertWritable?(): Promise<void>;
  /**
   * The end of the longest prefix of the log that holds no event recorded after the instant (ISO UTC); null when that is
   * nothing.
   * @throws RangeError for what is no instant
   */
  positionAt(instant: string): Promise<Position | null>;
  /** Finishes what waits, ends subscriptions, and refuses everything after it (StoreUnavailable). */
  close(): Promise<void>;
}

export class RevisionConflict extends Error {
  override readonly name = 'RevisionConflict';
  constructor(
    readonly stream: string,
    readonly expected: ExpectedRevision,
    readonly actual: ExpectedRevision,
  ) {
    super(`stream ${stream} is at ${actual}, not at ${expected}`);
  }
}

export class AppendTooLarge extends Error {
  override readonly name = 'AppendTooLarge';
}

/** The append may or may not have been written: only the same call again can tell. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}

/** The store cannot be read or written now. Nothing was acknowledged, so the same append may be called again. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** One event of a stream; undefined for a revision that it has not reached. */
export const eventAt = async (
  store: Pick<EventStore, 'read'>,
  { stream, revision }: { readonly stream: string; readonly revision: number },
): Promise<RecordedEvent | undefined> => {
  const [event] = await collect(store.read(stream, revision, 1));
  return event;
};

/** Collects an iterable of pages or events into one array. */
export const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};
