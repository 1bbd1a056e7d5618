import { describe, expect, it } from '@jest/globals';
import type { AgencyAnswer } from '../../src/application/queries/agencies.js';
import type { HistoryAnswer, IndicatorAnswer } from '../../src/application/queries/indicators.js';
import type { PlanAnswer } from '../../src/application/queries/plans.js';
import type { TaskAnswer } from '../../src/application/queries/tasks.js';
import { konTumTables, loadTables } from '../support/ledger.js';
import { at, konTumServer, type Listed, reporterOf } from '../support/server.js';

const server = konTumServer();

const basis = { number: '245/QĐ-UBND', date: '2025-05-28' };
const why = { reason: 'Theo thực tế', legalBasis: basis };
const task = (code: string) => `/tasks/${at(`kh-484-2025/t/${code}`)}`;
const now = async (path: string, query = '') => `${path}?after=${await server.head()}&${query}`;
const statusOf = async (code: string, asOf = '2025-06-02') =>
  (await server.get<TaskAnswer>(await now(task(code), `asOf=${asOf}`))).status;

describe('a task', () => {
  it('waits, is due, is late, is done, and is not done after all', async () => {
    expect(await statusOf('11')).toBe('waiting');
    await server.write(`${task('11')}/condition`, {
      ...{ effectiveOn: '2025-06-01', evidence: 'Công văn 12', dueOn: '2025-12-31' },
    });
    expect([await statusOf('11'), await statusOf('11', '2026-01-01')]).toEqual(['due', 'overdue']);
    expect(
      (await server.refused(422, `${task('11')}/condition`, { effectiveOn: '2025-06-02', evidence: 'x' }))
        .code,
    ).toBe('ConditionAlreadyMet');
    await server.write(`${task('11')}/completion`, { effectiveOn: '2025-06-02', result: 'Kế hoạch 12' });
    expect(await statusOf('11')).toBe('done');
    await server.write(`${task('11')}/reopening`, { effectiveOn: '2025-06-02', ...why });
    expect(await statusOf('11')).toBe('due');
    await server.write(`${task('11')}/deadline`, {
      ...{ deadline: { notation: 'Thường xuyên', kind: 'continuous' }, effectiveOn: '2025-06-02', ...why },
    });
    expect(await statusOf('11')).toBe('continuous');
    await server.write(`${task('11')}/drop`, { effectiveOn: '2025-06-02', ...why });
    expect((await server.get<TaskAnswer>(await now(task('11')))).dropped).toBe('2025-06-02');
  });

  it('of every year is done for a year', async () => {
    const unclear = await server.refused(422, `${task('9')}/completion`, {
      effectiveOn: '2025-06-02',
      result: 'x',
    });
    expect(unclear.errors?.[0]?.field).toBe('year');
    await server.write(`${task('9')}/completion`, {
      effectiveOn: '2025-06-02',
      result: 'Báo cáo',
      year: 2025,
    });
    expect([await statusOf('9'), await statusOf('9', '2026-05-01')]).toEqual(['done', 'due']);
    const notYet = await server.refused(422, `${task('10')}/completion`, {
      effectiveOn: '2025-06-03',
      result: 'x',
    });
    expect(notYet.code).toBe('InTheFuture');
  });

  it('is reported on by who leads it, also as a member of a collective; the office says when it is done', async () => {
    const note = { effectiveOn: '2025-06-02', note: 'Đã lấy ý kiến' };
    await server.refused(403, `${task('31')}/progress`, note, reporterOf('so-khcn'));
    await server.write(`${task('31')}/progress`, note, reporterOf('vp-ubnd-tinh'));
    await server.write(`${task('8')}/progress`, note, reporterOf('so-khcn'));
    await server.refused(403, `${task('8')}/progress`, note, reporterOf('cong-an-tinh'));
    const done = { effectiveOn: '2025-06-02', result: 'x' };
    await server.refused(403, `${task('31')}/completion`, done, reporterOf('vp-ubnd-tinh'));
    const { facts } = await server.get<TaskAnswer>(await now(task('8')));
    expect(facts.progress).toEqual([expect.objectContaining({ agencyId: 'so-khcn', note: note.note })]);
  });
});

describe('an agency', () => {
  const agency = async (id: string, query = '') =>
    server.get<AgencyAnswer>(await now(`/agencies/${id}`, query));

  it('is called on each day as it was called then', async () => {
    await server.write('/agencies/so-tnmt/renaming', {
      ...{ name: 'Sở Nông nghiệp và Môi trường', shortName: 'Sở NN&MT', effectiveOn: '2025-06-10', ...why },
    });
    expect((await agency('so-tnmt', 'asOf=2025-06-09')).name).toBe('Sở Tài nguyên và Môi trường');
    expect((await agency('so-tnmt', 'asOf=2025-06-10')).shortName).toBe('Sở NN&MT');
    const lead = async (asOf: string) =>
      (await server.get<TaskAnswer>(await now(task('25'), `asOf=${asOf}`))).lead.map(({ name }) => name);
    expect([await lead('2025-06-09'), await lead('2025-06-10')]).toEqual([
      ['Sở Tài nguyên và Môi trường'],
      ['Sở Nông nghiệp và Môi trường'],
    ]);
  });

  it('is found by a name that it had, and not yet by one that is to come', async () => {
    const found = async (q: string, asOf: string) => {
      const { items } = await server.get<Listed<AgencyAnswer>>(
        await now('/agencies', `q=${encodeURIComponent(q)}&asOf=${asOf}`),
      );
      return items.map(({ id }) => id);
    };
    for (const day of ['2025-06-09', '2025-06-10'])
      expect(await found('Sở Tài nguyên và Môi trường', day)).toEqual(['so-tnmt']);
    expect(await found('Sở NN&MT', '2025-06-10')).toContain('so-tnmt');
    expect(await found('Sở NN&MT', '2025-06-09')).not.toContain('so-tnmt');
  });

  it('has a history: what was changed, from what to what, by whom and why', async () => {
    const { items } = await server.get<HistoryAnswer>(await now('/agencies/so-tnmt/history'));
    expect(items.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['AgencyEstablished', 'AgencyRenamed']),
    );
    expect(items.at(-1)).toMatchObject({
      ...{ type: 'AgencyRenamed', subject: { kind: 'agency', id: 'so-tnmt' }, effectiveOn: '2025-06-10' },
      ...{ reason: why.reason, actor: { name: expect.any(String) } },
      before: { name: 'Sở Tài nguyên và Môi trường' },
      after: { name: 'Sở Nông nghiệp và Môi trường' },
    });
    await server.refusedQuestion(404, '/agencies/khong-co/history');
  });

  it('that holds something is not dissolved', async () => {
    const body = { effectiveOn: '2025-07-01', ...why, successors: ['so-khcn'] };
    const { code, detail } = await server.refused(422, '/agencies/so-tttt/dissolution', body);
    expect([code, detail]).toEqual(['StillHolding', expect.stringMatching(/still holds \d+ assignment/)]);
    const named = await server.refused(422, '/agencies/so-tttt/dissolution', { ...body, legalBasis: null });
    expect(['LegalBasisMissing', 'StillHolding']).toContain(named.code);
  });

  it('that is a member of a collective, then or later, is not dissolved before it leaves', async () => {
    const [agencyId, on] = ['so-thanh-vien', { effectiveOn: '2025-06-10', ...why }];
    await server.write('/agencies', { agencyId, name: 'Sở Thành viên', level: 'province' });
    for (const [group, from, until] of [
      ['to-mot', '2025-06-01', '2025-06-10'],
      ['to-hai', '2025-06-20', '2025-06-20'],
    ] as const) {
      const [body, members] = [{ agencyId: group, name: group, level: 'province' }, [agencyId, 'so-khcn']];
      await server.write('/agencies', { ...body, members, effectiveOn: from });
      const { code, detail } = await server.refused(422, `/agencies/${agencyId}/dissolution`, on);
      expect([code, detail]).toEqual(['StillMember', expect.stringContaining(group)]);
      await server.write(`/agencies/${group}/members`, { members: ['so-khcn'], ...why, effectiveOn: until });
    }
    await server.write(`/agencies/${agencyId}/dissolution`, on);
  });

  it('that is dissolved takes nothing more, and its successors are named', async () => {
    await server.write('/agencies', { agencyId: 'so-thu', name: 'Sở Thử', level: 'province' });
    await server.write('/agencies/so-thu/dissolution', {
      ...{ effectiveOn: '2025-06-10', ...why, successors: ['so-khcn'] },
    });
    const assignment = { action: 'assign', role: 'coordinating', agencies: ['so-thu'] };
    const path = `/indicators/${at('kh-1570-2025/7.1')}/assignments`;
    const { detail } = await server.refused(422, path, { ...assignment, effectiveOn: '2025-06-10' });
    expect(detail).toBe('so-thu was dissolved on 2025-06-10. Its successors: so-khcn.');
    await server.write(path, { ...assignment, effectiveOn: '2025-06-09' });
    expect(await agency('so-thu')).toMatchObject({ dissolvedOn: '2025-06-10', successors: ['so-khcn'] });
  });

  it('is entered with what is said of an agency, or of a collective, and not with both', async () => {
    const naming = { name: 'Cơ quan', level: 'province' };
    const day = '2025-03-01';
    for (const [body, field] of [
      [{ agencyId: 'nhom-a', ...naming, members: ['so-khcn'], establishedOn: day }, 'establishedOn'],
      [{ agencyId: 'nhom-a', ...naming, effectiveOn: day }, 'effectiveOn'],
    ] as const) {
      const { errors } = await server.refused(400, '/agencies', body);
      expect(errors?.map((error) => error.field)).toEqual([field]);
    }
  });

  it('that is a collective has its members by day', async () => {
    const members = ['so-khcn', 'so-y-te'];
    await server.write('/agencies/ubnd-cap-xa/members', { members, effectiveOn: '2025-06-10', ...why });
    expect((await agency('ubnd-cap-xa', 'asOf=2025-06-09')).members).toEqual([]);
    expect((await agency('ubnd-cap-xa', 'asOf=2025-06-10')).members).toEqual(members);
    const nested = { members: ['cac-so-ban-nganh'], effectiveOn: '2025-06-11', ...why };
    expect((await server.refused(422, '/agencies/ubnd-cap-xa/members', nested)).code).toBe('MemberIsGroup');
    expect((await server.refused(422, '/agencies/so-y-te/members', nested)).code).toBe('NotAGroup');
  });
});

describe('a plan', () => {
  const plan = async (id: string, query = '') => server.get<PlanAnswer>(await now(`/plans/${id}`, query));

  it('is being entered until it is opened, then amended, superseded or closed', async () => {
    const day = { effectiveOn: '2025-06-01' };
    const sections = [{ code: 'I', title: 'Đến năm 2030' }];
    const issued = {
      planId: 'kh-moi',
      title: 'Mới',
      issuer: 'UBND tỉnh',
      milestones: ['2030'],
      sections,
      ...day,
    };
    await server.write('/plans', issued);
    expect((await plan('kh-moi')).state).toBe('entering');
    await server.write('/plans/kh-moi/opening', day);
    expect((await plan('kh-moi')).state).toBe('open');
    const amendment = { title: 'Mới hơn', effectiveOn: '2025-06-10', reason: 'x' };
    expect((await server.refused(422, '/plans/kh-moi/amendments', amendment)).errors?.[0]?.field).toBe(
      'legalBasis',
    );
    await server.write('/plans/kh-moi/amendments', { ...amendment, legalBasis: basis });
    expect([(await plan('kh-moi')).title, (await plan('kh-moi', 'asOf=2025-06-10')).title]).toEqual([
      'Mới',
      'Mới hơn',
    ]);
    await server.write('/plans/kh-1570-2025/supersession', {
      by: 'kh-moi',
      effectiveOn: '2025-06-10',
      ...why,
    });
    expect((await plan('kh-1570-2025', 'asOf=2025-06-09')).state).toBe('open');
    expect((await plan('kh-1570-2025', 'asOf=2025-06-10')).state).toBe('superseded');
    const online = `/indicators/${at('kh-1570-2025/7.1')}`;
    expect((await server.get<IndicatorAnswer>(await now(online, 'asOf=2025-06-10'))).supersededBy).toBe(
      'kh-moi',
    );
    await server.write('/plans/kh-moi/closure', { effectiveOn: '2025-06-20', reason: 'Xong' });
    expect((await plan('kh-moi', 'asOf=2025-06-20')).state).toBe('closed');
    const late = { code: '1', title: 'x', order: 1, effectiveOn: '2025-06-20' };
    expect((await server.refused(422, '/plans/kh-moi/indicators', late)).code).toBe('PlanClosed');
    expect((await server.refused(422, '/plans', { ...issued, title: 'Khác' })).code).toBe('PlanExists');
  });
});

describe('the documents', () => {
  it('are found as they were loaded, whatever happened to plans, tasks and agencies since', async () => {
    const before = await server.head();
    const { problems, plans } = await loadTables(server.ledger, await konTumTables());
    expect([problems, plans.map(({ state }) => state)]).toEqual([[], Array(5).fill('unchanged')]);
    expect(await server.head()).toBe(before);
  });
});

describe('a row', () => {
  it('stands under one that is there on its day', async () => {
    const row = (code: string, parent: string | null, effectiveOn: string) => ({
      ...{ code, title: `Hàng ${code}`, unit: '%', order: 90, parent, effectiveOn },
    });
    const rows = '/plans/kh-1570-2025/indicators';
    await server.write(rows, row('90', null, '2025-05-20'));
    await server.write(`/indicators/${at('kh-1570-2025/90')}/drop`, { effectiveOn: '2025-05-30', ...why });
    const under = 'kh-1570-2025/90';
    for (const [effectiveOn, said] of [
      ['2025-05-19', 'holds only from 2025-05-20'],
      ['2025-05-30', 'was dropped on 2025-05-30'],
    ] as const) {
      const { code, detail } = await server.refused(422, rows, row('90.1', under, effectiveOn));
      expect([code, detail]).toEqual(['NoSuchParent', expect.stringContaining(said)]);
    }
    await server.write(rows, row('90.1', under, '2025-05-29'));
  });
});
