import { describe, expect, it } from '@jest/globals';
import type { AgencyItem, PortfolioAnswer } from '../../src/application/queries/agencies.js';
import type { IndicatorAnswer } from '../../src/application/queries/indicators.js';
import type { OverviewAnswer } from '../../src/application/queries/overview.js';
import type { StatusItem } from '../../src/application/queries/plan-status.js';
import type { PlanAnswer, PlanItem } from '../../src/application/queries/plans.js';
import type { TaskAnswer, TaskItem } from '../../src/application/queries/tasks.js';
import { ADMIN, at, konTumServer, type Listed, reporterOf } from '../support/server.js';

const server = konTumServer();

const ROWS: Readonly<Record<string, number>> = {
  'kh-4465-2022': 31,
  'kh-419-2024': 128,
  'kh-484-2025': 13,
  'kh-1570-2025': 36,
  'lo-trinh-2025-2045': 52,
};

const status = (query: string, planId = 'kh-1570-2025') =>
  server.get<Listed<StatusItem>>(`/plans/${planId}/status?limit=500&${query}`);
const codes = ({ items }: Listed<{ code: string }>) => items.map(({ code }) => code);
const tasks = (query = '') => server.get<Listed<TaskItem>>(`/plans/kh-484-2025/tasks?limit=500&${query}`);

describe('plans', () => {
  it('are the five documents, the earliest first, open', async () => {
    const { items, next, position } = await server.get<Listed<PlanItem>>('/plans');
    expect(items.map(({ id, number, state }) => [id, number, state])).toEqual([
      ['kh-4465-2022', '4465/KH-UBND', 'open'],
      ['kh-419-2024', '419/KH-UBND', 'open'],
      ['lo-trinh-2025-2045', null, 'open'],
      ['kh-484-2025', '484/KH-UBND', 'open'],
      ['kh-1570-2025', '1570/KH-UBND', 'open'],
    ]);
    expect([next, position]).toEqual([null, await server.head()]);
  });

  it('are found without case and accents', async () => {
    for (const q of ['chuyển đổi số', 'CHUYEN DOI SO', 'chuyen doi'])
      expect((await server.get<Listed<PlanItem>>(`/plans?q=${at(q)}`)).items.map(({ id }) => id)).toEqual([
        'kh-419-2024',
      ]);
    expect((await server.get<Listed<PlanItem>>('/plans?q=484')).items.length).toBe(1);
    expect((await server.get<Listed<PlanItem>>('/plans?q=')).items.length).toBe(5);
  });

  it('tell of themselves', async () => {
    expect(await server.get<PlanAnswer>('/plans/kh-1570-2025')).toMatchObject({
      ...{
        id: 'kh-1570-2025',
        title: 'Các chỉ tiêu cụ thể',
        issuedOn: '2025-05-08',
        indicators: 36,
        tasks: 0,
      },
      ...{ milestones: ['2030', '2045'], asOf: '2025-06-02', knownAt: null },
    });
    expect((await server.refusedQuestion(404, '/plans/khong-co')).detail).toBe('There is no plan khong-co.');
  });
});

describe('the status of a plan', () => {
  it.each(Object.entries(ROWS))(
    '%s has its %d rows, each named, placed and explained',
    async (planId, rows) => {
      const { items, next } = await status('', planId);
      expect([items.length, next]).toEqual([rows, null]);
      expect(new Set(items.map(({ id }) => id)).size).toBe(rows);
      expect(items.map(({ order }) => order)).toEqual(items.map((_, index) => index + 1));
      for (const item of items) {
        expect(item.title).not.toBe('');
        expect(item.id).toBe(`${planId}/${item.code}`);
        if (item.verdict) expect(item.verdict.because).toMatch(/\.$/);
      }
    },
  );

  it('is sorted either way by order, code, title and status', async () => {
    const given = await status('');
    for (const field of ['order', 'code', 'title', 'status'] as const) {
      const by = async (sort: string) => (await status(`sort=${sort}`)).items.map((item) => item[field]);
      const forwards = await by(field);
      expect([...forwards].sort()).toEqual(given.items.map((item) => item[field]).sort());
      expect(await by(`-${field}`)).toEqual([...forwards].reverse());
    }
    const byCode = codes(await status('sort=code'));
    expect(byCode.slice(0, 4)).toEqual(['1', '2', '3', '4']);
    expect(byCode.slice(-3)).toEqual(['23', '24', '25']);
    const verdicts = (await status('sort=-status', 'kh-419-2024')).items.map((item) => item.status);
    expect(verdicts.slice(24, 27)).toEqual(['achieved', 'achieved', 'achieved']);
  });

  it('is filtered by status, agency, section, milestone and text', async () => {
    expect(codes(await status('status=achieved', 'kh-419-2024'))).toEqual(['2.1', '2.2', '2.8']);
    expect(codes(await status('agency=so-tai-chinh'))).toEqual(['5', '13']);
    expect((await status('agency=vp-ubnd-tinh&section=I')).items.length).toBeGreaterThanOrEqual(9);
    const [first, second] = [await status('section=I'), await status('section=II')];
    expect(first.items.length + second.items.length).toBe(36);
    expect(new Set(second.items.map(({ section }) => section))).toEqual(new Set(['II']));
    const by2045 = await status('milestone=2045');
    expect(by2045.items.length).toBeGreaterThan(0);
    expect(new Set(by2045.items.map(({ verdict }) => verdict?.milestone))).toEqual(new Set(['2045']));
    expect((await status('milestone=2035')).items).toEqual([]);
    for (const q of ['dịch vụ công', 'DICH VU CONG', 'dich vu'])
      expect((await status(`q=${at(q)}`)).items.map(({ title }) => title)).toEqual(
        (await status('')).items.map(({ title }) => title).filter((title) => /dịch vụ công/i.test(title)),
      );
    expect(codes(await status('q=7.1'))).toEqual(['7.1']);
    expect((await status('q=dinh+nghia+khong+co')).items).toEqual([]);
  });

  it('is that of the row when one is asked for', async () => {
    const row = (await status('q=7.1')).items[0];
    const one = await server.get<IndicatorAnswer>(`/indicators/${at('kh-1570-2025/7.1')}`);
    expect(one).toMatchObject(row as unknown as Record<string, unknown>);
    expect(one.lead).toEqual({
      agencies: [{ id: 'vp-ubnd-tinh', name: 'Văn phòng Ủy ban nhân dân tỉnh' }],
      from: 'own',
    });
    expect(one.verdict?.target).toMatchObject({ notation: '≥ 80', milestone: '2030' });
    expect(one.facts.source).toMatchObject({ file: 'kh-1570-2025-phu-luc-1.txt' });
    await server.refusedQuestion(404, `/indicators/${at('kh-1570-2025/99')}`);
  });

  it('counts the children of a group', async () => {
    const group = await server.get<IndicatorAnswer>(`/indicators/${at('kh-1570-2025/7')}`);
    expect(group.children?.counts).toMatchObject({ 'not-reported': 9 });
    expect(group.status).toBe('not-reported');
  });

  it('says of the roadmap that nobody answers for it', async () => {
    const { items } = await status('', 'lo-trinh-2025-2045');
    expect(new Set(items.map(({ lead }) => lead.from))).toEqual(new Set(['unassigned']));
  });
});

describe('tasks', () => {
  it('are the 43 of plan 484, 22 of them waiting', async () => {
    const { items } = await tasks();
    expect(items.length).toBe(43);
    expect((await tasks('status=waiting')).items.length).toBe(22);
    expect((await tasks('status=continuous')).items.length).toBe(9);
    expect((await tasks('status=due')).items.length).toBe(12);
    expect((await tasks('status=done')).items).toEqual([]);
    for (const { verdict, status: now } of items.filter((item) => item.status === 'waiting'))
      expect([now, verdict.deadline.kind, verdict.because]).toEqual([
        'waiting',
        'condition',
        expect.stringMatching(/^waits: (Sau khi|Khi) /),
      ]);
  });

  it('are filtered by agency, section and text, and sorted', async () => {
    expect((await tasks('agency=vp-ubnd-tinh')).items.map(({ code }) => code)).toEqual(['t/31', 't/33']);
    expect((await tasks(`section=${at('t/VII')}`)).items.map(({ code }) => code)).toEqual(['t/42', 't/43']);
    const found = (await tasks('q=HOC TAP SO')).items;
    expect(found.map(({ code }) => code)).toContain('t/1');
    const due = (await tasks('sort=-dueOn')).items.map(({ verdict }) => verdict.dueOn);
    expect(due.slice(0, 2)).toEqual(['2028-12-31', '2026-12-31']);
    expect((await tasks('sort=-order')).items[0]?.code).toBe('t/43');
    expect((await tasks('sort=status')).items[0]?.status).toBe('continuous');
  });

  it('tell of themselves, one by one', async () => {
    const one = await server.get<TaskAnswer>(`/tasks/${at('kh-484-2025/t/10')}`);
    expect(one).toMatchObject({ code: 't/10', status: 'due', lead: [{ id: 'so-tttt' }], revision: 2 });
    const { items } = await server.get<{ items: { type: string }[] }>(
      `/tasks/${at('kh-484-2025/t/10')}/history`,
    );
    expect(items.map(({ type }) => type)).toEqual(['TaskGiven', 'AgencyAssigned', 'AgencyAssigned']);
  });
});

describe('agencies', () => {
  const found = async (q: string) =>
    (await server.get<Listed<AgencyItem>>(`/agencies?limit=100&q=${at(q)}`)).items.map(({ id }) => id);

  it('are all there, with their collectives', async () => {
    const { items } = await server.get<Listed<AgencyItem>>('/agencies?limit=500');
    expect(items.length).toBe(57);
    const collective = items.find(({ id }) => id === 'ubnd-cap-huyen');
    expect([collective?.kind, collective?.members.length]).toEqual(['group', 10]);
  });

  it('are found by name, short name and alias, without case and accents', async () => {
    for (const q of ['Sở Khoa học và Công nghệ', 'so khoa hoc', 'SỞ KH&CN', 'so kh&cn'])
      expect(await found(q)).toContain('so-khcn');
    for (const q of ['VP UBND tỉnh', 'văn phòng ủy ban nhân dân tỉnh', 'van phong ubnd'])
      expect(await found(q)).toContain('vp-ubnd-tinh');
    expect(await found('đak glei')).toEqual(await found('dak glei'));
    expect(await found('không có đâu')).toEqual([]);
  });

  it('tell of themselves', async () => {
    expect(await server.get('/agencies/so-khcn')).toMatchObject({
      ...{ id: 'so-khcn', name: 'Sở Khoa học và Công nghệ', shortName: 'Sở KH&CN', kind: 'agency' },
      ...{ establishedOn: null, dissolvedOn: null, asOf: '2025-06-02' },
    });
    await server.refusedQuestion(404, '/agencies/so-khong-co');
    await server.refusedQuestion(404, '/agencies/so-khong-co/portfolio');
  });

  it('hold what they lead and coordinate, also through collectives and the row above', async () => {
    const portfolio = (id: string, query = '') =>
      server.get<PortfolioAnswer>(`/agencies/${id}/portfolio?limit=500${query}`);
    const leads = await portfolio('so-tttt', '&role=lead');
    const led = (await status('agency=so-tttt', 'kh-484-2025')).items;
    expect(leads.items.filter(({ indicator }) => indicator?.planId === 'kh-484-2025').length).toBe(
      led.length,
    );
    expect(new Set(leads.items.map(({ role }) => role))).toEqual(new Set(['lead']));
    expect(Object.values(leads.counts).reduce((a, b) => a + b)).toBe(leads.items.length);
    const waiting = await portfolio('so-tttt', '&status=waiting');
    expect(new Set(waiting.items.map(({ task }) => task?.status))).toEqual(new Set(['waiting']));
    const district = await portfolio('ubnd-tp-kon-tum');
    const through = district.items.find(({ subject }) => subject.id === 'kh-419-2024/3.2');
    expect(through).toMatchObject({ role: 'lead', via: 'ubnd-cap-huyen' });
    expect(district.agency.name).toMatch(/Kon Tum/);
  });
});

describe('all plans at a glance', () => {
  it('are counted by plan and by lead agency', async () => {
    const { plans, agencies } = await server.get<OverviewAnswer>('/status');
    const sum = (counts: Readonly<Record<string, number>>) =>
      Object.values(counts).reduce((a, b) => a + b, 0);
    expect(plans.find(({ id }) => id === 'kh-484-2025')).toMatchObject({
      indicators: { 'not-reported': 12 },
      tasks: { waiting: 22, continuous: 9, due: 12 },
    });
    expect(plans.find(({ id }) => id === 'kh-4465-2022')?.indicators).toEqual({ 'not-reported': 31 });
    expect(sum(plans.find(({ id }) => id === 'kh-1570-2025')?.indicators ?? {})).toBe(34);
    const nobody = agencies.find(({ agency }) => agency === null);
    expect(nobody?.indicators['not-reported']).toBeGreaterThanOrEqual(52);
    const vp = agencies.find(({ agency }) => agency?.id === 'vp-ubnd-tinh');
    expect(sum(vp?.tasks ?? {})).toBe(2);
  });
});

describe('every role', () => {
  it('reads plans, statuses, portfolios and trails', async () => {
    for (const who of [ADMIN, reporterOf('so-khcn')])
      for (const path of [
        '/plans',
        '/status',
        '/plans/kh-1570-2025/status',
        '/plans/kh-484-2025/tasks',
        '/plans/kh-1570-2025/audit',
        '/agencies/so-khcn/portfolio',
        '/measurements',
      ])
        await server.get(path, who);
  });

  it('but the raw events and the projections, which are for auditor and admin', async () => {
    for (const path of ['/events', '/plans/kh-1570-2025/events', '/projections'])
      for (const who of [reporterOf('so-khcn'), { subject: 'lan', role: 'office', agencyId: null } as const])
        await server.refusedQuestion(403, path, who);
  });
});
