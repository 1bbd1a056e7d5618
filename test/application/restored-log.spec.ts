import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SqliteEventStore } from '../../src/adapters/sqlite/event-store.js';
import { HotStreams } from '../../src/application/hot-streams.js';
import { StreamStates } from '../../src/application/stream-states.js';
import { collect, type EventStore } from '../../src/ports/event-store.js';
import { asked, ledgers, OFFICE, ordersOf, reporterOf } from '../support/ledger.js';
import { newEvents } from '../support/new-events.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { ALONE, assignTo, found, KHCN, moveTo, PLAN_FROM, report, TTTT, target } from './world.js';

const open = ledgers();
const folder = temporaryFolder();
let made = 0;

const STREAM = `indicator-${ALONE}`;
const BEFORE = ['IndicatorAdopted', 'AgencyAssigned'];

const emptyLog = (): EventStore => SqliteEventStore.open(join(folder, String(++made), 'events.db'));

/** A copy of a log as it was before its last event. */
const copyWithoutLast = async (events: EventStore): Promise<EventStore> => {
  const copy = emptyLog();
  const log = (await collect(events.readAll(null))).flat();
  for (const { stream, revision, id, type, data, metadata } of log.slice(0, -1))
    await copy.append(stream, [{ id, type, data, metadata }], revision === 0 ? 'none' : revision - 1);
  return copy;
};

/** A store whose log is another from one moment to the next. */
const replaceable = (first: EventStore) => {
  let now = first;
  const store = new Proxy(first, {
    get: (_, name) => {
      const value = Reflect.get(now, name);
      return typeof value === 'function' ? value.bind(now) : value;
    },
  });
  return {
    store,
    replaceBy: (other: EventStore) => {
      now = other;
    },
  };
};

describe('a log that was restored from an older copy while commands are taken', () => {
  const begin = async (first = target(ALONE, '≥ 80')) => {
    const ledger = await open();
    await found(ledger.order);
    await ledger.order.indicator(ALONE, assignTo(ALONE, [KHCN]));
    const { store, replaceBy } = replaceable(ledger.events);
    const events = new HotStreams(store);
    const { clock, ids, firstOf } = ledger;
    const order = ordersOf({ events, states: new StreamStates(store), clock, ids, firstOf });
    const repeatable = { commandId: 'aaaaaaaa-0000-5000-8000-000000000001', fingerprint: 'f' };
    const set = () => order.indicator(ALONE, first, asked(OFFICE, { repeatable }));
    const lost = await set();
    // It is kept, also by who reads events.
    await collect(events.read(STREAM));
    const restored = await copyWithoutLast(ledger.events);
    replaceBy(restored);
    return { order, events, restored, set, lost };
  };
  const typesIn = async (store: EventStore) => (await collect(store.read(STREAM))).map(({ type }) => type);

  it('a command that is sent again is done again', async () => {
    const { events, restored, set, lost } = await begin();
    const answer = await set();
    expect(answer).toMatchObject({ revision: lost.revision, eventIds: lost.eventIds });
    expect((await restored.at(answer.position))?.id).toBe(lost.eventIds[0]);
    expect(await typesIn(events)).toEqual([...BEFORE, 'TargetSet']);
    await restored.close();
  });

  it('one that would change nothing changes what is there', async () => {
    const { order, events, restored } = await begin();
    const answer = await order.indicator(ALONE, target(ALONE, '≥ 80'));
    expect(await restored.head()).toBe(answer.position);
    expect(await typesIn(events)).toEqual([...BEFORE, 'TargetSet']);
    await restored.close();
  });

  it('another one is decided on what is there', async () => {
    const { order, events, restored } = await begin();
    const answer = await order.indicator(ALONE, target(ALONE, '≥ 90'));
    expect(answer.revision).toBe(2);
    expect(await typesIn(events)).toEqual([...BEFORE, 'TargetSet']);
    await restored.close();
  });

  it('one that names the revision that is there is not stale', async () => {
    const { order, events, restored } = await begin();
    await order.indicator(ALONE, target(ALONE, '≥ 90'), asked(OFFICE, { ifMatch: 1 }));
    expect(await typesIn(events)).toEqual([...BEFORE, 'TargetSet']);
    await restored.close();
  });

  it('one that would be refused for what is lost is taken', async () => {
    const { order, events, restored } = await begin(report(ALONE, '2024', '60'));
    await order.indicator(ALONE, report(ALONE, '2024', '61'));
    expect(await typesIn(events)).toEqual([...BEFORE, 'MeasurementReported']);
    await restored.close();
  });

  it('one that would be forbidden by what is lost is taken', async () => {
    const { order, events, restored } = await begin(moveTo(ALONE, KHCN, TTTT, PLAN_FROM));
    await order.indicator(ALONE, report(ALONE, '2024', '61', KHCN), asked(reporterOf(KHCN)));
    expect(await typesIn(events)).toEqual([...BEFORE, 'MeasurementReported']);
    await restored.close();
  });
});

describe('hot streams of a log that is shorter by now', () => {
  it('are dropped when an append, or a read of a part, shows it', async () => {
    for (const show of [
      (hot: EventStore) => hot.append('a', newEvents(1), 2).catch(() => undefined),
      (hot: EventStore) => collect(hot.read('a', 2, 1)),
    ]) {
      const [first, shorter] = [emptyLog(), emptyLog()];
      const events = newEvents(3);
      await first.append('a', events, 'none');
      await first.append('b', newEvents(1), 'none');
      await shorter.append('a', events.slice(0, 2), 'none');
      const { store, replaceBy } = replaceable(first);
      const hot = new HotStreams(store);
      for (const stream of ['a', 'b']) await collect(hot.read(stream));
      replaceBy(shorter);
      await show(hot);
      expect(hot.counts.streams).toBe(0);
      expect(await collect(hot.read('a'))).toHaveLength(2);
      await first.close();
      await shorter.close();
    }
  });
});
