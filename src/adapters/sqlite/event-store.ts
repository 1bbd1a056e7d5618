import { dirname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type Appended,
  collect,
  type EventStore,
  type ExpectedRevision,
  MAX_PAGE_EVENTS,
  type NewEvent,
  OutcomeUnknown,
  type Position,
  type RecordedEvent,
  RevisionConflict,
  StoreUnavailable,
  type StreamFrom,
} from '../../ports/event-store.js';
import { assertLimit, assertRevision, type CheckedAppend, checkedAppend } from '../checked-append.js';
import { comparableInstant } from '../comparable-instant.js';
import { isSqliteError } from './database.js';
import { EventLog, positionNumber, positionText } from './event-log.js';
import { type FolderLock, lockFolder } from './folder-lock.js';

/** Events committed in one transaction at most (one append more may pass it): it bounds how long a commit holds the event loop. */
export const MAX_GROUP_EVENTS = 4_000;
/** How long appends are gathered for one commit at most, in milliseconds, while each turn of the event loop brings more. */
const MAX_GATHER_MS = 5;
/** Events of one commit that keep subscribers busy for a while, so that appends go before them for a few turns of the event loop. */
const MANY_EVENTS = 250;
const TURNS_AHEAD = 5;
/** Appends that wait for a commit at most; one more is refused as StoreUnavailable. */
export const MAX_WAITING_APPENDS = 10_000;
/** Bytes of the waiting appends at most. */
export const MAX_WAITING_BYTES = 67_108_864;

interface Waiting {
  readonly append: CheckedAppend;
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The log in one SQLite file. Appends are committed together, with one fsync, as soon as a turn of the event loop brings
 * no more of them: one that comes alone waits for nobody, and those of many writers share.
 */
export class SqliteEventStore implements EventStore {
  readonly #log: EventLog;
  readonly #lock: FolderLock;
  readonly #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #closed = false;
  /** Whether the last commit that had something to write failed: reading goes on all the same. */
  #refusesWrites = false;
  /** Wakes each subscription that has given all there is. */
  readonly #sleepers = new Set<() => void>();
  #isToWake = false;

  private constructor(log: EventLog, lock: FolderLock) {
    this.#log = log;
    this.#lock = lock;
  }

  /**
   * Opens the log in a file, creating both it and its folder; takes the folder's `lock.db` until closed.
   * @throws FolderInUse, ForeignDatabase, OtherVersion, StoreUnavailable
   */
  static open(file: string): SqliteEventStore {
    return unlessSqliteFails(() => {
      const lock = lockFolder(dirname(file));
      try {
        return new SqliteEventStore(EventLog.open(file), lock);
      } catch (error) {
        lock.release();
        throw error;
      }
    });
  }

  async append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<Appended> {
    const append = checkedAppend(stream, events, expected);
    this.#assertOpen();
    if (
      this.#waiting.length >= MAX_WAITING_APPENDS ||
      this.#waitingBytes + append.bytes > MAX_WAITING_BYTES
    ) {
      throw new StoreUnavailable('too many appends wait');
    }
    if (this.#waiting.length === 0) setImmediate(() => this.#gather(1, performance.now() + MAX_GATHER_MS));
    this.#waitingBytes += append.bytes;
    return new Promise((resolve, reject) => this.#waiting.push({ append, resolve, reject }));
  }

  read(stream: string, from = 0, limit?: number): AsyncIterable<RecordedEvent> {
    // Commands ask so of every stream that they know: it costs no more than a look at what is in memory.
    if (!this.#closed && from === this.#log.nextKept(stream) && limit === undefined) return NOTHING;
    return this.#read(stream, from, limit);
  }

  async *#read(stream: string, from: number, limit?: number): AsyncGenerator<RecordedEvent, void> {
    assertRevision(from);
    assertLimit(limit);
    const end = Math.min(
      this.#ask((log) => log.revision(stream)),
      from + (limit ?? Number.MAX_SAFE_INTEGER) - 1,
    );
    for (let next = from; next <= end; ) {
      if (next > from) await nextTurn();
      const page = this.#ask((log) => log.streamPage(stream, next, end, MAX_PAGE_EVENTS));
      if (page.length === 0) throw new StoreUnavailable(`stream ${stream} has a gap at revision ${next}`);
      yield* page;
      next += page.length;
    }
  }

  async readMany(streams: readonly StreamFrom[]): Promise<RecordedEvent[][]> {
    for (const { from = 0 } of streams) assertRevision(from);
    const histories: RecordedEvent[][] = [];
    for (let [next] = streams; next; next = streams[histories.length]) {
      if (histories.length > 0) await nextTurn();
      const rest = streams.slice(histories.length);
      const found = this.#ask((log) => log.streams(rest, MAX_PAGE_EVENTS));
      for (const events of found) histories.push(events);
      // One that is longer than a page is read page by page.
      if (found.length === 0) histories.push(await collect(this.read(next.stream, next.from)));
    }
    return histories;
  }

  async *readAll(after: Position | null, limit?: number): AsyncGenerator<readonly RecordedEvent[], void> {
    assertLimit(limit);
    const start = this.#reached(after);
    // Positions have no gaps, so the limit is a place too. A fixed end lets a reader finish while writers go on.
    const end = Math.min(
      this.#ask((log) => log.head()),
      start + (limit ?? Number.MAX_SAFE_INTEGER),
    );
    for (let at = start; at < end; ) {
      // Without a pause between pages a long read would hold up everything else.
      if (at > start) await nextTurn();
      const page = this.#ask((log) => log.page(at, end, MAX_PAGE_EVENTS));
      if (page.length === 0) throw new StoreUnavailable(`the log has a gap after ${positionText(at)}`);
      yield page;
      at += page.length;
    }
  }

  async *subscribeAll(
    after: Position | null,
    signal: AbortSignal,
  ): AsyncGenerator<readonly RecordedEvent[], void> {
    let at = this.#reached(after);
    let saidCaughtUp = false;
    while (!signal.aborted && !this.#closed) {
      const page = this.#ask((log) => log.next(at, MAX_PAGE_EVENTS));
      if (page.length > 0) {
        yield page;
        at += page.length;
        await nextTurn();
      } else if (!saidCaughtUp) {
        saidCaughtUp = true;
        yield page;
      } else {
        // Nothing can be appended or aborted between the empty page above and going to sleep: both are in one turn.
        await this.#sleep(signal);
      }
    }
  }

  async at(position: Position): Promise<RecordedEvent | undefined> {
    const place = Number(position);
    return this.#ask((log) => (positionText(place) === position && place > 0 ? log.at(place) : undefined));
  }

  async head(): Promise<Position | null> {
    return positionOrNull(this.#ask((log) => log.head()));
  }

  /** Where the last commit failed it is tried whether one can be made by now. */
  async assertWritable(): Promise<void> {
    if (!this.#refusesWrites) return;
    this.#ask((log) => log.touch());
    this.#refusesWrites = false;
  }

  async positionAt(instant: string): Promise<Position | null> {
    const comparable = comparableInstant(instant);
    return positionOrNull(this.#ask((log) => log.positionAt(comparable)));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    while (this.#waiting.length > 0) this.#commitGroup();
    this.#closed = true;
    this.#wake();
    try {
      this.#log.close();
    } finally {
      this.#lock.release();
    }
  }

  #gather(before: number, until: number): void {
    const { length } = this.#waiting;
    if (length > before && performance.now() < until) setImmediate(() => this.#gather(length, until));
    else this.#commitGroup();
  }

  #commitGroup(): void {
    const group = this.#takeGroup();
    if (group.length === 0) return;
    if (this.#waiting.length > 0) setImmediate(() => this.#commitGroup());
    let written: number;
    try {
      const before = this.#ask((log) => log.head());
      const outcomes = this.#ask((log) => log.appendAll(group.map(({ append }) => append)));
      written = this.#ask((log) => log.head()) - before;
      // What conflicts, or was there before, is written to no disk.
      if (written > 0) this.#refusesWrites = false;
      outcomes.forEach((outcome, index) => {
        if (outcome instanceof RevisionConflict) group[index]?.reject(outcome);
        else group[index]?.resolve(outcome);
      });
    } catch (error) {
      this.#refusesWrites = true;
      const reason = unlessWritten(error);
      for (const { reject } of group) reject(reason);
      return;
    }
    if (this.#isToWake) return;
    this.#isToWake = true;
    this.#wakeWithin(written < MANY_EVENTS ? 0 : TURNS_AHEAD);
  }

  /** Who waited for a commit goes on first, and for some turns what it appends next. */
  #wakeWithin(turns: number): void {
    setImmediate(() => {
      if (turns > 0 && this.#waiting.length > 0) return this.#wakeWithin(turns - 1);
      this.#isToWake = false;
      this.#wake();
    });
  }

  #takeGroup(): readonly Waiting[] {
    let events = 0;
    let count = 0;
    for (const { append } of this.#waiting) {
      if (events >= MAX_GROUP_EVENTS) break;
      events += append.events.length;
      count++;
    }
    const group = this.#waiting.splice(0, count);
    for (const { append } of group) this.#waitingBytes -= append.bytes;
    return group;
  }

  /** A position as a number. Going on after one that the log never reached would skip what it will write next. */
  #reached(after: Position | null): number {
    const position = after === null ? 0 : positionNumber(after);
    this.#ask((log) => log.assertReached(position));
    return position;
  }

  #ask<Answer>(question: (log: EventLog) => Answer): Answer {
    this.#assertOpen();
    return unlessSqliteFails(() => question(this.#log));
  }

  #assertOpen(): void {
    if (this.#closed) throw new StoreUnavailable('the event store is closed');
  }

  #sleep(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#sleepers.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#sleepers.add(wake);
      signal.addEventListener('abort', wake);
    });
  }

  #wake(): void {
    for (const wake of [...this.#sleepers]) wake();
  }
}

const NOTHING: AsyncIterable<never> = {
  [Symbol.asyncIterator]: () => ({ next: async () => ({ done: true, value: undefined }) }),
};

const positionOrNull = (position: number): Position | null =>
  position === 0 ? null : positionText(position);

/**
 * Why a commit failed. When only the last step did, making it durable, the whole of it stands in the file: until the next
 * commit takes its place, a restart would find it there.
 */
const unlessWritten = (error: unknown): unknown =>
  error instanceof StoreUnavailable && isSqliteError(error.cause, 'SQLITE_IOERR_FSYNC')
    ? new OutcomeUnknown(error.message, { cause: error.cause })
    : error;

/** A full disk, a failed write, a read-only or damaged file: whatever it is, the store cannot be used now. */
const unlessSqliteFails = <Answer>(work: () => Answer): Answer => {
  try {
    return work();
  } catch (error) {
    if (!isSqliteError(error)) throw error;
    throw new StoreUnavailable(`the event store failed: ${error.message}`, { cause: error });
  }
};
