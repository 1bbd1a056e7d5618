import { afterAll, beforeAll, describe, it } from '@jest/globals';
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

if (KURRENTDB_URL === null)
  describe.skip('kurrentdb at KURRENTDB_URL: not run, none is given', () => {
    it('keeps the contract', () => undefined);
  });
else {
  const url = KURRENTDB_URL;
  for (const enrol of [describeEventStore, describeInstants])
    enrol('kurrentdb at KURRENTDB_URL', async () => KurrentEventStore.open(url));
}
