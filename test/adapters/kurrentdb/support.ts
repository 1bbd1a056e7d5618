import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import { KurrentEventStore, type Patience } from '../../../src/adapters/kurrentdb/event-store.js';
import type { EventStore, Position, RecordedEvent } from '../../../src/ports/event-store.js';
import { KurrentServer } from '../../support/kurrentdb/server.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** Long enough to be sure that nothing was found by looking without having been told. */
export const NEVER_MS = 600_000;

/** A durable test server of this file, and stores on it that are closed after each test. */
export const kurrent = () => {
  const server = new KurrentServer(join(temporaryFolder(), 'log'));
  const opened = new Set<EventStore>();
  beforeAll(() => server.start());
  afterEach(async () => {
    server.thaw();
    await server.behave({ unready: 0, mute: false, forgetful: false, slowMs: 0, diesUnanswered: false });
    for (const store of opened) await store.close();
    opened.clear();
  });
  afterAll(() => server.kill());
  const openAt = (address: string, patience: Partial<Patience>): KurrentEventStore => {
    const store = KurrentEventStore.open(address, patience);
    opened.add(store);
    return store;
  };
  return {
    server,
    open: (patience: Partial<Patience> = {}, options = '') => openAt(`${server.url}${options}`, patience),
    /** One that looks for the leader of a cluster first. */
    discovering: (patience: Partial<Patience>) =>
      openAt(server.url.replace('esdb://', 'esdb+discover://'), patience),
  };
};

/** Follows a log in the background. */
export const follow = (store: EventStore, after: Position | null) => {
  const abort = new AbortController();
  const events: RecordedEvent[] = [];
  let wake = () => {};
  let caughtUp = false;
  let over = false;
  const run = async () => {
    try {
      for await (const page of store.subscribeAll(after, abort.signal)) {
        events.push(...page);
        caughtUp ||= page.length === 0;
        wake();
      }
    } finally {
      over = true;
      wake();
    }
  };
  const ended = run();
  ended.catch(() => undefined);
  const until = async (holds: () => boolean) => {
    while (!holds() && !over)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    if (!holds()) await ended;
    expect(holds()).toBe(true);
  };
  return {
    events,
    ended,
    /** Resolves when so many events have come. */
    has: (count: number) => until(() => events.length >= count),
    caughtUp: () => until(() => caughtUp),
    async stop() {
      abort.abort();
      await ended;
    },
  };
};

export const idsOf = (events: readonly { readonly id: string }[]): string[] => events.map(({ id }) => id);

/** Expects that a call settles well before the client's own patience (10 to 20 s) is over. */
export const soon = async <Answer>(call: Promise<Answer>): Promise<Answer> => {
  const started = Date.now();
  try {
    return await call;
  } finally {
    expect(Date.now() - started).toBeLessThan(8_000);
  }
};
