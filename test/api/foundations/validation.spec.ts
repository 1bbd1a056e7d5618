import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LocalIssuer } from '../../../src/api/auth/local-issuer.js';
import { MAX_FIELD_ERRORS } from '../../../src/api/http/pipe.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { bearer, json, NOW, OFFICE, type Served, serveLocally } from './support.js';

const folder = temporaryFolder();
let served: Served & { readonly issuer: LocalIssuer };
let headers: Record<string, string>;

beforeAll(async () => {
  served = await serveLocally(folder);
  headers = { ...bearer(await served.issuer.issueToken(OFFICE, NOW)), 'content-type': 'application/json' };
});
afterAll(() => served.close());

const GOOD = {
  effectiveOn: '2024-02-29',
  period: '2026-Q2',
  value: '-99.70',
  planId: 'kh-1570-2025',
  code: '5.12.1.a',
  note: 'Điều chỉnh\n\tlần 1',
  legalBasis: { number: '1570/KH-UBND' },
  moves: [{ from: 'so-tttt', to: 'so-khcn' }],
};

const sent = (body: unknown) =>
  fetch(`${served.base}/api/v1/things`, { method: 'POST', headers, body: JSON.stringify(body) });

/** The fields that are refused when some of a good body is replaced. */
const refusedOf = async (body: unknown) => {
  const response = await sent(body);
  expect(response.status).toBe(400);
  const problem = await json(response);
  expect(problem['type']).toBe('urn:so-cai:problem:invalid-request');
  return problem['errors'] as { field: string; message: string }[];
};

test('a good body arrives as its class, with what was left out as null', async () => {
  const response = await sent(GOOD);
  expect(response.status).toBe(201);
  expect(await json(response)).toEqual({
    ...GOOD,
    legalBasis: { number: '1570/KH-UBND', date: null, clause: null },
    basis: true,
  });
});

describe('fields are named by their path, in plain words', () => {
  test('in a list', async () => {
    expect(await refusedOf({ ...GOOD, moves: [GOOD.moves[0], { from: 'Sở KH&CN' }] })).toEqual([
      { field: 'moves[1].from', message: "from is an agency's id, such as so-khcn" },
    ]);
  });

  test('and nothing is said of what is in a list that is too long: it is not looked at', async () => {
    const moves = Array.from({ length: 4_000 }, () => ({ from: 'Sở KH&CN' }));
    expect(await refusedOf({ ...GOOD, moves })).toEqual([
      { field: 'moves', message: expect.stringMatching(/^moves must contain no more than \d+ elements$/) },
    ]);
  });

  test('in an object', async () => {
    expect(await refusedOf({ ...GOOD, legalBasis: { number: '1', date: '2025-02-30' } })).toEqual([
      { field: 'legalBasis.date', message: 'date is a day that exists, such as 2025-12-31' },
    ]);
  });

  test('a field that there is not', async () => {
    expect(await refusedOf({ ...GOOD, moves: [{ from: 'so-tttt', fro: 'x' }], efectiveOn: '' })).toEqual(
      expect.arrayContaining([
        { field: 'moves[0].fro', message: 'There is no such field here.' },
        { field: 'efectiveOn', message: 'There is no such field here.' },
      ]),
    );
  });

  test.each<[string, unknown, string]>([
    ['an object that is a text', { ...GOOD, legalBasis: 'x' }, 'legalBasis'],
    ['an object that is a list', { ...GOOD, legalBasis: [] }, 'legalBasis'],
    ['a list in a list', { ...GOOD, moves: [[]] }, 'moves'],
    ['an object that is a list of one', { ...GOOD, legalBasis: [GOOD.legalBasis] }, 'legalBasis'],
    ['a list that is an object', { ...GOOD, moves: {} }, 'moves'],
    ['a list of texts', { ...GOOD, moves: ['so-tttt'] }, 'moves'],
    ['a list that is missing', { ...GOOD, moves: undefined }, 'moves'],
    ['a list as the body', [GOOD], 'body'],
    ['a text as the body', 'text', 'body'],
    ['a number as the body', 5, 'body'],
  ])('%s', async (_, body, field) => {
    expect((await refusedOf(body)).map((error) => error.field)).toContain(field);
  });

  test('an answer names only so many', async () => {
    const moves = Array.from({ length: 500 }, () => ({ from: '' }));
    expect(await refusedOf({ ...GOOD, moves })).toHaveLength(MAX_FIELD_ERRORS);
  });
});

test.each<[keyof typeof GOOD, unknown[]]>([
  ['effectiveOn', ['2025-02-29', '2025-13-01', '20250101', '2025-01-01T00:00:00Z', 20250101, null, '']],
  ['period', ['2026-Q5', '2026-H3', '2026-13', '26', '2026-02-30', 2026]],
  ['value', ['1,5', '1e5', 'NaN', 99.7, '', ' 1', '9'.repeat(31)]],
  ['planId', ['KH-1570', 'kh--1', '-kh', 'kh/1', 'kế-hoạch', 'a'.repeat(65), 'a\n']],
  ['code', ['7/1', '7@1', '7#1', '', '.7', ' 7', 'a'.repeat(65)]],
  ['note', ['x'.repeat(21), 'a\u0000', 'a\u001b[0m', 'a\r\nb', '\ud800', 'a\u0085', 7]],
])('%s refuses what it must', async (field, values) => {
  for (const value of values) {
    const fields = (await refusedOf({ ...GOOD, [field]: value })).map((error) => error.field);
    expect([value, fields]).toEqual([value, [field]]);
  }
});
