import { request } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN, konTumServer, OFFICE, type Problem } from '../../support/server.js';

const server = konTumServer();
let authorization = '';

beforeAll(async () => {
  authorization = (await server.headersOf(ADMIN))['authorization'] ?? '';
});

/** Sends a request with its headers as they stand, one after another, and gives the status and the problem. */
const sent = (method: string, path: string, headers: readonly string[], body: string | Buffer = '') =>
  new Promise<{ status: number; allow: string | undefined; problem: Problem }>((resolve, reject) => {
    const { hostname, port } = new URL(server.url);
    const fields = ['Connection', 'close', ...headers];
    const given = request({
      hostname,
      port,
      path: `/api/v1${path}`,
      method,
      setHost: false,
      headers: fields,
    });
    given.on('error', reject);
    given.on('response', async (response) => {
      const text = Buffer.concat(await response.toArray()).toString();
      const { allow } = response.headers;
      resolve({ status: response.statusCode ?? 0, allow, problem: JSON.parse(text === '' ? '{}' : text) });
    });
    given.end(body);
  });

const GOOD = () => ['Host', 'x', 'Authorization', authorization];
const JSON_BODY = ['Content-Type', 'application/json'];
const REBUILD = '/projections/agency-registry.v3/rebuild';

describe('a header that says one thing', () => {
  it.each(['Host', 'Authorization', 'Content-Type', 'If-Match', 'Idempotency-Key'])(
    '%s is refused where it stands twice, whatever it says',
    async (name) => {
      const all = [...GOOD(), ...JSON_BODY, 'If-Match', '"0"', 'Idempotency-Key', 'a'];
      const value = all[all.indexOf(name) + 1] ?? '';
      for (const second of [value, 'khác']) {
        const twice = [...all, name.toUpperCase(), Buffer.from(second).toString('latin1')];
        const { status, problem } = await sent('POST', '/plans', twice, '{}');
        expect(status).toBe(400);
        expect(problem.errors).toEqual([{ field: name, message: 'This header stands here twice.' }]);
      }
    },
  );

  it('is not lost behind a thousand others', async () => {
    const many = Array.from({ length: 1_500 }, (_, n) => [`a${n}`, '']).flat();
    expect((await sent('GET', '/plans', [...many, ...GOOD()])).status).toBe(200);
    const { status } = await sent('POST', REBUILD, [...GOOD(), ...many, 'If-Match', 'x', 'If-Match', 'y']);
    expect(status).toBe(400);
  });

  it('Host is missed in a problem', async () => {
    const { status, problem } = await sent('GET', '/plans', ['Authorization', authorization]);
    expect(status).toBe(400);
    expect(problem).toMatchObject({
      type: 'urn:so-cai:problem:invalid-request',
      errors: [{ field: 'Host', message: 'This header is missing.' }],
    });
  });

  it('Host is not asked of the first HTTP, which has none', async () => {
    const { hostname, port } = new URL(server.url);
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), hostname, () => socket.write('GET /health/live HTTP/1.0\r\n\r\n'));
      let text = '';
      socket.on('data', (data) => {
        text += data;
      });
      socket.on('close', () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe('a body', () => {
  it.each<[string, string[], string | Buffer]>([
    ['compressed', [...JSON_BODY, 'Content-Encoding', 'gzip'], gzipSync('{}')],
    ['said to be compressed', [...JSON_BODY, 'Content-Encoding', 'br, identity'], '{}'],
    ['in another charset', ['Content-Type', 'application/json; charset=utf-16'], '{}'],
    ['in another charset, quoted', ['Content-Type', 'application/json;Charset="latin1"'], '{}'],
    ['in two charsets', ['Content-Type', 'application/json; charset=utf-8; charset=utf-7'], '{}'],
  ])('%s is not taken', async (_, headers, body) => {
    const { status, problem } = await sent('POST', '/plans', [...GOOD(), ...headers], body);
    expect([status, problem.type]).toEqual([415, 'urn:so-cai:problem:unsupported-media-type']);
  });

  it('that there is not may be said to be in any form', async () => {
    for (const said of [
      ['Content-Type', 'text/plain; charset=iso-8859-1'],
      ['Content-Encoding', 'gzip'],
    ])
      expect((await sent('GET', '/plans', [...GOOD(), ...said])).status).toBe(200);
  });

  it.each([
    [['Content-Type', 'application/json; charset=UTF-8']],
    [['Content-Type', 'application/json;charset="utf-8"', 'Content-Encoding', 'identity']],
  ])('is taken as it is read: %j', async (headers) => {
    const { status, problem } = await sent('POST', '/plans', [...GOOD(), ...headers], '{}');
    expect([status, problem.errors?.length]).toEqual([400, expect.any(Number)]);
  });

  it.each(['{"force":true}', '[]', '"x"', '1'])('is refused where none is taken: %s', async (body) => {
    const headers = [...GOOD(), ...JSON_BODY];
    const { status, problem } = await sent('POST', REBUILD, headers, body);
    expect(status).toBe(400);
    expect(problem.errors).toEqual([
      { field: body.startsWith('{') ? 'force' : 'body', message: 'There is no such field here.' },
    ]);
  });

  it('without a field is as none', async () => {
    const name = (await server.get<{ items: { name: string }[] }>('/projections', ADMIN)).items[0]?.name;
    for (const [headers, body] of [
      [JSON_BODY, '{}'],
      [['Content-Length', '0'], ''],
    ] as const)
      expect((await sent('POST', `/projections/${name}/rebuild`, [...GOOD(), ...headers], body)).status).toBe(
        202,
      );
  });
});

describe('a limit', () => {
  it.each(['0x10', '1e1', '%2010', '10%20', '%2B10', '-1', '1.0', '', '0b11', '0', 'NaN'])(
    'written %j is refused',
    async (limit) => {
      const { errors } = await server.refusedQuestion(400, `/plans?limit=${limit}`);
      expect(new Set(errors?.map(({ field }) => field))).toEqual(new Set(['limit']));
    },
  );

  it('is taken in digits', async () => {
    const { items } = await server.get<{ items: unknown[] }>('/plans?limit=2', OFFICE);
    expect(items).toHaveLength(2);
  });
});

describe('a method that an address does not have', () => {
  it.each([
    ['DELETE', '/plans', 'GET, HEAD, POST'],
    ['PUT', '/plans/kh-1570-2025', 'GET, HEAD'],
    ['PATCH', '/indicators/kh-1570-2025%2F7.1/targets', 'POST'],
    ['GET', '/plans/kh-1570-2025/opening', 'POST'],
    ['POST', '/plans/kh-1570-2025/status?asOf=2025-01-01', 'GET, HEAD'],
    ['OPTIONS', '/health/live', 'GET, HEAD'],
  ])('%s %s is 405, and Allow says which it has', async (method, path, allow) => {
    const answer = await sent(method, path, GOOD());
    expect([answer.status, answer.allow]).toEqual([405, allow]);
    expect(answer.problem.type).toBe('urn:so-cai:problem:method-not-allowed');
  });

  it.each(['/khong-co', '/plans/a/b/c', '/plansx'])('at %s, where there is nothing, is 404', async (path) => {
    for (const method of ['GET', 'POST', 'DELETE'])
      expect((await sent(method, path, GOOD())).status).toBe(404);
  });
});
