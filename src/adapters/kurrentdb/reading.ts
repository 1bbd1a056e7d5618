import { setTimeout as delay } from 'node:timers/promises';
import {
  BACKWARDS,
  END,
  type EventStoreDBClient,
  FORWARDS,
  START,
  type StreamingRead,
} from '@eventstore/db-client';
import { MAX_PAGE_EVENTS, type RecordedEvent, StoreUnavailable } from '../../ports/event-store.js';
import { isAway, isMissingStream, isNoPlace, Silent, unavailable } from './failures.js';
import { isOwn, placeOf, positionText, type Resolved, recorded } from './recorded.js';

/** However few are asked for, the server's own events may stand between them. */
const MIN_PAGE_EVENTS = 64;
/** Waits before a read is tried again of a server that is away, in milliseconds. */
const RETRY_MS = [50, 250];

/** Some of the log: the ledger's own events of a stretch that may hold the server's as well. */
export interface Page {
  readonly events: readonly RecordedEvent[];
  /** The last place of the stretch, whosever it is; where it began when it is empty. */
  readonly end: bigint | null;
  /** Whether there may be more after it. */
  readonly more: boolean;
}

/** Every way of reading a server. Each call is read to its end, watched for silence, and never left open. */
export class Reading {
  readonly #calls = new Set<() => void>();
  #closed = false;

  constructor(
    private readonly client: EventStoreDBClient,
    /** How long the server may keep silent within a call, in milliseconds. */
    private readonly silenceMs: number,
  ) {}

  /**
   * The log after a place that the server gave (null: from its start).
   * @param id of the event at that place, where it is known
   * @throws RangeError when nothing of the log stands at that place, or another event
   */
  async after(place: bigint | null, limit = MAX_PAGE_EVENTS, id?: string): Promise<Page> {
    const stretch = place === null ? await this.#all(START, limit) : await this.#allAfter(place, limit, id);
    const last = stretch.at(-1);
    return {
      events: stretch.filter(isOwn).map(recorded),
      end: last ? placeOf(last) : place,
      more: stretch.length === limit,
    };
  }

  /**
   * The log after a place, page by page, until nothing is left or so many events are given; the next page is on its way
   * while one is used.
   * @param id of the event at that place, where it is known
   * @throws RangeError as `after`
   */
  async *pages(
    place: bigint | null,
    limit = Number.POSITIVE_INFINITY,
    id?: string,
  ): AsyncGenerator<Page, void> {
    let left = limit;
    const follow = (from: bigint | null): Promise<Page> => {
      const size = Math.min(MAX_PAGE_EVENTS, Math.max(MIN_PAGE_EVENTS, left));
      const page = this.after(from, size, from === place ? id : undefined);
      // It may fail before anybody waits for it.
      page.catch(() => undefined);
      return page;
    };
    for (let next = left > 0 ? follow(place) : null; next; ) {
      const { events, end, more } = await next;
      const given = events.slice(0, left);
      left -= given.length;
      next = more && left > 0 ? follow(end) : null;
      yield { events: given, end, more };
    }
  }

  /** What stands at a place; undefined when nothing does. */
  async at(place: bigint): Promise<RecordedEvent | undefined> {
    const found = await this.#from(place, 1);
    return found?.filter(isOwn).map(recorded)[0];
  }

  /** Place of the ledger's last event; null when there is none. */
  async head(): Promise<bigint | null> {
    let from: bigint | null = null;
    // The server's own events may stand behind it, but rarely many.
    for (let count = 1; ; count = Math.min(count * 8, MAX_PAGE_EVENTS)) {
      const page = await this.#all(from ?? END, count, BACKWARDS);
      const own = page.find(isOwn);
      if (own) return placeOf(own);
      const last = page.at(-1);
      if (!last) return null;
      from = placeOf(last);
    }
  }

  /** Events of a stream from a revision, oldest first; none of a missing stream. */
  async stream(name: string, from: number, limit = MAX_PAGE_EVENTS): Promise<readonly RecordedEvent[]> {
    const page = await this.#ask(() =>
      this.client.readStream(name, { direction: FORWARDS, fromRevision: BigInt(from), maxCount: limit }),
    ).catch((error) => {
      if (isMissingStream(error)) return [];
      throw unavailable(error);
    });
    page.forEach(({ event }, index) => {
      if (event?.revision !== BigInt(from + index))
        throw new StoreUnavailable(`stream ${name} has a gap before revision ${event?.revision}`);
    });
    return page.map(recorded);
  }

  /** Revision of the last event of a stream; -1 for a missing stream. */
  async revision(name: string): Promise<number> {
    const options = { direction: BACKWARDS, fromRevision: END, maxCount: 1 } as const;
    const page = await this.#ask(() => this.client.readStream(name, options)).catch((error) => {
      if (isMissingStream(error)) return [];
      throw unavailable(error);
    });
    return Number(page[0]?.event?.revision ?? -1);
  }

  /** Ends the calls that are open, and refuses others, as StoreUnavailable. */
  close(): void {
    this.#closed = true;
    for (const end of this.#calls) end();
  }

  /** What stands after a place. The server begins with the place itself, which shows that it is one. */
  async #allAfter(place: bigint, limit: number, id: string | undefined): Promise<readonly Resolved[]> {
    const [first, ...rest] = (await this.#from(place, limit + 1)) ?? [];
    if (!first || (id !== undefined && first.event?.id !== id))
      throw new RangeError(`${positionText(place)} is not a position of this log`);
    return rest;
  }

  /** What stands at a place and after it; undefined where nothing stands at it. */
  async #from(place: bigint, limit: number): Promise<readonly Resolved[] | undefined> {
    try {
      const found = await this.#all(place, limit);
      return found[0] && placeOf(found[0]) === place ? found : undefined;
    } catch (error) {
      if (!(error instanceof StoreUnavailable && isNoPlace(error.cause))) throw error;
      // It says the same of any fault of its own: if it can be read elsewhere, it is the place.
      await this.head();
      return undefined;
    }
  }

  async #all(
    from: bigint | typeof START | typeof END,
    maxCount: number,
    direction: typeof FORWARDS | typeof BACKWARDS = FORWARDS,
  ): Promise<readonly Resolved[]> {
    const fromPosition = typeof from === 'bigint' ? { commit: from, prepare: from } : from;
    return this.#ask(() => this.client.readAll({ direction, fromPosition, maxCount })).catch((error) => {
      throw unavailable(error);
    });
  }

  async #ask<Event>(call: () => StreamingRead<Event>): Promise<Event[]> {
    for (const waitMs of RETRY_MS) {
      try {
        return await this.#taken(call);
      } catch (error) {
        if (!isAway(error)) throw error;
      }
      await delay(waitMs);
    }
    return this.#taken(call);
  }

  /** Everything that a call gives, unless it falls silent. */
  async #taken<Event>(call: () => StreamingRead<Event>): Promise<Event[]> {
    if (this.#closed) throw closed();
    const reading = call();
    const events: Event[] = [];
    const { silenceMs } = this;
    let watch: NodeJS.Timeout | undefined;
    let end = () => {};
    return new Promise<Event[]>((resolve, reject) => {
      end = () => reject(closed());
      this.#calls.add(end);
      watch = setTimeout(() => reject(new Silent(`no answer within ${silenceMs} ms`)), silenceMs);
      reading.on('data', (event: Event) => {
        events.push(event);
        watch?.refresh();
      });
      // It stays: an error that comes late, and is heard by nobody, would end the process.
      reading.on('error', reject);
      reading.on('end', () => resolve(events));
    }).finally(() => {
      clearTimeout(watch);
      this.#calls.delete(end);
      // Waits for a connection, which a server that is mute never gives.
      reading.cancel().catch(() => undefined);
    });
  }
}

export const closed = (): StoreUnavailable => new StoreUnavailable('the event store is closed');
