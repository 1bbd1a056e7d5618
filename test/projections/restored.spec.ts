import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KurrentEventStore } from '../../src/adapters/kurrentdb/event-store.js';
import { SqliteEventStore } from '../../src/adapters/sqlite/event-store.js';
import { SqliteReadModels } from '../../src/adapters/sqlite/read-models.js';
import { type EventStore, type NewEvent, StoreUnavailable } from '../../src/ports/event-store.js';
import { KurrentServer } from '../support/kurrentdb/server.js';
import { newEvent, newEvents, plainMetadata } from '../support/new-events.js';
import { seenAs } from '../support/seen-as.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { followers, liveRows, seen } from './support.js';

const WAIT_MS = 20_000;

const follow = followers();
const folder = temporaryFolder();
let made = 0;

const openModels = (): SqliteReadModels =>
  SqliteReadModels.open(join(folder, `${++made}.db`), (_, reason) => {
    throw new Error(reason);
  });

/** A log of one stream, in a folder of its own. */
const logOf = async (events: readonly NewEvent[]): Promise<EventStore> => {
  const store = SqliteEventStore.open(join(folder, String(++made), 'events.db'));
  for (const [index, event] of events.entries())
    await store.append('s', [event], index === 0 ? 'none' : index - 1);
  return store;
};

const idsIn = async (models: SqliteReadModels): Promise<readonly string[]> => [
  ...(await liveRows(models, seen)).keys(),
];
const idsOf = (events: readonly NewEvent[]): readonly string[] => events.map(({ id }) => id).sort();

describe('a log that was restored while nobody followed it', () => {
  const [kept, lost, then, later] = [newEvents(3), newEvent(), newEvent(), newEvent()];
  const again = { ...lost, metadata: { ...plainMetadata, recordedAt: '2026-01-01T00:00:00.000Z' } };

  it.each([
    ['ends earlier', kept, 'ends at'],
    ['holds another event in the place of the last', [...kept, then], 'holds another event there'],
    ['has grown past it', [...kept, then, later], 'holds another event there'],
    ['holds what was sent again, at another time', [...kept, again], 'holds another event there'],
  ])('and %s: the rows are made anew', async (_, restored, words) => {
    const models = openModels();
    const before = await logOf([...kept, lost]);
    const first = await follow(before, models, [seen]);
    await first.progress.reached([seen.name], (await before.head()) as string, WAIT_MS);
    await first.projector.stop();
    await before.close();

    const after = await logOf(restored);
    const errors: string[] = [];
    const { progress } = await follow(after, models, [seen], {
      onError: (error) => errors.push(String(error)),
    });
    await progress.reached([seen.name], (await after.head()) as string, WAIT_MS);
    expect(await idsIn(models)).toEqual(idsOf(restored));
    expect(errors).toEqual([expect.stringContaining(words)]);
  });

  it('as it was is followed on, and nothing is said', async () => {
    const models = openModels();
    for (const events of [kept, [...kept, then]]) {
      const log = await logOf(events);
      const errors: unknown[] = [];
      const { progress, projector } = await follow(log, models, [seen], {
        onError: (error) => errors.push(error),
      });
      await progress.reached([seen.name], (await log.head()) as string, WAIT_MS);
      await projector.stop();
      expect(errors).toEqual([]);
    }
    expect(await idsIn(models)).toEqual(idsOf([...kept, then]));
  });
});

describe('a projector', () => {
  it('says that it is stuck for as long as it cannot follow the log, or catch up with it', async () => {
    const log = await logOf(newEvents(1));
    await log.append('s', newEvents(1_000), 0);
    let fails = true;
    const failing = seenAs<EventStore>(log, {
      subscribeAll: (...all) => {
        if (fails) throw new StoreUnavailable('away');
        return log.subscribeAll(...all);
      },
      readAll: (after, limit) => {
        if (fails && limit === undefined) throw new StoreUnavailable('away');
        return log.readAll(after, limit);
      },
    });
    const behind = await follow(failing, openModels(), [seen]);
    await until(() => behind.projector.isStuck);
    const models = openModels();
    const first = await follow(log, models, [seen]);
    await first.progress.reached([seen.name], (await log.head()) as string, WAIT_MS);
    await first.projector.stop();
    const abreast = await follow(failing, models, [seen]);
    await until(() => abreast.projector.isStuck);
    fails = false;
    await until(() => !behind.projector.isStuck && !abreast.projector.isStuck);
    await behind.progress.reached([seen.name], (await log.head()) as string, WAIT_MS);
  });
});

describe('a log that was restored while it was followed', () => {
  const file = join(folder, 'kurrentdb');
  const server = new KurrentServer(file);
  beforeAll(async () => {
    await server.start();
  });
  afterAll(() => server.kill());

  /** Takes the last event from the server, and does something with the log before it starts again. */
  const cut = async (): Promise<void> => {
    await server.kill();
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(0, -1);
    writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
    await server.start();
  };

  it.each([
    ['another event comes to stand in the place of the lost one', {}],
    ['the places are others from then on', { note: 'longer than the event that was lost' }],
  ])('is followed on, when %s', async (_, data) => {
    const store = KurrentEventStore.open(server.url, { quietMs: 50 });
    const stream = `restored/${++made}`;
    const models = openModels();
    const kept = newEvents(3);
    const { revision } = await store.append(stream, kept, 'none');
    const lost = newEvent({});
    const { position } = await store.append(stream, [lost], revision);
    const errors: string[] = [];
    const { progress } = await follow(store, models, [seen], {
      onError: (error) => errors.push(String(error)),
    });
    await progress.reached([seen.name], position, WAIT_MS);
    await cut();
    const next = newEvents(2).map((event) => ({ ...event, data }));
    await store.append(stream, next, revision);
    await until(async () => (await idsIn(models)).includes(next[1]?.id as string));
    const ids = await idsIn(models);
    expect(ids).toEqual(expect.arrayContaining([...idsOf(kept), ...idsOf(next)] as string[]));
    expect(ids).not.toContain(lost.id);
    expect(errors.join()).toMatch(/seen\.v1 had folded the log up to .*it is built anew/);
    await store.close();
  });
});
