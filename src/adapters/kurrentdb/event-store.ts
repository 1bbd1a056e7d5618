import { setTimeout as delay } from 'node:timers/promises';
import {
  type AppendResult,
  type Credentials,
  type EventStoreDBClient,
  jsonEvent,
  NO_STREAM,
} from '@eventstore/db-client';
import {
  type Appended,
  collect,
  type EventStore,
  type ExpectedRevision,
  MAX_PAGE_EVENTS,
  type NewEvent,
  type Position,
  type RecordedEvent,
  RevisionConflict,
  StoreUnavailable,
  type StreamFrom,
} from '../../ports/event-store.js';
import {
  assertLimit,
  assertRevision,
  type CheckedAppend,
  type CheckedEvent,
  checkedAppend,
} from '../checked-append.js';
import { comparableInstant } from '../comparable-instant.js';
import { clientOf, credentialsOf } from './address.js';
import { Bell } from './bell.js';
import { Silent, unanswered, verdictOf } from './failures.js';
import { Instants } from './instants.js';
import { closed, Reading } from './reading.js';
import { commitOf, isPosition, positionText } from './recorded.js';

/** How long to wait for what, in milliseconds. */
export interface Patience {
  /** For the answer to one append. */
  readonly appendMs: number;
  /** While the server says nothing within a read. */
  readonly silenceMs: number;
  /** Before a subscriber that hears nothing looks by itself. */
  readonly quietMs: number;
}

const PATIENCE: Patience = { appendMs: 5_000, silenceMs: 5_000, quietMs: 5_000 };
/** Waits before an append is sent again, in milliseconds. */
const RETRY_MS = [50, 250, 1_000];
/** Our own watch over an append lets the client's deadline come first. */
const GRACE_MS = 500;
/** Streams read at once: of more calls the last would wait for their turn until they are taken for unanswered. */
const READ_AT_ONCE = 64;
/** How long the client is given to end its calls when the store closes. */
const DISPOSE_MS = 1_000;

/** The log in a KurrentDB server, which holds nothing but this ledger. */
export class KurrentEventStore implements EventStore {
  readonly #client: EventStoreDBClient;
  readonly #credentials: Credentials;
  readonly #patience: Patience;
  readonly #reading: Reading;
  readonly #bell: Bell;
  readonly #instants: Instants;
  readonly #appending = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();

  private constructor(address: string, patience: Patience) {
    this.#credentials = credentialsOf(address);
    this.#client = clientOf(address);
    this.#patience = patience;
    this.#reading = new Reading(this.#client, patience.silenceMs);
    this.#bell = new Bell(this.#client);
    this.#instants = new Instants((place, limit) => this.#reading.after(place, limit));
  }

  /**
   * The store of an address (`esdb://name:password@host:2113`); the server need not be there yet.
   * @throws BadAddress
   */
  static open(address: string, patience: Partial<Patience> = {}): KurrentEventStore {
    return new KurrentEventStore(address, { ...PATIENCE, ...patience });
  }

  async append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<Appended> {
    // Before the client sees it: what it cannot serialise would never be answered.
    const append = checkedAppend(stream, events, expected);
    if (this.#closing.signal.aborted) throw closed();
    const appending = this.#append(append);
    const done = appending.catch(() => undefined);
    this.#appending.add(done);
    void done.then(() => this.#appending.delete(done));
    return appending;
  }

  async *read(stream: string, from = 0, limit?: number): AsyncGenerator<RecordedEvent, void> {
    assertRevision(from);
    assertLimit(limit);
    if (limit === 0) return;
    const first = await this.#reading.stream(
      stream,
      from,
      Math.min(MAX_PAGE_EVENTS, limit ?? MAX_PAGE_EVENTS),
    );
    yield* first;
    if (first.length < MAX_PAGE_EVENTS || first.length === limit) return;
    const end = Math.min(await this.#reading.revision(stream), from + (limit ?? Number.MAX_SAFE_INTEGER) - 1);
    for (let next = from + first.length; next <= end; ) {
      const page = await this.#reading.stream(stream, next, Math.min(MAX_PAGE_EVENTS, end - next + 1));
      if (page.length === 0) throw new StoreUnavailable(`stream ${stream} has a gap at revision ${next}`);
      yield* page;
      next += page.length;
    }
  }

  async readMany(streams: readonly StreamFrom[]): Promise<RecordedEvent[][]> {
    const histories: RecordedEvent[][] = [];
    for (let at = 0; at < streams.length; at += READ_AT_ONCE) {
      const together = streams.slice(at, at + READ_AT_ONCE);
      const read = together.map(({ stream, from }) => collect(this.read(stream, from)));
      histories.push(...(await Promise.all(read)));
    }
    return histories;
  }

  async *readAll(after: Position | null, limit?: number): AsyncGenerator<readonly RecordedEvent[], void> {
    assertLimit(limit);
    const place = after === null ? null : commitOf(after);
    const end = (await this.head()) ?? '';
    if (after !== null && after > end) throw new RangeError(`${after} is beyond the end of the log`);
    if (after === end) return;
    for await (const page of this.#reading.pages(place, limit)) {
      const events = page.events.filter(({ position }) => position <= end);
      if (events.length > 0) yield events;
      if (events.length < page.events.length) return;
    }
  }

  async *subscribeAll(
    after: Position | null,
    signal: AbortSignal,
  ): AsyncGenerator<readonly RecordedEvent[], void> {
    const ending = AbortSignal.any([signal, this.#closing.signal]);
    let place = after === null ? null : commitOf(after);
    let id: string | undefined;
    let saidCaughtUp = false;
    let rang = true;
    while (!ending.aborted) {
      const { rings } = this.#bell;
      const pages = this.#reading.pages(place, undefined, id);
      for (;;) {
        const step = await unlessAborted(pages.next(), ending);
        if (step === null) return;
        if (step.done) break;
        const { events } = step.value;
        const last = events.at(-1);
        if (!last) continue;
        yield events;
        if (ending.aborted) return;
        // What the server wrote behind it may be gone later, and its place with it.
        place = commitOf(last.position);
        id = last.id;
        if (!rang) this.#bell.distrust();
      }
      if (!saidCaughtUp) yield [];
      saidCaughtUp = true;
      rang = await this.#bell.next(rings, ending, this.#patience.quietMs);
    }
  }

  async at(position: Position): Promise<RecordedEvent | undefined> {
    return isPosition(position) ? this.#reading.at(BigInt(position)) : undefined;
  }

  async head(): Promise<Position | null> {
    return positionOrNull(await this.#reading.head());
  }

  async positionAt(instant: string): Promise<Position | null> {
    return positionOrNull(await this.#instants.placeAt(comparableInstant(instant)));
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    this.#bell.close();
    await Promise.all(this.#appending);
    this.#reading.close();
    await Promise.race([this.#client.dispose(), delay(DISPOSE_MS, undefined, { ref: false })]);
  }

  async #append(append: CheckedAppend): Promise<Appended> {
    let maybeWritten = false;
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#answered(append, await this.#send(append));
      } catch (error) {
        const verdict = verdictOf(error, append.stream, append.expected);
        if (verdict.kind === 'refused') throw verdict.error;
        maybeWritten ||= verdict.kind === 'unknown';
        const waitMs = RETRY_MS[attempt];
        if (!verdict.again || waitMs === undefined) throw unanswered(error, maybeWritten);
        await delay(waitMs);
      }
    }
  }

  async #send({ stream, events, expected }: CheckedAppend): Promise<AppendResult> {
    const { appendMs } = this.#patience;
    return within(
      appendMs + GRACE_MS,
      this.#client.appendToStream(stream, events.map(proposed), {
        expectedRevision: expected === 'none' ? NO_STREAM : BigInt(expected),
        credentials: this.#credentials,
        deadline: appendMs,
      }),
    );
  }

  async #answered({ stream, expected }: CheckedAppend, result: AppendResult): Promise<Appended> {
    const revision = Number(result.nextExpectedRevision);
    // An address may ask for answers in the place of errors.
    if (!result.success) throw new RevisionConflict(stream, expected, revision < 0 ? 'none' : revision);
    if (result.position) return { revision, position: positionText(result.position.commit) };
    const [event] = await this.#reading.stream(stream, revision, 1);
    if (!event) throw new StoreUnavailable(`stream ${stream} has lost its revision ${revision}`);
    return { revision, position: event.position };
  }
}

const proposed = ({ id, type, data, metadata }: CheckedEvent) =>
  // The client serialises data anew: parsed canonical text gives the same text again. Bytes it leaves as they are.
  jsonEvent({ id, type, data: JSON.parse(data), metadata: new Uint8Array(Buffer.from(metadata)) });

const positionOrNull = (place: bigint | null): Position | null =>
  place === null ? null : positionText(place);

/** The outcome of a call, unless it takes longer (milliseconds). @throws Silent */
const within = async <Answer>(ms: number, call: Promise<Answer>): Promise<Answer> => {
  let watch: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    watch = setTimeout(() => reject(new Silent(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([call, silence]);
  } finally {
    clearTimeout(watch);
    call.catch(() => undefined);
  }
};

/** The answer, or null as soon as the signal aborts. */
const unlessAborted = <Answer>(call: Promise<Answer>, signal: AbortSignal): Promise<Answer | null> =>
  new Promise((resolve, reject) => {
    const abort = () => resolve(null);
    signal.addEventListener('abort', abort, { once: true });
    call.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
