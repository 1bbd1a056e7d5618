import { randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KurrentEventStore } from '../../src/adapters/kurrentdb/event-store.js';
import { readFolder } from '../../src/cli/folder.js';
import type { Ledger } from '../../src/ledger.js';
import type { EventStore, RecordedEvent } from '../../src/ports/event-store.js';
import { API } from '../../src/serve.js';
import { KurrentServer } from '../support/kurrentdb/server.js';
import { loadTables, TestClock, wholeLog } from '../support/ledger.js';
import { ledgerOver } from '../support/ledger-over.js';
import { seenAs } from '../support/seen-as.js';
import {
  AUDITOR,
  COLLEAGUE,
  expectProblem,
  OFFICE,
  type Problem,
  TestServer,
  type Who,
} from '../support/server.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { checkReplays, checkRows } from './checks.js';
import { type Acknowledged, type Api, send } from './clients.js';
import { copyAsLeft, rowsOf } from './files.js';
import { Random } from './random.js';
import { TABLES } from './server.js';
import { commandsOf } from './workload.js';

const CLIENTS = 4;
const MAX_LOAD_MS = 400;
/** Less than a person has, more than a machine needs that stops for a moment. */
const PATIENCE = { appendMs: 4_000, silenceMs: 4_000, quietMs: 1_000 };
const MAX_WAIT_MS = 60_000;

const root = temporaryFolder();
const kurrent = new KurrentServer(join(root, 'log'));
beforeAll(() => kurrent.start());
afterAll(() => kurrent.kill());

type Wrap = (store: EventStore) => EventStore;

/** A ledger over the KurrentDB of this file; what its read loop stumbles over is expected here. */
const openOver =
  (wrap: Wrap = (store) => store) =>
  (folder: string, clock: TestClock): Promise<Ledger> => {
    mkdirSync(folder, { recursive: true });
    return ledgerOver(wrap(KurrentEventStore.open(kurrent.url, PATIENCE)), folder, clock, () => undefined);
  };

const LOADED_AT = '2026-01-04T02:00:00.000Z';
const WRITING_AT = '2026-06-01T02:00:00.000Z';
const product = new TestServer(join(root, 'product'), new TestClock(LOADED_AT), 'authenticated', openOver());
beforeAll(async () => {
  await product.open();
  await loadTables(product.ledger, await readFolder(TABLES));
  product.clock.set(WRITING_AT);
}, MAX_WAIT_MS);
afterAll(() => product.close());

const apiOf = async (): Promise<Api> => {
  const tokenOf = async (who: Who) =>
    (await product.headersOf(who))['authorization']?.slice('Bearer '.length) ?? '';
  const tokens = { office: await tokenOf(OFFICE), colleague: await tokenOf(COLLEAGUE) };
  return { url: `${product.url}/${API}`, tokens };
};

const settled = async ({ events, progress }: Ledger): Promise<void> =>
  progress.reached(progress.names(), (await events.head()) ?? '', MAX_WAIT_MS);

/** The rows that a ledger makes from the log alone, in a folder of its own. */
const rebuilt = async (name: string, wrap?: Wrap): Promise<ReadonlyMap<string, string>> => {
  const folder = join(root, name);
  const ledger = await openOver(wrap)(folder, product.clock);
  await settled(ledger);
  await ledger.close();
  return rowsOf(join(folder, 'read.db'));
};

const heldRows = async (): Promise<ReadonlyMap<string, string>> => {
  await settled(product.ledger);
  return rowsOf(copyAsLeft(join(root, 'product'), 'read.db', join(root, 'as-left')));
};

/** Every event once, and revisions without gaps. */
const expectWhole = (log: readonly RecordedEvent[]): void => {
  const heads = new Map<string, number>();
  for (const { stream, revision } of log) {
    expect([stream, revision]).toEqual([stream, (heads.get(stream) ?? -1) + 1]);
    heads.set(stream, revision);
  }
  expect(new Set(log.map(({ id }) => id)).size).toBe(log.length);
};

const expectKept = (log: readonly RecordedEvent[], acknowledged: readonly Acknowledged[]): void => {
  const byId = new Map(log.map((event) => [event.id, event]));
  for (const { command, answer } of acknowledged) {
    const { eventIds, position, revision } = answer.body;
    const events = eventIds.map((id) => byId.get(id));
    expect([command.key, events.at(-1)]).toEqual([
      command.key,
      expect.objectContaining({ position, revision }),
    ]);
    expect(events).not.toContain(undefined);
  }
};

/** What befalls the server, and that it is over when this resolves. */
const FAULTS: Readonly<Record<string, (waitMs: number) => Promise<void>>> = {
  'is killed': async (waitMs) => {
    await kurrent.kill();
    await pause(waitMs);
    await kurrent.start();
  },
  'dies between writing and answering': async () => {
    await kurrent.behave({ diesUnanswered: true });
    await kurrent.ended();
    await kurrent.start();
  },
  'closes cleanly': async (waitMs) => {
    await kurrent.close();
    await pause(waitMs);
    await kurrent.start();
  },
  'hangs as a whole': async (waitMs) => {
    kurrent.freeze();
    await pause(PATIENCE.appendMs + waitMs);
    kurrent.thaw();
  },
  'accepts and never answers': async (waitMs) => {
    await kurrent.behave({ mute: true });
    await pause(PATIENCE.appendMs + waitMs);
    await kurrent.behave({ mute: false });
  },
  'starts and is not ready': async (waitMs) => {
    await kurrent.restart({ unready: 1_000_000 });
    await pause(waitMs);
    await kurrent.behave({ unready: 0 });
  },
  'drops its subscribers': async () => {
    for (let count = 0; count < 10; count++) await kurrent.dropSubscribers();
  },
};

describe('while clients write, a KurrentDB that', () => {
  const seed = randomInt(2 ** 31);
  const random = new Random(seed);
  const acknowledged: Acknowledged[] = [];
  let round = 0;

  it.each(Object.keys(FAULTS))(
    '%s loses nothing that was acknowledged',
    async (name) => {
      const api = await apiOf();
      round++;
      const before = acknowledged.length;
      let over = false;
      const write = async (client: number) => {
        for (const command of commandsOf(seed, round, client)) {
          if (over) return;
          acknowledged.push({ command, answer: await send(api, command) });
        }
      };
      const clients = Array.from({ length: CLIENTS }, (_, client) => write(client));
      const refused = Promise.all(clients);
      try {
        await Promise.race([refused, pause(random.fraction() * MAX_LOAD_MS)]);
        await FAULTS[name]?.(random.fraction() * MAX_LOAD_MS);
        const enough = acknowledged.length + CLIENTS;
        while (acknowledged.length < enough) await Promise.race([refused, pause(10)]);
      } finally {
        // Whatever was refused to one of them, the others do not go on into the next test.
        over = true;
        await Promise.allSettled(clients);
      }
      await refused;
      expect([seed, acknowledged.length > before]).toEqual([seed, true]);
      const log = await wholeLog(product.ledger.events);
      expectWhole(log);
      expectKept(log, acknowledged);
      await checkReplays(api, acknowledged.slice(before));
      expect(await wholeLog(product.ledger.events)).toHaveLength(log.length);
    },
    MAX_WAIT_MS,
  );

  it(
    'after all of these has the read models of a fresh rebuild, and answers every key as at first',
    async () => {
      await checkReplays(await apiOf(), acknowledged);
      checkRows(await heldRows(), await rebuilt('fresh'));
    },
    MAX_WAIT_MS,
  );

  it(
    'delivers twice changes no row',
    async () => {
      /** Gives every page twice, and the page before once more. */
      const repeating: Wrap = (store) =>
        seenAs(store, {
          async *subscribeAll(...args) {
            let last: readonly RecordedEvent[] = [];
            for await (const page of store.subscribeAll(...args)) {
              yield* [page, page, last];
              last = page;
            }
          },
        });
      checkRows(await rebuilt('repeated', repeating), await rebuilt('once'));
    },
    MAX_WAIT_MS,
  );
});

describe('while the server is away', () => {
  beforeAll(() => kurrent.kill());
  afterAll(async () => {
    if (!kurrent.runs) await kurrent.start();
  });

  it(
    'the API refuses with 503 and Retry-After what needs it, answers what it has read, and says which part is down',
    async () => {
      const body = { agencyId: 'so-vang-mat', name: 'Sở Vắng mặt', level: 'province' };
      const options = { who: OFFICE, headers: { 'idempotency-key': 'away' } };
      const refused = await product.send<Problem>('POST', '/agencies', { ...options, body });
      expectProblem(refused, 503);
      expect([refused.body.type, refused.headers.get('retry-after')]).toEqual([
        'urn:so-cai:problem:store-unavailable',
        '1',
      ]);
      const plans = await product.send('GET', '/plans', { who: AUDITOR });
      expect(plans.status).toBe(200);
      const past = await product.send<Problem>('GET', '/plans?knownAt=2026-02-01T00:00:00Z', {
        who: AUDITOR,
      });
      expectProblem(past, 503);
      const ready = await product.send('GET', '/health/ready', { who: null });
      expect([ready.status, ready.body]).toEqual([
        503,
        expect.objectContaining({ status: 'down', parts: { events: 'down', readModels: 'up', jobs: 'up' } }),
      ]);
      await kurrent.start();
      const written = await product.send('POST', '/agencies', { ...options, body });
      expect(written.status).toBe(201);
      await settled(product.ledger);
      expect((await product.send('GET', '/health/ready', { who: null })).status).toBe(200);
    },
    MAX_WAIT_MS,
  );
});
