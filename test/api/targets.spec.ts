import { beforeAll, describe, expect, it } from '@jest/globals';
import type { TrailItem } from '../../src/application/queries/audit.js';
import type { IndicatorAnswer } from '../../src/application/queries/indicators.js';
import { at, konTumServer, type Listed } from '../support/server.js';

const server = konTumServer();

const PLAN = 'kh-1570-2025';
const FROM = '2025-06-01';
const TODAY = '2026-11-28';

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
