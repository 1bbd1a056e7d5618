import { randomUUID } from 'node:crypto';
import type { Log, Stored } from './log.js';
import { caughtUp, checkpoint, confirmation, eventResponse, type Filter, tooSlow } from './messages.js';
import type { ReadCall } from './read-call.js';

/** Live events that the server keeps for a subscriber before it drops it. */
const MAX_BEHIND = 32;

/** What a subscription follows: the whole log, or one stream. Places are positions or revisions. */
export interface Source {
  /** Null for the whole log. */
  readonly stream: string | null;
  /** What is given comes after this place. */
  readonly after: number;
  /** A stream that is missing is waited for before "caught up" is said. */
  readonly waitsForStream: boolean;
  readonly filter: Filter | null;
}

/** One subscriber: first what is there, then "caught up", then what comes, as long as it keeps up. */
export class Subscription {
  readonly #waiting: Stored[] = [];
  #wake: () => void = () => undefined;
  #place: number;
  #lookedAt = 0;
  /** Live events are handed over from here on. */
  #live = false;

  constructor(
    private readonly call: ReadCall,
    private readonly log: Log,
    private readonly source: Source,
  ) {
    this.#place = source.after;
  }

  async run(): Promise<void> {
    await this.call.send(confirmation(randomUUID()));
    while (this.source.waitsForStream && !this.log.stream(this.source.stream ?? '')) await this.#changed();
    for (let next = this.#next(); next; next = this.#next()) await this.#give(next);
    this.#live = true;
    await this.call.send(caughtUp());
    for (;;) {
      const event = this.#waiting.shift();
      if (event) await this.#give(event);
      else await this.#changed();
    }
  }

  /** Told of each event after it was written. */
  publish(event: Stored): void {
    if (this.#live && this.#isNext(event)) {
      this.#waiting.push(event);
      if (this.#waiting.length > MAX_BEHIND) this.drop();
    }
    this.#wake();
  }

  /** Ends it as the server does with one that is too slow. */
  drop(): void {
    this.call.fail(tooSlow().failure);
  }

  get isLive(): boolean {
    return this.#live;
  }

  #isNext(event: Stored): boolean {
    const { stream } = this.source;
    return stream === null
      ? event.position > this.#lastPlace()
      : event.stream === stream && event.revision > this.#lastPlace();
  }

  /** The place of what was given or waits to be given last. */
  #lastPlace(): number {
    const last = this.#waiting.at(-1);
    return last ? this.#placeOf(last) : this.#place;
  }

  #placeOf({ position, revision }: Stored): number {
    return this.source.stream === null ? position : revision;
  }

  #next(): Stored | undefined {
    const { stream } = this.source;
    if (stream === null) return this.log.events[this.log.indexAt(this.#place + 1)];
    return this.log.stream(stream)?.[Math.max(this.#place + 1, this.log.firstRevision(stream))];
  }

  async #give(event: Stored): Promise<void> {
    const { filter } = this.source;
    this.#place = this.#placeOf(event);
    if (!filter || filter.matches(event)) await this.call.send(eventResponse(event));
    this.#lookedAt++;
    if (filter && this.#lookedAt % filter.checkpointEvery === 0)
      await this.call.send(checkpoint(event.position));
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
