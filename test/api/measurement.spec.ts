import { beforeEach, describe, expect, it } from '@jest/globals';
import type { TrailItem } from '../../src/application/queries/audit.js';
import type { IndicatorAnswer } from '../../src/application/queries/indicators.js';
import type { OverviewAnswer } from '../../src/application/queries/overview.js';
import type { MeasurementAnswer } from '../../src/application/trail/steps.js';
import {
  ADMIN,
  AUDITOR,
  at,
  COLLEAGUE,
  konTumServer,
  type Listed,
  OFFICE,
  reporterOf,
  type Who,
} from '../support/server.js';

const server = konTumServer();

const VP = reporterOf('vp-ubnd-tinh');
const KHCN = reporterOf('so-khcn');
const of = (id: string) => `/indicators/${at(id)}`;
const figure = (id: string) => `/measurements/${at(id)}`;
const standing = async (id: string, query = '', who: Who = AUDITOR) => {
  const answer = await server.get<IndicatorAnswer>(`${of(id)}?after=${await server.head()}&${query}`, who);
  return [answer.status, answer.verdict?.measurement?.value ?? null, answer.verdict?.provisional];
};
const stateOf = async (id: string) => {
  const { state, value } = await server.get<MeasurementAnswer>(`${figure(id)}?after=${await server.head()}`);
  return [state, value];
};

// A subject of its own for each test: nothing of one reaches another.
const ids = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `kh-1570-2025/7.${n}`);
let id = '';
beforeEach(() => {
  id = ids.shift() ?? '';
});

describe('the life of a figure', () => {
  it('is reported, returned, corrected, accepted and retracted', async () => {
    expect(await standing(id)).toEqual(['not-reported', null, false]);
    const { measurementId = '' } = await server.write(
      `${of(id)}/measurements`,
      { period: '2025-Q1', value: '91.50', source: 'Cổng Dịch vụ công', evidence: 'Báo cáo 12' },
      VP,
    );
    expect(measurementId).toBe(`${id}@2025-Q1#1`);
    expect(await standing(id)).toEqual(['achieved', '91.5', true]);
    expect(await standing(id, 'figures=accepted')).toEqual(['not-reported', null, false]);

    await server.write(`${figure(measurementId)}/return`, { reason: 'Sai kỳ' });
    expect(await standing(id)).toEqual(['not-reported', null, false]);
    const waits = await server.refused(422, `${figure(measurementId)}/acceptance`, {});
    expect(waits.code).toBe('MeasurementReturned');

    await server.write(`${figure(measurementId)}/correction`, { value: '61', reason: 'Đã sửa' }, VP);
    expect(await standing(id)).toEqual(['in-progress', '61', true]);
    expect(await stateOf(measurementId)).toEqual(['reported', '61']);

    await server.write(`${figure(measurementId)}/acceptance`, { note: 'Khớp' });
    expect(await standing(id)).toEqual(['in-progress', '61', false]);
    expect(await standing(id, 'figures=accepted')).toEqual(['in-progress', '61', false]);

    await server.write(`${figure(measurementId)}/retraction`, { reason: 'Sai nguồn' }, VP);
    expect(await standing(id)).toEqual(['not-reported', null, false]);
    const gone = await server.refused(
      422,
      `${figure(measurementId)}/correction`,
      { value: '1', reason: 'x' },
      VP,
    );
    expect(gone.code).toBe('MeasurementRetracted');

    const row = await server.get<MeasurementAnswer>(figure(measurementId));
    expect(
      row.history.map(({ event, figure: said, reason }) => [event, said?.value ?? null, reason]),
    ).toEqual([
      ['MeasurementReported', '91.5', null],
      ['MeasurementReturned', null, 'Sai kỳ'],
      ['MeasurementCorrected', '61', 'Đã sửa'],
      ['MeasurementAccepted', null, 'Khớp'],
      ['MeasurementRetracted', null, 'Sai nguồn'],
    ]);
    const { items } = await server.get<Listed<TrailItem>>(`${of(id)}/history`);
    expect(items.slice(-5).map(({ effect }) => effect[0]?.to ?? null)).toEqual([
      'achieved',
      'not-reported',
      'in-progress',
      null,
      'not-reported',
    ]);
  });

  it('begins once: a second figure of the same agency for the same period is a correction', async () => {
    const body = { period: '2025-Q1', value: '70' };
    await server.write(`${of(id)}/measurements`, body, VP);
    const again = await server.refused(422, `${of(id)}/measurements`, { ...body, value: '71' }, VP);
    expect([again.code, again.errors?.[0]?.field]).toEqual(['AlreadyReported', 'period']);
    expect((await server.post(`${of(id)}/measurements`, body, VP)).status).toBe(200);
    await server.write(`${figure(`${id}@2025-Q1#1`)}/retraction`, { reason: 'Sai' }, VP);
    const { measurementId } = await server.write(`${of(id)}/measurements`, { ...body, value: '71' }, VP);
    expect(measurementId).toBe(`${id}@2025-Q1#2`);
  });

  it('is accepted by another than who reported it, by the office alone', async () => {
    const { measurementId = '' } = await server.write(`${of(id)}/measurements`, {
      period: '2025-Q1',
      value: '70',
    });
    const acceptance = `${figure(measurementId)}/acceptance`;
    expect((await server.refused(422, acceptance, {}, OFFICE)).code).toBe('OwnFigure');
    await server.refused(403, acceptance, {}, VP);
    await server.refused(403, acceptance, {}, AUDITOR);
    await server.refused(401, acceptance, {}, null);
    await server.write(acceptance, {}, COLLEAGUE);
    expect(await stateOf(measurementId)).toEqual(['accepted', '70']);
  });

  it('warns of what is odd and takes it', async () => {
    const first = await server.write(`${of(id)}/measurements`, { period: '2025-Q1', value: '104' }, VP);
    expect(first.warnings).toEqual(['a percentage over 100']);
    const second = await server.write(`${of(id)}/measurements`, { period: '2025-04', value: '40' }, VP);
    expect(second.warnings).toEqual(['a fall by half or more from the figure for 2025-Q1']);
    const row = await server.get<MeasurementAnswer>(`${figure(`${id}@2025-04#1`)}?after=${second.position}`);
    expect(row.warnings).toEqual(second.warnings);
    const { items } = await server.get<Listed<TrailItem>>(`${of(id)}/history?after=${second.position}`);
    expect(items.at(-1)?.warnings).toEqual(second.warnings);
  });

  it('is refused where it says nothing, or more than one thing, or of a period to come', async () => {
    const refusal = async (body: object) =>
      (await server.refused(422, `${of(id)}/measurements`, body, VP)).code;
    expect(await refusal({ period: '2025-Q1' })).toBe('FigureUnclear');
    expect(await refusal({ period: '2025-Q1', value: '1', met: 'met', note: 'x' })).toBe('FigureUnclear');
    expect(await refusal({ period: '2025-Q1', met: 'met' })).toBe('NoteMissing');
    expect(await refusal({ period: '2025-Q1', components: [] })).toBe('FigureUnclear');
    expect(await refusal({ period: '2026', value: '1' })).toBe('PeriodNotBegun');
    const twice = { name: 'a', value: '1' };
    expect(await refusal({ period: '2025-Q1', components: [twice, twice] })).toBe('FigureUnclear');
  });
});

describe('who may report', () => {
  const body = { period: '2025-Q1', value: '70' };

  it('is the lead agency, and no other', async () => {
    const { detail } = await server.refused(403, `${of(id)}/measurements`, body, KHCN);
    expect(detail).toBe('so-khcn does not lead this indicator today.');
    await server.refused(403, `${of(id)}/measurements`, body, AUDITOR);
    await server.refused(401, `${of(id)}/measurements`, body, null);
    await server.write(`${of(id)}/measurements`, body, VP);
    await server.refused(403, `${figure(`${id}@2025-Q1#1`)}/correction`, { value: '1', reason: 'x' }, KHCN);
    await server.refused(403, `${figure(`${id}@2025-Q1#1`)}/retraction`, { reason: 'x' }, KHCN);
    await server.refused(
      403,
      `${of(id)}/targets`,
      {
        ...{ milestone: '2030', notation: '≥ 1', effectiveOn: '2025-06-01', reason: 'x' },
      },
      VP,
    );
  });

  it('follows the assignment on the day that the figure comes', async () => {
    await server.write(`${of(id)}/assignments`, {
      ...{ action: 'transfer', role: 'lead', moves: [{ from: 'vp-ubnd-tinh', to: 'so-khcn' }] },
      ...{ effectiveOn: '2025-06-10', reason: 'Chuyển' },
    });
    await server.refused(403, `${of(id)}/measurements`, body, KHCN);
    server.clock.set('2025-06-10');
    await server.refused(403, `${of(id)}/measurements`, body, VP);
    await server.write(`${of(id)}/measurements`, body, KHCN);
  });

  it('is for a row led by a collective each of its members, for itself', async () => {
    const phones = 'kh-419-2024/3.2';
    const members = (await server.get<{ members: string[] }>('/agencies/ubnd-cap-huyen')).members;
    expect(members.length).toBe(10);
    await server.refused(403, `${of(phones)}/measurements`, body, KHCN);
    const share = (a: string, b: string) => ({
      period: '2024',
      components: [
        { name: 'a', value: a },
        { name: 'b', value: b },
      ],
    });
    const [first = '', second = '', ...others] = members;
    const one = await server.write(`${of(phones)}/measurements`, share('90', '100'), reporterOf(first));
    const foreign = figure(one.measurementId ?? '');
    // It is not accepted, so whoever may not see it is told that it is not there.
    await server.refused(404, `${foreign}/correction`, { value: '1', reason: 'x' }, reporterOf(second));
    await server.write(`${of(phones)}/measurements`, share('95', '100'), reporterOf(second));
    const waiting = await server.get<IndicatorAnswer>(`${of(phones)}?after=${await server.head()}`);
    expect([waiting.status, waiting.verdict?.reason]).toEqual(['not-reported', 'awaiting-members']);
    for (const member of others)
      await server.write(`${of(phones)}/measurements`, share('99', '100'), reporterOf(member));
    const all = await server.get<IndicatorAnswer>(`${of(phones)}?after=${await server.head()}`);
    expect(all.verdict?.because).toMatch(/977|97[.,]7/);
    expect(all.verdict?.reason).not.toBe('awaiting-members');
  });
});

describe('an auditor', () => {
  it('writes nothing', async () => {
    const on = { effectiveOn: '2025-06-01', reason: 'x' };
    await server.refused(403, '/plans/kh-1570-2025/closure', on, AUDITOR);
    await server.refused(
      403,
      `/tasks/${at('kh-484-2025/t/10')}/progress`,
      { effectiveOn: '2025-06-01', note: 'x' },
      AUDITOR,
    );
    await server.refused(403, '/agencies/so-khcn/aliases', { alias: 'x' }, AUDITOR);
    await server.refused(403, '/projections/plan-overview.v2/rebuild', {}, AUDITOR);
    await server.refused(403, '/imports', { files: {} }, AUDITOR);
  });
});

describe('a figure not yet accepted', () => {
  const hidden = 'kh-1570-2025/7.9';
  const mid = `${hidden}@2025-Q1#1`;

  const seenBy = async (who: Who) => {
    const after = `after=${await server.head()}`;
    const { items } = await server.get<Listed<MeasurementAnswer>>(
      `/measurements?indicator=${hidden}&${after}`,
      who,
    );
    const one = await server.send('GET', figure(mid), { who });
    const indicator = await server.get<IndicatorAnswer>(`${of(hidden)}?${after}`, who);
    const history = await server.get<Listed<TrailItem>>(`${of(hidden)}/history`, who);
    const audit = await server.get<Listed<TrailItem>>(
      `/plans/kh-1570-2025/audit?subject=${hidden}&limit=100`,
      who,
    );
    const overview = await server.get<OverviewAnswer>('/status', who);
    const told = (trail: Listed<TrailItem>) =>
      trail.items.filter(({ measurementId }) => measurementId === mid).length;
    return {
      ...{
        list: items.length,
        one: one.status,
        status: indicator.status,
        facts: indicator.facts.measurements.length,
      },
      ...{ history: told(history), audit: told(audit) },
      achieved: overview.plans.find((plan) => plan.id === 'kh-1570-2025')?.indicators['achieved'] ?? 0,
    };
  };

  it('is hidden from reporters of other agencies, wherever they look, until it is accepted', async () => {
    const before = (await seenBy(KHCN)).achieved;
    await server.write(`${of(hidden)}/measurements`, { period: '2025-Q1', value: '100' }, VP);
    const secret = {
      list: 0,
      one: 404,
      status: 'not-reported',
      facts: 0,
      history: 0,
      audit: 0,
      achieved: before,
    };
    expect(await seenBy(KHCN)).toEqual(secret);
    const open = { list: 1, one: 200, status: 'achieved', facts: 1, history: 1, audit: 1 };
    for (const who of [VP, OFFICE, AUDITOR, ADMIN]) expect(await seenBy(who)).toMatchObject(open);
    await server.write(`${figure(mid)}/acceptance`, {});
    expect(await seenBy(KHCN)).toMatchObject({ ...open, history: 2, audit: 2 });
  });

  it('is found by who reported it and by who accepts', async () => {
    const list = (query: string, who: Who) =>
      server.get<Listed<MeasurementAnswer>>(`/measurements?limit=500&${query}`, who);
    const mine = (await list('reportedBy=me', VP)).items;
    expect(mine.length).toBeGreaterThan(3);
    expect(new Set(mine.map(({ reportedBy }) => reportedBy))).toEqual(new Set([VP.subject]));
    const waiting = (await list('state=reported', OFFICE)).items;
    expect(new Set(waiting.map(({ state }) => state))).toEqual(new Set(['reported']));
    expect((await list('agency=so-khcn', OFFICE)).items.map(({ agencyId }) => agencyId)).toEqual(['so-khcn']);
    expect((await list('plan=kh-419-2024&period=2024', OFFICE)).items.length).toBe(10);
    const positions = waiting.map(({ history }) => history[0]?.position ?? '');
    expect(positions).toEqual([...positions].sort().reverse());
  });
});
