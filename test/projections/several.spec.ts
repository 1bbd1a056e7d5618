import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, describe, expect, it } from '@jest/globals';
import { auditTrail } from '../../projections/audit-trail.js';
import type { Projection } from '../../projections/projection.js';
import { InProcessLeases } from '../../src/adapters/in-process/leases.js';
import { SqliteReadModels } from '../../src/adapters/sqlite/read-models.js';
import { Projector } from '../../src/application/project.js';
import { PROJECTIONS } from '../../src/ledger.js';
import type { Leases } from '../../src/ports/leases.js';
import { type ReadModels, ReadModelsUnavailable } from '../../src/ports/read-models.js';
import { ALONE, found, target } from '../application/world.js';
import { delivering } from '../support/delivering.js';
import { ledgers } from '../support/ledger.js';
import { seenAs } from '../support/seen-as.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { type Follower, folded, followers, liveRows, textOf } from './support.js';

/** In which four beats come; no lease is ever over but when a test says so. */
const TTL_MS = 40;
const WAIT_MS = 20_000;
const NAMES = PROJECTIONS.map(({ name }) => name);

const follow = followers();
const open = ledgers();
const folder = temporaryFolder();
const opened: ReadModels[] = [];
afterAll(async () => {
  for (const models of opened) await models.close();
});

/** A log, and read models and leases that several processes share. */
const setUp = async () => {
  const ledger = await open();
  await found(ledger.order);
  const models = SqliteReadModels.open(join(folder, `${randomUUID()}.db`), (_, reason) => {
    throw new Error(reason);
  });
  opened.push(models);
  const leases = new InProcessLeases(TTL_MS, () => 0);
  const happens = async (notation: string) => {
    await ledger.order.indicator(ALONE, target(ALONE, notation));
  };
  const caughtUp = async ({ progress }: Follower) =>
    progress.reached(NAMES, (await ledger.events.head()) ?? '', WAIT_MS);
  const expectTheLog = async () => {
    const log = await ledger.log();
    for (const projection of PROJECTIONS)
      expect(textOf(await liveRows(models, projection))).toEqual(
        textOf((await folded(projection, [log])).rows),
      );
  };
  return { ...ledger, models, leases, happens, caughtUp, expectTheLog };
};

const held = ({ projector }: Follower): string[] => NAMES.filter((name) => projector.holds(name));

/** Read models to whose live builds a process writes in another way. */
const written = (models: ReadModels, write: (commit: () => Promise<void>) => Promise<void>): ReadModels =>
  seenAs(models, {
    async live(...all) {
      const build = await models.live(...all);
      return seenAs(build, { commit: (...what) => write(() => build.commit(...what)) });
    },
  });

/** Read models of which a process does not hear that its next commit went through, once they are told so. */
const deafTo = (models: ReadModels) => {
  let deaf = false;
  const unheard = written(models, async (commit) => {
    await commit();
    if (!deaf) return;
    deaf = false;
    throw new ReadModelsUnavailable('nobody heard of it');
  });
  const deafen = () => {
    deaf = true;
  };
  return { unheard, deafen, isDeaf: () => deaf };
};

/** A gate that is closed until it is opened. */
const gate = () => {
  let opens: () => void = () => undefined;
  const opening = new Promise<void>((resolve) => {
    opens = resolve;
  });
  return { opening, open: opens };
};

describe('of several processes', () => {
  it('one folds a projection, the others know how far it is, and go on where it stops', async () => {
    const { events, models, leases, happens, caughtUp, expectTheLog } = await setUp();
    const one = await follow(events, models, PROJECTIONS, { leases });
    const other = await follow(events, models, PROJECTIONS, { leases });
    expect([held(one), held(other)]).toEqual([NAMES, []]);
    await happens('≥ 61');
    await caughtUp(other);
    await expectTheLog();

    await one.projector.stop();
    await happens('≥ 62');
    await caughtUp(other);
    expect([held(one), held(other)]).toEqual([[], NAMES]);
    await expectTheLog();
  });

  it('each may fold some of the projections', async () => {
    const { events, models, leases, happens, caughtUp, expectTheLog } = await setUp();
    const some = PROJECTIONS.slice(0, 3);
    const one = await follow(events, models, some, { leases });
    const other = await follow(events, models, PROJECTIONS, { leases });
    expect([held(one).length, held(other).length]).toEqual([3, NAMES.length - 3]);
    await happens('≥ 61');
    await caughtUp(other);
    await expectTheLog();
  });

  it('one that slept past its lease writes nothing, and waits for it like any other', async () => {
    const { events, models, leases, happens, caughtUp, expectTheLog } = await setUp();
    let asleep: Promise<unknown> = Promise.resolve();
    let isOver = false;
    const sleepy = seenAs(leases, {
      take: (name) => asleep.then(() => leases.take(name)),
      renew: (lease) => asleep.then(() => leases.renew(lease)),
    });
    const patient = seenAs(leases, { take: (name) => (isOver ? leases.seize(name) : leases.take(name)) });
    // It falls asleep with rows in hand.
    const sleeping = written(models, (commit) => asleep.then(commit));
    const one = await follow(events, sleeping, PROJECTIONS, { leases: sleepy });
    const other = await follow(events, models, PROJECTIONS, { leases: patient });
    await caughtUp(one);

    const sleep = gate();
    asleep = sleep.opening;
    await happens('≥ 61');
    isOver = true;
    await until(() => held(other).length === NAMES.length);
    isOver = false;
    await happens('≥ 62');
    await caughtUp(other);
    sleep.open();
    await until(() => held(one).length === 0);
    await happens('≥ 63');
    await caughtUp(other);
    await expectTheLog();

    await other.projector.stop();
    await until(() => held(one).length === NAMES.length);
    await happens('≥ 64');
    await caughtUp(one);
    await expectTheLog();
  });

  it('one that follows nothing rebuilds beside the one that does, while commands go on', async () => {
    const { events, models, leases, happens, caughtUp, expectTheLog } = await setUp();
    const one = await follow(events, models, PROJECTIONS, { leases });
    await caughtUp(one);
    const worker = new Projector(
      delivering(events, { size: 3 }),
      models,
      PROJECTIONS,
      leases,
      () => undefined,
    );
    const checkpoints: string[] = [];
    const rebuilds = (async () => {
      for (const name of NAMES) await worker.rebuild(name);
    })();
    for (let percent = 60; percent < 80; percent++) {
      await happens(`≥ ${percent}`);
      checkpoints.push((await one.progress.checkpoint(auditTrail.name)) ?? '');
    }
    await rebuilds;
    expect(checkpoints).toEqual([...checkpoints].sort());
    await happens('≥ 80');
    await caughtUp(one);
    await until(() => held(one).length === NAMES.length);
    await expectTheLog();
  });

  it('one that rebuilds never takes back what the one that follows has folded', async () => {
    const { events, models, leases, happens, caughtUp, expectTheLog } = await setUp();
    // It does not hear that its leases are gone.
    const deaf = seenAs(leases, { renew: async () => true });
    const one = await follow(events, models, PROJECTIONS, { leases: deaf });
    await caughtUp(one);
    let before: string | null = null;
    const late = seenAs(models, {
      async activate(collection, ...all) {
        const { name } = collection;
        await happens('≥ 61');
        const head = (await events.head()) ?? '';
        await until(async () => !one.projector.holds(name) || (await one.progress.checkpoint(name)) === head);
        before = await one.progress.checkpoint(name);
        await models.activate(collection, ...all);
        expect((await one.progress.checkpoint(name)) ?? '').toBe(before);
      },
    });
    const worker = new Projector(events, late, PROJECTIONS, leases, () => undefined);
    await worker.rebuild(auditTrail.name);
    expect(before).not.toBeNull();
    await caughtUp(one);
    await expectTheLog();
  });

  it('one that rebuilds keeps the lease that it took for as long as its last events take', async () => {
    const { events, models, happens, caughtUp, expectTheLog } = await setUp();
    const leases = new InProcessLeases(400);
    const one = await follow(events, models, PROJECTIONS, { leases });
    await caughtUp(one);
    let isReady = false;
    const late = delivering(events, { beforeRead: async () => isReady && setTimeout(1_500) });
    const preparing = seenAs<ReadModels>(models, {
      async prepare(build) {
        await models.prepare(build);
        await happens('≥ 61');
        isReady = true;
      },
    });
    const worker = new Projector(late, preparing, PROJECTIONS, leases, () => undefined);
    await worker.rebuild(auditTrail.name);
    await caughtUp(one);
    await expectTheLog();
  });

  it.each(['before', 'after'])(
    'one that starts while another switches in what it has rebuilt, %s the live build is opened, follows',
    async (when) => {
      const { events, models, leases, caughtUp, expectTheLog } = await setUp();
      const worker = new Projector(events, models, PROJECTIONS, leases, () => undefined);
      let isRebuilt = false;
      const rebuild = async (name: string) => {
        if (isRebuilt || name !== auditTrail.name) return;
        isRebuilt = true;
        await worker.rebuild(name);
      };
      const meanwhile = seenAs<ReadModels>(models, {
        async live(...all) {
          if (when === 'before') await rebuild(all[0].name);
          const build = await models.live(...all);
          if (when === 'after') await rebuild(all[0].name);
          return build;
        },
      });
      const one = await follow(events, meanwhile, PROJECTIONS, { leases });
      await until(() => held(one).length === NAMES.length);
      await caughtUp(one);
      await expectTheLog();
    },
  );

  it('one that takes over a projection in the middle of a page leaves nothing out', async () => {
    const { events, models, leases, happens, caughtUp, expectTheLog } = await setUp();
    const elsewhere = await leases.seize('indicator-status.v3');
    let waiting: Promise<unknown> = Promise.resolve();
    const slow = delivering(events, { before: async ({ length }) => length > 0 && waiting });
    const one = await follow(slow, models, PROJECTIONS, { leases });
    await one.progress.reached([auditTrail.name], (await events.head()) ?? '', WAIT_MS);
    const { opening, open: go } = gate();
    waiting = opening;
    await happens('≥ 61');
    await leases.release(elsewhere);
    await until(() => one.projector.holds('indicator-status.v3'));
    go();
    await caughtUp(one);
    await expectTheLog();
  });

  it('those that fight for the leases leave what the log makes of them', async () => {
    const { events, models, leases, happens, caughtUp, expectTheLog } = await setUp();
    const one = await follow(delivering(events, { size: 2 }), models, PROJECTIONS, { leases });
    const other = await follow(delivering(events, { size: 3 }), models, PROJECTIONS, { leases });
    for (let percent = 60; percent < 80; percent++) {
      await happens(`≥ ${percent}`);
      // Whoever holds it is thrown out, at any moment of what it does.
      for (const name of NAMES) await leases.release(await leases.seize(name));
      for (const { name, fields } of PROJECTIONS) await opens(models, leases, { name, fields });
    }
    await caughtUp(one);
    await caughtUp(other);
    await expectTheLog();
  });
});

/** Opens a live build under a lease of its own, as a process does that takes it and dies. */
const opens = async (models: ReadModels, leases: Leases, collection: Pick<Projection, 'name' | 'fields'>) => {
  const lease = await leases.seize(collection.name);
  await models.live(collection, lease.epoch);
  await leases.release(lease);
};

describe('a projector', () => {
  it('goes on when it was not told that something was written', async () => {
    const { events, models, leases, happens, caughtUp, expectTheLog } = await setUp();
    const { unheard, deafen } = deafTo(models);
    const errors: unknown[] = [];
    const one = await follow(events, unheard, PROJECTIONS, {
      leases,
      onError: (error) => errors.push(error),
    });
    await caughtUp(one);
    deafen();
    await happens('≥ 61');
    await caughtUp(one);
    expect(errors).toEqual([expect.any(ReadModelsUnavailable)]);
    await expectTheLog();
  });

  it('counts an event of no row once, though nobody heard that it was counted', async () => {
    const { events, models, leases, happens } = await setUp();
    const nowhere: Projection = {
      ...{ name: 'nowhere.v1', fields: [], apply: () => undefined },
      keys: ({ type }) => {
        if (type === 'TargetSet') throw new Error('it does not say');
        return [];
      },
    };
    const { unheard, deafen, isDeaf } = deafTo(models);
    const { progress } = await follow(events, unheard, [nowhere], { leases });
    await progress.reached([nowhere.name], (await events.head()) ?? '', WAIT_MS);
    deafen();
    await happens('≥ 61');
    await progress.reached([nowhere.name], (await events.head()) ?? '', WAIT_MS);
    await until(() => !isDeaf());
    await happens('≥ 62');
    await progress.reached([nowhere.name], (await events.head()) ?? '', WAIT_MS);
    expect(await models.faults({ name: nowhere.name, fields: [] })).toHaveLength(1);
  });

  it('stops though its leases cannot be given back', async () => {
    const { events, models, leases } = await setUp();
    const mute = seenAs<Leases>(leases, { release: () => new Promise(() => undefined) });
    const { projector } = await follow(events, models, PROJECTIONS, { leases: mute });
    await projector.stop();
    expect(projector.stopped).toBe(true);
  });

  it('changes nothing when everything comes twice', async () => {
    const { events, models, leases, happens, caughtUp, expectTheLog } = await setUp();
    const twice = delivering(events, { size: 3, twice: true });
    const one = await follow(twice, models, PROJECTIONS, { leases });
    await happens('≥ 61');
    await caughtUp(one);
    await expectTheLog();
  });
});
