import { randomUUID } from 'node:crypto';
import { afterEach } from '@jest/globals';
import { collect, type EventStore, type Position, type RecordedEvent } from '../../src/ports/event-store.js';

/** Opens the stores of a suite; to be called within its `describe`. Whatever is left open is closed after each test. */
export const stores = (open: (place: string) => Promise<EventStore>) => {
  const opened = new Set<EventStore>();
  afterEach(async () => {
    for (const store of opened) await store.close();
    opened.clear();
  });

  const openAt = async (place: string): Promise<EventStore> => {
    const store = await open(place);
    opened.add(store);
    return store;
  };
  const close = async (store: EventStore): Promise<void> => {
    opened.delete(store);
    await store.close();
  };
  /** A store, the end of its log, and a stream that nobody else has. */
  const begin = async () => {
    const place = randomUUID();
    const store = await openAt(place);
    return { place, store, start: await store.head(), stream: `plan/${place}` };
  };
  const restart = async (store: EventStore, place: string): Promise<EventStore> => {
    await close(store);
    return openAt(place);
  };
  return { openAt, close, begin, restart };
};

export const logAfter = async (store: EventStore, after: Position | null): Promise<RecordedEvent[]> =>
  (await collect(store.readAll(after))).flat();
