import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import type { Projection } from '../../projections/projection.js';
import { collectionOf } from '../../src/application/collection.js';
import { canonicalText } from '../../src/domain/canonical.js';
import { PROJECTIONS } from '../../src/ledger.js';
import { JobsUnavailable } from '../../src/ports/job-queue.js';
import { MAX_FIND_ROWS } from '../../src/ports/read-models.js';
import { konTumTables } from '../support/ledger.js';
import { type OpenApi, operationsOf } from '../support/openapi.js';
import { ADMIN, AUDITOR, at, konTumServer, OFFICE, reporterOf } from '../support/server.js';

const server = konTumServer();
const openServer = konTumServer({ metrics: 'open', load: false });

interface ProjectionItem {
  readonly name: string;
  readonly position: string;
  readonly faults: readonly unknown[];
  readonly rebuild: {
    readonly state: string;
    readonly progress: { readonly done: number; readonly eventsPerSecond: number } | null;
  } | null;
}

const projections = async () => (await server.get<{ items: ProjectionItem[] }>('/projections', ADMIN)).items;

/** Every row of a projection, as text, by its key. */
const rowsOf = async (projection: Projection): Promise<[string, string][]> => {
  const rows: [string, string][] = [];
  for (;;) {
    const last = rows.at(-1);
    const page = await server.ledger.models.find(collectionOf(projection), {
      where: {},
      limit: MAX_FIND_ROWS,
      ...(last ? { after: { value: null, key: last[0] } } : {}),
    });
    rows.push(...page.map(({ key, row }): [string, string] => [key, canonicalText(row)]));
    if (page.length < MAX_FIND_ROWS) return rows;
  }
};

describe('projections', () => {
  it('have folded the whole log without a fault', async () => {
    const head = await server.head();
    const items = await projections();
    expect(items.map(({ name }) => name)).toEqual(PROJECTIONS.map(({ name }) => name));
    for (const { position, faults, rebuild } of items)
      expect([position, faults, rebuild]).toEqual([head, [], null]);
  });

  it('are told of while the queue does not answer: their rebuilds alone are not known', async () => {
    const before = await projections();
    const status = jest.spyOn(server.ledger.jobs, 'status').mockRejectedValue(new JobsUnavailable('away'));
    expect(await projections()).toEqual(before.map((item) => ({ ...item, rebuild: { state: 'unknown' } })));
    status.mockRestore();
    expect(await projections()).toEqual(before);
  });

  it('are rebuilt beside the ones that are read, and come out the same', async () => {
    const write = (n: number) => server.write('/agencies/so-khcn/aliases', { alias: `Bí danh ${n}` });
    await write(0);
    await server.ledger.progress.reached(server.ledger.progress.names(), await server.head(), 20_000);
    const before = new Map<string, [string, string][]>();
    for (const projection of PROJECTIONS) before.set(projection.name, await rowsOf(projection));
    for (const { name } of PROJECTIONS) {
      const reply = await server.post(`/projections/${name}/rebuild`, undefined, ADMIN);
      expect(reply).toMatchObject({ status: 202, body: { name } });
    }
    const length = Number(await server.head());
    for (;;) {
      const items = await projections();
      await server.get('/plans/kh-1570-2025/status?limit=1');
      if (items.every(({ rebuild }) => rebuild?.state === 'done')) {
        for (const { rebuild } of items) expect(rebuild?.progress?.done).toBe(length);
        break;
      }
      expect(items.map(({ rebuild }) => rebuild?.state)).not.toContain('failed');
      await setTimeout(20);
    }
    for (const projection of PROJECTIONS)
      expect({ of: projection.name, rows: await rowsOf(projection) }).toEqual({
        of: projection.name,
        rows: before.get(projection.name),
      });
    const { position } = await write(1);
    expect(await server.get(`/agencies/so-khcn?after=${position}`)).toMatchObject({
      aliases: expect.arrayContaining(['Bí danh 0', 'Bí danh 1']),
    });
  });

  it('are rebuilt by an admin alone, and only those that there are', async () => {
    for (const who of [AUDITOR, OFFICE, reporterOf('so-khcn')])
      await server.refused(403, '/projections/plan-overview.v2/rebuild', undefined, who);
    await server.refused(404, '/projections/plan-overview.v9/rebuild', undefined, ADMIN);
  });
});

describe('health', () => {
  it('is told without a token', async () => {
    expect((await server.send('GET', '/health/live', { who: null })).body).toEqual({ status: 'up' });
    await server.ledger.progress.reached(server.ledger.progress.names(), await server.head(), 20_000);
    const ready = await server.send('GET', '/health/ready', { who: null });
    expect([ready.status, ready.body]).toEqual([
      200,
      {
        status: 'up',
        parts: { events: 'up', readModels: 'up', jobs: 'up' },
        position: await server.head(),
        behind: [],
      },
    ]);
  });
});

describe('readiness', () => {
  const readModels = async () => {
    const { status, body } = await server.send<{ parts: object }>('GET', '/health/ready', { who: null });
    return [status, body.parts];
  };
  const DOWN = [503, { events: 'up', readModels: 'down', jobs: 'up' }];
  const UP = [200, { events: 'up', readModels: 'up', jobs: 'up' }];

  it('is not there while the read models hold what the log does not', async () => {
    await server.ledger.progress.reached(server.ledger.progress.names(), await server.head(), 20_000);
    const { events } = server.ledger;
    const head = jest.spyOn(events, 'head').mockResolvedValue('00000000000000000001');
    expect(await readModels()).toEqual(DOWN);
    head.mockRestore();
    expect(await readModels()).toEqual(UP);
  });

  it('is not there while this process cannot fold what there is', async () => {
    const stuck = jest.spyOn(server.ledger.projector, 'isStuck', 'get').mockReturnValue(true);
    expect(await readModels()).toEqual(DOWN);
    stuck.mockRestore();
    expect(await readModels()).toEqual(UP);
  });
});

describe('metrics', () => {
  it('need a token, unless they are open by configuration', async () => {
    await server.refusedQuestion(401, '/metrics', null);
    const reply = await server.send('GET', '/metrics', { who: ADMIN });
    expect([reply.status, reply.headers.get('content-type')]).toEqual([
      200,
      expect.stringMatching(/^text\/plain/),
    ]);
    expect((await openServer.send('GET', '/metrics', { who: null })).status).toBe(200);
  });

  it('count requests by route, and say where the log and the projections are', async () => {
    await server.get(`/indicators/${at('kh-1570-2025/7.1')}`);
    const { text } = await server.send('GET', '/metrics', { who: AUDITOR });
    expect(text).toContain(`so_cai_log_position ${Number(await server.head())}`);
    expect(text).toMatch(/so_cai_projection_position\{projection="audit-trail\.v5"\} \d+/);
    expect(text).toMatch(/so_cai_projection_faults\{projection="audit-trail\.v5"\} 0/);
    expect(text).toMatch(
      /so_cai_http_request_seconds_count\{method="GET",route="\/api\/v1\/indicators\/:id",status="200"\} [1-9]/,
    );
    expect(text).not.toContain('kh-1570-2025');
  });

  it('are told soon while the read models say nothing, but for what only they know', async () => {
    const { progress } = server.ledger;
    const nothing = new Promise<never>(() => undefined);
    const mute = [
      jest.spyOn(progress, 'checkpoints').mockReturnValue(nothing),
      jest.spyOn(progress, 'faults').mockReturnValue(nothing),
    ];
    const { text } = await server.send('GET', '/metrics', { who: AUDITOR });
    for (const spy of mute) spy.mockRestore();
    expect(text).toContain(`so_cai_log_position ${Number(await server.head())}`);
    for (const { name } of PROJECTIONS)
      for (const what of ['position', 'faults'])
        expect(text).toContain(`so_cai_projection_${what}{projection="${name}"} Nan`);
  });
});

describe('the documentation', () => {
  /** The routes that the design names, beside those that grew out of them. */
  const DESIGNED = `
    GET /plans  GET /plans/{planId}  POST /plans  POST /plans/{planId}/amendments  GET /plans/{planId}/status
    GET /plans/{planId}/audit  GET /plans/{planId}/events  GET /plans/{planId}/tasks  GET /indicators/{id}
    GET /indicators/{id}/history  POST /indicators/{id}/targets  POST /indicators/{id}/measurements
    POST /measurements/{mid}/acceptance  POST /measurements/{mid}/return  POST /measurements/{mid}/correction
    POST /measurements/{mid}/retraction  GET /measurements  POST /indicators/{id}/assignments
    POST /indicators/{id}/rewording  POST /indicators/{id}/baseline  POST /indicators/{id}/benchmarks
    POST /indicators/{id}/drop  POST /plans/{planId}/indicators  POST /plans/{planId}/tasks  GET /tasks/{id}
    POST /tasks/{id}/progress  POST /tasks/{id}/completion  POST /tasks/{id}/reopening  POST /tasks/{id}/deadline
    POST /tasks/{id}/assignments  POST /tasks/{id}/drop  GET /agencies  GET /agencies/{id}/portfolio  POST /agencies
    GET /events  GET /status  GET /stream  GET /projections  POST /projections/{name}/rebuild  GET /health/live
    GET /health/ready  GET /metrics`;

  it('is open, and describes every route in a sentence', async () => {
    const page = await server.send('GET', '/docs', { who: null });
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('swagger-ui')]);
    const reply = await server.send<OpenApi>('GET', '/docs/openapi.json', { who: null });
    const operations = operationsOf(reply.body);
    const named = operations.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(named).size).toBe(named.length);
    for (const route of DESIGNED.trim().split(/\s{2,}/)) expect(named).toContain(route);
    for (const { summary, path, body, method } of operations) {
      expect([path, summary]).toEqual([path, expect.stringMatching(/^[A-Z].{6,}/)]);
      if (method === 'GET') expect([path, body]).toEqual([path, null]);
    }
  });

  it('is asked without a token for nothing else', async () => {
    const reply = await server.send<OpenApi>('GET', '/docs/openapi.json', { who: null });
    for (const { method, path } of operationsOf(reply.body).filter(
      (one) => !one.path.startsWith('/health'),
    )) {
      const answer = await server.send(method, path.replace(/\{\w+\}/, 'x'), { who: null });
      expect([method, path, answer.status]).toEqual([method, path, 401]);
    }
  });
});

describe('an import', () => {
  it('checks, loads and then finds nothing new', async () => {
    const files = Object.fromEntries(await konTumTables());
    const headers = { 'x-correlation-id': '11111111-1111-4111-8111-111111111111' };
    const load = async (query: string) => {
      const reply = await openServer.send<{
        plans: { state: string; events: number }[];
        problems: unknown[];
      }>('POST', `/imports${query}`, { who: ADMIN, body: { files }, headers });
      expect([reply.status, reply.body.problems]).toEqual([200, []]);
      return reply.body.plans.map(({ state }) => state);
    };
    expect(await load('?dryRun=true')).toEqual(Array(5).fill('checked'));
    expect(await openServer.head()).toBe('');
    expect(await load('')).toEqual(Array(5).fill('loaded'));
    const { items } = await openServer.get<{ items: { metadata: { correlationId: string } }[] }>('/events');
    const correlated = new Set(items.map(({ metadata }) => metadata.correlationId));
    expect([...correlated]).toEqual([headers['x-correlation-id']]);
    const head = await openServer.head();
    expect(await load('?dryRun=false')).toEqual(Array(5).fill('unchanged'));
    expect(await openServer.head()).toBe(head);
  });

  it('names file, row and column of what is wrong, and leaves out the plan whole', async () => {
    const files = Object.fromEntries(await konTumTables());
    const path = 'kh-1570-2025/targets.csv';
    const bad = { ...files, [path]: (files[path] ?? '').replace('7.1,2030', '7.1,2031') };
    const { body } = await openServer.send<{ problems: object[] }>('POST', '/imports?dryRun=true', {
      who: ADMIN,
      body: { files: bad },
    });
    expect(body.problems[0]).toMatchObject({
      file: path,
      row: expect.any(Number),
      message: expect.any(String),
    });
  });
});
