import type { RecordedEvent } from '../../ports/event-store.js';
import type { Page } from './reading.js';
import { commitOf } from './recorded.js';

/** Events from one mark to the next, at first. */
export const FIRST_INTERVAL = 256;
/** Marks kept at most: when there are more, every second goes and the interval doubles. */
const MAX_MARKS = 4_096;

/** A place in the log, and the highest recordedAt of everything up to it. */
interface Mark {
  readonly place: bigint;
  readonly high: string;
}

type ReadAfter = (place: bigint | null, limit?: number) => Promise<Page>;

/**
 * Which part of the log was recorded by an instant. Clocks of several writers differ and may be set back, so it is the
 * running maximum that decides; it never falls. The log is read once to mark it, then only what has come since, and at
 * most the events between two marks for a question.
 */
export class Instants {
  #marks: Mark[] = [];
  #interval = FIRST_INTERVAL;
  /** The last event that was looked at; null for none. */
  #end: Mark | null = null;
  #sinceMark = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly readAfter: ReadAfter,
    private readonly maxMarks = MAX_MARKS,
  ) {}

  /** End of the longest prefix of the log without an event recorded after the instant (ISO UTC with milliseconds). */
  async placeAt(instant: string): Promise<bigint | null> {
    try {
      return await this.#find(instant);
    } catch (error) {
      // A place that it knew is gone: the log was restored from an older copy.
      if (!(error instanceof RangeError)) throw error;
      await this.#inTurn(async () => this.#forget());
      return this.#find(instant);
    }
  }

  async #find(instant: string): Promise<bigint | null> {
    await this.#inTurn(() => this.#lookOn(instant));
    if (!this.#end || this.#end.high <= instant) return this.#end?.place ?? null;
    let place = this.#lastMarkAt(instant)?.place ?? null;
    for (;;) {
      const { events, end, more } = await this.readAfter(place, FIRST_INTERVAL);
      for (const event of events) {
        if (event.metadata.recordedAt > instant) return place;
        place = commitOf(event.position);
      }
      if (!more) return place;
      // A stretch of the server's own events alone.
      if (events.length === 0) place = end;
    }
  }

  /** One caller after the other. */
  async #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    await turn;
  }

  /** Looks at more of the log until something is later than the instant, or nothing is left. */
  async #lookOn(instant: string): Promise<void> {
    let from = this.#end?.place ?? null;
    while ((this.#end?.high ?? '') <= instant) {
      const { events, end, more } = await this.readAfter(from);
      for (const event of events) this.#note(event);
      if (!more) return;
      from = end;
    }
  }

  #note({ position, metadata: { recordedAt } }: RecordedEvent): void {
    const before = this.#end?.high ?? '';
    this.#end = { place: commitOf(position), high: recordedAt > before ? recordedAt : before };
    if (++this.#sinceMark < this.#interval) return;
    this.#marks.push(this.#end);
    this.#sinceMark = 0;
    if (this.#marks.length <= this.maxMarks) return;
    this.#marks = this.#marks.filter((_, index) => index % 2 === 1);
    this.#interval *= 2;
  }

  #forget(): void {
    this.#marks = [];
    this.#interval = FIRST_INTERVAL;
    this.#end = null;
    this.#sinceMark = 0;
  }

  #lastMarkAt(instant: string): Mark | undefined {
    let [low, high] = [0, this.#marks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const mark = this.#marks[middle];
      if (mark && mark.high <= instant) low = middle + 1;
      else high = middle;
    }
    return this.#marks[low - 1];
  }
}
