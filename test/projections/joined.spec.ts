import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Projection, projection } from '../../projections/projection.js';
import { InProcessLeases } from '../../src/adapters/in-process/leases.js';
import { SqliteEventStore } from '../../src/adapters/sqlite/event-store.js';
import { SqliteReadModels } from '../../src/adapters/sqlite/read-models.js';
import { Pass } from '../../src/application/pass.js';
import { Projector } from '../../src/application/project.js';
import type { ReadModels } from '../../src/ports/read-models.js';
import { delivering } from '../support/delivering.js';
import { newEvents } from '../support/new-events.js';
import { seenAs } from '../support/seen-as.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { followers, liveRows, memoryBuild } from './support.js';

const PAGES = 15;
const PAGE = 100;
const EVENTS = PAGES * PAGE;

const counting: Projection = projection<{ events: number }>({
  name: 'counting.v1',
  fields: [],
  keys: ({ stream }) => [stream],
  fold: (row) => ({ events: (row?.events ?? 0) + 1 }),
});

const follow = followers();
const folder = temporaryFolder();
const events = SqliteEventStore.open(join(folder, 'events.db'));
const opened: ReadModels[] = [];
beforeAll(async () => {
  for (let at = 0; at < EVENTS; at += 500)
    await events.append('a', newEvents(500), at === 0 ? 'none' : at - 1);
});
afterAll(async () => {
  for (const models of opened) await models.close();
  await events.close();
});

/** The log, before each page of which something may happen, and read models that count their builds. */
const setUp = (beforePage: (page: number) => unknown) => {
  const models = SqliteReadModels.open(join(folder, `${randomUUID()}.db`), (_, reason) => {
    throw new Error(reason);
  });
  opened.push(models);
  let pages = 0;
  let builds = 0;
  const log = delivering(events, {
    size: PAGE,
    beforeRead: async () => await beforePage(++pages),
  });
  const counted = seenAs<ReadModels>(models, {
    fresh: (collection) => {
      builds++;
      return models.fresh(collection);
    },
  });
  return { log, models: counted, pages: () => pages, builds: () => builds };
};

const rebuilder = (beforePage: (page: number) => unknown) => {
  const { log, models, ...counts } = setUp(beforePage);
  const leases = new InProcessLeases(5_000);
  const projector = new Projector(log, models, [counting], leases, () => undefined);
  return { projector, models, ...counts };
};

const gate = () => {
  let open: () => void = () => undefined;
  const opening = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opening, open };
};

describe('a build that is asked for while it is being made', () => {
  it('is that of the first catch-up', async () => {
    const { opening, open } = gate();
    // A start reads 11 pages to see that it is far behind.
    const { log, models, pages, builds } = setUp((page) => page > 13 && opening);
    const errors: unknown[] = [];
    const { projector } = await follow(log, models, [counting], {
      onError: (error) => errors.push(error),
    });
    await until(() => pages() > 13);
    const said: number[] = [];
    const asked = projector.rebuild(counting.name, ({ done }) => said.push(done));
    open();
    await asked;
    expect((await liveRows(models, counting)).get('a')).toMatchObject({ events: EVENTS });
    expect([builds(), errors]).toEqual([1, []]);
    // Of everything that is folded, also of what was before it was asked for.
    expect(said.at(-1)).toBe(EVENTS);
  });

  it('is made anew once it is there', async () => {
    const { projector, builds } = rebuilder(() => undefined);
    await Promise.all([projector.rebuild(counting.name), projector.rebuild(counting.name)]);
    await projector.rebuild(counting.name);
    expect(builds()).toBe(2);
  });

  it('is made as long as somebody waits for it', async () => {
    const { opening, open } = gate();
    const { projector, models, builds, pages } = rebuilder((page) => page > 1 && opening);
    const enough = new Error('no longer wanted');
    const givenUp = projector.rebuild(counting.name, () => {
      throw enough;
    });
    const waited = projector.rebuild(counting.name);
    open();
    await expect(givenUp).rejects.toBe(enough);
    await waited;
    expect((await liveRows(models, counting)).get('a')).toMatchObject({ events: EVENTS });
    expect([builds(), pages()]).toEqual([1, PAGES]);
  });

  it.each([1, 2])('is given up when nobody waits for it any more, of %d', async (waiting) => {
    const { projector, models, pages, builds } = rebuilder(() => undefined);
    const enough = new Error('no longer wanted');
    const asked = Array.from({ length: waiting }, () =>
      projector.rebuild(counting.name, () => {
        throw enough;
      }),
    );
    for (const one of asked) await expect(one).rejects.toBe(enough);
    expect(pages()).toBe(1);
    expect((await liveRows(models, counting)).size).toBe(0);
    // Whoever asks then joins nothing that still goes on.
    await projector.rebuild(counting.name);
    expect((await liveRows(models, counting)).get('a')).toMatchObject({ events: EVENTS });
    expect([builds(), pages()]).toEqual([2, 1 + PAGES]);
  });

  it('fails for all who wait when it fails', async () => {
    let isAway = true;
    const { projector } = rebuilder((page) => {
      if (page === 3 && isAway) throw new Error('away');
    });
    const asked = [projector.rebuild(counting.name), projector.rebuild(counting.name)];
    for (const one of asked) await expect(one).rejects.toThrow('away');
    isAway = false;
    await projector.rebuild(counting.name);
  });
});

describe('a build that has failed', () => {
  it('is not folded on when others join its pass before anything is written', async () => {
    const pass: Pass = new Pass(
      delivering(events, {
        size: PAGE,
        beforeRead: async () => {
          if (failed) joined ??= pass.fold(target);
        },
      }),
    );
    const of = () => ({ projection: counting, build: memoryBuild(), onFault: () => undefined });
    const [failing, target, other] = [of(), of(), of()];
    let [failed, joined]: [boolean, Promise<number> | undefined] = [false, undefined];
    const onPage = async () => {
      if (failed) return;
      failed = true;
      throw new Error('away');
    };
    const going = pass.fold(other);
    await expect(pass.fold({ ...failing, onPage })).rejects.toThrow('away');
    expect(await going).toBe(EVENTS);
    expect(await joined).toBe(EVENTS);
    expect(await failing.build.checkpoint()).toBeNull();
  });
});
