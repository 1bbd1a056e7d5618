import type { EventStore, RecordedEvent } from '../../src/ports/event-store.js';
import { seenAs } from './seen-as.js';

export const pagesOf = (events: readonly RecordedEvent[], size: number): RecordedEvent[][] =>
  Array.from({ length: Math.ceil(events.length / size) }, (_, n) => events.slice(n * size, (n + 1) * size));

interface Delivery {
  /** Events of a page. */
  readonly size?: number;
  /** Whether what is followed comes twice: every page, and every event in it. */
  readonly twice?: boolean;
  /** What happens before each page that is followed. */
  readonly before?: (page: readonly RecordedEvent[]) => Promise<unknown>;
  /** What happens before each page that is read. */
  readonly beforeRead?: () => Promise<unknown>;
}

const nothing = async (): Promise<void> => undefined;

/** The same log, delivered in another way. */
export const delivering = (
  events: EventStore,
  { size = 1_000, twice = false, before = nothing, beforeRead = nothing }: Delivery,
): EventStore =>
  seenAs(events, {
    async *readAll(...all) {
      for await (const page of events.readAll(...all))
        for (const part of pagesOf(page, size)) {
          await beforeRead();
          yield part;
        }
    },
    async *subscribeAll(...all) {
      for await (const page of events.subscribeAll(...all))
        for (const part of page.length > 0 ? pagesOf(page, size) : [page]) {
          await before(part);
          yield twice ? part.flatMap((event) => [event, event]) : part;
          if (twice) yield part;
        }
    },
  });
