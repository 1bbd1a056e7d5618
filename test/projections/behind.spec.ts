import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { type Projection, projection } from '../../projections/projection.js';
import { SqliteEventStore } from '../../src/adapters/sqlite/event-store.js';
import { SqliteReadModels } from '../../src/adapters/sqlite/read-models.js';
import { collectionOf } from '../../src/application/project.js';
import type { ReadModels } from '../../src/ports/read-models.js';
import { newEvents } from '../support/new-events.js';
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

const [ahead, late, later] = ['ahead.v1', 'late.v1', 'later.v1'].map(counting) as [
  Projection,
  Projection,
  Projection,
];

/** Read models in which the live builds of a new projection wait before they write, and tell how often they do. */
const waiting = (gate: EventEmitter) => {
  const commits: string[] = [];
  const seen: ReadModels = Object.create(models, {
    live: {
      value: async (...all: Parameters<ReadModels['live']>) => {
        const build = await models.live(...all);
        if (all[0].name === ahead.name) return build;
        const commit: typeof build.commit = async (...changed) => {
          commits.push(all[0].name);
          const going = once(gate, 'go');
          gate.emit('waiting');
          if (commits.length === 1) await going;
          await build.commit(...changed);
        };
        return {
          checkpoint: () => build.checkpoint(),
          getMany: (keys: readonly string[]) => build.getMany(keys),
          commit,
        };
      },
    },
    checkpoints: { value: (...all: Parameters<ReadModels['checkpoints']>) => models.checkpoints(...all) },
  });
  return { seen, commits };
};

describe('projections that are new to a long log', () => {
  it('catch up in bulk, in one reading of it, while the others follow what happens', async () => {
    for (let at = 0; at < EVENTS; at += 1_000)
      await events.append('a', newEvents(1_000), at === 0 ? 'none' : at - 1);
    const before = await follow(events, models, [ahead]);
    await before.progress.reached([ahead.name], (await events.head()) ?? '', WAIT_MS);
    await before.projector.stop();

    const gate = new EventEmitter();
    const { seen, commits } = waiting(gate);
    const reached = once(gate, 'waiting');
    const readings: unknown[] = [];
    const log = Object.create(events, {
      readAll: {
        value: (after: string | null, limit?: number) => {
          if (limit === undefined) readings.push(after);
          return events.readAll(after, limit);
        },
      },
      subscribeAll: {
        value: (...all: Parameters<typeof events.subscribeAll>) => events.subscribeAll(...all),
      },
      head: { value: () => events.head() },
    });
    const { progress } = await follow(log, seen, [ahead, late, later]);
    const { position } = await events.append('b', newEvents(1), 'none');
    await progress.reached([ahead.name], position, WAIT_MS);
    expect(await progress.behind(position)).toEqual([late.name, later.name]);
    await reached;
    gate.emit('go');
    await progress.reached([late.name, later.name], position, WAIT_MS);
    const rows = await liveRows(models, ahead);
    expect(rows.get('a')).toMatchObject({ events: EVENTS });
    for (const one of [late, later]) expect(await liveRows(models, one)).toEqual(rows);
    expect(await models.checkpoints([late, later].map(collectionOf))).toEqual([position, position]);
    // In bulk once, and perhaps the event that came meanwhile: fewer times than there are pages.
    for (const { name } of [late, later])
      expect(commits.filter((one) => one === name).length).toBeLessThan(EVENTS / 1_000);
    expect(readings.filter((after) => after === null)).toHaveLength(1);
  });
});
