import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type CryptoKey,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTHeaderParameters,
  SignJWT,
} from 'jose';
import { authenticator } from '../../../src/api/auth/authenticator.js';
import {
  JWKS_COOLDOWN_MS,
  JWKS_MAX_AGE_MS,
  JWKS_REFRESH_MS,
  JWKS_RETRY_MS,
  remoteKeys,
} from '../../../src/api/auth/remote-keys.js';
import { type Child, startChild } from '../../support/child.js';
import type { Mood, Order } from '../../support/issuer.js';
import { bearer, json, logged, NOW, type Served, serve, TestClock } from './support.js';

const ISSUER = 'https://sso.example.vn';
const AUDIENCE = 'so-cai-api';
/** Long enough for an answer that comes, in milliseconds. */
const PATIENCE_MS = 10_000;
/** How long a test waits for an answer that does not come, and then for one that does. */
const IMPATIENCE_MS = 2_000;

let child: Child;
let url: string;
let served: Served;
let keys: string[];

const told = async <Answer>(order: Order): Promise<Answer> =>
  (await (await fetch(url, { method: 'POST', body: JSON.stringify(order) })).json()) as Answer;

const answering = (mood: Mood) => told({ do: 'answer', mood });
const rotated = async (alg = 'ES256') => {
  const kid = await told<string>({ do: 'rotate', alg });
  keys = [...keys.slice(-1), kid];
  return kid;
};
const counted = () => told<{ keys: number; elsewhere: number }>({ do: 'count' });
const fetches = async () => (await counted()).keys;

const CLAIMS = { iss: ISSUER, aud: AUDIENCE, sub: 'u-1', name: 'Lan', role: 'auditor' };
const claims = (more: object = {}) => ({ ...CLAIMS, exp: Date.parse(NOW) / 1_000 + 7_200, ...more });
const signed = (kid: string, header: Partial<JWTHeaderParameters> = {}, more: object = {}) =>
  told<string>({ do: 'sign', kid, header, claims: claims(more) });
const me = (token: string) => fetch(`${served.base}/api/v1/me`, { headers: bearer(token) });
const statusOf = async (token: string) => (await me(token)).status;

const open = async (timeoutMs = PATIENCE_MS): Promise<void> => {
  const clock = new TestClock();
  const trust = {
    ...{ issuer: ISSUER, audience: AUDIENCE, algorithms: ['ES256', 'RS256'] },
    keys: remoteKeys(`${url}/keys`, clock, timeoutMs),
  };
  served = await serve(authenticator(trust, clock), clock);
};
/** Lets time go by for the server. */
const later = (ms: number) => {
  served.clock.at = new Date(Date.parse(served.clock.at) + ms).toISOString();
};

beforeAll(async () => {
  child = startChild('issuer.ts', []);
  await child.printed(1);
  url = `http://127.0.0.1:${child.lines[0]}`;
  keys = [];
  await rotated();
  await rotated();
});
afterAll(() => void child.process.kill('SIGKILL'));

beforeEach(async () => {
  await answering('up');
  await counted();
  await open();
});
afterEach(() => served.close());

const [FIRST, SECOND] = [() => keys[0] as string, () => keys[1] as string];

describe('an issuer on the network', () => {
  test('its keys are fetched once', async () => {
    const response = await me(await signed(FIRST()));
    expect(await json(response)).toEqual({ subject: 'u-1', name: 'Lan', role: 'auditor', agencyId: null });
    expect(await statusOf(await signed(SECOND()))).toBe(200);
    expect(await fetches()).toBe(1);
  });

  test('of many who come at once, one fetches', async () => {
    const token = await signed(FIRST());
    const statuses = await Promise.all(Array.from({ length: 50 }, () => statusOf(token)));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await fetches()).toBe(1);
  });

  test('what needs no key is answered without asking', async () => {
    expect(await statusOf('not-a-token')).toBe(401);
    expect((await fetch(`${served.base}/api/v1/open`)).status).toBe(200);
    expect(await fetches()).toBe(0);
  });

  test('a new key is known at most half a minute later, a withdrawn one forgotten with the next fetch', async () => {
    const old = FIRST();
    expect(await statusOf(await signed(old))).toBe(200);
    const fresh = await rotated();
    expect(await statusOf(await signed(fresh))).toBe(401);
    later(JWKS_COOLDOWN_MS);
    expect(await statusOf(await signed(fresh))).toBe(200);
    expect(await statusOf(await signed(old))).toBe(401);
    expect(await statusOf(await signed(FIRST()))).toBe(200);
  });

  test('tokens that name unknown keys make nobody fetch more than twice a minute', async () => {
    await me(await signed(FIRST()));
    await counted();
    const token = await signed('k-none');
    const flood = async () => {
      const statuses = await Promise.all(
        Array.from({ length: 100 }, async (_, n) => {
          const [head = '', body, signature] = token.split('.');
          const header = {
            ...(JSON.parse(Buffer.from(head, 'base64url').toString()) as object),
            kid: `k-${n}-none`,
          };
          const named = Buffer.from(JSON.stringify(header)).toString('base64url');
          return statusOf(`${named}.${body}.${signature}`);
        }),
      );
      expect(new Set(statuses)).toEqual(new Set([401]));
    };
    await flood();
    expect(await fetches()).toBe(0);
    later(JWKS_COOLDOWN_MS);
    await flood();
    await flood();
    expect(await fetches()).toBe(1);
    expect(await statusOf(await signed(FIRST()))).toBe(200);
  });
});

describe('a token', () => {
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

  test('of an algorithm that the configuration does not name is refused, though the key is the issuer’s', async () => {
    const kid = await rotated('ES384');
    expect(await statusOf(await signed(kid))).toBe(401);
    expect(await statusOf(await signed(FIRST()))).toBe(200);
    await rotated();
    await rotated();
  });

  test('without a signature, or signed with the public key as a secret, is refused', async () => {
    const kid = await rotated('RS256');
    expect(await statusOf(await signed(kid))).toBe(200);
    const { keys: published } = (await (await fetch(`${url}/keys`)).json()) as { keys: JWK[] };
    const jwk = published.find((key) => key.kid === kid) as JWK;
    const spki = await exportSPKI((await importJWK(jwk, 'RS256', { extractable: true })) as CryptoKey);
    const head = `${encoded({ alg: 'HS256', kid })}.${encoded(claims({ role: 'admin' }))}`;
    for (const secret of [
      spki,
      spki.trim(),
      JSON.stringify(jwk),
      String(jwk.n),
      Buffer.from(String(jwk.n), 'base64url'),
    ])
      expect(await statusOf(`${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`)).toBe(
        401,
      );
    for (const alg of ['none', 'None', 'NONE', ''])
      expect(await statusOf(`${encoded({ alg, kid })}.${encoded(claims({ role: 'admin' }))}.`)).toBe(401);
    await rotated();
    await rotated();
  });

  test('that brings or points to keys of its own is refused, and nobody follows it', async () => {
    const forger = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(forger.publicKey);
    const forged = (header: object) =>
      new SignJWT(claims({ role: 'admin' }))
        .setProtectedHeader({ alg: 'ES256', ...header })
        .sign(forger.privateKey);
    for (const header of [
      { jwk },
      { jwk, kid: FIRST() },
      { jku: `${url}/elsewhere`, kid: FIRST() },
      { x5u: `${url}/elsewhere`, kid: FIRST() },
      { x5c: ['MIIB'], kid: FIRST() },
    ])
      expect(await statusOf(await forged(header))).toBe(401);
    // The same beside a good signature changes nothing, and asks nobody either.
    expect(
      await statusOf(await signed(FIRST(), { jku: `${url}/elsewhere`, x5u: `${url}/elsewhere`, jwk })),
    ).toBe(200);
    expect((await counted()).elsewhere).toBe(0);
  });

  test('that needs something understood which is not is refused', async () => {
    const crit = { crit: ['exp'], exp: 1 } as Partial<JWTHeaderParameters>;
    const token = await signed(FIRST());
    const [, body, signature] = token.split('.');
    expect(await statusOf(`${encoded({ alg: 'ES256', kid: FIRST(), ...crit })}.${body}.${signature}`)).toBe(
      401,
    );
    const unencoded = { alg: 'ES256', kid: FIRST(), b64: false, crit: ['b64'] };
    expect(await statusOf(`${encoded(unencoded)}.${body}.${signature}`)).toBe(401);
  });

  test.each<[string, object]>([
    ['another issuer', { iss: `${ISSUER}/` }],
    ['another audience', { aud: 'so-cai' }],
    ['no expiry', { exp: undefined }],
    ['an expiry that is text', { exp: '9999999999' }],
    ['a day that has passed', { exp: Date.parse(NOW) / 1_000 - 11 }],
    ['a day that has not come', { nbf: Date.parse(NOW) / 1_000 + 11 }],
  ])('of %s is refused', async (_, wrong) => {
    expect(await statusOf(await signed(FIRST(), {}, wrong))).toBe(401);
  });

  test('is taken as far as the clocks may differ', async () => {
    for (const near of [{ exp: Date.parse(NOW) / 1_000 - 9 }, { nbf: Date.parse(NOW) / 1_000 + 9 }])
      expect(await statusOf(await signed(FIRST(), {}, near))).toBe(200);
  });
});

describe('an outage of the issuer', () => {
  const unavailable = async (response: Response) => {
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await json(response)).toMatchObject({
      type: 'urn:so-cai:problem:sign-in-unavailable',
      detail: 'Tokens cannot be checked now. Try again shortly.',
    });
  };
  /** What the issuer does, how long is waited for it, and what the log says. */
  const OUTAGES: readonly (readonly [Mood, number, RegExp])[] = [
    ['failing', PATIENCE_MS, /the issuer answers 500$/],
    ['redirecting', PATIENCE_MS, /the issuer answers 302$/],
    ['garbled', PATIENCE_MS, /JSON/],
    ['no keys', PATIENCE_MS, /JSON Web Key Set malformed/],
    ['breaking', PATIENCE_MS, /fetch failed/],
    ['flooding', PATIENCE_MS, /more than 65536 bytes$/],
    ['hanging', IMPATIENCE_MS, /takes longer than 2000 ms$/],
    ['dripping', IMPATIENCE_MS, /takes longer than 2000 ms$/],
  ];

  test.each(OUTAGES)(
    '%s: lets nobody in, asks once a second, and ends by itself',
    async (mood, timeoutMs, why) => {
      await served.close();
      await open(timeoutMs);
      const token = await signed(FIRST());
      await answering(mood);
      const lines = await logged(async () => unavailable(await me(token)));
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatch(/^warn [0-9a-f-]{36} AuthUnavailable: the issuer's keys cannot be had: /);
      expect(lines[0]).toMatch(why);
      const statuses = await Promise.all(Array.from({ length: 50 }, () => statusOf(token)));
      expect(new Set(statuses)).toEqual(new Set([503]));
      expect(await counted()).toEqual({ keys: 1, elsewhere: 0 });
      await answering('up');
      later(JWKS_RETRY_MS);
      expect(await statusOf(token)).toBe(200);
    },
  );

  test('is bridged by the keys that are there, for a quarter of an hour and no longer', async () => {
    const token = await signed(FIRST());
    expect(await statusOf(token)).toBe(200);
    await answering('failing');
    await counted();
    later(JWKS_REFRESH_MS - 1);
    expect(await statusOf(token)).toBe(200);
    expect(await fetches()).toBe(0);
    later(1);
    expect(await statusOf(token)).toBe(200);
    later(JWKS_MAX_AGE_MS - JWKS_REFRESH_MS - 1);
    expect(await statusOf(token)).toBe(200);
    // Whether a key is new cannot be told meanwhile, and nobody is let in for that.
    await unavailable(await me(await signed('k-none')));
    later(JWKS_RETRY_MS);
    await unavailable(await me(token));
    await answering('up');
    later(JWKS_RETRY_MS);
    expect(await statusOf(token)).toBe(200);
  });

  test('makes nobody wait who has a known key', async () => {
    const token = await signed(FIRST());
    expect(await statusOf(token)).toBe(200);
    await answering('hanging');
    await counted();
    later(JWKS_REFRESH_MS);
    // The fetch that this begins ends after every answer below has come.
    const statuses = await Promise.all(Array.from({ length: 20 }, () => statusOf(token)));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await fetches()).toBe(1);
  });

  test('of a clock that was set back makes keys too old, not eternal', async () => {
    const token = await signed(FIRST());
    expect(await statusOf(token)).toBe(200);
    await answering('failing');
    later(-60_000);
    await unavailable(await me(token));
  });
});
