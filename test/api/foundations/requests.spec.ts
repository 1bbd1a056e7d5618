import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { LocalIssuer } from '../../../src/api/auth/local-issuer.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { ANSWER, bearer, json, NOW, OFFICE, type Served, serveLocally } from './support.js';

const folder = temporaryFolder();
let served: Served & { readonly issuer: LocalIssuer };
let headers: Record<string, string>;
let other: Record<string, string>;

beforeAll(async () => {
  served = await serveLocally(folder);
  headers = bearer(await served.issuer.issueToken(OFFICE, NOW));
  other = bearer(await served.issuer.issueToken({ ...OFFICE, subject: 'u-18' }, NOW));
});
afterAll(() => served.close());
beforeEach(() => {
  served.script.answer = ANSWER;
});

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const measured = (more: Record<string, string>, body?: string, id = 'kh-1570-2025%2F7.1') =>
  fetch(`${served.base}/api/v1/indicators/${id}/measurements`, {
    method: 'POST',
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...more },
    ...(body === undefined ? {} : { body }),
  });

const refused = async (response: Response, field: string) => {
  expect(response.status).toBe(400);
  expect((await json(response))['errors']).toEqual([{ field, message: expect.any(String) }]);
};

describe('the request', () => {
  test('without any of the headers', async () => {
    expect(await json(await measured({}))).toEqual({
      id: 'kh-1570-2025/7.1',
      actor: { subject: 'u-17', name: 'Nguyễn Thị Hà', role: 'office', agencyId: null },
      correlationId: expect.stringMatching(UUID),
      repeatable: null,
      ifMatch: null,
    });
  });

  test('takes the caller’s correlation id when it is a UUID', async () => {
    const of = async (text: string) =>
      (await json(await measured({ 'x-correlation-id': text })))['correlationId'];
    expect(await of('5F0C5C43-AAAA-4111-8111-111111111111')).toBe('5f0c5c43-aaaa-4111-8111-111111111111');
    expect(await of('mine')).toMatch(UUID);
    expect(await of('mine')).not.toBe(await of('mine'));
  });

  test('If-Match is the ETag of one revision', async () => {
    const of = async (text: string) => (await json(await measured({ 'if-match': text })))['ifMatch'];
    expect(await of('"0"')).toBe(0);
    expect(await of('"12"')).toBe(12);
    for (const text of [
      '*',
      '12',
      'W/"12"',
      '"1", "2"',
      '"01"',
      '"-1"',
      '"x"',
      '""',
      '"9999999999999999"',
      '',
    ])
      await refused(await measured({ 'if-match': text }), 'If-Match');
  });
});

describe('Idempotency-Key', () => {
  const BODY = '{"value":"1.50","note":"Đạt"}';
  const repeatable = async (more: Record<string, string>, body = BODY, id?: string) =>
    (await json(await measured(more, body, id)))['repeatable'] as { commandId: string; fingerprint: string };

  test('gives the same command and fingerprint again, whatever the order and spacing of the body', async () => {
    const first = await repeatable({ 'idempotency-key': 'k-1' });
    expect(first.commandId).toMatch(UUID);
    expect(first.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    const again = await repeatable(
      { 'idempotency-key': 'k-1' },
      '{ "note": "\\u0110\\u1ea1t",\n "value": "1.50" }',
    );
    expect(again).toEqual(first);
    expect(await repeatable({ 'idempotency-key': 'k-1' }, BODY, 'kh-1570-2025%2f7.1')).toEqual(first);
  });

  // What was stored before must be recognised by every later version.
  test('is derived as ever', async () => {
    expect(await repeatable({ 'idempotency-key': 'k-1' })).toEqual({
      commandId: 'a9004491-aa83-5e5b-90b4-cde0da157331',
      fingerprint: 'a5a772bc194b288feee0214bda753cc7410a1e111fd4e9b1836cafb1579de775',
    });
  });

  test('another body has another fingerprint, of the same command', async () => {
    const first = await repeatable({ 'idempotency-key': 'k-1' });
    const changed = await repeatable({ 'idempotency-key': 'k-1' }, '{"value":"1.5","note":"Đạt"}');
    expect(changed.commandId).toBe(first.commandId);
    expect(changed.fingerprint).not.toBe(first.fingerprint);
  });

  test('another key, caller or address is another command', async () => {
    const ids = [
      await repeatable({ 'idempotency-key': 'k-1' }),
      await repeatable({ 'idempotency-key': 'k-2' }),
      await repeatable({ 'idempotency-key': 'k-1', ...other }),
      await repeatable({ 'idempotency-key': 'k-1' }, BODY, 'kh-1570-2025%2F7.2'),
    ].map(({ commandId }) => commandId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('a request without a body has a fingerprint too', async () => {
    const response = await json(await measured({ 'idempotency-key': 'k-1' }));
    expect(response['repeatable']).toMatchObject({ fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  test('refuses what is no key', async () => {
    await refused(await measured({ 'idempotency-key': '' }), 'Idempotency-Key');
    await refused(await measured({ 'idempotency-key': 'x'.repeat(256) }), 'Idempotency-Key');
    await refused(await measured({ 'idempotency-key': 'caf\u00e9' }), 'Idempotency-Key');
    expect((await measured({ 'idempotency-key': 'x'.repeat(255) })).status).toBe(201);
  });

  test('a body with a lone surrogate is refused before it has a fingerprint', async () => {
    const response = await measured({ 'idempotency-key': 'k-1' }, '{"note":"\\ud800"}');
    expect(response.status).toBe(400);
    expect((await json(response))['type']).toBe('urn:so-cai:problem:invalid-request');
  });
});

describe('the answer to a command', () => {
  const commanded = () => fetch(`${served.base}/api/v1/commands`, { method: 'POST', headers });

  test('is 201 with the revision as ETag', async () => {
    const response = await commanded();
    expect(response.status).toBe(201);
    expect(response.headers.get('etag')).toBe('"3"');
    expect(await json(response)).toEqual({
      position: '00000000000000000042',
      revision: 3,
      eventIds: ANSWER.eventIds,
      warnings: [],
      laterEntries: [],
    });
  });

  test('names the figure', async () => {
    served.script.answer = { ...ANSWER, measurementId: 'kh-1570-2025/7.1@2026-Q2#1' };
    expect(await json(await commanded())).toMatchObject({ measurementId: 'kh-1570-2025/7.1@2026-Q2#1' });
  });

  test('is 200 when nothing was new', async () => {
    served.script.answer = { ...ANSWER, eventIds: [] };
    const response = await commanded();
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).toBe('"3"');
  });

  test('has no ETag where there is nothing', async () => {
    served.script.answer = { ...ANSWER, eventIds: [], revision: -1, position: '' };
    const response = await commanded();
    expect(response.headers.get('etag')).toBeNull();
    expect(await json(response)).toMatchObject({ position: null, revision: null });
  });
});
