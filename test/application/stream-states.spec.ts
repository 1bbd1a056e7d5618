import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SqliteEventStore } from '../../src/adapters/sqlite/event-store.js';
import { StreamStates } from '../../src/application/stream-states.js';
import { agencyDecider } from '../../src/domain/agency/decider.js';
import { fold } from '../../src/domain/decider.js';
import { indicatorDecider } from '../../src/domain/indicator/decider.js';
import type { Fact } from '../../src/domain/message.js';
import { planDecider } from '../../src/domain/plan/decider.js';
import { taskDecider } from '../../src/domain/task/decider.js';
import {
  collect,
  type EventStore,
  type NewEvent,
  type RecordedEvent,
  StoreUnavailable,
} from '../../src/ports/event-store.js';
import { appends } from '../support/appends.js';
import { ledgers } from '../support/ledger.js';
import { newEvents } from '../support/new-events.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { happen, histories } from './history.js';
import { ALONE, COLLECTIVE, FIRST, found, GROUP, KHCN, PLAN, SECOND, TASK, TTTT } from './world.js';

const folder = temporaryFolder();
const open = ledgers();
const sqlite = (place: string): SqliteEventStore => SqliteEventStore.open(join(folder, place, 'events.db'));

/** Folds a stream into the ids of its events: no two streams have the same. */
const IDS = {
  initial: [] as readonly string[],
  evolve: (ids: readonly string[], event: Fact) => [...ids, (event as RecordedEvent).id],
};

const idsIn = async (store: Pick<EventStore, 'read'>, stream: string): Promise<readonly string[]> =>
  fold(IDS, await collect(store.read(stream)));

/** What a store gives from its streams, counted; it fails after so many events. */
const watched = (store: EventStore, failsAfter = Number.POSITIVE_INFINITY) => {
  const seen = { events: 0, failsAfter };
  const read: EventStore['read'] = async function* (...all) {
    for await (const event of store.read(...all)) {
      if (seen.events >= seen.failsAfter) throw new StoreUnavailable('the disk is gone');
      seen.events += 1;
      yield event;
    }
  };
  return { seen, read };
};

/** What the commands of a history are decided on. */
const DECIDED: readonly (readonly [string, Parameters<StreamStates['of']>[1]])[] = [
  ...[GROUP, FIRST, SECOND, ALONE].map((id) => [`indicator-${id}`, indicatorDecider] as const),
  ...[KHCN, TTTT, COLLECTIVE].map((id) => [`agency-${id}`, agencyDecider] as const),
  [`plan-${PLAN}`, planDecider],
  [`task-${TASK}`, taskDecider],
] as never;

/** Events of commands with keys, each of its own. */
const keyed = (count: number): NewEvent[] =>
  newEvents(count).map(({ metadata, ...event }) => ({
    ...event,
    metadata: { ...metadata, commandId: event.id, fingerprint: 'of its body' },
  }));

describe('the state of a stream', () => {
  it('is folded once, and from then on what came after', async () => {
    const store = sqlite('once');
    const { seen, read } = watched(store);
    const states = new StreamStates({ read });
    expect(await states.of('a', IDS)).toMatchObject({ state: [], last: null });
    await store.append('a', newEvents(5), 'none');
    for (let n = 0; n < 3; n++) await states.of('a', IDS);
    expect(seen.events).toBe(5);
    const fresh = [...keyed(1), ...newEvents(1)];
    const { position } = await store.append('a', fresh, 4);
    const { state, last, commandIds } = await states.of('a', IDS);
    expect(seen.events).toBe(7);
    expect(state).toEqual(await idsIn(store, 'a'));
    expect(last).toEqual({ revision: 6, position, recordedAt: fresh[1]?.metadata.recordedAt });
    expect([...commandIds]).toEqual([fresh[0]?.metadata.commandId]);
    expect(states.counts).toEqual({ streams: 1, events: 7, hits: 3, misses: 2 });
    await store.close();
  });

  it('is learnt from whoever appended, and not read again', async () => {
    const store = sqlite('learnt');
    const { seen, read } = watched(store);
    const states = new StreamStates({ read });
    for (let size = 0; size < 6; size += 2) {
      const fresh = newEvents(2);
      states.learn('a', IDS, fresh, await store.append('a', fresh, size === 0 ? 'none' : size - 1));
    }
    const learnt = await states.of('a', IDS);
    expect(seen.events).toBe(0);
    expect(learnt).toEqual(await new StreamStates(store).of('a', IDS));
    await store.close();
  });

  it('learns nothing from events that do not follow what is kept', async () => {
    const store = sqlite('unlearnt');
    const states = new StreamStates(store);
    const [first, second, third] = [newEvents(2), newEvents(2), newEvents(1)];
    const begun = await store.append('a', first, 'none');
    states.learn('a', IDS, first, begun);
    const gone = await store.append('a', second, 1);
    states.learn('a', IDS, third, await store.append('a', third, 3));
    expect(states.counts.events).toBe(2);
    expect((await states.of('a', IDS)).state).toEqual(await idsIn(store, 'a'));
    for (const [events, end] of [
      [second, gone],
      [first, begun],
    ] as const)
      states.learn('a', IDS, events, end);
    expect((await states.of('a', IDS)).state).toEqual(await idsIn(store, 'a'));
    const count = { initial: 0, evolve: (sum: number) => sum + 1 };
    states.learn('a', count, third, { revision: 4, position: gone.position });
    expect((await states.of('a', IDS)).state).toEqual(await idsIn(store, 'a'));
    await store.close();
  });

  it('is another for another decider', async () => {
    const store = sqlite('decider');
    const states = new StreamStates(store);
    await store.append('a', newEvents(3), 'none');
    await states.of('a', IDS);
    const count = { initial: 0, evolve: (sum: number) => sum + 1 };
    expect((await states.of('a', count)).state).toBe(3);
    expect((await states.of('a', IDS)).state).toEqual(await idsIn(store, 'a'));
    await store.close();
  });

  it('is not kept from a read that failed halfway', async () => {
    const store = sqlite('halfway');
    const { seen, read } = watched(store, 2);
    const states = new StreamStates({ read });
    await store.append('a', newEvents(3), 'none');
    await expect(states.of('a', IDS)).rejects.toThrow(StoreUnavailable);
    seen.failsAfter = 100;
    expect((await states.of('a', IDS)).state).toEqual(await idsIn(store, 'a'));
    await store.close();
  });

  it('is what the store says, whoever appended, was refused or asked at the same time', async () => {
    const step = fc.record(appends);
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 30 }),
        fc.integer({ min: 1, max: 12 }),
        async (steps, kept) => {
          const store = sqlite(`steps-${++run}`);
          const states = new StreamStates(store, kept);
          const racing = steps.map(async ({ stream, count, expected }) => {
            const before = await states.of(stream, IDS);
            expect(before.state.length).toBe(before.last === null ? 0 : before.last.revision + 1);
            const fresh = keyed(count);
            const appended = await store.append(stream, fresh, expected).catch(() => undefined);
            if (appended) states.learn(stream, IDS, fresh, appended);
            const { state, commandIds } = await states.of(stream, IDS);
            const history = await collect(store.read(stream));
            expect(state).toEqual(history.slice(0, state.length).map(({ id }) => id));
            for (const { metadata } of history.slice(0, state.length))
              expect(commandIds.has(metadata.commandId)).toBe(true);
          });
          await Promise.all(racing);
          for (const { stream } of steps)
            expect((await states.of(stream, IDS)).state).toEqual(await idsIn(store, stream));
          expect(states.counts.events).toBeLessThanOrEqual(kept);
          await store.close();
        },
      ),
      { numRuns: 30 },
    );
  });

  it('is what the log says, after whatever commands', async () => {
    await fc.assert(
      fc.asyncProperty(histories(), async (steps) => {
        const ledger = await open();
        await found(ledger.order);
        await happen(steps, ledger.order, ledger.clock);
        const fresh = new StreamStates(ledger.events);
        for (const [stream, decider] of DECIDED)
          expect(await ledger.states.of(stream, decider)).toEqual(await fresh.of(stream, decider));
        await ledger.close();
      }),
      { numRuns: 20 },
    );
  });
});
