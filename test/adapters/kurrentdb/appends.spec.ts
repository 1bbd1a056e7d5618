import { EventStoreDBClient } from '@eventstore/db-client';
import { describe, expect, it, jest } from '@jest/globals';
import { BadAddress } from '../../../src/adapters/bad-address.js';
import { KurrentEventStore } from '../../../src/adapters/kurrentdb/event-store.js';
import {
  collect,
  OutcomeUnknown,
  RevisionConflict,
  StoreUnavailable,
} from '../../../src/ports/event-store.js';
import { newEvent, newEvents } from '../../support/new-events.js';
import { idsOf, kurrent, NEVER_MS, soon } from './support.js';

const { server, open, discovering } = kurrent();

describe('an append', () => {
  it('names its credentials itself, so that the client sends each by itself and with its deadline', async () => {
    const sent = jest.spyOn(EventStoreDBClient.prototype, 'appendToStream');
    const store = open();
    await store.append('credentials/1', newEvents(2), 'none');
    await store.append('credentials/1', newEvents(1), 1);
    expect(sent.mock.calls).toHaveLength(2);
    for (const [, , options] of sent.mock.calls)
      expect(options).toMatchObject({
        credentials: { username: 'admin', password: 'changeit' },
        deadline: 5_000,
      });
    sent.mockRestore();
  });

  it('is a conflict also where the address asks for answers in the place of errors', async () => {
    const store = open({}, '&throwOnAppendFailure=false');
    const none = store.append('lying/1', newEvents(1), 4);
    await expect(none).rejects.toThrow(RevisionConflict);
    await expect(none).rejects.toMatchObject({ expected: 4, actual: 'none' });
    await store.append('lying/1', newEvents(3), 'none');
    const stale = store.append('lying/1', newEvents(1), 0);
    await expect(stale).rejects.toMatchObject({ expected: 0, actual: 2 });
  });
});

describe('an append that has no answer', () => {
  it('may have been written: only the same call again tells', async () => {
    const store = open({ appendMs: 200 });
    const events = newEvents(2);
    await server.behave({ slowMs: 500 });
    await expect(soon(store.append('slow/1', events, 'none'))).rejects.toThrow(OutcomeUnknown);
    await server.behave({ slowMs: 0 });
    const patient = open();
    expect(await patient.append('slow/1', events, 'none')).toMatchObject({ revision: 1 });
    expect(idsOf(await collect(patient.read('slow/1')))).toEqual(idsOf(events));
  });

  it.each([
    ['is mute', () => server.behave({ mute: true })],
    ['hangs as a whole', async () => server.freeze()],
  ])('is given up when the server %s, also on a connection that is new', async (_, fail) => {
    const known = open({ appendMs: 300 });
    await known.head();
    await fail();
    // To find the leader of a cluster, the client asks many times and long.
    for (const store of [known, open({ appendMs: 300 }), discovering({ appendMs: 300 })])
      await expect(soon(store.append('mute/1', newEvents(1), 'none'))).rejects.toThrow(OutcomeUnknown);
  });

  it('is sent again when the server died between writing and answering, and stands there once', async () => {
    const store = open();
    await store.append('died/1', newEvents(1), 'none');
    const events = newEvents(3);
    await server.behave({ diesUnanswered: true });
    const first = store.append('died/1', events, 0).catch((error: unknown) => error);
    await server.ended();
    await server.start();
    const outcome = await first;
    if (outcome instanceof Error) expect(outcome).toBeInstanceOf(OutcomeUnknown);
    else expect(outcome).toMatchObject({ revision: 3 });
    expect(await store.append('died/1', events, 0)).toMatchObject({ revision: 3 });
    expect(idsOf(await collect(store.read('died/1', 1)))).toEqual(idsOf(events));
  });

  it('was not written where there was no server', async () => {
    const store = open();
    await server.kill();
    // What is sent on a connection of before that was not found dead yet may have been written.
    await expect(soon(store.head())).rejects.toThrow(StoreUnavailable);
    await expect(soon(store.append('away/1', newEvents(1), 'none'))).rejects.toThrow(StoreUnavailable);
    await server.start();
    expect(await store.append('away/1', newEvents(1), 'none')).toMatchObject({ revision: 0 });
  });
});

describe('a server that is starting', () => {
  it('is asked again', async () => {
    await server.restart({ unready: 3 });
    expect(await open().append('starting/1', newEvents(1), 'none')).toMatchObject({ revision: 0 });
  });

  it('has written nothing when it does not get ready', async () => {
    await server.restart({ unready: 1_000 });
    const store = open();
    await expect(soon(store.append('unready/1', newEvents(1), 'none'))).rejects.toThrow(StoreUnavailable);
    await expect(soon(store.head())).rejects.toThrow(StoreUnavailable);
    await server.behave({ unready: 0 });
    expect(await collect(store.read('unready/1'))).toEqual([]);
  });
});

describe('closing', () => {
  it('waits for the appends that are under way, and no longer', async () => {
    const store = open();
    await server.behave({ slowMs: 200 });
    const appended = store.append('closing/1', [newEvent()], 'none');
    await soon(store.close());
    expect(await appended).toMatchObject({ revision: 0 });
  });

  it('ends what is being read, also of a mute server', async () => {
    const store = open({ silenceMs: NEVER_MS });
    await store.head();
    await server.behave({ mute: true });
    const reads = [store.head(), collect(store.read('closing/1')), collect(store.readAll(null))];
    const settled = Promise.allSettled(reads);
    await soon(store.close());
    for (const outcome of await soon(settled))
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailable) });
  });
});

describe('an address', () => {
  it.each([
    '',
    'localhost:2113',
    'http://localhost:2113',
    'esdb://',
    'esdb://admin@localhost',
    'esdb://localhost:2113',
  ])('%j is none, or lacks its credentials', (address) =>
    expect(() => KurrentEventStore.open(address)).toThrow(BadAddress),
  );
});
