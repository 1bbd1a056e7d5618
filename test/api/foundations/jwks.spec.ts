import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import {
  authenticator,
  JWKS_COOLDOWN_MS,
  JWKS_MAX_AGE_MS,
  trustOf,
} from '../../../src/api/auth/authenticator.js';
import { bearer, json, logged, NOW, type Served, serve, TestClock } from './support.js';

/** An issuer on the network: what it answers, and how often it was asked. */
const issuer = { answer: (() => undefined) as RequestListener, asked: 0, keys: [] as JWK[] };
let server: Server;
let served: Served;
let sign: (kid: string, claims?: object, alg?: string) => Promise<string>;

const up: RequestListener = (_, response) =>
  void response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: issuer.keys }));
const failing: RequestListener = (_, response) => void response.writeHead(500).end('stack trace');
const garbled: RequestListener = (_, response) => void response.end('<html>');
const redirecting: RequestListener = (_, response) =>
  void response.writeHead(302, { location: 'http://127.0.0.1:1/keys' }).end();
const breaking: RequestListener = (request) => void request.socket.destroy();

beforeAll(async () => {
  server = createServer((request, response) => {
    issuer.asked += 1;
    issuer.answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const keys = await Promise.all(
    (['k1', 'k2'] as const).map(async (kid) => {
      const pair = await generateKeyPair('ES256', { extractable: true });
      return { kid, ...pair, jwk: { ...(await exportJWK(pair.publicKey)), kid, alg: 'ES256' } };
    }),
  );
  issuer.keys = keys.map(({ jwk }) => jwk);
  sign = async (kid, claims = {}) => {
    const key = keys.find((one) => one.kid === kid) ?? keys[0];
    if (!key) throw new Error('no key');
    return new SignJWT({ sub: 'u-1', name: 'Lan', role: 'auditor', ...claims })
      .setProtectedHeader({ alg: 'ES256', kid })
      .setIssuer('https://sso.example.vn')
      .setAudience('so-cai-api')
      .setExpirationTime(Date.parse(NOW) / 1000 + 7_200)
      .sign(key.privateKey);
  };
});
afterAll(() => void server.close());

beforeEach(async () => {
  issuer.answer = up;
  issuer.asked = 0;
  const { port } = server.address() as AddressInfo;
  const clock = new TestClock();
  const trust = trustOf(
    {
      kind: 'remote',
      issuer: 'https://sso.example.vn',
      audience: 'so-cai-api',
      jwksUrl: `http://127.0.0.1:${port}/keys`,
      algorithms: ['ES256'],
    },
    null,
  );
  served = await serve(authenticator(trust, clock), clock);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await served.close();
});

const me = (token: string) => fetch(`${served.base}/api/v1/me`, { headers: bearer(token) });
/** Lets the age of fetched keys grow: jose reads it from Date.now alone. */
const later = (ms: number) => {
  const now = Date.now();
  jest.spyOn(Date, 'now').mockImplementation(() => now + ms);
};

describe('an issuer on the network', () => {
  test('its keys are fetched once', async () => {
    const response = await me(await sign('k1'));
    expect(await json(response)).toEqual({ subject: 'u-1', name: 'Lan', role: 'auditor', agencyId: null });
    expect((await me(await sign('k2'))).status).toBe(200);
    expect(issuer.asked).toBe(1);
  });

  test('a token that names an unknown key is refused, and cannot make us ask again at once', async () => {
    await me(await sign('k1'));
    for (let n = 0; n < 3; n += 1) expect((await me(await sign('k9'))).status).toBe(401);
    expect(issuer.asked).toBe(1);
    later(JWKS_COOLDOWN_MS + 1);
    expect((await me(await sign('k9'))).status).toBe(401);
    expect(issuer.asked).toBe(2);
  });

  test('an algorithm that the configuration does not name is refused, though the key is the issuer’s', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    issuer.keys = [...issuer.keys, { ...(await exportJWK(publicKey)), kid: 'rsa', alg: 'RS256' }];
    const token = await new SignJWT({ sub: 'u-1', name: 'Lan', role: 'admin' })
      .setProtectedHeader({ alg: 'RS256', kid: 'rsa' })
      .setIssuer('https://sso.example.vn')
      .setAudience('so-cai-api')
      .setExpirationTime(Date.parse(NOW) / 1000 + 60)
      .sign(privateKey);
    expect((await me(token)).status).toBe(401);
    issuer.keys = issuer.keys.slice(0, 2);
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

  test.each<[string, RequestListener]>([
    ['that answers 500', failing],
    ['that answers something else', garbled],
    ['that sends us elsewhere', redirecting],
    ['that breaks off', breaking],
  ])('%s lets nobody in, and ends by itself', async (_, answer) => {
    issuer.answer = answer;
    const lines = await logged(async () => unavailable(await me(await sign('k1'))));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^warn [0-9a-f-]{36} AuthUnavailable: the issuer's keys cannot be had: /);
    issuer.answer = up;
    expect((await me(await sign('k1'))).status).toBe(200);
  });

  test('keys fetched before hold for a while, and then no longer', async () => {
    await me(await sign('k1'));
    issuer.answer = failing;
    expect((await me(await sign('k1'))).status).toBe(200);
    later(JWKS_MAX_AGE_MS + 1);
    await unavailable(await me(await sign('k1')));
  });

  test('what needs no key is refused without asking', async () => {
    issuer.answer = failing;
    expect((await me('not-a-token')).status).toBe(401);
    expect((await fetch(`${served.base}/api/v1/open`)).status).toBe(200);
    expect(issuer.asked).toBe(0);
  });
});
