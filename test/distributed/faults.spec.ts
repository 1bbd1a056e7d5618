import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { KurrentEventStore } from '../../src/adapters/kurrentdb/event-store.js';
import { MongoReadModels } from '../../src/adapters/mongodb/read-models.js';
import { collectionOf } from '../../src/application/collection.js';
import type { ReorganizationAnswer } from '../../src/application/queries/reorganizations.js';
import { canonicalText } from '../../src/domain/canonical.js';
import { PROJECTIONS } from '../../src/ledger.js';
import { collect, type RecordedEvent } from '../../src/ports/event-store.js';
import { type Found, MAX_FIND_ROWS } from '../../src/ports/read-models.js';
import type { Acknowledged, Api } from '../crash/clients.js';
import { caughtUp, tokensOf } from '../crash/server.js';
import { PLAN } from '../crash/workload.js';
import { ask, built } from '../support/program.js';
import { until } from '../support/until.js';
import { PatientClients } from './clients.js';
import { Deployment, describeDistributed, type Served } from './deployment.js';

interface Ready {
  readonly status: number;
  readonly body: { readonly parts: Readonly<Record<string, 'up' | 'down'>> };
}

const inPlan = (id: string) => encodeURIComponent(`${PLAN}/${id}`);

/** What is answered while the store of events is away, and what is not, as docs/deployment.md says. */
const FROM_ROWS = [
  ...['/plans', `/plans/${PLAN}`, `/plans/${PLAN}/status`, `/plans/${PLAN}/tasks`, '/status'],
  ...['/agencies', '/agencies/so-a', '/agencies/so-a/portfolio', '/reorganizations', '/projections'],
];
const FROM_THE_LOG = [
  ...[
    `/indicators/${inPlan('1')}`,
    `/indicators/${inPlan('1')}/history`,
    `/plans/${PLAN}?knownAt=2999-01-01T00:00:00Z`,
  ],
  ...[`/tasks/${inPlan('1')}`, `/tasks/${inPlan('1')}/history`, '/agencies/so-a/history'],
  ...[`/plans/${PLAN}/audit`, `/plans/${PLAN}/events`, '/events'],
];

describeDistributed(() => {
  let servers: Deployment;
  let api: Served;
  let worker: Served;
  const projectors: Served[] = [];
  let at: Api;
  let admin: string;
  const acknowledged: Acknowledged[] = [];
  let rounds = 0;

  beforeAll(async () => {
    await built();
    servers = await Deployment.start();
    [worker, api] = await Promise.all([servers.process('worker'), servers.process('api')]);
    projectors.push(...(await Promise.all([servers.process('projector'), servers.process('projector')])));
    const tokens = await tokensOf(servers.dataDir);
    admin = tokens.admin;
    at = { url: `${api.root}/api/v1`, tokens };
    await until(isReady);
    await caughtUp(at.url, admin);
  }, 120_000);
  afterAll(() => servers?.close(), 60_000);

  const ready = async (): Promise<Ready> => {
    const response = await fetch(`${api.root}/health/ready`);
    return { status: response.status, body: (await response.json()) as Ready['body'] };
  };

  const asks = (path: string): Promise<Response> =>
    fetch(`${at.url}${path}`, { headers: { authorization: `Bearer ${admin}` } });

  const answersOf = (paths: readonly string[]): Promise<string[]> =>
    Promise.all(paths.map(async (path) => `${(await asks(path)).status} ${path}`));

  const log = async (): Promise<readonly RecordedEvent[]> => {
    const store = KurrentEventStore.open(servers.kurrentdb.url);
    try {
      return (await collect(store.readAll(null))).flat();
    } finally {
      await store.close();
    }
  };

  /** Every row of every projection, as text. */
  const rows = async (): Promise<readonly string[]> => {
    const models = await MongoReadModels.open(servers.mongodb.url);
    try {
      const all: string[] = [];
      for (const projection of PROJECTIONS) {
        let page: readonly Found[] = [];
        do {
          const last = page.at(-1);
          page = await models.find(collectionOf(projection), {
            ...{ where: {}, limit: MAX_FIND_ROWS },
            ...(last ? { after: { value: null, key: last.key } } : {}),
          });
          all.push(...page.map(({ key, row }) => `${projection.name} ${key} ${canonicalText(row)}`));
        } while (page.length === MAX_FIND_ROWS);
      }
      return all;
    } finally {
      await models.close();
    }
  };

  /** Harms something while clients write, and goes on until what they write is acknowledged again. */
  const whileWriting = async (harm: (clients: PatientClients) => Promise<void>): Promise<PatientClients> => {
    const clients = new PatientClients(at, ++rounds);
    clients.start();
    await clients.acknowledge(5);
    await harm(clients);
    await clients.acknowledge(5);
    await clients.stop();
    acknowledged.push(...clients.acknowledged);
    for (const { status, retryAfter } of clients.refusals)
      expect([status, retryAfter]).toEqual([503, expect.stringMatching(/^\d+$/)]);
    return clients;
  };

  const isDown = (part: string) => async () => (await ready()).body.parts[part] === 'down';
  const isReady = async () => (await ready()).status === 200;

  it('two processes count one caller’s requests together, and go on without Redis', async () => {
    const env = { SO_CAI_ROLES: 'api', SO_CAI_RATE_LIMITS: 'read=6' };
    const both = await Promise.all([servers.processWith(env), servers.processWith(env)]);
    /** Asks the one, then the other; `left` is null where nobody could count. */
    const turn = async (n: number) => {
      const { root } = both[n % 2] as Served;
      const headers = { authorization: `Bearer ${admin}` };
      const answer = await fetch(`${root}/api/v1/agencies`, { headers });
      return { status: answer.status, left: answer.headers.get('ratelimit-remaining') };
    };
    const counted: number[] = [];
    let uncounted = 0;
    for (let n = 0, refused = 0; refused < 2; n += 1) {
      const { status, left } = await turn(n);
      refused = status === 429 ? refused + 1 : 0;
      if (left === null) uncounted += 1;
      else if (status === 200) counted.push(Number(left));
    }
    // One count for both: no number comes twice, nor is one left out, but where Redis counted and was not waited for.
    expect(counted).toEqual([5, 4, 3, 2, 1, 0].filter((left) => counted.includes(left)));
    expect(counted.length).toBeGreaterThanOrEqual(6 - uncounted);
    await servers.redis.kill();
    for (let n = 0; n < 8; n += 1) expect((await turn(n)).status).toBe(200);
    await servers.redis.open();
    for (const { program } of both) await program.stop('SIGTERM');
  });

  it('KurrentDB is killed: writes are refused until it is back, what is known today is read', async () => {
    const { refusals } = await whileWriting(async (clients) => {
      await servers.kurrentdb.kill();
      await until(isDown('events'));
      expect(await ready()).toMatchObject({ status: 503, body: { parts: { readModels: 'up', jobs: 'up' } } });
      expect(await answersOf(FROM_ROWS)).toEqual(FROM_ROWS.map((path) => `200 ${path}`));
      expect(await answersOf(FROM_THE_LOG)).toEqual(FROM_THE_LOG.map((path) => `503 ${path}`));
      await until(() => clients.refusals.length > 0);
      await servers.kurrentdb.start();
    });
    expect(refusals.length).toBeGreaterThan(0);
    await until(isReady);
    await caughtUp(at.url, admin);
  });

  it('MongoDB is killed: reads are refused until it is back, and nothing that was written is missing then', async () => {
    await whileWriting(async () => {
      await servers.mongodb.kill();
      await until(isDown('readModels'));
      expect(await ready()).toMatchObject({ status: 503, body: { parts: { events: 'up', jobs: 'up' } } });
      const read = await asks('/plans');
      expect([read.status, read.headers.get('retry-after')]).toEqual([503, expect.any(String)]);
      await servers.mongodb.restart();
    });
    await until(isReady);
    await caughtUp(at.url, admin);
  });

  it('Redis is killed: reads and writes go on, a rebuild cannot be asked for until it is back', async () => {
    const { refusals } = await whileWriting(async () => {
      await servers.redis.kill();
      await until(isDown('jobs'));
      expect(await ready()).toMatchObject({
        status: 503,
        body: { parts: { events: 'up', readModels: 'up' } },
      });
      expect((await asks('/plans')).status).toBe(200);
      const { items } = await ask<{ items: readonly object[] }>(`${at.url}/projections`, admin);
      expect(items).toHaveLength(PROJECTIONS.length);
      for (const item of items) expect(item).toMatchObject({ faults: [], rebuild: { state: 'unknown' } });
      await expect(ask(`${at.url}/projections/plan-overview.v2/rebuild`, admin, 'POST', {})).rejects.toThrow(
        /^503/,
      );
      await servers.redis.open();
    });
    expect(refusals).toEqual([]);
    await until(isReady);
  });

  it('one projector dies after the other: each time another goes on', async () => {
    for (const old of projectors.splice(0)) {
      await whileWriting(async () => {
        await old.program.stop('SIGKILL');
      });
      await caughtUp(at.url, admin);
      projectors.push(await servers.process('projector'));
    }
  });

  it('Redis forgets everything in the middle of a reorganization, whose worker dies: it is completed', async () => {
    const id = 'sap-xep-a-b';
    const decree = {
      ...{ reorganizationId: id, kind: 'dissolve', predecessors: ['so-a'], successors: ['so-b'] },
      ...{ establishes: [] },
      allocations: [{ predecessor: 'so-a', successor: 'so-b', scope: 'all' }],
      ...{ effectiveOn: '2026-03-01', reason: 'Sắp xếp', legalBasis: { number: '1/NQ', date: '2026-02-01' } },
    };
    // It sleeps while the decree is made, so that the first thing which follows from it is the last for now.
    worker.program.freeze();
    await ask(`${at.url}/reorganizations`, at.tokens.office, 'POST', decree);
    const died = servers.kurrentdb.ended();
    await servers.kurrentdb.behave({ diesUnanswered: true });
    worker.program.thaw();
    await died;
    const redis = new Redis(servers.redis.url);
    await redis.flushall();
    await worker.program.stop('SIGKILL');
    await redis.flushall();
    redis.disconnect();
    await servers.kurrentdb.start();
    const moved = async () => (await log()).filter(({ type }) => type === 'AssignmentTransferred').length;
    expect(await moved()).toBeGreaterThan(0);
    const state = async () => (await ask<{ state: string }>(`${at.url}/reorganizations/${id}`, admin)).state;
    expect(await state()).not.toBe('applied');
    worker = await servers.process('worker');
    await until(async () => (await state()) === 'applied');
  });

  it('the worker is away while a decree is revoked: nothing is said to be left alone until it is back', async () => {
    const id = 'sap-xep-a-b';
    const revocation = { effectiveOn: '2026-04-01', reason: 'Sai thẩm quyền' };
    const told = async () => {
      const path = `${at.url}/reorganizations/${id}`;
      const { state, leftAlone, givenBack } = await ask<ReorganizationAnswer>(path, admin);
      return { state, leftAlone, back: givenBack.length };
    };
    await worker.program.stop('SIGKILL');
    await ask(`${at.url}/reorganizations/${id}/revocation`, at.tokens.office, 'POST', {
      ...revocation,
      legalBasis: { number: '2/NQ', date: '2026-03-31' },
    });
    await caughtUp(at.url, admin);
    expect(await told()).toEqual({ state: 'revoking', leftAlone: null, back: 0 });
    worker = await servers.process('worker');
    await until(async () => (await told()).state === 'revoked');
    expect(await told()).toEqual({ state: 'revoked', leftAlone: [], back: expect.any(Number) });
    expect((await told()).back).toBeGreaterThan(0);
  });

  it('after all of it nothing acknowledged is lost or doubled, and the read models are those of a rebuild', async () => {
    const ids = (await log()).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const known = new Set(ids);
    const said = acknowledged.flatMap(({ answer }) => answer.body.eventIds);
    expect(said.length).toBeGreaterThan(40);
    expect(said.filter((id) => !known.has(id))).toEqual([]);
    await caughtUp(at.url, admin);
    const folded = await rows();
    expect(folded.length).toBeGreaterThan(20);
    const { code, err } = await servers.soCai('rebuild');
    expect([code, err.split('\n').filter((line) => line.endsWith(': done')).length]).toEqual([
      0,
      PROJECTIONS.length,
    ]);
    expect(await rows()).toEqual(folded);
    expect((await asks(`/plans/${PLAN}/status`)).status).toBe(200);
  });

  it('each process stops when it is told to, with nothing to complain of', async () => {
    for (const { program } of [api, worker, ...projectors]) {
      const { code } = await program.stop();
      expect(code).toBe(0);
    }
  });
});
