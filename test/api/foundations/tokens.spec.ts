import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exportJWK, generateKeyPair, importJWK, type JWK, type JWTHeaderParameters, SignJWT } from 'jose';
import { CLOCK_TOLERANCE_SECONDS } from '../../../src/api/auth/authenticator.js';
import { DamagedIssuer, type LocalIssuer, openLocalIssuer } from '../../../src/api/auth/local-issuer.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { bearer, json, logged, NOW, OFFICE, type Served, serveLocally } from './support.js';

const folder = temporaryFolder();
const others = temporaryFolder();
let served: Served & { readonly issuer: LocalIssuer };
let secret: JWK;

beforeAll(async () => {
  served = await serveLocally(folder);
  secret = JSON.parse(readFileSync(join(folder, 'issuer.json'), 'utf8')) as JWK;
});
afterAll(() => served.close());

const me = (token: string) => fetch(`${served.base}/api/v1/me`, { headers: bearer(token) });
const seconds = (instant: string) => Date.parse(instant) / 1000;

const CLAIMS = { iss: 'urn:so-cai:local', aud: 'so-cai', sub: 'u-17', name: 'Hà', role: 'office' };

/** A token signed with the local key, with claims of the test's own. */
const signed = async (claims: object, header: Partial<JWTHeaderParameters> = {}): Promise<string> =>
  new SignJWT({ ...CLAIMS, exp: seconds(NOW) + 60, ...claims })
    .setProtectedHeader({ alg: 'EdDSA', kid: String(secret.kid), ...header })
    .sign(await importJWK(secret, 'EdDSA'));

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('the local issuer', () => {
  test('a token says who asks', async () => {
    const token = await served.issuer.issueToken({ ...OFFICE, role: 'reporter', agency: 'so-khcn' }, NOW);
    const response = await me(token);
    expect(response.status).toBe(200);
    expect(await json(response)).toEqual({
      subject: 'u-17',
      name: 'Nguyễn Thị Hà',
      role: 'reporter',
      agencyId: 'so-khcn',
    });
  });

  test('its key is kept in a file for its owner alone, and nothing lies beside it', () => {
    expect(statSync(join(folder, 'issuer.json')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['issuer.json']);
  });

  test('its key outlives a restart', async () => {
    const again = await openLocalIssuer(folder);
    expect((await me(await again.issueToken(OFFICE, NOW))).status).toBe(200);
  });

  test('two that start at once take one key', async () => {
    const fresh = join(others, 'twice');
    const files = () => readFileSync(join(fresh, 'issuer.json'), 'utf8');
    const opened = await Promise.all([1, 2, 3, 4].map(() => openLocalIssuer(fresh)));
    const key = JSON.parse(files()) as JWK;
    for (const issuer of opened) {
      const token = await issuer.issueToken(OFFICE, NOW);
      const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as JWK;
      expect(header.kid).toBe(key.kid);
    }
    expect(readdirSync(fresh)).toEqual(['issuer.json']);
  });

  test('a damaged key is not replaced in silence', async () => {
    const damaged = join(others, 'damaged');
    await openLocalIssuer(damaged);
    writeFileSync(join(damaged, 'issuer.json'), '{"kty":"OKP"');
    await expect(openLocalIssuer(damaged)).rejects.toThrow(DamagedIssuer);
  });

  test('what could not be used is not issued', async () => {
    await expect(served.issuer.issueToken({ ...OFFICE, role: 'reporter' }, NOW)).rejects.toThrow(RangeError);
    await expect(served.issuer.issueToken({ ...OFFICE, role: 'system' }, NOW)).rejects.toThrow(RangeError);
    await expect(served.issuer.issueToken({ ...OFFICE, ttlSeconds: 0 }, NOW)).rejects.toThrow(RangeError);
  });
});

describe('what is refused', () => {
  const refused = async (response: Response) => {
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    const { instance, ...body } = await json(response);
    expect(instance).toMatch(/^urn:uuid:[0-9a-f-]{36}$/);
    // The same words whatever the reason.
    expect(body).toEqual({
      type: 'urn:so-cai:problem:unauthenticated',
      title: 'Not signed in',
      status: 401,
      detail: 'This needs a bearer token that is valid.',
    });
  };

  test('no token, and what is no bearer token', async () => {
    await refused(await fetch(`${served.base}/api/v1/me`));
    await refused(await fetch(`${served.base}/api/v1/me`, { headers: { authorization: 'Basic dTpw' } }));
    await refused(await fetch(`${served.base}/api/v1/me`, { headers: { authorization: 'Bearer a b' } }));
    await refused(await me('not-a-token'));
  });

  test.each<[string, object]>([
    ['another issuer', { iss: 'urn:other' }],
    ['another audience', { aud: 'other' }],
    ['no subject', { sub: undefined }],
    ['an empty subject', { sub: ' ' }],
    ['a subject that cannot be seen', { sub: '\u200B\u2060' }],
    ['a name that cannot be seen', { name: '\u3164' }],
    ['no name', { name: undefined }],
    ['no role', { role: undefined }],
    ['a role that there is not', { role: 'root' }],
    ['the role of the system itself', { role: 'system' }],
    ['a role that is no text', { role: ['admin'] }],
    ['a reporter without agency', { role: 'reporter' }],
    ['an agency that is no id', { role: 'reporter', agency: '../so-khcn' }],
    ['a name with a line end', { name: 'Hà\nadmin' }],
    ['a name with a lone surrogate', { name: '\ud800' }],
    ['no expiry', { exp: undefined }],
    ['not valid yet', { nbf: seconds(NOW) + CLOCK_TOLERANCE_SECONDS + 1 }],
  ])('%s', async (_, claims) => {
    await refused(await me(await signed(claims)));
  });

  test('those claims alone are what is wrong', async () => {
    expect((await me(await signed({}))).status).toBe(200);
  });

  test('an expired token, beyond the tolerance', async () => {
    const token = await served.issuer.issueToken({ ...OFFICE, ttlSeconds: 60 }, NOW);
    const at = (offset: number) => new Date(Date.parse(NOW) + offset * 1000).toISOString();
    try {
      served.clock.at = at(60 + CLOCK_TOLERANCE_SECONDS - 1);
      expect((await me(token)).status).toBe(200);
      served.clock.at = at(60 + CLOCK_TOLERANCE_SECONDS + 1);
      await refused(await me(token));
    } finally {
      served.clock.at = NOW;
    }
  });

  test('alg none', async () => {
    const body = encoded({ ...CLAIMS, exp: seconds(NOW) + 60 });
    await refused(await me(`${encoded({ alg: 'none' })}.${body}.`));
    await refused(await me(`${encoded({ alg: 'None' })}.${body}.`));
  });

  test('HS256 with the public key as the secret', async () => {
    const { d: _, ...publicKey } = secret;
    for (const key of [
      String(publicKey.x),
      JSON.stringify(publicKey),
      Buffer.from(String(publicKey.x), 'base64url'),
    ]) {
      const head = `${encoded({ alg: 'HS256', kid: secret.kid })}.${encoded({ ...CLAIMS, exp: seconds(NOW) + 60 })}`;
      await refused(await me(`${head}.${createHmac('sha256', key).update(head).digest('base64url')}`));
    }
  });

  test('a tampered payload, header or signature', async () => {
    const [head, , signature] = (await signed({})).split('.');
    const claims = encoded({ ...CLAIMS, role: 'admin', exp: seconds(NOW) + 60 });
    await refused(await me(`${head}.${claims}.${signature}`));
    const [, body] = (await signed({})).split('.');
    await refused(await me(`${head}.${body}.${'A'.repeat(86)}`));
  });

  test('a key that the token brings along', async () => {
    const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true });
    const forged = (header: object) =>
      new SignJWT({ ...CLAIMS, role: 'admin', exp: seconds(NOW) + 60 })
        .setProtectedHeader({ alg: 'EdDSA', ...header })
        .sign(privateKey);
    const jwk = await exportJWK(publicKey);
    await refused(await me(await forged({ jwk })));
    await refused(await me(await forged({ jwk, kid: secret.kid })));
    await refused(await me(await forged({ jku: `${served.base}/keys`, kid: secret.kid })));
    await refused(await me(await forged({ x5u: `${served.base}/keys`, kid: secret.kid })));
  });

  test('the log says why, under the request id, and never the token', async () => {
    const token = await signed({ aud: 'other' });
    let instance = '';
    const lines = await logged(async () => {
      instance = String((await json(await me(token)))['instance']);
    });
    expect(lines).toEqual([
      `debug ${instance.slice('urn:uuid:'.length)} Unauthenticated: the token was refused: unexpected "aud" claim value`,
    ]);
  });
});

describe('who may ask', () => {
  const log = async (role: 'admin' | 'auditor' | 'office') =>
    fetch(`${served.base}/api/v1/log`, {
      headers: bearer(await served.issuer.issueToken({ ...OFFICE, role }, NOW)),
    });

  test('a public route needs no token', async () => {
    expect((await fetch(`${served.base}/api/v1/open`)).status).toBe(200);
  });

  test('a route for some roles refuses the others', async () => {
    expect((await log('auditor')).status).toBe(200);
    expect((await log('admin')).status).toBe(200);
    const response = await log('office');
    expect(response.status).toBe(403);
    expect(await json(response)).toMatchObject({
      type: 'urn:so-cai:problem:forbidden',
      detail: 'The role office may not do this.',
    });
  });

  test('a route that does not say who may ask is closed to everyone', async () => {
    for (const role of ['admin', 'office', 'auditor', 'reporter'] as const) {
      const grant = { ...OFFICE, role, agency: 'so-khcn' };
      const token = await served.issuer.issueToken(grant, NOW);
      const response = await fetch(`${served.base}/api/v1/closed`, { headers: bearer(token) });
      expect([role, response.status]).toEqual([role, 403]);
    }
  });
});
