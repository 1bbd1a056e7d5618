import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { KurrentEventStore } from '../../src/adapters/kurrentdb/event-store.js';
import { SqliteEventStore } from '../../src/adapters/sqlite/event-store.js';
import { copy, openStore } from '../../src/cli/copy.js';
import { diagnose } from '../../src/cli/doctor.js';
import { Impossible } from '../../src/cli/impossible.js';
import {
  collect,
  type EventStore,
  MAX_APPEND_EVENTS,
  OutcomeUnknown,
  type RecordedEvent,
  StoreUnavailable,
} from '../../src/ports/event-store.js';
import { KurrentServer } from '../support/kurrentdb/server.js';
import { konTumTables, LOADER, loadTables, TestClock, wholeLog } from '../support/ledger.js';
import { ledgerOver } from '../support/ledger-over.js';
import { newEvent, newEvents } from '../support/new-events.js';
import { built, Program } from '../support/program.js';
import { seenAs } from '../support/seen-as.js';
import { AUDITOR, at, LOADED_AT, reporterOf, TestServer } from '../support/server.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const root = temporaryFolder();
const folder = (name: string) => join(root, name);
const quietly = () => undefined;

const servers = new Set<KurrentServer>();
let started = 0;
/** An empty KurrentDB; its log stands in the file. */
const emptyServer = async () => {
  const file = folder(`kurrentdb-${++started}`);
  const server = await new KurrentServer(file).start();
  servers.add(server);
  return { server, file };
};
afterAll(async () => {
  for (const server of servers) await server.kill();
});

let folders = 0;
const newFolder = () => folder(`new-${++folders}`);

/** Opens both, does the work, and closes both. */
const between = async <Answer>(
  from: string,
  to: string,
  work: (from: EventStore, to: EventStore) => Promise<Answer>,
): Promise<Answer> => {
  const [source, target] = [openStore(from, { mustExist: true }), openStore(to, { mustExist: false })];
  try {
    return await work(source, target);
  } finally {
    await source.close();
    await target.close();
  }
};
const copied = (from: string, to: string) => between(from, to, (one, other) => copy(one, other, quietly));

const ID = 'kh-1570-2025/7.1';
const basis = { number: '245/QĐ-UBND', date: '2026-01-28', clause: null };

/** A ledger of the five documents, and of what happened since, with a clock that was once set back. */
const written = async (server: TestServer): Promise<void> => {
  await loadTables(server.ledger, await konTumTables(), { actor: LOADER });
  const { progress } = server.ledger;
  await progress.reached(progress.names(), await server.head(), 20_000);
  server.clock.set('2025-07-08');
  const vp = reporterOf('vp-ubnd-tinh');
  await server.write(`/indicators/${at(ID)}/measurements`, { period: '2025-Q2', value: '85' }, vp);
  server.clock.set('2025-07-10');
  await server.write(`/measurements/${at(`${ID}@2025-Q2#1`)}/acceptance`, {});
  server.clock.set('2025-07-09');
  await server.write(`/tasks/${at('kh-484-2025/t/10')}/progress`, {
    ...{ effectiveOn: '2025-07-08', note: 'Đang làm' },
  });
  server.clock.set('2025-08-05');
  await server.write(`/indicators/${at(ID)}/assignments`, {
    ...{ action: 'transfer', role: 'lead', moves: [{ from: 'vp-ubnd-tinh', to: 'so-khcn' }] },
    ...{ effectiveOn: '2025-08-01', reason: 'Chuyển nhiệm vụ', legalBasis: basis },
  });
};

const PATHS = [
  '/plans',
  '/plans/kh-1570-2025',
  ...['asOf=2025-12-31', 'knownAt=2025-07-09T12:00:00Z', 'knownAt=2025-06-03T00:00:00Z&as=inherited'].flatMap(
    (query) => [
      `/plans/kh-1570-2025/status?${query}`,
      `/plans/kh-484-2025/tasks?${query}`,
      `/agencies/so-khcn/portfolio?${query}`,
    ],
  ),
  '/plans/kh-1570-2025/audit?limit=200',
  `/indicators/${at(ID)}/history`,
  '/agencies?limit=200',
  '/measurements',
  '/status',
  '/reorganizations',
  '/events?limit=200',
] as const;

const PLACE = /^@?\d{20}$/;
/** What an answer says, without where in a store's log it stands. */
const placeless = (value: unknown): unknown => {
  if (typeof value === 'string' && PLACE.test(value)) return 'a place';
  if (Array.isArray(value)) return value.map(placeless);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, key === 'next' ? one !== null : placeless(one)]),
  );
};

const answersOf = async (server: TestServer) => {
  server.clock.set('2026-03-01');
  const { progress } = server.ledger;
  await progress.reached(progress.names(), await server.head(), 20_000);
  const answers: [string, unknown][] = [];
  for (const path of PATHS) answers.push([path, await server.get(path, AUDITOR)]);
  return answers;
};

const opened = async <Answer>(server: TestServer, work: () => Promise<Answer>): Promise<Answer> => {
  await server.open();
  try {
    return await work();
  } finally {
    await server.close();
  }
};

describe('a ledger that moves to KurrentDB and back', () => {
  const home = folder('home');
  const back = folder('back');
  let there: Awaited<ReturnType<typeof emptyServer>>;
  let answers: Awaited<ReturnType<typeof answersOf>>;
  beforeAll(async () => {
    const server = new TestServer(home, new TestClock(LOADED_AT), 'authenticated');
    answers = await opened(server, async () => {
      await written(server);
      return answersOf(server);
    });
    there = await emptyServer();
  });

  it('is the same events in the same order, and back again the same file to the last position', async () => {
    const before = diagnose(join(home, 'events.db'), null);
    const one = await copied(home, there.server.url);
    expect(one).toMatchObject({
      events: before.events,
      before: 0,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(await copied(there.server.url, back)).toEqual(one);
    const after = diagnose(join(back, 'events.db'), before.digest);
    expect([after.problems.listed, after.events, after.digest]).toEqual([[], before.events, before.digest]);
  });

  it('is stored in KurrentDB with the bytes that it had', async () => {
    const database = new Database(join(home, 'events.db'), { readonly: true });
    const texts = database.prepare('SELECT id, data, metadata FROM events ORDER BY position').raw().all();
    database.close();
    const lines = (await readFile(there.file, 'utf8')).trim().split('\n');
    const bytes = lines.flatMap((line) => JSON.parse(line).events) as {
      id: string;
      data: string;
      metadata: string;
    }[];
    const text = (base64: string) => Buffer.from(base64, 'base64').toString('utf8');
    expect(bytes.map(({ id, data, metadata }) => [id, text(data), text(metadata)])).toEqual(texts);
  });

  it('gives the same answers there, on both clocks, but for places in the log', async () => {
    const errors: unknown[] = [];
    const server = new TestServer(folder('there'), new TestClock(LOADED_AT), 'authenticated', (path, clock) =>
      ledgerOver(KurrentEventStore.open(there.server.url), path, clock, (error) => errors.push(error)),
    );
    await mkdir(folder('there'));
    const same = await opened(server, () => answersOf(server));
    for (const [index, [path, answer]] of same.entries())
      expect([path, placeless(answer)]).toEqual([path, placeless(answers[index]?.[1])]);
    expect(errors).toEqual([]);
  });

  it('gives the very same answers when it is back', async () => {
    const server = new TestServer(back, new TestClock(LOADED_AT), 'authenticated');
    expect(await opened(server, () => answersOf(server))).toEqual(answers);
  });
});

/** A store that fails after so many appends. */
const failing = (store: EventStore, appends: number, error: Error): EventStore => {
  let left = appends;
  return seenAs(store, {
    append: async (...args) => {
      if (left-- <= 0) throw error;
      return store.append(...args);
    },
  });
};

/** A log in a folder: streams that take turns, one long run, and the same id in two streams. */
const small = async (name: string): Promise<RecordedEvent[]> => {
  const store = SqliteEventStore.open(join(folder(name), 'events.db'));
  const [one, two] = [newEvents(3), newEvents(2)];
  await store.append('plan/1', one, 'none');
  await store.append('plan/2', two.slice(0, 1), 'none');
  await store.append('plan/1', newEvents(1), 2);
  await store.append('plan/2', one.slice(0, 1), 0);
  await store.append('plan/3', newEvents(MAX_APPEND_EVENTS), 'none');
  await store.append('plan/3', [newEvent({ text: 'a'.repeat(600_000) })], MAX_APPEND_EVENTS - 1);
  await store.append('plan/3', [newEvent({ text: 'b'.repeat(600_000) })], MAX_APPEND_EVENTS);
  const log = await wholeLog(store);
  await store.close();
  return log;
};

const withoutPlace = (log: readonly RecordedEvent[]) => log.map(({ position, ...event }) => event);

describe('a copy that was cut off', () => {
  let log: RecordedEvent[];
  beforeAll(async () => {
    log = await small('small');
  });

  it.each([0, 1, 2, 3, 4, 5, 6])('after %i appends goes on where it stopped', async (appends) => {
    const to = newFolder();
    const cut = between(folder('small'), to, (from, target) =>
      copy(from, failing(target, appends, new StoreUnavailable('the server is away')), quietly),
    );
    await expect(cut).rejects.toThrow(Impossible);
    await expect(cut).rejects.toThrow('the server is away. The same command goes on where this one stopped.');
    const whole = await copied(folder('small'), to);
    expect(whole.events).toBe(log.length);
    expect(whole.before > 0).toBe(appends > 0);
    const store = openStore(to, { mustExist: true });
    expect(withoutPlace(await wholeLog(store))).toEqual(withoutPlace(log));
    await store.close();
    expect(await copied(folder('small'), to)).toEqual({ ...whole, before: log.length });
  });

  it('by a kill goes on where it stopped', async () => {
    await built();
    const { server } = await emptyServer();
    await server.behave({ slowMs: 20 });
    const args = ['bin/so-cai.js', 'copy', '--from', folder('home'), '--to', server.url];
    const killed = Program.start(args, {});
    const store = KurrentEventStore.open(server.url);
    while ((await collect(store.readAll(null, 10))).flat().length < 10);
    await killed.stop('SIGKILL');
    const before = (await wholeLog(store)).length;
    await store.close();
    await server.behave({ slowMs: 0 });
    const { code, out, err } = await Program.start(args, {}).ran();
    expect([code, err]).toEqual([0, '']);
    expect(before).toBeGreaterThan(0);
    const [, events, already] =
      /^(\d+) events, of which (\d+) were there already: the same in both stores\n {2}sha256 [0-9a-f]{64}\n$/.exec(
        out,
      ) ?? [];
    expect(Number(already)).toBeGreaterThanOrEqual(before);
    expect(Number(events)).toBe(diagnose(join(folder('home'), 'events.db'), null).events);
  }, 120_000);
});

describe('a copy is refused', () => {
  const refusal = async (work: Promise<unknown>) => {
    const error = await work.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Impossible);
    return (error as Impossible).message;
  };

  it('where the new store holds something else, or goes on by itself', async () => {
    const to = newFolder();
    await copied(folder('small'), to);
    const store = openStore(to, { mustExist: true });
    await store.append('plan/9', newEvents(1), 'none');
    await store.close();
    expect(await refusal(copied(folder('small'), to))).toMatch(
      /^The store to copy to holds something else: its event \d{20} \(Noted of plan\/9\)/,
    );
    const other = newFolder();
    const stranger = openStore(other, { mustExist: false });
    await stranger.append('plan/1', newEvents(1), 'none');
    await stranger.close();
    expect(await refusal(copied(folder('small'), other))).toMatch(/holds something else/);
  });

  it('where what was copied is not what is there', async () => {
    const to = newFolder();
    const lying = (store: EventStore): EventStore =>
      seenAs(store, {
        append: (stream, events, expected) =>
          store.append(
            stream,
            events.map((event) => ({ ...event, data: { ...event.data, more: 1 } })),
            expected,
          ),
      });
    const work = between(folder('small'), to, (from, target) => copy(from, lying(target), quietly));
    expect(await refusal(work)).toMatch(/holds something else/);
  });

  it('where somebody else writes meanwhile', async () => {
    const to = newFolder();
    const work = between(folder('small'), to, async (from, target) => {
      const disturbed = seenAs(target, {
        append: async (...args) => {
          if (args[0] === 'plan/2') await target.append('plan/2', newEvents(4), 'none').catch(quietly);
          return target.append(...args);
        },
      });
      return copy(from, disturbed, quietly);
    });
    expect(await refusal(work)).toMatch(/^Somebody else writes to the store to copy to: stream plan\/2/);
  });

  it('where nothing is known of the last append', async () => {
    const to = newFolder();
    const work = between(folder('small'), to, (from, target) =>
      copy(from, failing(target, 1, new OutcomeUnknown('no answer')), quietly),
    );
    expect(await refusal(work)).toMatch(/^no answer\. The same command goes on/);
  });

  it('where there is nothing to copy, or no such place', async () => {
    const empty = newFolder();
    await openStore(empty, { mustExist: false }).close();
    expect(await refusal(copied(empty, newFolder()))).toBe('There is nothing to copy: the log is empty.');
    expect(await refusal(copied(folder('missing'), newFolder()))).toMatch(/^There is no .*missing/);
    const { code, err } = await Program.start(
      ['bin/so-cai.js', 'copy', '--from', 'esdb://', '--to', 'x'],
      {},
    ).ran();
    expect([code, err]).toEqual([1, 'a KurrentDB address looks like esdb://name:password@host:2113\n']);
  });
});
