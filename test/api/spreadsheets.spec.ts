import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { allRows } from '../../src/api/controllers/lists.js';
import type { PortfolioItem } from '../../src/application/queries/agencies.js';
import {
  type AuditAsked,
  AuditHandler,
  AuditQuery,
  type TrailItem,
} from '../../src/application/queries/audit.js';
import type { Page, Paging } from '../../src/application/queries/paging.js';
import {
  PlanStatusHandler,
  PlanStatusQuery,
  type StatusItem,
} from '../../src/application/queries/plan-status.js';
import type { TaskItem } from '../../src/application/queries/tasks.js';
import type { Actor } from '../../src/domain/message.js';
import { AUDITOR, at, konTumServer, reporterOf, type Who } from '../support/server.js';

const server = konTumServer();

const TITLE = '=HYPERLINK("http://ví-dụ","bấm, vào\nđây")';

beforeAll(async () => {
  await server.write('/plans/kh-1570-2025/indicators', {
    ...{ code: '99', title: TITLE, order: 99, effectiveOn: '2025-06-01' },
  });
  await server.write('/plans/kh-1570-2025/amendments', {
    ...{
      title: 'Các chỉ tiêu',
      effectiveOn: '2025-06-01',
      reason: '+1 chỉ tiêu',
      legalBasis: { number: '1/QĐ' },
    },
  });
});

const rowsOf = async (path: string, who: Who = AUDITOR): Promise<Record<string, string>[]> => {
  const reply = await server.send('GET', path, { who, headers: { accept: 'text/csv' } });
  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
  return parse(reply.text, { bom: true, columns: true }) as Record<string, string>[];
};

describe('a status as a spreadsheet', () => {
  it.each([
    ['kh-419-2024', 128],
    ['kh-1570-2025', 37],
    ['lo-trinh-2025-2045', 52],
  ])('%s has all its %d rows, as the list gives them', async (planId, count) => {
    const rows = await rowsOf(`/plans/${planId}/status`);
    const items = await server.all<StatusItem>(`/plans/${planId}/status`, 500);
    expect(rows.length).toBe(count);
    expect(rows.map((row) => [row['id'], row['status'], row['target']])).toEqual(
      items.map(({ id, status, verdict }) => [
        id,
        status ?? '',
        (verdict?.target.notation ?? '').replace(/^(?=[=+@-])/, "'"),
      ]),
    );
    expect(rows.map((row) => row['lead'])).toEqual(
      items.map(({ lead }) => lead.agencies.map(({ name }) => name).join('; ')),
    );
  });

  it('keeps Vietnamese, commas, quotes and line ends, and no title is taken for a formula', async () => {
    const rows = await rowsOf('/plans/kh-1570-2025/status?q=hyperlink');
    expect(rows.map((row) => row['title'])).toEqual([`'${TITLE}`]);
    const one = (await rowsOf('/plans/kh-1570-2025/status?q=7.1'))[0];
    expect(one?.['lead']).toBe('Văn phòng Ủy ban nhân dân tỉnh');
  });

  it('shows what a figure was given as', async () => {
    const path = `/indicators/${at('kh-1570-2025/7.2')}/measurements`;
    const components = [
      { name: 'a', value: '76' },
      { name: 'b', value: '100' },
    ];
    const { position } = await server.write(path, { period: '2025-Q1', components });
    const [row] = await rowsOf(`/plans/kh-1570-2025/status?q=7.2&after=${position}`);
    expect([row?.['value'], row?.['period']]).toEqual(['a = 76; b = 100', '2025-Q1']);
  });

  it('is filtered and sorted as the list is', async () => {
    const query = 'agency=so-khcn&sort=-title&section=I';
    const rows = await rowsOf(`/plans/kh-1570-2025/status?${query}`);
    const items = await server.all<StatusItem>(`/plans/kh-1570-2025/status?${query}`, 500);
    expect(rows.map((row) => row['id'])).toEqual(items.map(({ id }) => id));
  });
});

describe('a trail as a spreadsheet', () => {
  it('has every entry of the plan, though they are more than a page', async () => {
    const rows = await rowsOf('/plans/kh-419-2024/audit');
    const entries = await server.all<TrailItem>('/plans/kh-419-2024/audit', 100);
    expect(rows.length).toBeGreaterThan(500);
    expect(rows.map((row) => row['eventId'])).toEqual(entries.map(({ eventId }) => eventId));
  });

  it('gives who, why, on which basis, before and after', async () => {
    const [row] = await rowsOf('/plans/kh-1570-2025/audit?type=PlanAmended');
    expect(row).toMatchObject({
      what: 'PlanAmended',
      reason: "'+1 chỉ tiêu",
      subjectOfToken: 'lan',
      role: 'office',
    });
    expect(JSON.parse(row?.['before'] ?? '')).toMatchObject({ title: 'Các chỉ tiêu cụ thể' });
    expect(JSON.parse(row?.['after'] ?? '')).toMatchObject({ title: 'Các chỉ tiêu' });
    expect(JSON.parse(row?.['legalBasis'] ?? '')).toMatchObject({ number: '1/QĐ' });
  });

  it('tells at which milestone a target stands', async () => {
    const rows = await rowsOf('/plans/lo-trinh-2025-2045/audit?type=TargetSet&subject=lo-trinh-2025-2045/1');
    expect(rows.map((row) => row['milestone'])).toEqual(['2025', '2030', '2035', '2040', '2045']);
  });

  it('of one indicator too, without what its reader may not see', async () => {
    const path = `/indicators/${at('kh-1570-2025/7.1')}`;
    const { position } = await server.write(`${path}/measurements`, { period: '2025-Q1', value: '70' });
    const types = async (who: Who) =>
      (await rowsOf(`${path}/history?after=${position}`, who)).map((row) => row['what']);
    const whole = ['IndicatorAdopted', 'TargetSet', 'AgencyAssigned'];
    expect((await types(AUDITOR)).sort()).toEqual([...whole, 'MeasurementReported'].sort());
    expect((await types(reporterOf('so-y-te'))).sort()).toEqual([...whole].sort());
  });
});

describe('tasks as a spreadsheet', () => {
  it('are all of them, as the list gives them', async () => {
    const path = '/plans/kh-484-2025/tasks?sort=-dueOn';
    const items = await server.all<TaskItem>(path, 500);
    expect(items.length).toBeGreaterThan(40);
    expect((await rowsOf(path)).map((row) => [row['id'], row['status'], row['lead'], row['dueOn']])).toEqual(
      items.map(({ id, status, lead, verdict }) => [
        ...[id, status, lead.map(({ name }) => name).join('; '), verdict.dueOn ?? ''],
      ]),
    );
  });

  it('says how the deadline was written, and when a task was done', async () => {
    const [item] = await server.all<TaskItem>('/plans/kh-484-2025/tasks', 500);
    const id = item?.id ?? '';
    const { position } = await server.write(`/tasks/${at(id)}/completion`, {
      ...{ effectiveOn: '2025-05-30', result: 'Đã ban hành' },
      ...(item?.verdict.deadline.kind === 'yearly' ? { year: 2025 } : {}),
    });
    const rows = await rowsOf(`/plans/kh-484-2025/tasks?after=${position}`);
    const row = rows.find((one) => one['id'] === id);
    expect(row?.['deadline']).toBe(item?.verdict.deadline.notation);
    expect(`${row?.['doneOn']}${row?.['years']}`).toContain('2025-05-30');
    expect((await rowsOf(`/tasks/${at(id)}/history?after=${position}`)).map((one) => one['what'])).toContain(
      'TaskCompleted',
    );
  });
});

describe('what an agency holds as a spreadsheet', () => {
  it('has every indicator and task, as the list gives them', async () => {
    const path = '/agencies/so-khcn/portfolio?asOf=2025-06-02';
    const items = await server.all<PortfolioItem>(path, 500);
    expect(new Set(items.map(({ subject }) => subject.kind))).toEqual(new Set(['indicator', 'task']));
    const rows = await rowsOf(path);
    expect(
      rows.map((row) => [row['kind'], row['id'], row['role'], row['via'], row['status'], row['because']]),
    ).toEqual(
      items.map(({ subject, role, via, indicator, task }) => [
        ...[subject.kind, subject.id, role, via ?? ''],
        ...[(indicator ?? task).status ?? '', (indicator ?? task).verdict?.because ?? ''],
      ]),
    );
    expect(rows.some((row) => row['target'] !== '' && row['deadline'] === '')).toBe(true);
    expect(rows.some((row) => row['target'] === '' && row['deadline'] !== '')).toBe(true);
    expect((await rowsOf('/agencies/so-khcn/history')).map((row) => row['what'])).toContain(
      'AgencyEstablished',
    );
  });
});

describe('a table', () => {
  const history = `/indicators/${at('kh-1570-2025/7.1')}/history`;

  it.each([
    ...['/plans/kh-1570-2025/status', '/plans/kh-1570-2025/audit', '/plans/kh-484-2025/tasks', history],
    '/agencies/so-khcn/portfolio',
  ])('%s states the moment that it tells of, as the list does', async (path) => {
    const position = await server.head();
    for (const query of ['', '?asOf=2025-06-02', `?knownAt=@${position}`, '?knownAt=2025-06-02T12:00:00Z']) {
      const list = await server.get<Record<string, string | null>>(`${path}${query}`);
      const { headers } = await server.send('GET', `${path}${query}`, {
        who: AUDITOR,
        headers: { accept: 'text/csv' },
      });
      expect({
        asOf: headers.get('x-as-of'),
        knownAt: headers.get('x-known-at'),
        position: headers.get('x-position'),
      }).toEqual({ asOf: list['asOf'], knownAt: list['knownAt'], position: list['position'] });
    }
  });

  it('is of one moment, though others write while it is read', async () => {
    const { questions } = server.ledger;
    const actor = { ...AUDITOR, name: 'Minh', agencyId: null } as Actor;
    const audit = (cursor: Paging['cursor'], asked: AuditAsked = {}) =>
      new AuditHandler(questions).execute(
        new AuditQuery('kh-1570-2025', asked, { limit: 10, cursor }, actor),
      );
    const status = (cursor: Paging['cursor'], moment: object = {}) =>
      new PlanStatusHandler(questions).execute(
        new PlanStatusQuery(
          'kh-1570-2025',
          { as: 'assigned', figures: 'all', sort: 'order', descending: false, ...moment },
          { limit: 10, cursor },
          actor,
        ),
      );
    let code = 100;
    const rowsWhileWriting = async (
      first: Page<{ id?: string; eventId?: string }>,
      read: (cursor: Paging['cursor'], moment: object) => Promise<Page<{ id?: string; eventId?: string }>>,
    ) => {
      const ids: (string | undefined)[] = [];
      for await (const { id, eventId } of allRows(first, read)) {
        ids.push(id ?? eventId);
        if (ids.length > 1) continue;
        code += 1;
        const adopted = { code: String(code), title: 'Mới', order: code, effectiveOn: '2025-06-01' };
        const { position } = await server.write('/plans/kh-1570-2025/indicators', adopted);
        await server.ledger.progress.reached(server.ledger.progress.names(), position, 20_000);
      }
      return ids;
    };
    const entries = await server.all<TrailItem>('/plans/kh-1570-2025/audit', 500);
    expect(await rowsWhileWriting(await audit(null), audit)).toEqual(entries.map(({ eventId }) => eventId));
    const items = await server.all<StatusItem>('/plans/kh-1570-2025/status', 500);
    expect(await rowsWhileWriting(await status(null), status)).toEqual(items.map(({ id }) => id));
  });
});

describe('what cannot be a spreadsheet', () => {
  it('is a problem as ever', async () => {
    const send = (path: string, accept: string) =>
      server.send('GET', path, { who: AUDITOR, headers: { accept } });
    expect((await send('/plans/khong-co/status', 'text/csv')).status).toBe(404);
    expect((await send('/plans/khong-co/audit', 'text/csv')).status).toBe(404);
    expect((await send('/plans/kh-1570-2025/status?asOf=x', 'text/csv')).status).toBe(400);
    expect((await send('/plans/kh-1570-2025/status', 'application/pdf')).status).toBe(406);
    expect((await send('/plans/kh-1570-2025/status', 'text/csv;q=0.5, application/json')).text).toMatch(
      /^\{/,
    );
  });
});
