import {
  type Appended,
  POSITION,
  POSITION_DIGITS,
  type Position,
  type RecordedEvent,
  RevisionConflict,
  StoreUnavailable,
  type StreamFrom,
} from '../../ports/event-store.js';
import type { CheckedAppend, CheckedEvent } from '../checked-append.js';
import { type Connection, isSqliteError, naming, openDatabase } from './database.js';

/** A row of the clock is written after this many events, and so many a lookup by instant scans at most. */
export const CLOCK_INTERVAL = 256;
/** Stream heads kept in memory; the one kept longest goes first. */
export const MAX_KEPT_HEADS = 50_000;

/** What `events.db` is. Its `clock` holds (position, highest recordedAt of all events up to it): sparse, ascending in both. */
export const EVENTS_SHAPE = {
  applicationId: 0x53436576,
  version: 1,
  synchronous: 'FULL',
  checkpointPages: 16_384,
  cacheKiB: 16_384,
  schema: `
    CREATE TABLE streams (key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE events (
      position INTEGER PRIMARY KEY,
      stream INTEGER NOT NULL,
      revision INTEGER NOT NULL,
      id TEXT NOT NULL,
      type TEXT NOT NULL,
      data TEXT NOT NULL,
      metadata TEXT NOT NULL,
      UNIQUE (stream, revision)
    ) STRICT;
    CREATE TABLE clock (position INTEGER PRIMARY KEY, high TEXT NOT NULL) STRICT;
    CREATE INDEX clock_by_high ON clock (high, position);`,
} as const;

interface Head {
  readonly key: number;
  /** -1 when nothing of the stream is written yet. */
  readonly revision: number;
}

/** An event as it stands in the file, with its stream's name. */
export type EventRow = [
  position: number,
  stream: string,
  revision: number,
  id: string,
  type: string,
  data: string,
  metadata: string,
];

/** A row of a stream that is known. */
type StreamRow = EventRow extends [infer Position, unknown, ...infer Rest] ? [Position, ...Rest] : never;

/** The tables of `events.db` and what is asked of them. Everything here is synchronous; positions are numbers, from 1. */
export class EventLog {
  readonly #database: Connection;
  readonly #statements: ReturnType<typeof statementsOf>;
  readonly #heads = new Map<string, Head>();
  /** Position of the last clock row and the highest recordedAt so far; null: to be read again. */
  #clock: { position: number; high: string } | null = null;
  /** Position of the last event: whoever opened the file is alone in writing to it. Null: to be read again. */
  #end: number | null = null;
  /** The page that was read last for who follow the log. */
  #newest: { after: number; head: number; page: readonly RecordedEvent[] } | null = null;

  private constructor(database: Connection) {
    this.#database = database;
    this.#statements = statementsOf(database);
  }

  /**
   * Opens the log of a file, creating it when it is missing.
   * @throws ForeignDatabase, OtherVersion, or StoreUnavailable for one that is damaged, which is left as it is
   */
  static open(file: string): EventLog {
    let database: Connection | undefined;
    try {
      database = openDatabase(file, EVENTS_SHAPE);
      assertSound(database);
      return new EventLog(database);
    } catch (error) {
      database?.close();
      if (error instanceof DamagedLog || isSqliteError(error, 'SQLITE_CORRUPT', 'SQLITE_NOTADB'))
        throw new StoreUnavailable(
          `${file} is damaged (${error.message}): "so-cai doctor" says more, and a backup can take its place`,
          { cause: error },
        );
      throw error;
    }
  }

  close(): void {
    this.#database.close();
  }

  /** Position of the last event; 0 for an empty log. */
  head(): number {
    this.#end ??= this.#statements.head.get() ?? 0;
    return this.#end;
  }

  /**
   * Does several appends in one transaction and gives their outcomes in order; a conflict refuses only its own append.
   * Throws when the transaction failed: then nothing was written, and nothing of it is remembered.
   */
  appendAll(appends: readonly CheckedAppend[]): readonly (Appended | RevisionConflict)[] {
    try {
      return this.#database.transaction(() => appends.map((append) => this.#append(append))).immediate();
    } catch (error) {
      // What was learnt inside the transaction went with it.
      this.#heads.clear();
      this.#clock = null;
      this.#end = null;
      this.#newest = null;
      throw naming(this.#database.name, error);
    }
  }

  /** Writes the version of the tables as it is: a commit that goes to the disk and changes nothing. */
  touch(): void {
    this.#database.pragma(`user_version = ${EVENTS_SHAPE.version}`);
  }

  /** Events after a position up to another, oldest first. */
  page(after: number, upTo: number, limit: number): RecordedEvent[] {
    const rows = this.#statements.page.all(after, Math.min(upTo, after + limit));
    assertNoGap(rows.at(-1)?.[0], after + rows.length, 'the log');
    return rows.map(recorded);
  }

  /** The event at a position; undefined where the log has none. */
  at(position: number): RecordedEvent | undefined {
    return this.page(position - 1, Math.min(position, this.head()), 1)[0];
  }

  /** The next events after a position. Who follow the log ask for the same ones after each commit, and are given the same. */
  next(after: number, limit: number): readonly RecordedEvent[] {
    const head = this.head();
    if (after >= head) return [];
    if (this.#newest?.after !== after || this.#newest.head !== head)
      this.#newest = { after, head, page: this.page(after, head, limit) };
    return this.#newest.page;
  }

  /** @throws RangeError for a position that this log has not reached: it was restored from an older copy, say */
  assertReached(position: number): void {
    if (position > this.head())
      throw new RangeError(`${positionText(position)} is beyond the end of the log`);
  }

  /** Events of one stream from a revision up to another, oldest first. */
  streamPage(stream: string, from: number, upTo: number, limit: number): RecordedEvent[] {
    const head = this.#headOf(stream);
    if (!head) return [];
    const rows = this.#statements.streamPage.all(head.key, from, Math.min(upTo, from + limit - 1));
    assertNoGap(rows.at(-1)?.[1], from + rows.length - 1, `stream ${stream}`);
    return rows.map(([position, ...rest]) => recorded([position, stream, ...rest]));
  }

  /**
   * The first of several streams from a revision each, as many of them as hold a number of events together; none when the
   * first one alone holds more.
   */
  streams(asked: readonly StreamFrom[], limit: number): RecordedEvent[][] {
    // In one transaction: otherwise each read takes and releases the file's locks.
    return this.#database.transaction(() => this.#streams(asked, limit))();
  }

  #streams(asked: readonly StreamFrom[], limit: number): RecordedEvent[][] {
    const found: RecordedEvent[][] = [];
    let left = limit;
    for (const { stream, from = 0 } of asked) {
      const end = this.revision(stream);
      const more = Math.max(0, end - from + 1);
      if (more > left) break;
      left -= more;
      const events = more > 0 ? this.streamPage(stream, from, end, more) : [];
      if (more > 0) assertNoGap(end, from + events.length - 1, `stream ${stream}`);
      found.push(events);
    }
    return found;
  }

  /** Revision of the stream's last event; -1 for a missing stream. */
  revision(stream: string): number {
    return this.#headOf(stream)?.revision ?? -1;
  }

  /** The revision that the stream's next event will have, where that is known without asking the file. */
  nextKept(stream: string): number | undefined {
    const kept = this.#heads.get(stream);
    return kept && kept.revision + 1;
  }

  /** End of the longest prefix of the log without an event recorded after the instant (ISO UTC with milliseconds); 0 for none. */
  positionAt(instant: string): number {
    // All events up to a clock row were recorded at or before its high; the next row's high is too late already, so the
    // first late event stands at most CLOCK_INTERVAL further on.
    const from = this.#statements.clockAt.get(instant) ?? 0;
    const late = this.#statements.firstLate.get(from, instant);
    return late === undefined ? this.head() : late - 1;
  }

  #append(append: CheckedAppend): Appended | RevisionConflict {
    const head = this.#headOf(append.stream);
    const actual = head?.revision ?? -1;
    const expected = append.expected === 'none' ? -1 : append.expected;
    if (expected === actual) return this.#write(append, head);
    const before = head && expected < actual ? this.#writtenBefore(append, head.key, expected) : undefined;
    return before ?? new RevisionConflict(append.stream, append.expected, actual < 0 ? 'none' : actual);
  }

  /** The first answer, when exactly these ids stand in order after the expected revision. */
  #writtenBefore(append: CheckedAppend, key: number, expected: number): Appended | undefined {
    const { events } = append;
    const written = this.#statements.ids.all(key, expected + 1, expected + events.length);
    const last = written.at(-1);
    if (!last || written.length < events.length) return undefined;
    if (written.some(([id], index) => id !== events[index]?.id)) return undefined;
    return { revision: expected + events.length, position: positionText(last[1]) };
  }

  #write(append: CheckedAppend, head: Head | undefined): Appended {
    const { insertEvent, insertStream } = this.#statements;
    const key = head?.key ?? Number(insertStream.run(append.stream).lastInsertRowid);
    let revision = head?.revision ?? -1;
    let position = this.head();
    for (const event of append.events) {
      position++;
      revision++;
      insertEvent.run(position, key, revision, event.id, event.type, event.data, event.metadata);
      this.#tick(position, event);
    }
    this.#end = position;
    this.#keepHead(append.stream, { key, revision });
    return { revision, position: positionText(position) };
  }

  #tick(position: number, event: CheckedEvent): void {
    this.#clock ??= this.#readClock(position - 1);
    const clock = this.#clock;
    clock.high = later(clock.high, event.recordedAt);
    if (position - clock.position < CLOCK_INTERVAL) return;
    this.#statements.insertClock.run(position, clock.high);
    clock.position = position;
  }

  #readClock(upTo: number): { position: number; high: string } {
    const [position, high] = this.#statements.lastClock.get() ?? [0, ''];
    return { position, high: later(high, this.#statements.highestSince.get(position, upTo) ?? '') };
  }

  #headOf(stream: string): Head | undefined {
    const kept = this.#heads.get(stream);
    if (kept) return kept;
    const key = this.#statements.streamKey.get(stream);
    if (key === undefined) return undefined;
    const head = { key, revision: this.#statements.lastRevision.get(key) ?? -1 };
    this.#keepHead(stream, head);
    return head;
  }

  #keepHead(stream: string, head: Head): void {
    this.#heads.set(stream, head);
    if (this.#heads.size <= MAX_KEPT_HEADS) return;
    for (const oldest of this.#heads.keys()) {
      this.#heads.delete(oldest);
      break;
    }
  }
}

class DamagedLog extends Error {}

/** What would make it wrong to go on writing. Single texts are not read: that would take as long as a rebuild. */
const assertSound = (database: Connection): void => {
  const pages = database.pragma('quick_check(1)', { simple: true });
  if (pages !== 'ok') throw new DamagedLog(String(pages).replaceAll('\n', ' '));
  const [count, last] = database
    .prepare<[], [count: number, last: number]>('SELECT count(*), ifnull(max(position), 0) FROM events')
    .raw()
    .get() ?? [0, 0];
  if (count !== last) throw new DamagedLog(`${count} events up to position ${last}`);
};

/** Zero-padded, so that positions order as plain strings. */
export const positionText = (position: number): Position => String(position).padStart(POSITION_DIGITS, '0');

/** @throws RangeError for what is no position of this store */
export const positionNumber = (position: Position): number => {
  const value = Number(position);
  if (!POSITION.test(position) || !Number.isSafeInteger(value)) {
    throw new RangeError(`${position} is not a position of this store`);
  }
  return value;
};

const later = (one: string, other: string): string => (one > other ? one : other);

/** @throws StoreUnavailable for a text that is no JSON */
export const recorded = ([
  position,
  stream,
  revision,
  id,
  type,
  data,
  metadata,
]: EventRow): RecordedEvent => ({
  id,
  stream,
  revision,
  position: positionText(position),
  type,
  data: parsed(data, position),
  metadata: parsed(metadata, position),
});

/** A row that is missing from a file was taken by damage or by hand: better to stop than to count on without it. */
const assertNoGap = (last: number | undefined, expected: number, where: string): void => {
  if (last !== undefined && last !== expected)
    throw new StoreUnavailable(`${where} has a gap before ${last}`);
};

const parsed = (text: string, position: number) => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new StoreUnavailable(`the event at ${positionText(position)} is damaged`, { cause });
  }
};

/**
 * Events after a position up to another. CROSS JOIN keeps the order of the loops: along the log, then the stream's name.
 * No LIMIT: where that is a parameter, SQLite compiles the statement anew each time it is used.
 */
export const PAGE_SQL = `
  SELECT e.position, s.name, e.revision, e.id, e.type, e.data, e.metadata
  FROM events e CROSS JOIN streams s ON s.key = e.stream
  WHERE e.position > ? AND e.position <= ? ORDER BY e.position`;

const statementsOf = (database: Connection) => {
  const rows = <Parameters extends unknown[], Result>(sql: string) =>
    database.prepare<Parameters, Result>(sql).raw();
  const value = <Parameters extends unknown[], Result>(sql: string) =>
    database.prepare<Parameters, Result>(sql).pluck();
  return {
    head: value<[], number | null>('SELECT max(position) FROM events'),
    streamKey: value<[string], number>('SELECT key FROM streams WHERE name = ?'),
    lastRevision: value<[number], number | null>('SELECT max(revision) FROM events WHERE stream = ?'),
    ids: rows<[number, number, number], [id: string, position: number]>(
      'SELECT id, position FROM events WHERE stream = ? AND revision >= ? AND revision <= ? ORDER BY revision',
    ),
    insertStream: database.prepare<[string]>('INSERT INTO streams (name) VALUES (?)'),
    insertEvent: database.prepare<[number, number, number, string, string, string, string]>(
      'INSERT INTO events (position, stream, revision, id, type, data, metadata) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    page: rows<[number, number], EventRow>(PAGE_SQL),
    streamPage: rows<[number, number, number], StreamRow>(
      `SELECT position, revision, id, type, data, metadata FROM events
       WHERE stream = ? AND revision >= ? AND revision <= ? ORDER BY revision`,
    ),
    insertClock: database.prepare<[number, string]>('INSERT INTO clock (position, high) VALUES (?, ?)'),
    lastClock: rows<[], [position: number, high: string]>(
      'SELECT position, high FROM clock ORDER BY position DESC LIMIT 1',
    ),
    highestSince: value<[number, number], string | null>(
      "SELECT max(metadata ->> '$.recordedAt') FROM events WHERE position > ? AND position <= ?",
    ),
    clockAt: value<[string], number>(
      'SELECT position FROM clock WHERE high <= ? ORDER BY high DESC, position DESC LIMIT 1',
    ),
    firstLate: value<[number, string], number>(
      "SELECT position FROM events WHERE position > ? AND metadata ->> '$.recordedAt' > ? ORDER BY position LIMIT 1",
    ),
  };
};
