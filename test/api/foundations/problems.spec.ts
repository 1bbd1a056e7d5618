import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  ConflictException,
  HttpException,
  NotAcceptableException,
  ServiceUnavailableException,
} from '@nestjs/common';
import type { LocalIssuer } from '../../../src/api/auth/local-issuer.js';
import { addressedBy } from '../../../src/api/http/addressed.js';
import { MAX_BODY_BYTES } from '../../../src/api/http/hardening.js';
import {
  BadQuestion,
  Busy,
  Forbidden,
  KeyReused,
  NotFound,
  Stale,
  Unreadable,
} from '../../../src/application/errors.js';
import { Rejected } from '../../../src/domain/decider.js';
import {
  AppendTooLarge,
  NotStorable,
  OutcomeUnknown,
  StoreUnavailable,
} from '../../../src/ports/event-store.js';
import { JobsUnavailable } from '../../../src/ports/job-queue.js';
import { BuildGone, ReadModelsUnavailable } from '../../../src/ports/read-models.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { bearer, json, logged, NOW, OFFICE, type Served, serveLocally } from './support.js';

const folder = temporaryFolder();
let served: Served & { readonly issuer: LocalIssuer };
let headers: Record<string, string>;

beforeAll(async () => {
  served = await serveLocally(folder);
  headers = bearer(await served.issuer.issueToken(OFFICE, NOW));
});
afterAll(() => served.close());
beforeEach(() => {
  served.script.fail = undefined;
});

const INDICATOR = 'kh-1570-2025%2F7.1';
const asked = () => fetch(`${served.base}/api/v1/indicators/${INDICATOR}`, { headers });
const failing = (error: unknown) => {
  served.script.fail = error;
  return asked();
};
const post = (path: string, body: string, more: Record<string, string> = {}) =>
  fetch(`${served.base}${path}`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', ...more },
    body,
  });

const problem = async (response: Response) => {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json\b/);
  const body = await json(response);
  expect(body['status']).toBe(response.status);
  expect(body['instance']).toMatch(/^urn:uuid:[0-9a-f-]{36}$/);
  expect(JSON.stringify(body)).not.toMatch(/\bat \S+ \(|node_modules|\.ts:/);
  return body;
};

describe('every error of the product is a problem', () => {
  test.each<[string, unknown, number, string]>([
    ['BadQuestion', new BadQuestion('asOf', 'asOf is a day.'), 400, 'invalid-request'],
    ['NotStorable', new NotStorable('data.note: a string with NUL cannot be stored'), 400, 'not-storable'],
    ['Forbidden', new Forbidden('The role office may not do this.'), 403, 'forbidden'],
    ['NotFound', new NotFound('There is no such plan.'), 404, 'not-found'],
    ['Stale', new Stale(7), 412, 'stale'],
    ['AppendTooLarge', new AppendTooLarge('2 MiB'), 413, 'too-large'],
    ['Rejected', new Rejected('PlanClosed', 'The plan was closed.', 'effectiveOn'), 422, 'plan-closed'],
    ['KeyReused', new KeyReused('used'), 422, 'key-reused'],
    ['Busy', new Busy('many writers'), 503, 'busy'],
    ['StoreUnavailable', new StoreUnavailable('closed'), 503, 'store-unavailable'],
    ['OutcomeUnknown', new OutcomeUnknown('timeout'), 503, 'outcome-unknown'],
    ['ReadModelsUnavailable', new ReadModelsUnavailable('closed'), 503, 'read-models-unavailable'],
    ['JobsUnavailable', new JobsUnavailable('closed'), 503, 'jobs-unavailable'],
    ['BuildGone', new BuildGone('gone'), 503, 'read-models-unavailable'],
    ['an unknown error', new Error('secret at /etc'), 500, 'internal'],
    ['what is no error', 'a text', 500, 'internal'],
    ['an error of the framework', new NotAcceptableException(), 406, 'not-acceptable'],
    ['another of the framework', new ConflictException('secret'), 409, 'http'],
    ['an outage of the framework', new ServiceUnavailableException('secret'), 503, 'unavailable'],
    ['an unheard-of failure of the framework', new HttpException('secret', 599), 599, 'internal'],
  ])('%s', async (_, error, status, kind) => {
    const response = await failing(error);
    expect(response.status).toBe(status);
    const body = await problem(response);
    expect(body['type']).toBe(`urn:so-cai:problem:${kind}`);
    expect(JSON.stringify(body)).not.toContain('secret');
    expect(response.headers.get('retry-after')).toBe(status === 503 ? '1' : null);
  });

  test('an event that cannot be read is said in plain words, and no client is told to try again', async () => {
    const error = new Unreadable('indicator-kh-1/7.1', 'an-id', { cause: new TypeError('secret') });
    const response = await failing(error);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBeNull();
    const { type, detail } = await problem(response);
    expect(type).toBe('urn:so-cai:problem:event-unreadable');
    expect(detail).toMatch(
      /^An event of indicator-kh-1\/7\.1 cannot be read, so nothing was written\. .*so-cai doctor/,
    );
    expect(detail).not.toContain('secret');
  });

  test('a field that is concerned is named', async () => {
    expect(await problem(await failing(new BadQuestion('asOf', 'asOf is a day.')))).toMatchObject({
      detail: 'asOf is a day.',
      errors: [{ field: 'asOf', message: 'asOf is a day.' }],
    });
  });

  test('a refused command gives its code, its field and its words', async () => {
    const body = await problem(await failing(new Rejected('NotADecimal', 'A figure is a decimal.', 'value')));
    expect(body).toMatchObject({
      type: 'urn:so-cai:problem:not-a-decimal',
      title: 'Not a decimal',
      detail: 'A figure is a decimal.',
      code: 'NotADecimal',
      errors: [{ field: 'value', message: 'A figure is a decimal.' }],
    });
    expect(await problem(await failing(new Rejected('Odd', 'It is odd.')))).not.toHaveProperty('errors');
  });

  test('what the path addresses and is not there is 404; a value in the body is 422', async () => {
    const rejected = (code: string, field: string) => failing(new Rejected(code, 'There is none.', field));
    expect((await rejected('UnknownIndicator', 'indicatorId')).status).toBe(404);
    expect((await rejected('UnknownPlan', 'planId')).status).toBe(404);
    expect((await rejected('UnknownAgency', 'agencyId')).status).toBe(422);
    expect((await rejected('UnknownAgency', 'moves')).status).toBe(422);
    expect((await rejected('IndicatorDropped', 'indicatorId')).status).toBe(422);
  });

  test('a stale write says where things are', async () => {
    const response = await failing(new Stale(7));
    expect(response.headers.get('etag')).toBe('"7"');
    expect((await problem(response))['detail']).toContain('revision 7');
    expect((await failing(new Stale(null))).headers.get('etag')).toBeNull();
  });

  test('an unknown error is logged with the request id and its stack; the client learns the id alone', async () => {
    let body: Record<string, unknown> = {};
    const lines = await logged(async () => {
      body = await problem(await failing(new Error('secret at /etc', { cause: new Error('disk') })));
    });
    const id = String(body['instance']).slice('urn:uuid:'.length);
    expect(lines).toEqual([`error ${id} Error: secret at /etc: disk`]);
    expect(body['detail']).toBe('The server failed at this. Its log says more under the request id.');
  });

  test('what a client did wrong is not logged', async () => {
    expect(await logged(() => failing(new NotFound('none')))).toEqual([]);
  });
});

describe('what a path addresses', () => {
  test.each([
    ['/api/v1/plans/:planId/indicators', ['planId']],
    ['/api/v1/measurements/:id/acceptance', ['measurementId', 'indicatorId', 'planId']],
    ['/api/v1/agencies/:id/portfolio', ['agencyId']],
    ['/api/v1/agencies', []],
    ['/api/v1/measurements', []],
  ])('%s', (route, fields) => {
    expect([...addressedBy(route)]).toEqual(fields);
  });
});

describe('what does not reach a handler is a problem too', () => {
  const kind = async (response: Response) => [
    response.status,
    String((await problem(response))['type']).replace('urn:so-cai:problem:', ''),
  ];

  test('an unknown route, and a method that a route does not have', async () => {
    expect(await kind(await fetch(`${served.base}/api/v1/nothing`))).toEqual([404, 'not-found']);
    expect(await kind(await fetch(`${served.base}/api/v1/open`, { method: 'DELETE' }))).toEqual([
      405,
      'method-not-allowed',
    ]);
    expect(await kind(await fetch(`${served.base}/api/v1/open/`))).toEqual([404, 'not-found']);
    expect(await kind(await fetch(`${served.base}//api/v1/open`))).toEqual([404, 'not-found']);
  });

  test('a body that is not JSON, or empty', async () => {
    expect(await kind(await post('/api/v1/things', '{"a":'))).toEqual([400, 'invalid-json']);
    expect(await kind(await post('/api/v1/things', ''))).toEqual([400, 'invalid-json']);
  });

  test('a body of whoever brings no token, whatever it is', async () => {
    const stranger = { authorization: 'Bearer nobody' };
    for (const body of ['{"a":', '', '{"__proto__":{}}', 'x'.repeat(MAX_BODY_BYTES + 1)])
      for (const type of ['application/json', 'text/plain']) {
        const answer = await post('/api/v1/things', body, { ...stranger, 'content-type': type });
        expect(await kind(answer)).toEqual([401, 'unauthenticated']);
        expect(answer.headers.get('www-authenticate')).toBe('Bearer');
        expect(await kind(await post('/api/v1/nothing', body, stranger))).toEqual([404, 'not-found']);
      }
  });

  test('a body that reaches for a prototype', async () => {
    for (const body of [
      '{"__proto__":{"x":1}}',
      '{"moves":[{"__proto__":{}}]}',
      '{"constructor":{"prototype":{}}}',
    ])
      expect(await kind(await post('/api/v1/things', body))).toEqual([400, 'invalid-request']);
  });

  test('a body too large', async () => {
    const body = JSON.stringify({ note: 'x'.repeat(MAX_BODY_BYTES) });
    expect(await kind(await post('/api/v1/things', body))).toEqual([413, 'too-large']);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml'])(
    'a body of %s',
    async (type) => {
      expect(await kind(await post('/api/v1/things', 'a=1', { 'content-type': type }))).toEqual([
        415,
        'unsupported-media-type',
      ]);
    },
  );

  test('an id with a slash reaches the handler decoded, whichever way it was encoded', async () => {
    for (const id of ['kh-1570-2025%2F7.1', 'kh-1570-2025%2f7.1'])
      expect(await json(await fetch(`${served.base}/api/v1/indicators/${id}`, { headers }))).toEqual({
        id: 'kh-1570-2025/7.1',
      });
    const odd = 'kh-1570-2025/7.1@2026-Q2#1';
    const response = await fetch(`${served.base}/api/v1/indicators/${encodeURIComponent(odd)}`, { headers });
    expect(await json(response)).toEqual({ id: odd });
    const once = await fetch(`${served.base}/api/v1/indicators/${encodeURIComponent('a%2Fb')}`, { headers });
    expect(await json(once)).toEqual({ id: 'a%2Fb' });
  });

  test('an id of 300 characters is taken, a longer one is refused', async () => {
    const of = (length: number) =>
      fetch(`${served.base}/api/v1/indicators/${'a'.repeat(length)}`, { headers });
    expect((await of(300)).status).toBe(200);
    const [status] = await kind(await of(301));
    expect([404, 414]).toContain(status);
  });

  test('an address that is not encoded as it must be', async () => {
    // fetch would put it right.
    const { status, body } = await new Promise<{ status: number | undefined; body: string }>(
      (resolve, reject) => {
        const sent = httpRequest(
          `${served.base}/`,
          { path: '/api/v1/indicators/%zz', headers },
          (response) => {
            let body = '';
            response.on('data', (chunk) => {
              body += String(chunk);
            });
            response.on('end', () => resolve({ status: response.statusCode, body }));
          },
        );
        sent.on('error', reject).end();
      },
    );
    expect(status).toBe(400);
    expect(JSON.parse(body)).toMatchObject({ type: 'urn:so-cai:problem:invalid-request', status: 400 });
  });

  test('what is not HTTP', async () => {
    const { hostname, port } = new URL(served.base);
    const raw = (text: string) =>
      new Promise<string>((resolve, reject) => {
        let answer = '';
        const socket = connect(Number(port), hostname, () => socket.write(text));
        socket.on('data', (chunk) => {
          answer += String(chunk);
        });
        socket.on('close', () => resolve(answer)).on('error', reject);
      });
    expect(await raw('NONSENSE\r\n\r\n')).toMatch(
      /^HTTP\/1.1 400 [\s\S]*application\/problem\+json[\s\S]*urn:so-cai:problem:invalid-request/,
    );
    expect(await raw(`GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 431 [\s\S]*urn:so-cai:problem:headers-too-large/,
    );
  });
});
