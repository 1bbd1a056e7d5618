import { beforeAll, describe, expect, it } from '@jest/globals';
import type { PortfolioAnswer } from '../../src/application/queries/agencies.js';
import type { TrailItem } from '../../src/application/queries/audit.js';
import type { IndicatorAnswer } from '../../src/application/queries/indicators.js';
import type { StatusItem } from '../../src/application/queries/plan-status.js';
import type { PlanAnswer } from '../../src/application/queries/plans.js';
import type { TaskAnswer } from '../../src/application/queries/tasks.js';
import {
  AUDITOR,
  at,
  konTumServer,
  type Listed,
  LOADED_AT,
  OFFICE,
  reporterOf,
  type Who,
} from '../support/server.js';

const server = konTumServer();

const ID = 'kh-1570-2025/7.1';
const ONLINE = `/indicators/${at(ID)}`;
const basis = { number: '245/QĐ-UBND', date: '2026-01-28', clause: null };

/** What had been written by then, by the name of the event. */
const positions: Record<string, string> = {};

beforeAll(async () => {
  const write = async (name: string, day: string, path: string, body: object, who: Who = OFFICE) => {
    server.clock.set(day);
    positions[name] = (await server.write(path, body, who)).position;
  };
  const vp = reporterOf('vp-ubnd-tinh');
  await write('reported', '2025-07-08', `${ONLINE}/measurements`, { period: '2025-Q2', value: '85' }, vp);
  await write('accepted', '2025-07-10', `/measurements/${at(`${ID}@2025-Q2#1`)}/acceptance`, {});
  await write('transferred', '2025-08-05', `${ONLINE}/assignments`, {
    ...{ action: 'transfer', role: 'lead', moves: [{ from: 'vp-ubnd-tinh', to: 'so-khcn' }] },
    ...{ effectiveOn: '2025-08-01', reason: 'Chuyển nhiệm vụ', legalBasis: basis },
  });
  await write('revised', '2026-02-10', `${ONLINE}/targets`, {
    ...{
      milestone: '2030',
      notation: '≥ 90',
      effectiveOn: '2026-01-01',
      reason: 'Nâng lên',
      legalBasis: basis,
    },
  });
  await write('done', '2026-02-11', `/tasks/${at('kh-484-2025/t/10')}/completion`, {
    ...{ effectiveOn: '2025-12-20', result: 'Kế hoạch' },
  });
  server.clock.set('2026-03-01');
});

const row = async (query: string) => {
  const { items } = await server.get<Listed<StatusItem>>(`/plans/kh-1570-2025/status?q=7.1&${query}`);
  return items[0] as StatusItem;
};
const seen = async (query: string) => {
  const { status, verdict, lead } = await row(query);
  return [status, verdict?.target.notation, verdict?.provisional, lead.agencies.map(({ id }) => id).join()];
};

describe('a status', () => {
  it('is that of today as known now, when nothing else is asked', async () => {
    expect(await seen('')).toEqual(['in-progress', '≥ 90', false, 'so-khcn']);
  });

  it.each([
    ['2025-06-29', ['not-reported', '≥ 80', false, 'vp-ubnd-tinh']],
    // The quarter of the figure ends on this day and counts from then on.
    ['2025-06-30', ['achieved', '≥ 80', false, 'vp-ubnd-tinh']],
    ['2025-07-31', ['achieved', '≥ 80', false, 'vp-ubnd-tinh']],
    ['2025-08-01', ['achieved', '≥ 80', false, 'so-khcn']],
    ['2025-12-31', ['achieved', '≥ 80', false, 'so-khcn']],
    ['2026-01-01', ['in-progress', '≥ 90', false, 'so-khcn']],
  ])('holds on the day asked for: %s', async (asOf, expected) => {
    expect(await seen(`asOf=${asOf}`)).toEqual(expected);
  });

  it('is what was known at an instant', async () => {
    expect(await seen(`knownAt=${LOADED_AT}`)).toEqual(['not-reported', '≥ 80', false, 'vp-ubnd-tinh']);
    expect(await seen('knownAt=2025-07-09T00:00:00Z')).toEqual(['achieved', '≥ 80', true, 'vp-ubnd-tinh']);
    expect(await seen('knownAt=2025-07-11T00:00:00Z')).toEqual(['achieved', '≥ 80', false, 'vp-ubnd-tinh']);
    expect(await seen(`knownAt=${at('2026-02-10T09:00:00+07:00')}`)).toEqual(await seen(''));
    expect(await seen(`knownAt=${at('2026-02-10T08:59:59+07:00')}`)).toEqual([
      ...['achieved', '≥ 80', false, 'so-khcn'],
    ]);
  });

  it('is what was known at a position', async () => {
    expect(await seen(`knownAt=@${positions['reported']}`)).toEqual([
      'achieved',
      '≥ 80',
      true,
      'vp-ubnd-tinh',
    ]);
    expect(await seen(`knownAt=@${positions['accepted']}`)).toEqual(
      await seen('knownAt=2025-07-11T00:00:00Z'),
    );
    expect((await row(`knownAt=@${positions['revised']}`)).verdict?.target.notation).toBe('≥ 90');
  });

  it('joins both clocks: the end of the year as known when the year had ended', async () => {
    const asked = 'asOf=2026-01-31&knownAt=2026-01-31T12:00:00Z';
    expect(await seen(asked)).toEqual(['achieved', '≥ 80', false, 'so-khcn']);
    expect(await seen('asOf=2026-01-31')).toEqual(['in-progress', '≥ 90', false, 'so-khcn']);
  });

  it('stays what it was, once known', async () => {
    const asked = `/plans/kh-1570-2025/status?limit=500&asOf=2025-12-31&knownAt=@${positions['transferred']}`;
    const before = await server.get(asked);
    await server.write(`/indicators/${at('kh-1570-2025/7.3')}/measurements`, { period: '2025', value: '12' });
    expect(await server.get(asked)).toEqual(before);
  });

  it('knows nothing of a plan that had not been entered', async () => {
    await server.refusedQuestion(404, '/plans/kh-1570-2025/status?knownAt=2025-01-01T00:00:00Z');
    await server.refusedQuestion(404, `${ONLINE}?knownAt=2025-01-01T00:00:00Z`);
    expect((await server.get<Listed<unknown>>('/plans?knownAt=2025-01-01T00:00:00Z')).items).toEqual([]);
  });

  it('leaves out what is not accepted where that is asked', async () => {
    const known = 'knownAt=2025-07-09T00:00:00Z';
    expect(await seen(`${known}&figures=accepted`)).toEqual(['not-reported', '≥ 80', false, 'vp-ubnd-tinh']);
    expect(await seen('asOf=2025-12-31&figures=accepted')).toEqual(await seen('asOf=2025-12-31'));
  });
});

describe('who answers for it', () => {
  const leads = async (query: string) => (await row(query)).lead.agencies.map(({ id }) => id);

  it('is who held it on the day, or who does now', async () => {
    expect(await leads('asOf=2025-07-15&as=assigned')).toEqual(['vp-ubnd-tinh']);
    expect(await leads('asOf=2025-07-15&as=inherited')).toEqual(['so-khcn']);
    expect(
      (await server.get<IndicatorAnswer>(`${ONLINE}?asOf=2025-07-15&as=inherited`)).lead.agencies[0]?.id,
    ).toBe('so-khcn');
  });

  it('decides whose portfolio it stands in', async () => {
    const holds = async (agency: string, query: string) => {
      const path = `/agencies/${agency}/portfolio?limit=500&role=lead&${query}`;
      return (await server.get<PortfolioAnswer>(path)).items.some(({ subject }) => subject.id === ID);
    };
    const old = 'asOf=2025-07-15';
    expect([await holds('vp-ubnd-tinh', old), await holds('so-khcn', old)]).toEqual([true, false]);
    const now = `${old}&as=inherited`;
    expect([await holds('vp-ubnd-tinh', now), await holds('so-khcn', now)]).toEqual([false, true]);
    const known = `asOf=2025-08-03&knownAt=2025-08-04T00:00:00Z`;
    expect([await holds('vp-ubnd-tinh', known), await holds('so-khcn', known)]).toEqual([true, false]);
  });
});

describe('the trail', () => {
  type History = Listed<TrailItem>;
  const types = ({ items }: History) =>
    items.map(({ type }) => type).filter((type) => type !== 'AgencyAssigned');

  it('of one indicator ends where it was known or held', async () => {
    const history = (query: string) => server.get<History>(`${ONLINE}/history?${query}`);
    const whole = ['IndicatorAdopted', 'TargetSet', 'MeasurementReported', 'MeasurementAccepted'];
    expect(types(await history(''))).toEqual([...whole, 'AssignmentTransferred', 'TargetRevised']);
    expect(types(await history('knownAt=2025-07-11T00:00:00Z'))).toEqual(whole);
    expect(types(await history(`knownAt=@${positions['reported']}`))).toEqual(whole.slice(0, 3));
    expect(types(await history('asOf=2025-08-01'))).toEqual([...whole, 'AssignmentTransferred']);
    // A figure holds from no day of its own.
    expect(types(await history('asOf=2025-06-30'))).toEqual(whole);
  });

  it('of a plan too; and it says what was entered late, and what it did', async () => {
    const audit = (query: string) =>
      server.get<History>(`/plans/kh-1570-2025/audit?subject=${at(ID)}&limit=100&${query}`);
    expect(types(await audit('knownAt=2025-07-11T00:00:00Z'))).toEqual(
      types(await server.get<History>(`${ONLINE}/history?knownAt=2025-07-11T00:00:00Z`)),
    );
    const revised = (await audit('type=TargetRevised')).items[0];
    expect(revised).toMatchObject({
      ...{ backdated: true, effectiveOn: '2026-01-01', reason: 'Nâng lên', legalBasis: basis },
      before: { notation: '≥ 80' },
      after: { notation: '≥ 90' },
      effect: expect.arrayContaining([
        { kind: 'indicator', id: ID, asOf: '2026-02-10', from: 'achieved', to: 'in-progress' },
      ]),
    });
    expect(types(await audit('from=2026-01-01'))).toEqual(['TargetRevised']);
    expect(types(await audit('from=2025-07-08&to=2025-07-10'))).toEqual([
      ...['MeasurementReported', 'MeasurementAccepted'],
    ]);
    expect(types(await audit('actor=reporter-vp-ubnd-tinh'))).toEqual(['MeasurementReported']);
    expect(types(await audit('asOf=2025-05-08'))).toEqual([
      ...['IndicatorAdopted', 'TargetSet', 'MeasurementReported', 'MeasurementAccepted'],
    ]);
    expect(types(await audit('asOf=2025-05-08&knownAt=2025-07-09T00:00:00Z'))).toEqual([
      ...['IndicatorAdopted', 'TargetSet', 'MeasurementReported'],
    ]);
  });
});

describe('what was not there yet on the day', () => {
  it('is not found: neither an indicator nor a task', async () => {
    expect((await server.get<IndicatorAnswer>(`${ONLINE}?asOf=2025-05-08`)).title).not.toBe('');
    await server.refusedQuestion(404, `${ONLINE}?asOf=2025-05-07`);
    const task = `/tasks/${at('kh-484-2025/t/10')}`;
    const { facts } = await server.get<TaskAnswer>(task);
    expect((await server.get<TaskAnswer>(`${task}?asOf=${facts.givenOn}`)).title).not.toBe('');
    await server.refusedQuestion(404, `${task}?asOf=2020-01-01`);
  });
});

describe('a task and a plan', () => {
  it('hold on the day and as known', async () => {
    const task = async (query: string) =>
      (await server.get<TaskAnswer>(`/tasks/${at('kh-484-2025/t/10')}?${query}`)).status;
    expect(await task('')).toBe('done');
    expect(await task('asOf=2025-12-19')).toBe('due');
    expect(await task('asOf=2026-01-05&knownAt=2026-01-05T00:00:00Z')).toBe('overdue');
    const plan = await server.get<PlanAnswer>('/plans/kh-1570-2025?knownAt=2025-06-03T00:00:00Z', AUDITOR);
    expect([plan.indicators, plan.knownAt]).toEqual([36, '2025-06-03T00:00:00.000Z']);
  });
});
