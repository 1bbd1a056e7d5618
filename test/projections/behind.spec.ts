import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { type Projection, projection } from '../../projections/projection.js';
import { SqliteEventStore } from '../../src/adapters/sqlite/event-store.js';
import { SqliteReadModels } from '../../src/adapters/sqlite/read-models.js';
import { collectionOf } from '../../src/application/collection.js';
import type { EventStore } from '../../src/ports/event-store.js';
import type { Build, ReadModels } from '../../src/ports/read-models.js';
import { newEvents } from '../support/new-events.js';
import { seenAs } from '../support/seen-as.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { followers, liveRows } from './support.js';

const WAIT_MS = 20_000;
/** Several pages, and more than a build may be behind that follows the log. */
const EVENTS = 3_000;

const follow = followers();
const folder = temporaryFolder();
const events = SqliteEventStore.open(join(folder, 'events.db'));
const models = SqliteReadModels.open(join(folder, 'read.db'), (_, reason) => {
  throw new Error(reason);
});
afterAll(async () => {
  await models.close();
  await events.close();
});

const counting = (name: string): Projection =>
  projection<{ events: number }>({
    name,
    fields: [],
    keys: ({ stream }) => [stream],
    fold: (row) => ({ events: (row?.events ?? 0) + 1 }),
  });

const [ahead, late, fresh, fresher] = ['ahead.v1', 'late.v1', 'fresh.v1', 'fresher.v1'].map(counting) as [
  Projection,
  Projection,
  Projection,
  Projection,
];

/** Read models in which whoever is behind waits at its first write, and tells how often it writes. */
const waiting = (gate: EventEmitter) => {
  const commits: string[] = [];
  const seen = (name: string, build: Build): Build => {
    if (name === ahead.name) return build;
    const commit = build.commit.bind(build);
    build.commit = async (...changed) => {
      commits.push(name);
      const going = once(gate, 'go');
      gate.emit('waiting');
      if (commits.length === 1) await going;
      await commit(...changed);
    };
    return build;
  };
  const models_ = seenAs<ReadModels>(models, {
    live: async (...all) => seen(all[0].name, await models.live(...all)),
    fresh: async (collection) => seen(collection.name, await models.fresh(collection)),
  });
  return { models: models_, commits };
};

describe('projections that are far behind a long log', () => {
  it('catch up in bulk, in one reading of it, while the others follow what happens', async () => {
    const head = async () => (await events.head()) ?? '';
    await events.append('a', newEvents(10), 'none');
    const before = await follow(events, models, [ahead, late]);
    await before.progress.reached([ahead.name, late.name], await head(), WAIT_MS);
    await before.projector.stop();
    for (let at = 10; at < EVENTS; at += 1_000) await events.append('a', newEvents(1_000), at - 1);
    const then = await follow(events, models, [ahead]);
    await then.progress.reached([ahead.name], await head(), WAIT_MS);
    await then.projector.stop();

    const gate = new EventEmitter();
    const { models: seen, commits } = waiting(gate);
    const reached = once(gate, 'waiting');
    const readings: unknown[] = [];
    const log = seenAs<EventStore>(events, {
      readAll: (after, limit) => {
        if (limit === undefined) readings.push(after);
        return events.readAll(after, limit);
      },
    });
    const behind = [late, fresh, fresher];
    const names = behind.map(({ name }) => name);
    const { progress, projector } = await follow(log, seen, [ahead, ...behind]);
    const { position } = await events.append('b', newEvents(1), 'none');
    await progress.reached([ahead.name], position, WAIT_MS);
    const isFolded = (checkpoint: string | null) => (checkpoint ?? '') >= position;
    expect((await progress.checkpoints(projector.names())).map(isFolded)).toEqual([
      true,
      false,
      false,
      false,
    ]);
    await reached;
    gate.emit('go');
    await progress.reached(names, position, WAIT_MS);
    const rows = await liveRows(models, ahead);
    expect(rows.get('a')).toMatchObject({ events: EVENTS + 10 });
    for (const one of behind) expect(await liveRows(models, one)).toEqual(rows);
    expect(await models.checkpoints(behind.map(collectionOf))).toEqual(names.map(() => position));
    // In bulk, and perhaps the event that came meanwhile: fewer times than there are pages.
    for (const name of names)
      expect(commits.filter((one) => one === name).length).toBeLessThan(EVENTS / 1_000);
    expect(readings.filter((after) => after === null)).toHaveLength(1);

    readings.length = 0;
    await Promise.all(projector.names().map((name) => projector.rebuild(name)));
    expect(readings.filter((after) => after === null)).toHaveLength(1);
    for (const one of [ahead, ...behind]) expect(await liveRows(models, one)).toEqual(rows);
  });
});
