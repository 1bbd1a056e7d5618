import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { auditTrail } from '../../projections/audit-trail.js';
import { MongoLeases } from '../../src/adapters/mongodb/leases.js';
import { MongoReadModels } from '../../src/adapters/mongodb/read-models.js';
import { Progress } from '../../src/application/progress.js';
import { Projector } from '../../src/application/project.js';
import { LEASE_MS, PROJECTIONS } from '../../src/ledger.js';
import type { EventStore, RecordedEvent } from '../../src/ports/event-store.js';
import { Fenced, ReadModelsUnavailable } from '../../src/ports/read-models.js';
import { folded, liveRows, textOf } from '../projections/support.js';
import { type Child, startChild } from '../support/child.js';
import { delivering } from '../support/delivering.js';
import { FileLog } from '../support/file-log.js';
import { konTumTables, ledgers, loadTables } from '../support/ledger.js';
import { describeWithMongod } from '../support/mongod.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const NAMES = PROJECTIONS.map(({ name }) => name);
const EVENTS = 400;
const PAGE_EVENTS = 20;
const WAIT_MS = 25_000;
/** Within this time another process has to have taken the place of one that is gone. */
const FAILOVER_MS = 10_000;

const open = ledgers();
const folder = temporaryFolder();

describeWithMongod((server) => {
  let log: readonly RecordedEvent[];
  let whole: EventStore;
  const expected = new Map<string, string[]>();
  const closing: (() => Promise<unknown>)[] = [];
  const children: Child[] = [];

  beforeAll(async () => {
    const ledger = await open();
    await loadTables(ledger, await konTumTables());
    log = (await ledger.log()).slice(0, EVENTS);
    const file = new FileLog(join(folder, 'whole.log'), PAGE_EVENTS);
    await file.write(log);
    whole = file as Partial<EventStore> as EventStore;
    for (const projection of PROJECTIONS)
      expected.set(projection.name, textOf((await folded(projection, [log])).rows));
  });
  afterEach(async () => {
    for (const { process } of children.splice(0)) process.kill('SIGKILL');
    for (const close of closing.splice(0).reverse()) await close();
  });
  afterAll(() => expected.clear());

  const modelsOf = async (database: string) => {
    const models = await MongoReadModels.open(server().url, database);
    closing.push(() => models.close());
    return models;
  };

  const leasesOf = async (database: string) => {
    const leases = await MongoLeases.open(server().url, LEASE_MS, { database });
    closing.push(() => leases.close());
    return leases;
  };

  const buildsOf = async (database: string): Promise<readonly unknown[]> => {
    const client = new MongoClient(server().url);
    const builds = await client.db(database).collection('builds').find().toArray();
    await client.close();
    return builds.map(({ _id }) => _id);
  };

  const expectTheLog = async (models: MongoReadModels) => {
    for (const projection of PROJECTIONS)
      expect(textOf(await liveRows(models, projection))).toEqual(expected.get(projection.name));
  };

  /** A projector of this process, in the middle of whose work something happens. */
  const projecting = async (database: string, events: EventStore) => {
    const models = await modelsOf(database);
    const leases = await leasesOf(database);
    const errors: unknown[] = [];
    const projector = new Projector(events, models, PROJECTIONS, leases, (error) => errors.push(error));
    await projector.start();
    closing.push(() => projector.stop());
    return { models, projector, progress: new Progress(models, PROJECTIONS, projector), errors };
  };

  const harmedAt = (page: number, harm: () => Promise<void>) => {
    let pages = 0;
    let harmed: Promise<void> | undefined;
    const events = delivering(whole, {
      before: async () => {
        pages++;
        if (pages === page) harmed = harm();
      },
    });
    return { events, harmed: () => harmed };
  };

  const head = () => log.at(-1)?.position ?? '';

  describe.each<[string, () => Promise<void>]>([
    [
      'is killed and started again',
      () =>
        server()
          .kill()
          .then(() => server().restart()),
    ],
    ['steps down', () => server().stepDown()],
  ])('when the server %s', (_, harm) => {
    it('projections go on, and hold what the log makes of them', async () => {
      const { events, harmed } = harmedAt(5, harm);
      const { models, progress, errors } = await projecting(randomUUID(), events);
      await until(() => harmed() !== undefined);
      await harmed();
      await until(() =>
        progress.reached(NAMES, head(), WAIT_MS).then(
          () => true,
          (error) => !(error instanceof ReadModelsUnavailable) && Promise.reject(error),
        ),
      );
      expect(errors.filter((error) => error instanceof Fenced)).toEqual([]);
      await expectTheLog(models);
    });

    it('a rebuild goes through, or leaves the live build as it is and goes through when it is begun again', async () => {
      const { models, projector, progress } = await projecting(randomUUID(), whole);
      await progress.reached(NAMES, head(), WAIT_MS);
      let begun = false;
      const rebuilding = projector
        .rebuild(auditTrail.name, () => {
          begun = true;
        })
        .catch((error) => error);
      await until(() => begun);
      await harm();
      await rebuilding;
      await expectTheLog(models);
      await projector.rebuild(auditTrail.name);
      await expectTheLog(models);
    });
  });

  it('two that fight for the leases, one of them told everything twice, leave what the log makes of them', async () => {
    const database = randomUUID();
    const one = await projecting(database, delivering(whole, { twice: true }));
    const other = await projecting(database, whole);
    const leases = await leasesOf(database);
    const isDone = async () =>
      (await one.progress.checkpoints(NAMES)).every((checkpoint) => checkpoint === head());
    while (!(await isDone()))
      for (const { name, fields } of PROJECTIONS) {
        // Whoever holds it is thrown out, at any moment of what it does.
        const lease = await leases.seize(name);
        await one.models.live({ name, fields }, lease.epoch);
        await leases.release(lease);
        await until(() => one.projector.holds(name) || other.projector.holds(name));
      }
    await expectTheLog(one.models);
  });

  it('a server that accepts and never answers is unavailable before long, and available again later', async () => {
    const models = await modelsOf(randomUUID());
    const collection = { name: 'a', fields: [] };
    const build = await models.live(collection);
    server().mute();
    try {
      const asked = [models.get(collection, 'a'), build.commit(new Map(), '1'), modelsOf('another')];
      for (const answer of await Promise.allSettled(asked))
        expect(answer).toEqual({ status: 'rejected', reason: expect.any(ReadModelsUnavailable) });
    } finally {
      server().unmute();
    }
    await until(() =>
      models.get(collection, 'a').then(
        () => true,
        () => false,
      ),
    );
    await build.commit(new Map(), '1');
  });

  it.each([
    ['CursorNotFound', 43],
    ['QueryPlanKilled', 175],
  ])(
    'a read that the server breaks off (%s) is read once more, and is never "nothing there"',
    async (_, errorCode) => {
      const database = randomUUID();
      const models = await modelsOf(database);
      const collection = { name: 'a', fields: [] };
      const build = await models.live(collection);
      await build.commit(new Map([['k', { position: '1' }]]), '1');
      const client = new MongoClient(server().url);
      closing.push(() => client.close());
      const [id] = await buildsOf(database);
      const breakOff = (times: number) =>
        client.db('admin').command({
          ...{ configureFailPoint: 'failCommand', mode: { times } },
          data: { failCommands: ['find'], namespace: `${database}.a@${id}`, errorCode },
        });
      await breakOff(1);
      expect(await models.get(collection, 'k')).toEqual({ position: '1' });
      await breakOff(2);
      await expect(models.get(collection, 'k')).rejects.toThrow(ReadModelsUnavailable);
      expect(await models.get(collection, 'k')).toEqual({ position: '1' });
    },
  );

  // Any other answer is waited for 8 seconds.
  it('the indexes of a large build are waited for longer than any other answer', async () => {
    const models = await modelsOf(randomUUID());
    const collection = { name: 'a', fields: ['x'] };
    await models.live(collection);
    const build = await models.fresh(collection);
    await build.commit(new Map([['k', { position: '1', x: 1 }]]), '1');
    const client = new MongoClient(server().url);
    closing.push(() => client.close());
    const hold = (mode: 'alwaysOn' | 'off') =>
      client.db('admin').command({ configureFailPoint: 'hangAfterStartingIndexBuild', mode });
    await hold('alwaysOn');
    const going = setTimeout(9_500).then(() => hold('off'));
    await models.prepare(build);
    await going;
    await models.activate(collection, build);
    expect(await models.count(collection, { x: { equals: 1 } })).toBe(1);
  });

  it('a transaction that an earlier holder left open holds up nobody', async () => {
    const database = randomUUID();
    const models = await modelsOf(database);
    const collection = { name: 'a', fields: [] };
    await models.live(collection, 1);
    const client = new MongoClient(server().url);
    closing.push(() => client.close());
    const builds = client.db(database).collection('builds');
    const session = client.startSession();
    await builds.updateOne({ name: 'a' }, { $set: { session: session.id?.id } });
    session.startTransaction();
    await builds.updateOne({ name: 'a' }, { $set: { checkpoint: '1' } }, { session });

    const build = await models.live(collection, 2);
    await build.commit(new Map(), '2');
    await expect(session.commitTransaction()).rejects.toThrow();
    expect(await build.checkpoint()).toBe('2');
  });

  describe('of two processes that project', () => {
    const held = ({ lines }: Child) => Number(lines.at(-1));
    const begin = async () => {
      const database = randomUUID();
      const file = join(folder, `${database}.log`);
      const shared = new FileLog(file);
      const half = Math.floor(log.length / 2);
      await shared.write(log.slice(0, half));
      const start = async () => {
        const child = startChild('projecting.ts', [file, server().url, database, String(PAGE_EVENTS)]);
        children.push(child);
        await child.printed(1);
        return child;
      };
      const one = await start();
      const models = await modelsOf(database);
      const progress = new Progress(models, PROJECTIONS, {
        changes: 0,
        stopped: false,
        isStuck: false,
        holds: () => false,
        nextChange: async () => undefined,
      });
      // It has all of them before the other asks for any.
      await until(() => held(one) === NAMES.length);
      await until(async () => (await progress.checkpoint(auditTrail.name)) !== null);
      return {
        one,
        other: await start(),
        database,
        models,
        progress,
        finish: () => shared.write(log.slice(half)),
      };
    };
    it('one that is killed is replaced in time', async () => {
      const { one, other, models, progress, finish } = await begin();
      expect([held(one), held(other)]).toEqual([NAMES.length, 0]);
      one.process.kill('SIGKILL');
      const killedAt = Date.now();
      await until(() => held(other) === NAMES.length);
      expect(Date.now() - killedAt).toBeLessThan(FAILOVER_MS);
      await finish();
      await progress.reached(NAMES, head(), WAIT_MS);
      await expectTheLog(models);
    });

    it('one that sleeps past its lease is replaced in time, and changes nothing when it wakes', async () => {
      const { one, other, models, progress, finish } = await begin();
      one.process.kill('SIGSTOP');
      const stoppedAt = Date.now();
      await until(() => held(other) === NAMES.length);
      expect(Date.now() - stoppedAt).toBeLessThan(FAILOVER_MS);
      const before = await progress.checkpoints(NAMES);
      one.process.kill('SIGCONT');
      await finish();
      await until(() => held(one) === 0);
      await progress.reached(NAMES, head(), WAIT_MS);
      const after = await progress.checkpoints(NAMES);
      expect(after.every((checkpoint, index) => (checkpoint ?? '') >= (before[index] ?? ''))).toBe(true);
      await expectTheLog(models);
      expect([held(one), held(other)]).toEqual([0, NAMES.length]);
    });

    it('a rebuild in a third is switched in, and the one that follows goes on', async () => {
      const { one, other, database, models, progress, finish } = await begin();
      const leases = await leasesOf(database);
      const third = new Projector(whole, models, PROJECTIONS, leases, () => undefined);
      const before = await buildsOf(database);
      await third.rebuild('plan-overview.v2');
      const after = await buildsOf(database);
      expect(after).toHaveLength(NAMES.length);
      expect(after.filter((id) => before.includes(id))).toHaveLength(NAMES.length - 1);
      await finish();
      await until(() => held(one) + held(other) === NAMES.length);
      await progress.reached(NAMES, head(), WAIT_MS);
      await expectTheLog(models);
    });
  });
});
