import type { Metadata, Recorded } from '../domain/message.js';

/** A place in the log: compares as a plain string, opaque outside the store. */
export type Position = string;

/** An event to append. `data` and `metadata` are stored as canonical JSON (RFC 8785). */
export interface NewEvent {
  readonly id: string;
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
export const MAX_APPEND_BYTES = 1_048_576;
/** The largest page of the log read at once. */
export const MAX_PAGE_EVENTS = 1_000;

export interface EventStore {
  /**
   * Appends 1 to 1,000 events (at most 1 MiB of data) to one stream, all or none; returns when they are durable.
   * Repeating an append (same ids, same expected revision) answers as the first time.
   * @throws RevisionConflict, AppendTooLarge, NotStorable, OutcomeUnknown, StoreUnavailable
   */
  append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<Appended>;
  /** One stream from a revision (default 0), oldest first; a missing stream is empty. */
  read(stream: string, from?: number): AsyncIterable<RecordedEvent>;
  /** The log after a position (null: from the start), in order, in pages of at most MAX_PAGE_EVENTS; ends at `limit` events or the head. */
  readAll(after: Position | null, limit?: number): AsyncIterable<readonly RecordedEvent[]>;
  /** The log after a position and everything appended later, in pages, until the signal aborts. An empty page says "caught up". */
  subscribeAll(after: Position | null, signal: AbortSignal): AsyncIterable<readonly RecordedEvent[]>;
  /** Position of the last event, or null for an empty log. */
  head(): Promise<Position | null>;
  /** The end of the longest prefix of the log that holds no event recorded after the instant (ISO UTC); null when that is nothing. */
  positionAt(instant: string): Promise<Position | null>;
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

/** Data or metadata holds what cannot be stored and hashed the same everywhere. */
export class NotStorable extends Error {
  override readonly name = 'NotStorable';
}

/** The append may or may not have been written: only the same call again can tell. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}

export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** Collects an iterable of pages or events into one array. */
export const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};
