import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SqliteEventStore } from '../../src/adapters/sqlite/event-store.js';
import { HotStreams } from '../../src/application/hot-streams.js';
import { collect, type EventStore, RevisionConflict, StoreUnavailable } from '../../src/ports/event-store.js';
import { appends } from '../support/appends.js';
import { newEvents } from '../support/new-events.js';
import { seenAs } from '../support/seen-as.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { describeEventStore } from './event-store.contract.js';

const folder = temporaryFolder();
const sqlite = (place: string): SqliteEventStore => SqliteEventStore.open(join(folder, place, 'events.db'));

// So few that streams are forgotten all the time.
describeEventStore('sqlite behind hot streams', async (place) => new HotStreams(sqlite(place), 4));

/** Counts the events that a store gave from its streams. */
const counted = (store: EventStore) => {
  let read = 0;
  const counting = seenAs(store, {
    async *read(...all) {
      for await (const event of store.read(...all)) {
        read += 1;
        yield event;
      }
    },
  });
  return { counting, read: () => read };
};

describe('hot streams', () => {
  it('are read from the store once, and what came after from where they end', async () => {
    const { counting, read } = counted(sqlite('once'));
    const hot = new HotStreams(counting);
    await hot.append('a', newEvents(5), 'none');
    for (let n = 0; n < 3; n++) expect(await collect(hot.read('a'))).toHaveLength(5);
    expect(read()).toBe(5);
    await hot.append('a', newEvents(2), 4);
    expect((await collect(hot.read('a', 4))).map(({ revision }) => revision)).toEqual([4, 5, 6]);
    expect(read()).toBe(7);
    expect(hot.counts).toEqual({ streams: 1, events: 7, hits: 3, misses: 1 });
    await hot.close();
  });

  it('see what another writer of the same store appended', async () => {
    const store = sqlite('another');
    const hot = new HotStreams(store);
    await hot.append('a', newEvents(1), 'none');
    await collect(hot.read('a'));
    await store.append('a', newEvents(1), 0);
    expect(await collect(hot.read('a'))).toHaveLength(2);
    await hot.close();
  });

  it('forget the stream read longest ago, and keep none that is too long', async () => {
    const hot = new HotStreams(sqlite('bounded'), 6);
    for (const name of ['a', 'b', 'c']) await hot.append(name, newEvents(2), 'none');
    await hot.append('long', newEvents(7), 'none');
    for (const name of ['a', 'b', 'c', 'a', 'long']) await collect(hot.read(name));
    expect(hot.counts).toMatchObject({ streams: 3, events: 6 });
    await hot.append('d', newEvents(1), 'none');
    await collect(hot.read('d'));
    const { misses } = hot.counts;
    await collect(hot.read('a'));
    expect(hot.counts.misses).toBe(misses);
    await collect(hot.read('b'));
    expect(hot.counts.misses).toBe(misses + 1);
    await hot.close();
  });

  it('say what the store says, whatever was appended, refused or failed before', async () => {
    const step = fc.record({
      ...appends,
      fails: fc.boolean(),
      at: fc.integer({ min: 0, max: 10 }),
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 30 }),
        fc.integer({ min: 1, max: 12 }),
        async (steps, kept) => {
          const store = sqlite(`steps-${++run}`);
          let broken = false;
          const append: EventStore['append'] = async (...all) => {
            if (broken) throw new StoreUnavailable('the disk is full');
            return store.append(...all);
          };
          const hot = new HotStreams(Object.assign(Object.create(store), bound(store), { append }), kept);
          const racing = steps.map(async ({ stream, count, expected, fails, at }) => {
            broken = fails;
            await hot.append(stream, newEvents(count), expected).catch((error) => {
              expect(error instanceof RevisionConflict || error instanceof StoreUnavailable).toBe(true);
            });
            expect(await collect(hot.read(stream, at))).toEqual(await collect(store.read(stream, at)));
          });
          await Promise.all(racing);
          for (const { stream } of steps)
            expect(await collect(hot.read(stream))).toEqual(await collect(store.read(stream)));
          expect(hot.counts.events).toBeLessThanOrEqual(kept);
          await hot.close();
        },
      ),
      { numRuns: 30 },
    );
  });
});

const bound = (store: EventStore) => ({
  read: store.read.bind(store),
  close: store.close.bind(store),
});
