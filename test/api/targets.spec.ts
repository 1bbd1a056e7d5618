import { beforeAll, describe, expect, it } from '@jest/globals';
import type { TrailItem } from '../../src/application/queries/audit.js';
import type { IndicatorAnswer } from '../../src/application/queries/indicators.js';
import { at, konTumServer, type Listed } from '../support/server.js';

const server = konTumServer();

const PLAN = 'kh-1570-2025';
const FROM = '2025-06-01';
const TODAY = '2026-11-28';
const why = { reason: 'Đọc lại', legalBasis: { number: '245/QĐ-UBND', date: '2026-01-28', clause: null } };

beforeAll(() => server.clock.set(TODAY));

const pathOf = (code: string) => `/indicators/${at(`${PLAN}/${code}`)}`;
const adopt = (code: string, order: number, over: object = {}) =>
  server.write(`/plans/${PLAN}/indicators`, {
    ...{ code, order, title: `Chỉ tiêu ${code}`, unit: '%', effectiveOn: FROM, ...over },
  });
const write = (code: string, what: string, body: object) => server.write(`${pathOf(code)}/${what}`, body);
const on = (code: string, asOf: string) => server.get<IndicatorAnswer>(`${pathOf(code)}?asOf=${asOf}`);
const history = async (code: string, asOf: string) =>
  (await server.get<Listed<TrailItem>>(`${pathOf(code)}/history?asOf=${asOf}`)).items;

describe('a benchmark', () => {
  const average = { benchmark: 'national-average', period: '2025', source: 'Bộ KH&CN' };

  beforeAll(async () => {
    await adopt('90', 90);
    await write('90', 'targets', {
      ...{ milestone: '2030', notation: 'đạt mức trung bình chung của cả nước', effectiveOn: FROM },
    });
    await write('90', 'measurements', { period: '2025', value: '30' });
  });

  it('holds from its day on, and not before', async () => {
    await write('90', 'benchmarks', { ...average, value: '29', effectiveOn: '2026-06-01' });
    await write('90', 'benchmarks', { ...average, value: '35', effectiveOn: '2027-06-01' });
    const verdictOn = async (asOf: string) => (await on('90', asOf)).verdict;
    expect(await verdictOn('2026-05-31')).toMatchObject({
      ...{ status: 'not-assessable', reason: 'missing-benchmark' },
    });
    for (const day of ['2026-06-01', TODAY, '2027-05-31'])
      expect((await verdictOn(day))?.because).toContain('compared with the benchmark 29 of 2025');
    expect(await verdictOn('2027-06-01')).toMatchObject({
      ...{
        status: 'in-progress',
        because: expect.stringContaining('compared with the benchmark 35 of 2025'),
      },
    });
  });

  it('is told in the trail as it was judged', async () => {
    const recorded = (await history('90', '2027-06-01')).filter(({ type }) => type === 'BenchmarkRecorded');
    expect(recorded.map(({ effect }) => effect[0])).toMatchObject([
      { asOf: TODAY, from: 'not-assessable', to: 'achieved' },
      { asOf: '2027-06-01', from: 'achieved', to: 'in-progress' },
    ]);
  });

  it('recorded late says which entries it does not undo', async () => {
    const written = await write('90', 'benchmarks', { ...average, value: '28', effectiveOn: '2026-01-01' });
    expect(written.laterEntries).toEqual(['2026-06-01', '2027-06-01']);
    expect((await on('90', TODAY)).facts.benchmarks.map(({ effectiveOn }) => effectiveOn)).toEqual([
      ...['2026-01-01', '2026-06-01', '2027-06-01'],
    ]);
  });
});

describe('a target set again in the same words', () => {
  const ofTarget = async (code: string) => {
    const { status, verdict } = await on(code, TODAY);
    return [status, verdict?.reason, verdict?.target.effectiveOn];
  };
  const prepare = async (code: string, order: number, unit: string, period: string, notation: string) => {
    await adopt(code, order, { unit, direction: unit === '%' ? 'higher-is-better' : 'lower-is-better' });
    await write(code, 'targets', { milestone: '2030', notation, effectiveOn: FROM });
    await write(code, 'measurements', { period, value: '20' });
  };
  const unchanged = async (code: string, body: object) =>
    expect(await server.post(`${pathOf(code)}/targets`, body)).toMatchObject({
      ...{ status: 200, body: { eventIds: [] } },
    });
  const again = async (code: string, notation: string, effectiveOn: string) => {
    const body = { milestone: '2030', notation, effectiveOn };
    const { type } = await server.refused(422, `${pathOf(code)}/targets`, body);
    expect(type).toBe('urn:so-cai:problem:legal-basis-missing');
    await write(code, 'targets', { ...body, ...why });
    await unchanged(code, { ...body, ...why });
    expect((await history(code, TODAY)).at(-1)).toMatchObject({ type: 'TargetRevised', ...why });
  };

  it('is read anew by the direction of its day', async () => {
    await prepare('91', 91, '%', '2025', '10');
    await write('91', 'rewording', {
      ...{ title: 'Chỉ tiêu 91', unit: '%', direction: 'lower-is-better', effectiveOn: FROM, ...why },
    });
    expect(await ofTarget('91')).toEqual(['achieved', null, FROM]);
    await again('91', '10', FROM);
    expect(await ofTarget('91')).toEqual(['in-progress', 'no-start', FROM]);
  });

  it('is of the number of provinces of its day', async () => {
    await prepare('92', 92, 'Thứ bậc', '2025', '30');
    expect(await ofTarget('92')).toEqual(['not-assessable', 'field-changed', FROM]);
    await again('92', '30', '2025-07-01');
    expect(await ofTarget('92')).toEqual(['achieved', null, '2025-07-01']);
  });

  it('is in the unit of its day', async () => {
    await prepare('93', 93, '%', '2026-Q1', '≥ 15');
    await write('93', 'rewording', {
      ...{ title: 'Chỉ tiêu 93', unit: 'người', effectiveOn: '2026-01-01', ...why },
    });
    expect(await ofTarget('93')).toEqual(['not-assessable', 'unit-changed', FROM]);
    await again('93', '≥ 15', '2026-01-01');
    expect(await ofTarget('93')).toEqual(['achieved', null, '2026-01-01']);
  });

  it('waits to be read anew where a person had read it', async () => {
    const notation = 'tăng 5 bậc';
    const reading = { milestone: '2030', reason: 'Đã hỏi lại' };
    const atLeast = (value: string) => ({
      ...{ kind: 'threshold', relation: '>=', value, unit: null, qualifier: null },
    });
    await prepare('94', 94, '%', '2025', notation);
    await write('94', 'targets/reading', { ...reading, criterion: atLeast('30') });
    await unchanged('94', { milestone: '2030', notation, effectiveOn: FROM });
    await write('94', 'targets', { milestone: '2030', notation, effectiveOn: FROM, ...why });
    expect(await ofTarget('94')).toEqual(['not-assessable', 'unread', FROM]);
    await write('94', 'targets/reading', { ...reading, criterion: atLeast('20') });
    expect(await ofTarget('94')).toEqual(['achieved', null, FROM]);
  });
});

describe('a plan amended from a day on', () => {
  const OWN = 'kh-sua-2025';
  const row = `/indicators/${at(`${OWN}/1`)}`;
  const [before, from, after] = ['2026-12-31', '2027-01-01', '2027-02-01'];

  beforeAll(async () => {
    await server.write('/plans', {
      ...{ planId: OWN, title: 'Kế hoạch', issuer: 'UBND tỉnh', milestones: ['2030'], effectiveOn: FROM },
      sections: [{ code: 'I', title: 'Một' }],
    });
    await server.write(`/plans/${OWN}/indicators`, { code: '1', title: 'Một', order: 1, effectiveOn: FROM });
    await server.write(`/plans/${OWN}/amendments`, {
      ...{ milestones: ['2040'], sections: [{ code: 'II', title: 'Hai' }], effectiveOn: from, ...why },
    });
  });

  it('has targets at the milestones of their day', async () => {
    const target = (milestone: string, effectiveOn: string) => ({ milestone, notation: '≥ 80', effectiveOn });
    const { type, detail } = await server.refused(422, `${row}/targets`, target('2040', before));
    expect([type, detail]).toEqual([
      'urn:so-cai:problem:unknown-milestone',
      'The plan has no milestone 2040 on 2026-12-31.',
    ]);
    await server.write(`${row}/targets`, target('2040', from));
    await server.refused(422, `${row}/targets`, target('2030', after));
    await server.write(`${row}/targets`, target('2030', before));
  });

  it('has rows in the sections of their day', async () => {
    const indicator = { title: 'Hai', order: 2 };
    const task = { ...indicator, deadline: { notation: 'Thường xuyên', kind: 'continuous' } };
    for (const [path, body] of [
      [`/plans/${OWN}/indicators`, indicator],
      [`/plans/${OWN}/tasks`, task],
    ] as const) {
      const refused = { ...body, code: '2', section: 'II', effectiveOn: before };
      expect((await server.refused(422, path, refused)).detail).toBe(
        'The plan has no section II on 2026-12-31.',
      );
      await server.refused(422, path, { ...refused, section: 'I', effectiveOn: from });
      await server.write(path, { ...refused, effectiveOn: from });
    }
  });
});

describe('reading what could not be read', () => {
  const reading = (value: string) => ({
    ...{ milestone: '2030', reason: 'Đã hỏi lại' },
    criterion: { kind: 'threshold', relation: '>=', value, unit: null, qualifier: null },
  });

  beforeAll(async () => {
    await adopt('95', 95);
    const set = (notation: string, effectiveOn: string, over: object = {}) =>
      write('95', 'targets', { milestone: '2030', notation, effectiveOn, ...over });
    await set('tăng 5 bậc', FROM);
    await set('≥ 80', '2026-01-01', why);
    await set('tăng 3 bậc', '2027-01-01', why);
    await write('95', 'measurements', { period: '2025-H1', value: '60' });
  });

  it('is of the target of today, or of the day that is named', async () => {
    const path = `${pathOf('95')}/targets/reading`;
    expect((await server.refused(422, path, reading('50'))).type).toBe(
      'urn:so-cai:problem:criterion-already-read',
    );
    expect((await on('95', '2025-12-31')).status).toBe('not-assessable');
    const later = await write('95', 'targets/reading', { ...reading('50'), effectiveOn: '2025-12-31' });
    expect(later.laterEntries).toEqual(['2026-01-01', '2027-01-01']);
    expect((await on('95', '2025-12-31')).status).toBe('achieved');
    await write('95', 'targets/reading', { ...reading('90'), effectiveOn: '2027-01-01' });
    expect((await on('95', '2027-01-01')).verdict).toMatchObject({
      ...{ status: 'in-progress', target: { notation: 'tăng 3 bậc', effectiveOn: '2027-01-01' } },
    });
    expect((await on('95', TODAY)).verdict?.target.notation).toBe('≥ 80');
  });

  it('stands in the trail from the day from which the target holds', async () => {
    const read = (await history('95', '2027-01-01')).filter(({ type }) => type === 'CriterionRead');
    expect(read).toMatchObject([
      {
        ...{ effectiveOn: FROM, backdated: true, laterEntries: ['2026-01-01', '2027-01-01'] },
        ...{ before: { criterion: { kind: 'unread' } }, after: { criterion: { value: '50' } } },
      },
      { effectiveOn: '2027-01-01', backdated: false, after: { criterion: { value: '90' } } },
    ]);
  });

  it('is of a day', async () => {
    const path = `${pathOf('95')}/targets/reading`;
    await server.refused(400, path, { ...reading('50'), effectiveOn: '2025-02-29' });
    expect((await server.refused(422, path, { ...reading('50'), effectiveOn: '2025-05-31' })).type).toBe(
      'urn:so-cai:problem:target-not-set',
    );
  });
});

describe('what needs no legal basis', () => {
  it('is in the trail with the one that was given', async () => {
    await adopt('97', 97);
    await write('97', 'targets', { milestone: '2030', notation: '≥ 80', effectiveOn: FROM, ...why });
    await write('97', 'assignments', {
      ...{ action: 'assign', role: 'lead', agencies: ['so-khcn'], effectiveOn: FROM, ...why },
    });
    expect((await history('97', TODAY)).slice(1)).toMatchObject([
      { type: 'TargetSet', ...why },
      { type: 'AgencyAssigned', ...why },
    ]);
  });
});

describe('a target dated before the first one', () => {
  it('is set for the days on which there was none; the trail and the answer name those that stand', async () => {
    await adopt('96', 96);
    await write('96', 'targets', { milestone: '2030', notation: '≥ 80', effectiveOn: '2026-01-01' });
    const written = await write('96', 'targets', { milestone: '2030', notation: '≥ 60', effectiveOn: FROM });
    expect(written.laterEntries).toEqual(['2026-01-01']);
    expect((await history('96', TODAY)).at(-1)).toMatchObject({
      ...{ type: 'TargetSet', before: null, backdated: true, laterEntries: ['2026-01-01'], effect: [] },
    });
    expect((await on('96', '2025-12-31')).verdict?.target.notation).toBe('≥ 60');
    expect((await on('96', TODAY)).verdict?.target.notation).toBe('≥ 80');
  });
});
