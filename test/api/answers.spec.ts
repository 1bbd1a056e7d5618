import { beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { REQUESTS } from '../../src/api/bodies/examples.js';
import { operationsBy, sendExamples } from '../support/examples.js';
import type { OpenApi, Operation, Schema } from '../support/openapi.js';
import { ADMIN, at, konTumServer, type Reply, reporterOf } from '../support/server.js';

const server = konTumServer();

let operations: ReadonlyMap<string, Operation>;
let replies: ReadonlyMap<string, Reply>;
let preview: Reply;
let schemas: unknown;
beforeAll(async () => {
  operations = await operationsBy(server);
  schemas = closed((await server.get<OpenApi>('/docs/openapi.json')).components.schemas);
  preview = await server.post('/reorganizations?preview=true', REQUESTS['POST /reorganizations']?.body);
  replies = await sendExamples(server, operations, Object.keys(REQUESTS));
  await server.ledger.progress.reached(server.ledger.progress.names(), await server.head(), 20_000);
});

/** A schema of OpenAPI 3.0 as one of JSON Schema that takes no property but those it names. */
const closed = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { nullable, ...own } = Object.fromEntries(
    Object.entries(schema).map(([key, part]) => [key, key === 'example' ? part : closed(part)]),
  );
  const strict =
    'properties' in own && own['type'] === 'object' ? { ...own, additionalProperties: false } : own;
  // By OpenAPI 3.0.3 null is taken only beside a type, and only where nothing else refuses it.
  return nullable === true ? { ...strict, type: [own['type'] ?? 'nullable without a type', 'null'] } : strict;
};

const compiled = (schema: Schema): ValidateFunction => {
  const ajv = new Ajv({ strict: false });
  formats.default(ajv);
  return ajv.compile({ ...(closed(schema) as object), components: { schemas } });
};

const validators = new Map<Schema, ValidateFunction>();

/** What an answer holds otherwise than the document says. */
const faultsOf = (name: string, status: number, body: unknown, type = 'application/json'): unknown => {
  const schema = operations.get(name)?.answers[status]?.[type]?.schema;
  if (!schema) return `there is no schema for ${name} ${status}`;
  const validate = validators.get(schema) ?? compiled(schema);
  validators.set(schema, validate);
  return validate(body) ? null : validate.errors;
};

const PLANS = [
  'kh-1570-2025',
  'kh-419-2024',
  'kh-484-2025',
  'kh-4465-2022',
  'lo-trinh-2025-2045',
  'kh-2048-2025',
];
const AGENCIES = [
  'so-khcn',
  'vp-ubnd-tinh',
  'ban-qlda-tinh',
  'cac-so-ban-nganh',
  'bao-kon-tum',
  'dai-ptth-tinh',
];
const everyPlan = (part = '') => PLANS.map((id) => `/plans/${id}${part}`);
const every = (noun: string, ids: readonly string[], part = '') =>
  ids.map((id) => `/${noun}/${at(id)}${part}`);

const INDICATORS = ['7', '7.1', '7.2', '7.3', '7.4', '7.5', '7.6', '7.9', '7.10', '1', '9', '16'].map(
  (code) => `kh-1570-2025/${code}`,
);
const TASKS = ['1', '9', '10', '25', '30', '31', '33', '43', '44'].map((code) => `kh-484-2025/t/${code}`);
const READ = [...INDICATORS, 'kh-419-2024/4.10', 'kh-419-2024/2.8', 'kh-419-2024/5.12', 'kh-4465-2022/3'];

/** Questions to each route; what is not here is asked as the document fills it in. */
const QUESTIONS: Readonly<Record<string, readonly string[]>> = {
  'GET /plans/{planId}': everyPlan(),
  'GET /plans/{planId}/status': [...everyPlan('/status?limit=500'), '/plans/kh-1570-2025/status?limit=2'],
  'GET /plans/{planId}/audit': [
    ...everyPlan('/audit?limit=500'),
    ...everyPlan('/audit?as=inherited&limit=50'),
  ],
  'GET /plans/{planId}/tasks': everyPlan('/tasks?limit=500'),
  'GET /plans/{planId}/events': everyPlan('/events?limit=500'),
  'GET /indicators/{id}': every('indicators', READ),
  'GET /indicators/{id}/history': [
    ...every('indicators', READ, '/history'),
    ...every('indicators', READ, '/history?as=assigned'),
  ],
  'GET /tasks/{id}': every('tasks', TASKS),
  'GET /tasks/{id}/history': every('tasks', TASKS, '/history'),
  'GET /agencies': ['/agencies?limit=500', '/agencies?limit=1'],
  'GET /agencies/{id}': every('agencies', AGENCIES),
  'GET /agencies/{id}/history': every('agencies', AGENCIES, '/history'),
  'GET /agencies/{id}/portfolio': every('agencies', AGENCIES, '/portfolio?limit=500'),
  'GET /events': ['/events?limit=500', '/events?limit=1'],
  'GET /access-log': ['/access-log?limit=500'],
};

const isText = (name: string) => name === 'GET /stream' || name === 'GET /metrics';

/** An answer's question asked again, as the system knew it when the documents had been loaded. */
const before = (path: string) => `${path}${path.includes('?') ? '&' : '?'}knownAt=%40${'0'.repeat(16)}1310`;

describe('the document', () => {
  it('has a schema for every answer that is given', () => {
    const without = [...operations].flatMap(([name, { answers }]) =>
      Object.entries(answers).flatMap(([status, content]) =>
        Object.values(content).some(({ schema }) => schema) ? [] : [`${name} ${status}`],
      ),
    );
    expect(without).toEqual([]);
  });

  it('names every form in which something is given', () => {
    const types = [...operations].flatMap(([name, { answers }]) =>
      Object.keys(answers[200] ?? {}).flatMap((type) =>
        type === 'application/json' ? [] : [`${name} ${type}`],
      ),
    );
    expect(types.sort()).toEqual([
      'GET /agencies/{id}/history text/csv',
      'GET /agencies/{id}/portfolio text/csv',
      'GET /indicators/{id}/history text/csv',
      'GET /metrics text/plain',
      'GET /plans/{planId}/audit text/csv',
      'GET /plans/{planId}/status text/csv',
      'GET /plans/{planId}/tasks text/csv',
      'GET /stream text/event-stream',
      'GET /tasks/{id}/history text/csv',
    ]);
  });
});

describe('what is answered', () => {
  it('to a question is what the document says, and nothing beside it', async () => {
    const faults: unknown[] = [];
    const ask = async (name: string, path: string) => {
      const { status, body } = await server.send<object>('GET', path, { who: ADMIN });
      const found = faultsOf(name, status, body);
      if (status !== 200 || found) faults.push([path, status, found]);
      expect([name, faultsOf(name, 200, { ...body, undocumented: true })]).not.toEqual([name, null]);
    };
    for (const [name, { method, query, example }] of operations) {
      if (method !== 'GET' || isText(name)) continue;
      for (const path of QUESTIONS[name] ?? [example.path]) await ask(name, path);
      const isOld = query.some((parameter) => parameter.name === 'knownAt');
      const [path = example.path] = QUESTIONS[name] ?? [];
      if (isOld) await ask(name, before(path));
    }
    expect(faults).toEqual([]);
  });

  it('by the stream is what the document says, and nothing beside it', async () => {
    const headers = { ...(await server.headersOf(ADMIN)), 'last-event-id': '1'.padStart(20, '0') };
    const response = await fetch(`${server.url}/api/v1/stream`, { headers });
    let told = '';
    for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      told += part;
      if (told.includes('event: IndicatorAdopted')) break;
    }
    const messages = [...told.matchAll(/^data: (.+)\n\n/gm)].map(([, data = '']) => JSON.parse(data));
    const isMessage = compiled({ $ref: '#/components/schemas/StreamMessage' });
    expect(messages.length).toBeGreaterThan(10);
    expect(messages.filter((message) => !isMessage(message))).toEqual([]);
  });

  it('to a write is what the document says, and nothing beside it', async () => {
    const faults: unknown[] = [];
    const check = (name: string, { status, body }: Reply) => {
      const found = faultsOf(name, status, body);
      if (found) faults.push([name, status, found]);
    };
    for (const [name, reply] of replies) check(name, reply);
    for (const [name, { body }] of Object.entries(REQUESTS))
      if (name === 'POST /plans' || name === 'POST /agencies')
        check(name, await server.post(name.replace('POST ', ''), body));
    expect(preview.status).toBe(200);
    check('POST /reorganizations', preview);
    check('POST /imports', await server.post('/imports', { files: { 'plans.csv': 'id\nx' } }));
    expect(faults).toEqual([]);
  });

  it('as a problem is what the document says', async () => {
    const type = 'application/problem+json';
    const who = reporterOf('so-y-te');
    const target = `/indicators/${at('kh-1570-2025/7.1')}/targets`;
    const asked = [
      ['GET /plans', await server.send('GET', '/plans?limit=1.5', { who })],
      ['GET /plans/{planId}', await server.send('GET', '/plans/khong-co', { who })],
      ['GET /events', await server.send('GET', '/events', { who })],
      [
        'GET /plans/{planId}/status',
        await server.send('GET', '/plans/kh-1570-2025/status', { who, headers: { accept: 'text/html' } }),
      ],
      ['POST /indicators/{id}/targets', await server.send('POST', target, { who: null, body: {} })],
      ['POST /indicators/{id}/targets', await server.post(target, {})],
      [
        'POST /indicators/{id}/targets',
        await server.post(target, 'x', ADMIN, { 'content-type': 'text/plain' }),
      ],
      [
        'POST /indicators/{id}/targets',
        await server.post(target, REQUESTS['POST /indicators/{id}/targets']?.body, ADMIN, {
          'if-match': '"0"',
        }),
      ],
      ['POST /plans', await server.post('/plans', { ...REQUESTS['POST /plans']?.body, title: 'Khác' })],
    ] as const;
    expect(asked.map(([, { status }]) => status)).toEqual([400, 404, 403, 406, 401, 400, 415, 412, 422]);
    for (const [name, { status, body }] of asked)
      expect([name, status, faultsOf(name, status, body, type)]).toEqual([name, status, null]);
  });
});
