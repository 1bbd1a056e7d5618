import { beforeAll, describe, expect, it } from '@jest/globals';
import type { TrailItem } from '../../src/application/queries/audit.js';
import { EVENT_TYPES } from '../../src/domain/events.js';
import type { RecordedEvent } from '../../src/ports/event-store.js';
import { at, konTumServer, OFFICE, reporterOf, type Who, type Written } from '../support/server.js';

const server = konTumServer();

const basis = { number: '245/QĐ-UBND', date: '2025-05-28', clause: 'Điều 2' };
const on = { effectiveOn: '2025-06-01', reason: 'Theo thực tế', legalBasis: basis };
const day = { effectiveOn: '2025-06-01' };

const PLAN = 'ke-hoach-moi';
const ONLINE = `/indicators/${at('kh-1570-2025/7.1')}`;
const FIGURE = `/measurements/${at('kh-1570-2025/7.1@2025-Q1#1')}`;
const task = (code: string) => `/tasks/${at(`kh-484-2025/t/${code}`)}`;
const VP = reporterOf('vp-ubnd-tinh');

/** The route that yields each event, in an order in which each can happen. */
const ROUTES: readonly (readonly [type: string, path: string, body: object, who?: Who])[] = [
  ['AgencyEstablished', '/agencies', { agencyId: 'so-moi', name: 'Sở Mới', level: 'province' }],
  ['AgencyEstablished', '/agencies', { agencyId: 'so-cu', name: 'Sở Cũ', level: 'province' }],
  [
    'AgencyGroupDefined',
    '/agencies',
    { agencyId: 'hai-so', name: 'Hai sở', level: 'province', members: ['so-moi'], ...day },
  ],
  ['AgencyAliased', '/agencies/so-moi/aliases', { alias: 'Sở M.' }],
  ['AgencyRenamed', '/agencies/so-moi/renaming', { name: 'Sở Mới hơn', ...on }],
  ['AgencyGroupChanged', '/agencies/hai-so/members', { members: ['so-moi', 'so-khcn'], ...on }],
  ['AgencyDissolved', '/agencies/so-cu/dissolution', { successors: ['so-moi'], ...on }],
  [
    'PlanIssued',
    '/plans',
    {
      ...{ planId: PLAN, title: 'Kế hoạch mới', issuer: 'UBND tỉnh', milestones: ['2030'], ...day },
      ...{ sections: [{ code: 'I', title: 'Đến năm 2030' }] },
    },
  ],
  ['IndicatorAdopted', `/plans/${PLAN}/indicators`, { code: '1', title: 'Một', order: 1, unit: '%', ...day }],
  [
    'TaskGiven',
    `/plans/${PLAN}/tasks`,
    {
      code: '1',
      title: 'Việc',
      order: 1,
      deadline: { notation: 'Thường xuyên', kind: 'continuous' },
      ...day,
    },
  ],
  ['PlanOpened', `/plans/${PLAN}/opening`, day],
  ['PlanAmended', `/plans/${PLAN}/amendments`, { milestones: ['2030', '2045'], ...on }],
  ['TargetSet', `/indicators/${at(`${PLAN}/1`)}/targets`, { milestone: '2045', notation: '≥ 95', ...day }],
  ['TargetRevised', `${ONLINE}/targets`, { milestone: '2030', notation: '≥ 90', ...on }],
  [
    'TargetWithdrawn',
    `/indicators/${at('kh-1570-2025/7.2')}/targets/withdrawal`,
    { milestone: '2030', ...on },
  ],
  [
    'CriterionRead',
    `/indicators/${at('kh-419-2024/4.10')}/targets/reading`,
    { milestone: 'yearly', criterion: { kind: 'growth', low: '1', high: '2' }, reason: 'Đã hỏi lại' },
  ],
  ['BaselineRecorded', `${ONLINE}/baseline`, { notation: '55%', period: '2024', ...day }],
  [
    'BenchmarkRecorded',
    `/indicators/${at('kh-1570-2025/1')}/benchmarks`,
    { benchmark: 'national-average', value: '31.5', period: '2025', source: 'Bộ KH&CN', ...day },
  ],
  [
    'AgencyAssigned',
    `${ONLINE}/assignments`,
    { action: 'assign', role: 'coordinating', agencies: ['so-moi'], ...day },
  ],
  [
    'AgencyReleased',
    `${ONLINE}/assignments`,
    { action: 'release', role: 'coordinating', agencies: ['so-moi'], ...on },
  ],
  [
    'AssignmentTransferred',
    `/indicators/${at('kh-484-2025/1')}/assignments`,
    { action: 'transfer', role: 'lead', moves: [{ from: 'so-tttt', to: 'so-khcn' }], ...on },
  ],
  ['MeasurementReported', `${ONLINE}/measurements`, { period: '2025-Q1', value: '71' }, VP],
  ['MeasurementReturned', `${FIGURE}/return`, { reason: 'Sai kỳ' }],
  ['MeasurementCorrected', `${FIGURE}/correction`, { value: '61.5', reason: 'Đã sửa' }, VP],
  ['MeasurementAccepted', `${FIGURE}/acceptance`, { note: 'Khớp nguồn' }],
  ['MeasurementRetracted', `${FIGURE}/retraction`, { reason: 'Sai nguồn' }, VP],
  ['IndicatorReworded', `${ONLINE}/rewording`, { title: 'Tỷ lệ hồ sơ trực tuyến', unit: '%', ...on }],
  ['IndicatorDropped', `/indicators/${at('kh-1570-2025/7.9')}/drop`, on],
  [
    'TaskProgressReported',
    `${task('31')}/progress`,
    { effectiveOn: '2025-06-01', note: 'Dự thảo đã lấy ý kiến' },
    VP,
  ],
  [
    'TaskConditionMet',
    `${task('11')}/condition`,
    { effectiveOn: '2025-06-01', evidence: 'Công văn 1234', dueOn: '2026-03-31' },
  ],
  ['TaskCompleted', `${task('10')}/completion`, { effectiveOn: '2025-06-01', result: 'Kế hoạch 2048' }],
  ['TaskReopened', `${task('10')}/reopening`, { ...on, effectiveOn: '2025-06-02' }],
  [
    'DeadlineRevised',
    `${task('18')}/deadline`,
    { deadline: { notation: '6/2026', kind: 'date', dueOn: '2026-06-30' }, ...on },
  ],
  [
    'AgencyAssigned',
    `${task('18')}/assignments`,
    { action: 'assign', role: 'lead', agencies: ['so-khcn'], ...day },
  ],
  [
    'AgencyReleased',
    `${task('18')}/assignments`,
    { action: 'release', role: 'lead', agencies: ['so-tttt'], ...on },
  ],
  [
    'AssignmentTransferred',
    `${task('10')}/assignments`,
    { action: 'transfer', role: 'lead', moves: [{ from: 'so-tttt', to: 'so-khcn' }], ...on },
  ],
  ['TaskDropped', `${task('43')}/drop`, on],
  ['PlanSuperseded', '/plans/kh-4465-2022/supersession', { by: PLAN, ...on }],
  ['PlanClosed', '/plans/lo-trinh-2025-2045/closure', on],
];

interface Step {
  readonly type: string;
  readonly who: Who;
  readonly body: {
    readonly reason?: string;
    readonly note?: string;
    readonly effectiveOn?: string;
    readonly legalBasis?: object;
  };
  readonly answer: Written;
}

const steps: Step[] = [];
const log: RecordedEvent[] = [];
beforeAll(async () => {
  for (const [type, path, body, who = OFFICE] of ROUTES)
    steps.push({ type, who, body, answer: await server.write(path, body, who) });
  let after = '';
  do {
    const page = await server.get<{ items: RecordedEvent[]; next: string | null }>(
      `/events?limit=500${after}`,
    );
    log.push(...page.items);
    after = page.next ? `&after=${page.next}` : '';
  } while (after);
});

/** What follows from a decree. */
const BY_DECREE = [
  'ReorganizationDecreed',
  'ReorganizationApplied',
  'ReorganizationRevoked',
  'ReorganizationTurnedBack',
  'AgencyRestored',
];

/** Asks until the answer has become what is expected. */
const until = async (path: string, expected: object): Promise<void> => {
  const matches = (answer: object) => {
    try {
      expect(answer).toMatchObject(expected);
      return true;
    } catch {
      return false;
    }
  };
  while (!matches(await server.get<object>(path)));
};

describe('every event', () => {
  it('is yielded by some route', () => {
    const others = EVENT_TYPES.filter((type) => !ROUTES.some(([yielded]) => yielded === type));
    expect(others.sort()).toEqual([...BY_DECREE].sort());
  });

  it('about a reorganization is yielded by its decree and its revocation', async () => {
    const before = await server.head();
    for (const agencyId of ['so-a', 'so-b'])
      await server.write('/agencies', { agencyId, name: agencyId, level: 'province' });
    const merger = {
      reorganizationId: 'sap-nhap',
      kind: 'merge',
      predecessors: ['so-a', 'so-b'],
      successors: ['so-b'],
    };
    const allocations = [{ predecessor: 'so-a', successor: 'so-b' }];
    await server.write('/reorganizations', { ...merger, allocations, ...on });
    await until('/reorganizations/sap-nhap', { state: 'applied' });
    await server.write('/reorganizations/sap-nhap/revocation', { ...on, effectiveOn: '2025-06-02' });
    const restored = expect.objectContaining({ restoredOn: '2025-06-02' });
    const facts = expect.objectContaining({ dissolutions: [restored] });
    await until('/reorganizations/sap-nhap', { state: 'revoked' });
    await until('/agencies/so-a', { dissolvedOn: null, successors: [], facts });
    const { items } = await server.get<{ items: RecordedEvent[] }>(`/events?limit=500&after=${before}`);
    expect(items.map(({ type }) => type)).toEqual(expect.arrayContaining([...BY_DECREE]));
  });

  it('stands in the log as it was answered, once, with who asked for it', () => {
    const byId = new Map(log.map((event) => [event.id, event]));
    expect(byId.size).toBe(log.length);
    for (const { type, who, answer } of steps) {
      const events = answer.eventIds.map((id) => byId.get(id));
      expect([type, events[0]?.type, events.at(-1)?.position]).toEqual([type, type, answer.position]);
      for (const event of events)
        expect(event?.metadata).toMatchObject({
          actor: {
            subject: who.subject,
            role: who.role,
            agencyId: who.agencyId,
            name: `Tên của ${who.subject}`,
          },
          commandId: events[0]?.metadata.commandId,
          schema: 1,
        });
    }
  });

  it('keeps the log in one order', () => {
    const positions = log.map(({ position }) => position);
    expect(positions).toEqual([...new Set(positions)].sort());
  });

  it('stands in the trail with its reason, its legal basis and the day from which it holds', async () => {
    const trail = new Map<string, TrailItem>();
    for (const planId of new Set(log.flatMap(({ metadata }) => metadata.planId ?? [])))
      for (const entry of await server.all<TrailItem>(`/plans/${planId}/audit`, 500))
        trail.set(entry.eventId, entry);
    const ofPlans = log.filter(({ metadata }) => metadata.planId !== null);
    expect(trail.size).toBe(ofPlans.length);
    for (const { type, body, answer, who } of steps.filter((step) => !step.type.startsWith('AgencyE'))) {
      const entry = trail.get(answer.eventIds[0] ?? '');
      if (!entry) continue;
      expect(entry).toMatchObject({
        type,
        effectiveOn: body.effectiveOn ?? entry.effectiveOn,
        // Of an acceptance the note says why.
        reason: body.reason ?? (type === 'MeasurementAccepted' ? body.note : null),
        actor: { subject: who.subject },
      });
      if (body.legalBasis) expect(entry.legalBasis).toEqual(body.legalBasis);
    }
    const effects = [...trail.values()].flatMap(({ effect, type }) =>
      effect.map(({ id, from, to }) => [type, id, from, to]),
    );
    expect(effects).toContainEqual(['TaskConditionMet', 'kh-484-2025/t/11', 'waiting', 'due']);
    expect(effects).toContainEqual(['TaskCompleted', 'kh-484-2025/t/10', 'due', 'done']);
    expect(effects).toContainEqual(['TaskReopened', 'kh-484-2025/t/10', 'done', 'due']);
  });

  it('asked again yields nothing, and says so', async () => {
    const before = await server.head();
    // What has been taken back since can be asked for anew; the rest stands.
    const standing = ROUTES.filter(
      ([type]) => !/^(Measurement|Agency(Assigned|Released)|AssignmentT|Task(Completed|Reopened))/.test(type),
    );
    for (const [type, path, body, who = OFFICE] of standing) {
      const { status, body: answer } = await server.post(path, body, who);
      expect([type, status, answer]).toEqual([type, 200, expect.objectContaining({ eventIds: [] })]);
    }
    expect(await server.head()).toBe(before);
  });
});
