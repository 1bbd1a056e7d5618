import { describe, expect, it } from '@jest/globals';
import { ADMIN, at, konTumServer, OFFICE } from '../../support/server.js';

const server = konTumServer();

const GUARDED = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'strict-transport-security': expect.stringMatching(/^max-age=31536000; includeSubDomains$/),
  'content-security-policy': expect.stringMatching(
    /default-src 'none';.*object-src 'none';base-uri 'none';.*frame-ancestors 'none';/,
  ),
  'cache-control': 'no-store',
};

const headersOf = async (
  method: 'GET' | 'POST',
  path: string,
  who: typeof OFFICE | null,
  more: object = {},
) => {
  const { status, headers } = await server.send(method, path, { who, ...more });
  return { status, ...Object.fromEntries(Object.keys(GUARDED).map((name) => [name, headers.get(name)])) };
};

describe('every answer', () => {
  it.each<[number, 'GET' | 'POST', string, typeof OFFICE | null, object]>([
    [200, 'GET', '/plans', OFFICE, {}],
    [200, 'GET', '/plans/kh-1570-2025/status', OFFICE, { headers: { accept: 'text/csv' } }],
    [200, 'GET', '/health/live', null, {}],
    [200, 'GET', '/docs/openapi.json', null, {}],
    [400, 'GET', '/plans?q=%zz', OFFICE, {}],
    [400, 'POST', '/plans', OFFICE, { body: '{' }],
    [401, 'GET', '/plans', null, {}],
    [404, 'GET', '/khong-co', ADMIN, {}],
    [415, 'POST', '/plans', OFFICE, { body: 'x', headers: { 'content-type': 'text/plain' } }],
  ])(
    '%i to %s %s says what a browser may make of it, and that nobody keeps it',
    async (status, method, path, who, more) => {
      expect(await headersOf(method, path, who, more)).toEqual({ status, ...GUARDED });
    },
  );

  it('that is made before the address is understood says the least of it', async () => {
    expect(await headersOf('GET', '/plans/%zz', OFFICE)).toMatchObject({
      status: 400,
      'cache-control': 'no-store',
      'content-security-policy': expect.stringMatching(/^default-src 'none'; .*frame-ancestors 'none'$/),
      'x-content-type-options': 'nosniff',
    });
  });

  it('at /docs is a page that runs no script but those of the product', async () => {
    const { text } = await server.send('GET', '/docs', { who: null });
    const scripts = [...text.matchAll(/<script([^>]*)>([^<]*)<\/script>/g)];
    expect(scripts.length).toBeGreaterThan(2);
    for (const [, attributes, code] of scripts) {
      expect(attributes).toMatch(/^ src="\.?\/docs\//);
      expect(code?.trim()).toBe('');
    }
    expect(text).not.toMatch(/\son\w+=/);
  });

  it('of a command says its revision too', async () => {
    const body = { period: '2025-Q1', value: '61' };
    const reply = await server.post(`/indicators/${at('kh-1570-2025/7.1')}/measurements`, body);
    expect([reply.status, reply.headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(reply.headers.get('etag')).toMatch(/^"\d+"$/);
  });
});
