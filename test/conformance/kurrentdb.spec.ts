import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KurrentEventStore } from '../../src/adapters/kurrentdb/event-store.js';
import { KurrentServer } from '../support/kurrentdb/server.js';
import { KURRENTDB_URL } from '../support/kurrentdb/url.js';
import { describeEventStore } from './event-store.contract.js';
import { describeInstants } from './instants.contract.js';

// Every place is the same server: a store may already hold other events.
for (const enrol of [describeEventStore, describeInstants])
  describe('on the test server', () => {
    const server = new KurrentServer();
    beforeAll(() => server.start());
    afterAll(() => server.kill());
    enrol('kurrentdb', async () => KurrentEventStore.open(server.url));
  });

describe('many streams', () => {
  it('are read a few at a time: a call that waits for its turn is watched all the while', async () => {
    const store = KurrentEventStore.open('esdb://localhost:1?tls=false');
    let [open, most] = [0, 0];
    // biome-ignore lint/correctness/useYield: a stream with nothing in it
    store.read = async function* () {
      open += 1;
      most = Math.max(most, open);
      await nextTurn();
      open -= 1;
    };
    const streams = Array.from({ length: 200 }, (_, n) => ({ stream: `indicator-${n}` }));
    expect(await store.readMany(streams)).toEqual(streams.map(() => []));
    expect(most).toBe(64);
    await store.close();
  });
});

if (KURRENTDB_URL === null)
  describe.skip('kurrentdb at KURRENTDB_URL: not run, none is given', () => {
    it('keeps the contract', () => undefined);
  });
else {
  const url = KURRENTDB_URL;
  for (const enrol of [describeEventStore, describeInstants])
    enrol('kurrentdb at KURRENTDB_URL', async () => KurrentEventStore.open(url));
}
