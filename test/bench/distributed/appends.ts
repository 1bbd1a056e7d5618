import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { KurrentEventStore } from '../../../src/adapters/kurrentdb/event-store.js';
import type { NewEvent } from '../../../src/ports/event-store.js';
import { KurrentServer } from '../../support/kurrentdb/server.js';
import { Random } from '../random.js';
import { eventOf } from './event.js';
import { type Ratio, ratio } from './ratio.js';

const APPENDS = 2_000;
/** Appends that are under way at the same time. */
const AT_ONCE = 32;

/** One event to a stream of its own each: through the adapter, and with the client alone, against the same server. */
export const measureAppends = async (turns: number): Promise<Ratio> => {
  const given = process.env['KURRENTDB_URL'];
  const server = given === undefined ? await new KurrentServer().start() : null;
  const url = given ?? server?.url ?? '';
  const random = new Random(1);
  const store = KurrentEventStore.open(url);
  const client = EventStoreDBClient.connectionString(url);
  const batch = (): NewEvent[] => Array.from({ length: APPENDS }, () => eventOf(random));
  try {
    return await ratio(
      `appends to ${given === undefined ? 'the stand-in for KurrentDB' : 'KurrentDB'}, to the client alone`,
      turns,
      APPENDS,
      (turn) => allOf(batch(), (event, index) => store.append(`ours-${turn}/${index}`, [event], 'none')),
      (turn) =>
        allOf(batch(), ({ id, type, data, metadata }, index) =>
          client.appendToStream(`bare-${turn}/${index}`, [jsonEvent({ id, type, data, metadata } as never)], {
            expectedRevision: NO_STREAM,
            credentials: { username: 'admin', password: 'changeit' },
          }),
        ),
    );
  } finally {
    await store.close();
    await client.dispose();
    await server?.kill();
  }
};

const allOf = async <T>(
  all: readonly T[],
  work: (one: T, index: number) => Promise<unknown>,
): Promise<void> => {
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < all.length; at = next++) await work(all[at] as T, at);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
};
