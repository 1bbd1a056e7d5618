import { describe, expect, it } from '@jest/globals';
import { COSTS, DEFAULT_RATE_LIMITS, type RateLimits } from '../../../src/api/http/costs.js';
import { type OpenApi, operationsOf } from '../../support/openapi.js';
import {
  ADMIN,
  AUDITOR,
  at,
  COLLEAGUE,
  expectProblem,
  konTumServer,
  OFFICE,
  type Problem,
} from '../../support/server.js';

/** Each class has a number of its own, so that an answer tells which class its request was of. */
const LIMITS: RateLimits = { read: 4, write: 5, 'look-back': 6, dump: 7, export: 2, rebuild: 3 };
const STATUS = '/plans/kh-1570-2025/status';

describe('requests are counted by caller and by what they cost', () => {
  const server = konTumServer({ rateLimits: LIMITS });

  it.each<[keyof RateLimits, 'GET' | 'HEAD' | 'POST', string, Record<string, string>]>([
    ['read', 'GET', '/plans', {}],
    ['read', 'GET', `${STATUS}?asOf=2025-12-31`, { accept: 'application/json' }],
    ['look-back', 'GET', `${STATUS}?knownAt=2025-06-30T00:00:00Z`, {}],
    ['look-back', 'POST', '/reorganizations?preview=true', {}],
    ['export', 'GET', STATUS, { accept: 'text/csv' }],
    ['export', 'GET', `${STATUS}?knownAt=2025-06-30T00:00:00Z`, { accept: 'text/csv' }],
    ['dump', 'GET', '/events?limit=1', {}],
    ['dump', 'GET', '/plans/kh-1570-2025/events?limit=1', {}],
    ['read', 'HEAD', '/plans', {}],
    ['dump', 'HEAD', '/events?limit=1', {}],
    ['rebuild', 'POST', '/projections/khong-co/rebuild', {}],
    ['rebuild', 'POST', '/imports', {}],
    ['write', 'POST', `/indicators/${at('kh-1570-2025/7.1')}/measurements`, {}],
  ])('%s: %s %s %j', async (cost, method, path, headers) => {
    const reply = await server.send(method, path, {
      who: ADMIN,
      headers,
      ...(method === 'POST' ? { body: {} } : {}),
    });
    expect(reply.headers.get('ratelimit-limit')).toBe(String(LIMITS[cost]));
  });

  it('names routes that there are', async () => {
    const routes = operationsOf(await server.get<OpenApi>('/docs/openapi.json')).map(
      ({ method, path }) => `${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
    );
    expect(Object.keys(COSTS).filter((route) => !routes.includes(route))).toEqual([]);
  });

  it('refuses one more, says when to go on, and counts nobody else', async () => {
    const asked = (who: typeof OFFICE) => server.send<Problem>('GET', '/agencies?limit=1', { who });
    for (let left = LIMITS.read - 1; left >= 0; left -= 1) {
      const reply = await asked(OFFICE);
      expect([reply.status, reply.headers.get('ratelimit-remaining')]).toEqual([200, String(left)]);
    }
    const refused = await asked(OFFICE);
    expectProblem(refused, 429);
    expect(refused.body.type).toBe('urn:so-cai:problem:too-many-requests');
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(refused.headers.get('ratelimit-remaining')).toBe('0');
    expect(refused.headers.get('ratelimit-reset')).toBe(String(seconds));
    expect((await asked(COLLEAGUE)).status).toBe(200);
    const other = await server.send('POST', '/plans', { who: OFFICE, body: {} });
    expect([other.status, other.headers.get('ratelimit-limit')]).toEqual([400, String(LIMITS.write)]);
  });

  it('counts what cannot be read, too, and what it counted once', async () => {
    const remaining = async (body: string, type = 'application/json') => {
      const headers = { ...(await server.headersOf(COLLEAGUE)), 'content-type': type };
      const reply = await fetch(`${server.url}/api/v1/plans`, { method: 'POST', headers, body });
      return [reply.status, reply.headers.get('ratelimit-remaining')];
    };
    expect(await remaining('{')).toEqual([400, '4']);
    expect(await remaining('a', 'text/plain')).toEqual([415, '3']);
    expect(await remaining('{}')).toEqual([400, '2']);
  });

  it('writes nothing for what it refuses', async () => {
    const indicator = at('kh-1570-2025/7.1');
    const report = (n: number) =>
      server.post(`/indicators/${indicator}/measurements`, { period: `2025-0${n}`, value: '60' }, AUDITOR);
    for (let n = 1; n <= LIMITS.write; n += 1) expect((await report(n)).status).toBe(403);
    const before = await server.head();
    expect((await report(9)).status).toBe(429);
    expect(await server.head()).toBe(before);
  });

  it('counts what a role may not ask as well', async () => {
    const reply = await server.send('GET', '/events', { who: COLLEAGUE });
    expect([reply.status, reply.headers.get('ratelimit-limit')]).toEqual([403, String(LIMITS.dump)]);
  });

  it('leaves whoever watches the process alone', async () => {
    for (let n = 0; n < 20; n += 1) {
      const reply = await server.send('GET', '/health/live', { who: null });
      expect([reply.status, reply.headers.get('ratelimit-limit')]).toEqual([200, null]);
    }
  });
});

describe('without limits', () => {
  const server = konTumServer({ load: false });

  it('nothing is counted', async () => {
    const reply = await server.send('GET', '/plans', { who: OFFICE });
    expect([reply.status, reply.headers.get('ratelimit-limit')]).toEqual([200, null]);
  });
});

/** What ioredis does for the library: counts by key, for whoever asks. */
class SharedCounts {
  readonly keys = new Map<string, number>();
  isUp = true;

  defineCommand(): void {}

  rateLimit(key: string, ...rest: unknown[]): void {
    const done = rest.at(-1) as (error: Error | null, result?: [number, number]) => void;
    const count = (this.keys.get(key) ?? 0) + 1;
    this.keys.set(key, count);
    if (this.isUp) done(null, [count, 60_000]);
    else done(new Error('Connection is closed.'));
  }

  rateLimitRead(): void {
    throw new Error('nobody reads without counting');
  }
}

describe('processes that count together', () => {
  const counts = new SharedCounts();
  const limits = { ...DEFAULT_RATE_LIMITS, read: 2 };
  const [one, other] = [0, 1].map(() => konTumServer({ load: false, rateLimits: limits, redis: counts }));

  it('hold a caller to one limit', async () => {
    const asked = async (server: typeof one) =>
      (await server?.send('GET', '/plans', { who: OFFICE }))?.status;
    expect([await asked(one), await asked(other), await asked(one), await asked(other)]).toEqual([
      200, 200, 429, 429,
    ]);
    expect([...counts.keys.keys()]).toEqual([expect.stringMatching(/^so-cai-rate-.*read lan$/)]);
  });

  it('answer all the same when nobody can count', async () => {
    counts.isUp = false;
    expect((await one?.send('GET', '/plans', { who: OFFICE }))?.status).toBe(200);
  });
});
