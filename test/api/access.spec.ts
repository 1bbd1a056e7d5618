import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeyPair, importJWK, type JWK, type JWTHeaderParameters, SignJWT } from 'jose';
import { CLOCK_TOLERANCE_SECONDS } from '../../src/api/auth/authenticator.js';
import { LOCAL_AUDIENCE, LOCAL_ISSUER } from '../../src/api/auth/local-issuer.js';
import { API } from '../../src/serve.js';
import { wholeLog } from '../support/ledger.js';
import { type OpenApi, operationsOf } from '../support/openapi.js';
import {
  ADMIN,
  AUDITOR,
  at,
  konTumServer,
  LOADED_AT,
  OFFICE,
  type Problem,
  type Who,
} from '../support/server.js';
import {
  COORDINATING,
  FORMER,
  FUTURE,
  foundAgencies,
  foundWorld,
  LEAD,
  OTHER,
  READS,
  WRITES,
} from '../support/small-province.js';

const CALLERS = {
  admin: ADMIN,
  office: OFFICE,
  auditor: AUDITOR,
  lead: LEAD,
  coordinating: COORDINATING,
  former: FORMER,
  future: FUTURE,
  other: OTHER,
} satisfies Record<string, Who>;

type Caller = keyof typeof CALLERS;
const NAMES = Object.keys(CALLERS) as Caller[];
const REPORTERS = ['lead', 'coordinating', 'former', 'future', 'other'] as const;

/** The status that each caller with a good token is answered, and the one of every caller without. */
type Expected = Readonly<Record<Caller, number>> & { readonly nobody: number };

const row = (
  nobody: number,
  [admin, office, auditor]: readonly [number, number, number],
  [lead, coordinating, former, future, other]: readonly [number, number, number, number, number],
): Expected => ({ nobody, admin, office, auditor, lead, coordinating, former, future, other });

const ALL = [200, 200, 200, 200, 200] as const;
const NONE = [403, 403, 403, 403, 403] as const;
const PUBLIC = row(200, [200, 200, 200], ALL);
const EVERYONE = row(401, [200, 200, 200], ALL);
const STAFF = row(401, [200, 200, 200], NONE);
const INSPECTION = row(401, [200, 403, 200], NONE);
const ENTERING = row(401, [201, 201, 403], NONE);
const REPORTING = row(401, [201, 201, 403], [201, 403, 403, 403, 403]);

/** Who may ask what: every operation of the OpenAPI document, each caller. */
const EXPECTED: Readonly<Record<string, Expected>> = {
  'GET /health/live': PUBLIC,
  'GET /health/ready': PUBLIC,
  'GET /plans': EVERYONE,
  'GET /plans/{planId}': EVERYONE,
  'GET /plans/{planId}/status': EVERYONE,
  'GET /plans/{planId}/audit': EVERYONE,
  'GET /plans/{planId}/tasks': EVERYONE,
  'GET /plans/{planId}/events': INSPECTION,
  'GET /indicators/{id}': EVERYONE,
  'GET /indicators/{id}/history': EVERYONE,
  'GET /tasks/{id}': EVERYONE,
  'GET /tasks/{id}/history': EVERYONE,
  'GET /agencies': EVERYONE,
  'GET /agencies/{id}': EVERYONE,
  'GET /agencies/{id}/history': EVERYONE,
  'GET /agencies/{id}/portfolio': EVERYONE,
  'GET /measurements': EVERYONE,
  // A figure of the lead that is not accepted.
  'GET /measurements/{mid}': row(401, [200, 200, 200], [200, 404, 404, 404, 404]),
  'GET /reorganizations': EVERYONE,
  'GET /reorganizations/{id}': EVERYONE,
  'GET /status': EVERYONE,
  'GET /events': INSPECTION,
  'GET /access-log': INSPECTION,
  'GET /stream': STAFF,
  'GET /projections': INSPECTION,
  'GET /metrics': STAFF,
  'POST /plans': ENTERING,
  'POST /plans/{planId}/indicators': ENTERING,
  'POST /plans/{planId}/tasks': ENTERING,
  'POST /plans/{planId}/opening': ENTERING,
  'POST /plans/{planId}/amendments': ENTERING,
  'POST /plans/{planId}/supersession': ENTERING,
  'POST /plans/{planId}/closure': ENTERING,
  'POST /indicators/{id}/targets': ENTERING,
  'POST /indicators/{id}/targets/reading': ENTERING,
  'POST /indicators/{id}/targets/withdrawal': ENTERING,
  'POST /indicators/{id}/assignments': ENTERING,
  'POST /indicators/{id}/baseline': ENTERING,
  'POST /indicators/{id}/benchmarks': ENTERING,
  'POST /indicators/{id}/rewording': ENTERING,
  'POST /indicators/{id}/measurements': REPORTING,
  'POST /indicators/{id}/drop': ENTERING,
  'POST /measurements/{mid}/acceptance': ENTERING,
  'POST /measurements/{mid}/return': ENTERING,
  'POST /measurements/{mid}/correction': REPORTING,
  'POST /measurements/{mid}/retraction': REPORTING,
  'POST /tasks/{id}/progress': REPORTING,
  'POST /tasks/{id}/condition': ENTERING,
  'POST /tasks/{id}/completion': ENTERING,
  'POST /tasks/{id}/reopening': ENTERING,
  'POST /tasks/{id}/deadline': ENTERING,
  'POST /tasks/{id}/assignments': ENTERING,
  'POST /tasks/{id}/drop': ENTERING,
  'POST /agencies': ENTERING,
  'POST /agencies/{id}/aliases': ENTERING,
  'POST /agencies/{id}/renaming': ENTERING,
  'POST /agencies/{id}/members': ENTERING,
  'POST /agencies/{id}/dissolution': ENTERING,
  'POST /reorganizations': ENTERING,
  'POST /reorganizations/{id}/revocation': ENTERING,
  'POST /imports': row(401, [200, 200, 403], NONE),
  'POST /projections/{name}/rebuild': row(401, [202, 403, 403], NONE),
};

const server = konTumServer({ load: false });
const NOW = Date.parse(LOADED_AT) / 1_000;
const CLAIMS = {
  iss: LOCAL_ISSUER,
  aud: LOCAL_AUDIENCE,
  sub: 'hoa',
  name: 'Hoa',
  role: 'admin',
  exp: NOW + 600,
};
const TOO_FAR = CLOCK_TOLERANCE_SECONDS + 1;

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Authorization of callers who are nobody, though each asks as an admin. */
const nobodies = async (): Promise<Record<string, string | null>> => {
  const secret = JSON.parse(await readFile(join(server.folder, 'issuer.json'), 'utf8')) as JWK;
  const { d: _, ...publicKey } = secret;
  const kid = String(secret.kid);
  const own = await importJWK(secret, 'EdDSA');
  const foreign = await generateKeyPair('EdDSA', { extractable: true });
  const signed = (claims: object, header: Partial<JWTHeaderParameters> = {}, key = own) =>
    new SignJWT({ ...CLAIMS, ...claims }).setProtectedHeader({ alg: 'EdDSA', kid, ...header }).sign(key);
  const hs256 = `${encoded({ alg: 'HS256', kid })}.${encoded(CLAIMS)}`;
  const mac = createHmac('sha256', JSON.stringify(publicKey)).update(hs256).digest('base64url');
  const tokens = {
    malformed: 'not-a-token',
    expired: await signed({ exp: NOW - TOO_FAR }),
    'not valid yet': await signed({ nbf: NOW + TOO_FAR }),
    'of another issuer': await signed({ iss: 'urn:other' }),
    'for another audience': await signed({ aud: 'other' }),
    'alg none': `${encoded({ alg: 'none' })}.${encoded(CLAIMS)}.`,
    'HS256 with the public key': `${hs256}.${mac}`,
    'signed with another key': await signed({}, {}, foreign.privateKey),
    'of a role there is not': await signed({ role: 'root' }),
    'of the system': await signed({ role: 'system' }),
    'of a reporter without agency': await signed({ role: 'reporter' }),
  };
  const bearers = Object.entries(tokens).map(([name, token]) => [name, `Bearer ${token}`] as const);
  return { 'without a token': null, 'with a password': 'Basic aG9hOmhvYQ==', ...Object.fromEntries(bearers) };
};

/** One request; the answer's body is read unless it never ends. */
const ask = async (method: string, path: string, authorization: string | null, body?: object) => {
  const response = await fetch(`${server.url}/${API}${path}`, {
    method,
    headers: {
      ...(authorization === null ? {} : { authorization }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const endless = response.headers.get('content-type')?.startsWith('text/event-stream');
  if (endless) await response.body?.cancel();
  return { status: response.status, text: endless ? '' : await response.text() };
};

/** How much people have written; what the system does because of a decree comes when it comes. */
const written = async (): Promise<number> =>
  (await wholeLog(server.ledger.events)).filter(({ metadata }) => metadata.actor.role !== 'system').length;

const bearerOf = async (who: Who) => (await server.headersOf(who))['authorization'] ?? '';

/** What a request to an operation looks like in a world. */
const requestOf = (operation: string, world: string) => {
  const [method = '', path = ''] = operation.split(' ');
  const write = WRITES[path];
  if (method === 'POST' && write) return { method, path: write.path(world), body: write.body(world) };
  const read = READS[path];
  if (method === 'GET' && read) return { method, path: read(world) };
  throw new Error(`${operation} has no example`);
};

/** What has no revision for If-Match to name. */
const WITHOUT_REVISION: readonly string[] = ['/imports', '/projections/{name}/rebuild'];

/** Worlds of those whose writes are let through; the others try theirs in the office's. */
const WORLDS: readonly string[] = ['admin', 'office', 'lead'];

beforeAll(async () => {
  await foundAgencies(server);
  for (const world of WORLDS) await foundWorld(server, world);
  await server.ledger.progress.reached(server.ledger.progress.names(), await server.head(), 20_000);
});

describe('the table of who may ask what', () => {
  it('names every operation of the OpenAPI document, and nothing else', async () => {
    const operations = operationsOf(await server.get<OpenApi>('/docs/openapi.json'));
    expect(Object.keys(EXPECTED).sort()).toEqual(
      operations.map(({ method, path }) => `${method} ${path}`).sort(),
    );
    for (const expected of Object.values(EXPECTED))
      expect(Object.keys(expected)).toHaveLength(NAMES.length + 1);
  });

  it('is told by the document: where a token is needed, and how a write may be repeated', async () => {
    for (const { method, path, statuses, headers, body } of operationsOf(
      await server.get<OpenApi>('/docs/openapi.json'),
    )) {
      const { nobody } = EXPECTED[`${method} ${path}`] as Expected;
      const refused = [401, 403].filter((status) => statuses.includes(status));
      expect([path, refused]).toEqual([path, nobody === 401 ? [401, 403] : []]);
      const repeated = [statuses.includes(409), headers.includes('Idempotency-Key')];
      expect([path, ...repeated]).toEqual([path, method === 'POST', method === 'POST']);
      expect([path, statuses.includes(422)]).toEqual([path, body !== null]);
      const revised = method === 'POST' && !WITHOUT_REVISION.includes(path);
      expect([path, statuses.includes(412), headers.includes('If-Match')]).toEqual([path, revised, revised]);
      expect([path, statuses.includes(404)]).toEqual([path, path.includes('{')]);
    }
  });
});

// Reading comes first: what is written later accepts and corrects the figures that are read.
describe.each(Object.entries(EXPECTED))('%s', (operation, expected) => {
  it('answers nobody without a good token', async () => {
    const { method, path, body } = requestOf(operation, 'office');
    const before = await written();
    for (const [caller, authorization] of Object.entries(await nobodies())) {
      const { status, text } = await ask(method, path, authorization, body);
      expect({ caller, status }).toEqual({ caller, status: expected.nobody });
      if (status === 401)
        expect((JSON.parse(text) as Problem).type).toBe('urn:so-cai:problem:unauthenticated');
    }
    expect(await written()).toBe(before);
  });

  it('is refused to who may not, and leaves the log as it was', async () => {
    const before = await written();
    for (const caller of NAMES.filter((name) => expected[name] >= 400)) {
      const { method, path, body } = requestOf(operation, 'office');
      const { status, text } = await ask(method, path, await bearerOf(CALLERS[caller]), body);
      expect({ caller, status, text }).toEqual({
        caller,
        status: expected[caller],
        text: expect.any(String),
      });
      expect(text).not.toContain('"value"');
    }
    expect(await written()).toBe(before);
  });

  it('is let through for who may', async () => {
    for (const caller of NAMES.filter((name) => expected[name] < 400)) {
      const { method, path, body } = requestOf(operation, WORLDS.includes(caller) ? caller : 'office');
      const { status, text } = await ask(method, path, await bearerOf(CALLERS[caller]), body);
      const told = { caller, status, text: status === expected[caller] ? null : text };
      expect(told).toEqual({ caller, status: expected[caller], text: null });
    }
  });
});

describe('a figure that a reporter may not see', () => {
  const ROUTES = [
    'GET /measurements/{mid}',
    ...['acceptance', 'return', 'correction', 'retraction'].map((what) => `POST /measurements/{mid}/${what}`),
  ];

  const OF_OFFICE = 'kh-office/1@2021#1';

  it('is there', async () => {
    await server.write(`/indicators/${at('kh-office/1')}/measurements`, { period: '2021', value: '50' });
    await server.get(`/measurements/${at(OF_OFFICE)}?after=${await server.head()}`);
  });

  it.each(ROUTES)('is answered by %s as one that is not there', async (operation) => {
    const before = await written();
    // The office's own, which even the lead does not see; and none at all.
    const [hidden, absent] = [OF_OFFICE, OF_OFFICE.replace('2021', '2020')];
    for (const caller of REPORTERS) {
      const { method, path, body } = requestOf(operation, 'office');
      const authorization = await bearerOf(CALLERS[caller]);
      const answers = [];
      for (const id of [hidden, absent]) {
        const address = path.replace(/(?<=\/measurements\/)[^/]+/, at(id));
        const { status, text } = await ask(method, address, authorization, body);
        const told = text.replaceAll(id, '<id>').replace(/"instance":"[^"]*"/, '');
        answers.push({ caller, status, told });
      }
      expect(answers[0]).toEqual(answers[1]);
      expect([403, 404]).toContain(answers[0]?.status);
    }
    expect(await written()).toBe(before);
  });
});
