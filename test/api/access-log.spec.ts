import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import type { RecordedAccess } from '../../src/ports/access-log.js';
import { type OpenApi, operationsOf } from '../support/openapi.js';
import {
  ADMIN,
  AUDITOR,
  at,
  expectProblem,
  konTumServer,
  type Listed,
  LOADED_AT,
  OFFICE,
  reporterOf,
} from '../support/server.js';

const server = konTumServer();
const PLAN = '/plans/kh-1570-2025';
const CSV = { accept: 'text/csv' };
const REPORTER = reporterOf('so-khcn');

const onRecord = async (query = ''): Promise<readonly RecordedAccess[]> =>
  (await server.get<Listed<RecordedAccess>>(`/access-log?limit=500${query}`)).items;

/** What came on record while something was done. */
const recordedBy = async (act: () => Promise<unknown>): Promise<RecordedAccess[]> => {
  const before = (await onRecord()).length;
  await act();
  // The question before it is on record too.
  return (await onRecord()).slice(before + 1);
};

describe('who reads', () => {
  it('a trail is on record: who, when, which, what was asked for and how many rows', async () => {
    const asked = `${PLAN}/audit?type=TargetSet&limit=3`;
    const [access, ...others] = await recordedBy(() => server.get(asked, REPORTER));
    expect(others).toEqual([]);
    expect(access).toEqual({
      position: expect.stringMatching(/^\d{20}$/),
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      at: LOADED_AT,
      actor: {
        subject: REPORTER.subject,
        name: `Tên của ${REPORTER.subject}`,
        role: 'reporter',
        agencyId: 'so-khcn',
      },
      reading: 'trail',
      route: 'GET /plans/:planId/audit',
      about: 'kh-1570-2025',
      asked: { type: 'TargetSet', limit: '3' },
      readAt: await server.head(),
      rows: 3,
    });
  });

  it.each<[RecordedAccess['reading'], string, string | null]>([
    ['trail', `/indicators/${at('kh-1570-2025/7.1')}/history`, 'kh-1570-2025/7.1'],
    ['trail', `/tasks/${at('kh-484-2025/t/10')}/history`, 'kh-484-2025/t/10'],
    ['trail', '/agencies/so-khcn/history', 'so-khcn'],
    ['events', `${PLAN}/events?limit=2`, 'kh-1570-2025'],
    ['events', '/events?limit=2', null],
    ['access-log', '/access-log?limit=2', null],
  ])('%s of %s is on record', async (reading, path, about) => {
    const given = { rows: 0 };
    const [access] = await recordedBy(async () => {
      given.rows = (await server.get<Listed<unknown>>(path, ADMIN)).items.length;
    });
    expect(access).toMatchObject({ reading, about, actor: { subject: 'hoa' }, rows: given.rows });
    expect(given.rows).toBeGreaterThan(0);
  });

  it('what became of a figure, or of a decree, is on record as a trail is', async () => {
    const decreed = {
      reorganizationId: 'doi-ten',
      kind: 'rename',
      predecessors: ['so-khcn'],
      successors: ['so-khcn'],
      allocations: [],
      renaming: { name: 'Sở Khoa học' },
      effectiveOn: '2025-06-02',
      reason: 'đổi tên',
      legalBasis: { number: '1/QĐ' },
    };
    await server.write('/reorganizations', decreed);
    const report = { period: '2025-Q1', value: '70' };
    const { measurementId = '', position } = await server.write(
      `/indicators/${at('kh-1570-2025/7.1')}/measurements`,
      report,
    );
    const after = `?after=${position}`;
    const accesses = await recordedBy(async () => {
      await server.get(`/measurements/${at(measurementId)}${after}`, OFFICE);
      await server.get(`/measurements${after}&limit=1`, OFFICE);
      await server.get(`/reorganizations/doi-ten${after}`, OFFICE);
      await server.get(`/reorganizations${after}`, OFFICE);
      await server.get('/events?limit=1', ADMIN);
      await server.get(`/plans/kh-1570-2025/events${after}&limit=1`, ADMIN);
    });
    expect(accesses).toMatchObject([
      { reading: 'trail', route: 'GET /measurements/:mid', about: measurementId, readAt: position, rows: 1 },
      { reading: 'trail', route: 'GET /measurements', about: null, readAt: position, rows: 1 },
      { reading: 'trail', route: 'GET /reorganizations/:id', about: 'doi-ten', readAt: position, rows: 1 },
      { reading: 'events', route: 'GET /events', readAt: await server.head(), rows: 1 },
      { reading: 'events', route: 'GET /plans/:planId/events', readAt: await server.head(), rows: 1 },
    ]);
  });

  it('is on record also when only the head of the answer was asked for', async () => {
    const accesses = await recordedBy(() =>
      server.send('HEAD', `${PLAN}/audit?limit=3`, { who: AUDITOR }).then(({ status }) => {
        expect(status).toBe(200);
      }),
    );
    expect(accesses).toMatchObject([{ reading: 'trail', route: 'GET /plans/:planId/audit', rows: 3 }]);
  });

  it.each([
    ['export', `${PLAN}/status`],
    ['trail', `${PLAN}/audit?limit=5`],
  ])(
    'a table (%s) is on record before its first row, and with its rows when it has gone',
    async (reading, path) => {
      let given = 0;
      let readAt: string | null = null;
      const accesses = await recordedBy(async () => {
        const { text, headers } = await server.send('GET', path, { who: OFFICE, headers: CSV });
        readAt = headers.get('x-position');
        given = parse(text, { bom: true }).length - 1;
      });
      expect(accesses.map((access) => access.reading)).toEqual([reading, reading]);
      expect(given).toBeGreaterThan(1);
      expect(accesses.map(({ rows }) => rows)).toEqual([null, given]);
      expect(readAt).toMatch(/^\d{20}$/);
      expect(accesses.map((access) => access.readAt)).toEqual([readAt, readAt]);
      expect(accesses[0]?.requestId).toBe(accesses[1]?.requestId);
    },
  );

  it('every table that the document offers is on record', async () => {
    const operations = operationsOf(await server.get<OpenApi>('/docs/openapi.json'));
    const tables = operations.filter(({ answers }) => answers[200]?.['text/csv']);
    expect(tables.length).toBeGreaterThan(2);
    for (const { path, example } of tables) {
      const accesses = await recordedBy(() =>
        server.send('GET', example.path, { who: OFFICE, headers: CSV }).then(({ status }) => {
          expect([path, status]).toEqual([path, 200]);
        }),
      );
      expect([path, accesses.length]).toEqual([path, 2]);
    }
  });

  it('anything else, or is given nothing, is not', async () => {
    const accesses = await recordedBy(async () => {
      await server.get('/plans', OFFICE);
      await server.get(`${PLAN}/status`, OFFICE);
      await server.refusedQuestion(403, '/events', REPORTER);
      await server.refusedQuestion(404, '/plans/khong-co/audit', OFFICE);
      await server.refusedQuestion(400, `${PLAN}/audit?token=abc`, OFFICE);
      await server.refusedQuestion(401, `${PLAN}/audit`, null);
    });
    expect(accesses).toEqual([]);
  });

  it('with which token is not on record', async () => {
    const { authorization = '' } = await server.headersOf(AUDITOR);
    await server.send('GET', `${PLAN}/audit`, {
      who: null,
      headers: { authorization, cookie: 'key=bi-mat' },
    });
    const text = JSON.stringify(await onRecord());
    expect(text).not.toMatch(/Bearer|eyJ|bi-mat/);
  });
});

describe('the record', () => {
  it('is asked by day, person, kind and subject, page by page', async () => {
    await server.get(`${PLAN}/audit?limit=1`, REPORTER);
    const own = await onRecord(`&actor=${REPORTER.subject}&reading=trail&about=kh-1570-2025`);
    expect(own.length).toBeGreaterThan(0);
    expect(own.every(({ actor, reading }) => actor.subject === REPORTER.subject && reading === 'trail')).toBe(
      true,
    );
    expect(await onRecord('&from=2025-06-03')).toEqual([]);
    expect(await onRecord('&to=2025-06-01')).toEqual([]);
    expect((await onRecord('&from=2025-06-02&to=2025-06-02')).length).toBeGreaterThan(own.length);
    const all = (await onRecord('&reading=trail')).map(({ position }) => position);
    const paged = await server.all<RecordedAccess>('/access-log?reading=trail', 2);
    expect(paged.map(({ position }) => position)).toEqual(all);
  });

  it('is for auditors and administrators', async () => {
    await server.get('/access-log', ADMIN);
    for (const who of [OFFICE, REPORTER]) await server.refusedQuestion(403, '/access-log', who);
    await server.refusedQuestion(401, '/access-log', null);
    await server.refusedQuestion(400, '/access-log?from=hom-qua');
    await server.refusedQuestion(400, '/access-log?reading=khac');
    await server.refusedQuestion(400, '/access-log?cursor=abc');
  });
});

describe('when nothing can be recorded', () => {
  it('what is on record is not read, and the rest is', async () => {
    await server.ledger.access.close();
    for (const [path, headers] of [
      [`${PLAN}/audit`, {}],
      ['/events', {}],
      [`${PLAN}/status`, CSV],
      ['/access-log', {}],
    ] as const) {
      const reply = await server.send('GET', path, { who: ADMIN, headers });
      expectProblem(reply, 503);
      expect(reply.body).toMatchObject({ type: 'urn:so-cai:problem:access-log-unavailable' });
      expect(reply.headers.get('retry-after')).toBe('1');
    }
    await server.get(`${PLAN}/status`, OFFICE);
  });
});
