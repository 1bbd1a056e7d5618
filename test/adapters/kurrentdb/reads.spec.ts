import { ANY, binaryEvent, EventStoreDBClient } from '@eventstore/db-client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { collect, type NewEvent, StoreUnavailable } from '../../../src/ports/event-store.js';
import { newEvents } from '../../support/new-events.js';
import { follow, idsOf, kurrent, NEVER_MS, soon } from './support.js';

const { server, open, discovering } = kurrent();

const credentials = { username: 'admin', password: 'changeit' };
let client: EventStoreDBClient;
beforeAll(() => {
  client = EventStoreDBClient.connectionString(server.url);
});
afterAll(() => client.dispose());

/** Writes an event of the server's own into the log. */
const noise = (stream: string) => client.setStreamMetadata(stream, { owner: 'server' }, { credentials });

describe('a server that says nothing', () => {
  it.each([
    ['is mute', () => server.behave({ mute: true })],
    ['hangs as a whole', async () => server.freeze()],
  ])('fails every read when it %s, also on a connection that is new', async (_, fail) => {
    const known = open({ silenceMs: 300 });
    await known.append(`mute/${_}`, newEvents(1), 'none');
    await fail();
    for (const store of [known, open({ silenceMs: 300 }), discovering({ silenceMs: 300 })]) {
      const reads = [
        store.head(),
        collect(store.read(`mute/${_}`)),
        collect(store.readAll(null)),
        collect(store.subscribeAll(null, new AbortController().signal)),
        store.positionAt('2030-01-01T00:00:00Z'),
      ];
      for (const outcome of await soon(Promise.allSettled(reads)))
        expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailable) });
    }
  });

  it('is left no call open', async () => {
    const store = open();
    await store.append('open/1', newEvents(5), 'none');
    for await (const _ of store.read('open/1')) break;
    for await (const _ of store.readAll(null)) break;
    while ((await server.openReads()) > 0);
    await server.behave({ mute: true });
    const hasty = open({ silenceMs: 200 });
    await expect(hasty.head()).rejects.toThrow(StoreUnavailable);
    await expect(collect(hasty.read('open/1'))).rejects.toThrow(StoreUnavailable);
    while ((await server.openReads()) > 0);
  });
});

describe('a server that is starting', () => {
  it('is asked again', async () => {
    const store = open();
    const { position } = await store.append('starting/1', newEvents(1), 'none');
    await server.behave({ unready: 2 });
    expect(await store.head()).toBe(position);
    await server.behave({ unready: 2 });
    expect(await collect(store.read('starting/1'))).toHaveLength(1);
  });
});

describe('a server that is away', () => {
  it('fails reads soon, and is read again when it is back', async () => {
    const store = open();
    const { position } = await store.append('back/1', newEvents(1), 'none');
    await server.kill();
    await expect(soon(store.head())).rejects.toThrow(StoreUnavailable);
    await expect(soon(collect(store.read('back/1')))).rejects.toThrow(StoreUnavailable);
    await server.start();
    expect(await store.head()).toBe(position);
  });
});

describe("the server's own events", () => {
  it('are nowhere among those of the ledger', async () => {
    const store = open();
    const start = await store.head();
    const following = follow(store, start);
    await following.caughtUp();
    const events = newEvents(3);
    for (const [index, event] of events.entries()) {
      await noise(`noise/${index}`);
      await store.append('noisy/1', [event], index === 0 ? 'none' : index - 1);
    }
    for (let count = 0; count < 40; count++) await noise('noise/behind');
    await following.has(3);
    await following.stop();
    expect(idsOf(following.events)).toEqual(idsOf(events));
    const pages = await collect(store.readAll(start));
    expect(idsOf(pages.flat())).toEqual(idsOf(events));
    expect(idsOf((await collect(store.readAll(start, 2))).flat())).toEqual(idsOf(events.slice(0, 2)));
    const last = following.events.at(-1)?.position ?? '';
    expect(await store.head()).toBe(last);
    expect(await store.positionAt('2030-01-01T00:00:00Z')).toBe(last);
    expect(await collect(store.readAll(last))).toEqual([]);
  });

  it('are passed over by a subscriber, however many there are', async () => {
    const store = open();
    const following = follow(store, await store.head());
    for (let count = 0; count < 1_200; count += 100)
      await Promise.all(Array.from({ length: 100 }, (_, index) => noise(`flood/${count + index}`)));
    const events = newEvents(1);
    await store.append('after/flood', events, 'none');
    await following.has(1);
    await following.stop();
    expect(idsOf(following.events)).toEqual(idsOf(events));
  });
});

describe('a subscriber behind which the server had written', () => {
  it('goes on when that is gone', async () => {
    const store = open({ quietMs: NEVER_MS });
    const start = await store.head();
    const events = newEvents(2);
    await store.append('scavenged/1', events.slice(0, 1), 'none');
    await noise('scavenged/noise');
    const following = follow(store, start);
    await following.caughtUp();
    await noise('scavenged/noise');
    await server.scavenge();
    await store.append('scavenged/1', events.slice(1), 0);
    await following.has(2);
    await following.stop();
    expect(idsOf(following.events)).toEqual(idsOf(events));
  });
});

describe('a log in which another event stands where a subscriber was', () => {
  it('is told from the one that it followed', async () => {
    const store = open({ quietMs: NEVER_MS });
    const [event] = newEvents(1);
    const { position: start } = await store.append('replaced/1', newEvents(1), 'none');
    const { position } = await store.append('replaced/1', [event as NewEvent], 0);
    const following = follow(store, start);
    await following.caughtUp();
    await server.replaceLast();
    // Something to look for; it may have looked already, when it began to listen.
    await store.append('replaced/2', newEvents(1), 'none');
    await expect(following.ended).rejects.toThrow(RangeError);
    expect(idsOf(following.events)).toEqual([event?.id]);
    expect((await store.at(position))?.id).not.toBe(event?.id);
  });
});

describe('a position', () => {
  it('is one that the server gave: nothing is read after another within the log', async () => {
    const store = open();
    const { position } = await store.append('between/1', newEvents(2), 'none');
    await store.append('between/2', newEvents(1), 'none');
    const between = (BigInt(position) + 1n).toString().padStart(20, '0');
    await expect(collect(store.readAll(between))).rejects.toThrow(RangeError);
    await expect(collect(store.subscribeAll(between, new AbortController().signal))).rejects.toThrow(
      RangeError,
    );
  });
});

describe('an event that no ledger has written', () => {
  it('is named, not passed over', async () => {
    const store = open();
    const { position: before } = await store.append('foreign/1', newEvents(1), 'none');
    const foreign = binaryEvent({ type: 'Picture', data: Uint8Array.of(1, 2) });
    await client.appendToStream('foreign/2', foreign, { expectedRevision: ANY, credentials });
    const read = collect(store.readAll(before));
    await expect(read).rejects.toThrow(StoreUnavailable);
    await expect(read).rejects.toThrow(/^the event at \d{20} is damaged, or not one of a ledger$/);
  });
});

describe('a subscription', () => {
  it('goes on after the last event it gave when it is dropped as too slow, or ended', async () => {
    const store = open({ quietMs: NEVER_MS });
    const start = await store.head();
    const following = follow(store, start);
    await following.caughtUp();
    for (let round = 0; round < 5; round++) {
      await store.append(`dropped/${round}`, newEvents(3), 'none');
      await server.dropSubscribers();
    }
    await following.has(15);
    await following.stop();
    expect(following.events).toEqual((await collect(store.readAll(start))).flat());
  });

  it('gives all of an append that drops every subscriber', async () => {
    const store = open({ quietMs: NEVER_MS });
    const start = await store.head();
    const following = [follow(store, start), follow(store, start), follow(store, start)];
    for (const one of following) await one.caughtUp();
    await store.append('thousand/1', newEvents(1_000), 'none');
    await store.append('thousand/2', newEvents(1_000), 'none');
    const log = (await collect(store.readAll(start))).flat();
    for (const one of following) {
      await one.has(2_000);
      await one.stop();
      expect(one.events).toEqual(log);
    }
  });

  it('finds what a server does not tell that has forgotten its listener, and listens anew', async () => {
    const store = open({ quietMs: 300 });
    await server.behave({ forgetful: true });
    const following = follow(store, await store.head());
    await following.caughtUp();
    while ((await server.openReads()) === 0);
    await server.behave({ forgetful: false });
    await open().append('forgotten/1', newEvents(1), 'none');
    await following.has(1);
    while ((await server.liveSubscribers()) === 0);
    await following.stop();
  });
});
