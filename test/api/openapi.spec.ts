import { beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { REQUESTS } from '../../src/api/bodies/examples.js';
import type { OpenApi } from '../support/openapi.js';
import { ADMIN, at, konTumServer } from '../support/server.js';

const server = konTumServer();

type Node = Readonly<Record<string, unknown>>;

let document: OpenApi;
beforeAll(async () => {
  document = await server.get<OpenApi>('/docs/openapi.json');
});

/** Every object of the document but those that are examples, by where it stands. */
const objectsOf = (value: unknown, place = '#'): (readonly [place: string, object: Node])[] => {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.entries(value).flatMap(([key, part]) =>
    key === 'example' ? [] : objectsOf(part, `${place}/${key}`),
  );
  return Array.isArray(value) ? inside : [[place, value as Node], ...inside];
};

const schemas = (): Readonly<Record<string, Node>> => document.components.schemas as Record<string, Node>;

it('stands at one address', async () => {
  const statuses = ['/docs/openapi.json', '/docs-json', '/docs-yaml', '/docs/yaml'].map(
    async (path) => (await fetch(`${server.url}${path}`)).status,
  );
  expect(await Promise.all(statuses)).toEqual([200, 404, 404, 404]);
});

it('calls no operation by what it is called in the code', () => {
  const ids = Object.values(document.paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  );
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(expect.arrayContaining(['plansList', 'indicatorsReport', 'measurementsAccept']));
  expect(ids.filter((id) => !/^[a-z]+[A-Z][A-Za-z]*$/.test(id) || id.includes('Controller'))).toEqual([]);
});

it('says where the product stands and under which licence', () => {
  expect(document.servers).toEqual([{ url: '/' }]);
  expect(document.info.license?.name).toBe('Apache 2.0');
});

describe('a schema of the document', () => {
  it('says of what type it is where null is taken too', () => {
    const nullable = objectsOf(document).filter(([, object]) => object['nullable'] === true);
    expect(nullable.length).toBeGreaterThan(50);
    expect(nullable.filter(([, { type }]) => typeof type !== 'string').map(([place]) => place)).toEqual([]);
    // What must fit a part that is no null cannot be one.
    expect(nullable.filter(([, object]) => 'allOf' in object).map(([place]) => place)).toEqual([]);
  });

  it('says what an object holds: a client could give nothing otherwise', () => {
    const said = ['properties', 'additionalProperties', 'enum'];
    const objects = objectsOf(document).filter(([, { type }]) => type === 'object');
    expect(objects.length).toBeGreaterThan(100);
    expect(
      objects.filter(([, object]) => !said.some((key) => key in object)).map(([place]) => place),
    ).toEqual([]);
  });

  it('that stands in itself has a name wherever it goes round', () => {
    const byName = (object: unknown): readonly string[] =>
      objectsOf(object).flatMap(([, { $ref }]) =>
        typeof $ref === 'string' ? [$ref.replace('#/components/schemas/', '')] : [],
      );
    const reached = (name: string, seen = new Set<string>()): ReadonlySet<string> => {
      for (const next of byName(schemas()[name])) if (!seen.has(next)) reached(next, seen.add(next));
      return seen;
    };
    const round = Object.keys(schemas()).filter((name) => reached(name).has(name));
    expect(round.sort()).toEqual(['Criterion', 'CriterionAll', 'CriterionPart']);
  });

  it('has no name that a generator gives to a property of another', () => {
    const given = Object.entries(schemas()).flatMap(([name, { properties = {} }]) =>
      Object.entries(properties as Record<string, Node>).flatMap(([property, { $ref }]) =>
        $ref === undefined ? [`${name}${property.charAt(0).toUpperCase()}${property.slice(1)}`] : [],
      ),
    );
    expect(given.filter((name) => name in schemas())).toEqual([]);
  });

  it('is used where it is named', () => {
    const used = new Set(objectsOf(document).map(([, { $ref }]) => $ref));
    const unused = Object.keys(schemas()).filter((name) => !used.has(`#/components/schemas/${name}`));
    expect(unused).toEqual([]);
  });
});

/** What requests are made of: the parameters, and the bodies with all that they name. */
const asked = (): (readonly [place: string, object: Node])[] => {
  const seen = new Set<string>();
  const whole = (object: unknown, place: string): (readonly [string, Node])[] =>
    objectsOf(object, place).flatMap(([inside, one]) => {
      const { $ref } = one;
      if (typeof $ref !== 'string' || seen.has($ref)) return [[inside, one]];
      seen.add($ref);
      const name = $ref.replace('#/components/schemas/', '');
      return whole(schemas()[name], name);
    });
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.values(methods).flatMap(({ parameters, requestBody }) => [
      ...(parameters ?? []).flatMap(({ name, schema }) => whole(schema, `${path} ${name}`)),
      ...whole(requestBody, path),
    ]),
  );
};

const bodyOf = (operation: string): Node => {
  const [method = '', path = ''] = operation.split(' ');
  const { requestBody } = document.paths[`/api/v1${path}`]?.[method.toLowerCase()] ?? {};
  return (requestBody?.content['application/json']?.schema ?? {}) as Node;
};

const isTaken = (schema: Node): ValidateFunction => {
  const ajv = new Ajv({ strict: false });
  formats.default(ajv);
  return ajv.compile({ ...schema, components: document.components });
};

const refusedBy = (schema: Node, values: readonly unknown[]): readonly unknown[] => {
  const takes = isTaken(schema);
  return values.filter((value) => !takes(value));
};

describe('of a request the document', () => {
  it('says what every text is held to', () => {
    const texts = asked().filter(([, { type }]) => type === 'string');
    expect(texts.length).toBeGreaterThan(200);
    const limits = ['enum', 'pattern', 'format', 'maxLength'];
    expect(
      texts.filter(([, text]) => !limits.some((limit) => limit in text)).map(([place]) => place),
    ).toEqual([]);
  });

  it('tells in words what every parameter is', () => {
    const silent = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.values(methods).flatMap(({ parameters = [] }) =>
        parameters.filter(({ description }) => !description).map(({ name }) => `${path} ${name}`),
      ),
    );
    expect(silent).toEqual([]);
  });

  it('says how long every list may be', () => {
    const lists = asked().filter(([, { type }]) => type === 'array');
    expect(lists.length).toBeGreaterThan(10);
    expect(lists.filter(([, list]) => !('maxItems' in list)).map(([place]) => place)).toEqual([]);
  });

  it('takes every example', () => {
    const refused = Object.entries(REQUESTS).flatMap(([operation, { body }]) => {
      const takes = isTaken(bodyOf(operation));
      return body === undefined || takes(body) ? [] : [[operation, takes.errors]];
    });
    expect(refused).toEqual([]);
  });

  it.each<[operation: string, taken: object, not: object]>([
    ['POST /tasks/{id}/drop', { legalBasis: null }, { legalBasis: {} }],
    ['POST /indicators/{id}/rewording', { formula: null }, { formula: [] }],
    [
      'POST /indicators/{id}/targets/reading',
      { criterion: { kind: 'rising' } },
      { criterion: { kind: 'up' } },
    ],
    ['POST /imports', { files: {} }, { files: { 'plans.csv': 1 } }],
  ])('to %s says what a part of it can be', (operation, taken, not) => {
    const example = REQUESTS[operation]?.body;
    expect(
      refusedBy(bodyOf(operation), [
        { ...example, ...taken },
        { ...example, ...not },
      ]),
    ).toEqual([{ ...example, ...not }]);
  });

  it('asks for the legal basis where nothing is recorded without one', async () => {
    const needing = Object.keys(REQUESTS).filter((operation) => {
      const { $ref } = bodyOf(operation);
      const { required } = schemas()[String($ref).replace('#/components/schemas/', '')] ?? {};
      return Array.isArray(required) && required.includes('legalBasis');
    });
    expect(needing.sort()).toEqual([
      'POST /agencies/{id}/dissolution',
      'POST /agencies/{id}/renaming',
      'POST /indicators/{id}/targets/withdrawal',
      'POST /plans/{planId}/amendments',
      'POST /plans/{planId}/supersession',
      'POST /reorganizations',
      'POST /reorganizations/{id}/revocation',
    ]);
    for (const operation of needing) {
      const { id = '', body, follows } = REQUESTS[operation] ?? {};
      if (follows) continue;
      const path = operation.replace('POST ', '').replace(/\{\w+\}/, at(id));
      const { code } = await server.refused(422, path, { ...body, legalBasis: undefined });
      expect([operation, code]).toEqual([operation, 'LegalBasisMissing']);
    }
  });

  const parameter = (path: string, name: string): Node =>
    (document.paths[`/api/v1${path}`]?.['get']?.parameters?.find((one) => one.name === name)?.schema ??
      {}) as Node;

  it.each<[path: string, name: string, taken: readonly string[], not: readonly string[]]>([
    [
      '/plans/{planId}/status',
      'knownAt',
      ['@00000000000000000042', '2026-01-15T00:00Z', '2026-01-15T00:00:00.123456789+07:00'],
      ['2026-01-15', '@42', 'now', ' 2026-01-15T00:00Z'],
    ],
    ['/plans/{planId}/status', 'after', ['0'.repeat(20)], ['1', '0'.repeat(21)]],
    ['/plans/{planId}/status', 'agency', ['so-khcn', 'a'.repeat(64)], ['a'.repeat(65), 'Sở', 'a--b', '']],
    ['/plans/{planId}/status', 'q', ['', 'ạ'.repeat(200), '❤️'.repeat(200)], ['x'.repeat(401)]],
    ['/plans/{planId}/status', 'section', ['t/I', '😀'.repeat(32)], ['', 'x'.repeat(65)]],
    ['/plans/{planId}/status', 'milestone', ['2030', 'open'], ['yearly', '30']],
    [
      '/measurements',
      'period',
      ['2026', '2026-H1', '2026-Q4', '2026-06', '2026-12-31'],
      ['2026-H3', '2026-13', '2026-06-32', '26', '2026-Q1-01'],
    ],
    ['/agencies/{id}/portfolio', 'status', ['on-track', 'waiting'], ['unknown']],
    ['/agencies/{id}', 'id', ['x'.repeat(300)], ['x'.repeat(301)]],
  ])('of %s says of %s what is taken there', async (path, name, taken, not) => {
    expect(refusedBy(parameter(path, name), [...taken, ...not])).toEqual(not);
    for (const [values, isGood] of [
      [taken, true],
      [not, false],
    ] as const)
      for (const value of values) {
        const there = path
          .replace('{planId}', 'kh-1570-2025')
          .replace('{id}', name === 'id' ? value : 'so-khcn');
        const query = name === 'id' ? '' : `?${name}=${encodeURIComponent(value)}`;
        const { status } = await server.send('GET', `${there}${query}`, { who: ADMIN });
        expect([value, [400, 414].includes(status)]).toEqual([value, !isGood]);
      }
  });
});

describe('of an answer the document', () => {
  const responses = (path: string, method: string) => {
    const { responses: all } = document.paths[`/api/v1${path}`]?.[method] ?? {};
    return all ?? {};
  };

  it('says how an address with an id is refused, and a write that takes no body', () => {
    expect(responses('/plans/{planId}', 'get')[414]).toEqual({
      $ref: '#/components/responses/AddressTooLong',
    });
    expect(Object.keys(responses('/projections/{name}/rebuild', 'post'))).toEqual(
      expect.arrayContaining(['408', '413', '414', '415']),
    );
  });

  it('and the server say the same of them', async () => {
    const rebuild = '/projections/plan-overview.v1/rebuild';
    const text = { 'content-type': 'text/plain' };
    const long = `/plans/${'x'.repeat(301)}`;
    expect((await server.post(rebuild, 'x', ADMIN, text)).status).toBe(415);
    expect((await server.post(rebuild, { x: 'x'.repeat(1_100_000) }, ADMIN)).status).toBe(413);
    expect((await server.send('GET', long, { who: ADMIN })).status).toBe(414);
    const { status, headers } = await fetch(`${server.url}/api/v1/plans`, { method: 'DELETE' });
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
  });

  it('names the headers that are sent with it', () => {
    const headersOf = (name: string) => Object.keys(document.components.responses[name]?.headers ?? {});
    expect(headersOf('ChangedSince')).toContain('ETag');
    expect(headersOf('TooMany')).toEqual(expect.arrayContaining(['Retry-After', 'RateLimit-Reset']));
    expect(headersOf('NotSignedIn')).toEqual(['WWW-Authenticate']);
    expect(responses('/plans/{planId}', 'get')[200]).toHaveProperty(['headers', 'RateLimit-Limit']);
    expect(responses('/plans/{planId}', 'get')[200]).toHaveProperty(['headers', 'ETag']);
  });

  it('names the ETag wherever a write may have it', () => {
    const without = Object.entries(document.paths).flatMap(([path, { post }]) =>
      Object.entries(post?.responses ?? {}).flatMap(([status, response]) =>
        JSON.stringify(response).includes('/AnswerBody"') && !JSON.stringify(response).includes('/ETag"')
          ? [`${path} ${status}`]
          : [],
      ),
    );
    expect(without).toEqual([]);
  });

  /** A schema inside of one that has a name. */
  const inside = (name: string, path: string): Node =>
    path.split('.').reduce<Node>((schema, key) => schema[key] as Node, schemas()[name] ?? {});

  it.each<[schema: string, path: string, taken: readonly unknown[], not: readonly unknown[]]>([
    ['AnswerBody', 'properties.position', ['0'.repeat(20), null], ['1']],
    ['AnswerBody', 'properties.eventIds.items', ['049f5717-3b53-5e25-a807-3efbc811610e'], ['x']],
    ['AnswerBody', 'properties.laterEntries.items', ['2026-01-01'], ['x']],
    ['Access', 'properties.readAt', ['0'.repeat(20), null], ['x']],
    ['Effect', 'properties.from', ['on-track', 'overdue', null], ['x']],
    ['Effect', 'properties.to', ['on-track', 'overdue', null], ['x']],
    ['AuditEntry', 'properties.moves', [[{ from: null, to: 'so-khcn' }], null], ['x', [{ from: 'x' }]]],
    ['AuditEntry', 'properties.subject', [{ kind: 'plan', id: 'x' }], [{ kind: 'x', id: 'x' }]],
    ['Preview', 'properties.unallocated.items.properties.role', ['lead'], ['x']],
  ])('says of %s what its %s can be', (name, path, taken, not) => {
    expect(refusedBy(inside(name, path), [...taken, ...not])).toEqual(not);
  });

  it('says each refusal once, and no other', () => {
    const used = new Set(objectsOf(document).map(([, { $ref }]) => $ref));
    const { responses: refusals, headers } = document.components;
    const unused = [
      ...Object.keys(refusals).map((name) => `#/components/responses/${name}`),
      ...Object.keys(headers).map((name) => `#/components/headers/${name}`),
    ].filter((name) => !used.has(name));
    expect(unused).toEqual([]);
  });
});
