import { join } from 'node:path';
import { readFolder } from '../../src/cli/folder.js';
import { at, OFFICE, reporterOf, type TestServer, type Who } from './server.js';

/** The agencies as they stand, on LOADED_AT's day, to every first indicator and task; `so-khac` has nothing to do with any. */
export const LEAD = reporterOf('so-chu-tri');
export const COORDINATING = reporterOf('so-phoi-hop');
export const FORMER = reporterOf('so-truoc');
export const FUTURE = reporterOf('so-sau');
export const OTHER = reporterOf('so-khac');

const AGENCIES = [LEAD, COORDINATING, FORMER, FUTURE, OTHER].map(({ agencyId }) => agencyId as string);

const day = { effectiveOn: '2025-02-01' };
const basis = { number: '12/QĐ-UBND', date: '2025-01-28' };
const why = { effectiveOn: '2025-06-01', reason: 'theo quyết định', legalBasis: basis };
const province = { level: 'province' } as const;

export const indicator = (world: string, code = '1') => `/indicators/${at(`kh-${world}/${code}`)}`;
export const task = (world: string, code = '1') => `/tasks/${at(`kh-${world}/t/${code}`)}`;
export const figureId = (world: string, period: string) => `kh-${world}/1@${period}#1`;
export const figure = (world: string, period: string) => `/measurements/${at(figureId(world, period))}`;

/** Founds the agencies that every world shares. */
export const foundAgencies = async (server: TestServer): Promise<void> => {
  for (const agencyId of AGENCIES) await server.write('/agencies', { agencyId, name: agencyId, ...province });
};

/** Founds a world: a plan with indicators, tasks and figures, and whatever each write below is about. */
export const foundWorld = async (server: TestServer, world: string): Promise<void> => {
  const write = (path: string, body: unknown, who: Who = OFFICE) => server.write(path, body, who);
  const plan = (planId: string) =>
    write('/plans', {
      ...{ planId, title: planId, issuer: 'UBND tỉnh', milestones: ['2025', '2030', 'yearly'] },
      ...{ sections: [{ code: 'I', title: 'Một' }], ...day },
    });
  for (const part of ['', '-moi', '-dong', '-thay']) await plan(`kh-${world}${part}`);
  for (const part of ['a', 'b', 'c', 'd', 'e'])
    await write('/agencies', { agencyId: `so-${part}-${world}`, name: `Sở ${part} ${world}`, ...province });
  const group = { agencyId: `nhom-${world}`, name: `Nhóm ${world}`, ...province };
  await write('/agencies', { ...group, members: ['so-khac'], ...day });
  for (const [n, code] of ['1', '2', '3'].entries())
    await write(`/plans/kh-${world}/indicators`, { code, title: code, order: n + 1, unit: '%', ...day });
  for (const [n, code] of ['1', '2', '3', '4', '5', '6'].entries()) {
    const deadline =
      code === '2'
        ? { notation: 'Sau khi có văn bản', kind: 'condition', condition: 'có văn bản' }
        : { notation: '12/2025', kind: 'date', dueOn: '2025-12-31' };
    await write(`/plans/kh-${world}/tasks`, { code, title: code, order: n + 1, deadline, ...day });
  }
  await write(`/plans/kh-${world}/opening`, day);
  await write(`/plans/kh-${world}-dong/opening`, day);
  const leads = { action: 'assign', role: 'lead' };
  for (const subject of [indicator(world), task(world)]) {
    await write(`${subject}/assignments`, { ...leads, agencies: ['so-truoc'], ...day });
    const moves = [{ from: 'so-truoc', to: 'so-chu-tri' }];
    const handing = { action: 'transfer', role: 'lead', moves, ...why, effectiveOn: '2025-03-01' };
    await write(`${subject}/assignments`, handing);
    const later = { ...leads, agencies: ['so-sau'], effectiveOn: '2026-01-01' };
    await write(`${subject}/assignments`, later);
    const beside = { action: 'assign', role: 'coordinating', agencies: ['so-phoi-hop'], ...day };
    await write(`${subject}/assignments`, beside);
  }
  await write(`${indicator(world)}/targets`, { milestone: '2030', notation: '≥ 90', ...day });
  await write(`${indicator(world, '3')}/targets`, {
    milestone: 'yearly',
    notation: 'Tăng 1-2%',
    ...day,
  });
  for (const period of ['2022', '2023', '2024', '2025-Q1'])
    await write(`${indicator(world)}/measurements`, { period, value: '60' }, LEAD);
  const done = { effectiveOn: '2025-05-01', result: 'xong' };
  await write(`${task(world, '4')}/completion`, done);
  await write('/reorganizations', merger(world, 'cu', 'd', 'e'));
};

const merger = (world: string, id: string, from: string, to: string) => ({
  ...{
    reorganizationId: `sx-${id}-${world}`,
    kind: 'merge',
    predecessors: [`so-${from}-${world}`, `so-${to}-${world}`],
  },
  ...{ successors: [`so-${to}-${world}`], ...why },
  allocations: [{ predecessor: `so-${from}-${world}`, successor: `so-${to}-${world}` }],
});

interface Write {
  readonly path: (world: string) => string;
  readonly body: (world: string) => object;
  /** The same with another value. */
  readonly other: (world: string) => object;
}

const to =
  (rest: string, of: (world: string) => string = (world) => indicator(world)) =>
  (world: string): string =>
    `${of(world)}/${rest}`;

const write = (
  path: string | ((world: string) => string),
  body: object | ((world: string) => object),
  other: object,
): Write => {
  const bodyOf = typeof body === 'function' ? (body as (world: string) => object) : () => body;
  return {
    path: typeof path === 'string' ? () => path : path,
    body: bodyOf,
    other: (world) => ({ ...bodyOf(world), ...other }),
  };
};

const deadline = { notation: '6/2026', kind: 'date', dueOn: '2026-06-30' };
const plan =
  (part = '') =>
  (world: string) =>
    `/plans/kh-${world}${part}`;
const agency = (part: string) => (world: string) => `/agencies/${part}-${world}`;
const ofTask = (code: string) => (world: string) => task(world, code);
const of = (period: string) => (world: string) => figure(world, period);

/** A write to each POST route, by its path in the OpenAPI document, each possible in every world. */
export const WRITES: Readonly<Record<string, Write>> = {
  '/agencies': write(
    '/agencies',
    (world) => ({ agencyId: `so-moi-${world}`, name: `Sở mới ${world}`, ...province }),
    {
      name: 'Sở khác',
    },
  ),
  '/agencies/{id}/aliases': write(to('aliases', agency('so-b')), (world) => ({ alias: `B ${world}` }), {
    alias: 'C',
  }),
  '/agencies/{id}/renaming': write(
    to('renaming', agency('so-b')),
    { name: 'Sở tên mới', ...why },
    { name: 'Sở tên khác' },
  ),
  '/agencies/{id}/members': write(
    to('members', agency('nhom')),
    { members: ['so-sau'], ...why },
    { members: ['so-truoc'] },
  ),
  '/agencies/{id}/dissolution': write(
    to('dissolution', agency('so-a')),
    { successors: ['so-khac'], ...why },
    {
      reason: 'khác',
    },
  ),
  '/plans': write(
    '/plans',
    (world) => ({
      ...{ planId: `kh-them-${world}`, title: 'Thêm', issuer: 'UBND tỉnh', milestones: ['2030'] },
      ...{ sections: [{ code: 'I', title: 'Một' }], ...day },
    }),
    { title: 'Khác' },
  ),
  '/plans/{planId}/indicators': write(
    to('indicators', plan()),
    { code: '9', title: 'Chín', order: 9, ...day },
    { code: '10' },
  ),
  '/plans/{planId}/tasks': write(
    to('tasks', plan()),
    { code: '9', title: 'Chín', order: 9, deadline, ...day },
    { code: '10' },
  ),
  '/plans/{planId}/opening': write(to('opening', plan('-moi')), day, { effectiveOn: '2025-02-02' }),
  '/plans/{planId}/amendments': write(
    to('amendments', plan()),
    { milestones: ['2025', '2030', 'yearly', '2045'], ...why },
    {
      milestones: ['2025', '2030', 'yearly', '2050'],
    },
  ),
  '/plans/{planId}/supersession': write(
    to('supersession', plan('-thay')),
    (world) => ({ by: `kh-${world}`, ...why }),
    { reason: 'khác' },
  ),
  '/plans/{planId}/closure': write(to('closure', plan('-dong')), why, { reason: 'khác' }),
  '/indicators/{id}/targets': write(
    to('targets'),
    { milestone: '2025', notation: '≥ 70', ...why },
    { notation: '≥ 75' },
  ),
  '/indicators/{id}/targets/reading': write(
    to('targets/reading', (world) => indicator(world, '3')),
    { milestone: 'yearly', criterion: { kind: 'growth', low: '1', high: '2' }, reason: 'đã hỏi' },
    { reason: 'khác' },
  ),
  '/indicators/{id}/targets/withdrawal': write(
    to('targets/withdrawal'),
    { milestone: '2030', ...why },
    { reason: 'khác' },
  ),
  '/indicators/{id}/assignments': write(
    to('assignments', (world) => indicator(world, '3')),
    { action: 'assign', role: 'coordinating', agencies: ['so-khac'], ...day },
    { agencies: ['so-sau'] },
  ),
  '/indicators/{id}/baseline': write(
    to('baseline'),
    { notation: '55%', period: '2024', ...day },
    { notation: '56%' },
  ),
  '/indicators/{id}/benchmarks': write(
    to('benchmarks'),
    { benchmark: 'national-average', value: '31.5', period: '2025', source: 'Bộ', ...day },
    { value: '32' },
  ),
  '/indicators/{id}/rewording': write(
    to('rewording'),
    { title: 'Lời khác', unit: '%', ...why },
    { title: 'Lời khác nữa' },
  ),
  '/indicators/{id}/measurements': write(
    to('measurements'),
    { period: '2025-Q2', value: '70' },
    { value: '71' },
  ),
  '/indicators/{id}/drop': write(
    to('drop', (world) => indicator(world, '2')),
    why,
    { reason: 'khác' },
  ),
  '/measurements/{mid}/acceptance': write(to('acceptance', of('2024')), { note: 'khớp' }, { note: 'khác' }),
  '/measurements/{mid}/return': write(to('return', of('2025-Q1')), { reason: 'sai' }, { reason: 'khác' }),
  '/measurements/{mid}/correction': write(
    to('correction', of('2023')),
    { value: '61', reason: 'đếm lại' },
    { value: '62' },
  ),
  '/measurements/{mid}/retraction': write(
    to('retraction', of('2022')),
    { reason: 'sai nguồn' },
    { reason: 'khác' },
  ),
  '/tasks/{id}/progress': write(
    to('progress', ofTask('1')),
    { effectiveOn: '2025-06-01', note: 'đang làm' },
    {
      note: 'khác',
    },
  ),
  '/tasks/{id}/condition': write(
    to('condition', ofTask('2')),
    { effectiveOn: '2025-06-01', evidence: 'CV 1' },
    {
      evidence: 'CV 2',
    },
  ),
  '/tasks/{id}/completion': write(
    to('completion', ofTask('3')),
    { effectiveOn: '2025-06-01', result: 'xong' },
    {
      result: 'khác',
    },
  ),
  '/tasks/{id}/reopening': write(to('reopening', ofTask('4')), why, { reason: 'khác' }),
  '/tasks/{id}/deadline': write(to('deadline', ofTask('5')), { deadline, ...why }, { reason: 'khác' }),
  '/tasks/{id}/assignments': write(
    to('assignments', ofTask('5')),
    { action: 'assign', role: 'lead', agencies: ['so-khac'], ...day },
    { agencies: ['so-sau'] },
  ),
  '/tasks/{id}/drop': write(to('drop', ofTask('6')), why, { reason: 'khác' }),
  '/reorganizations': write('/reorganizations', (world) => merger(world, 'moi', 'c', 'b'), {
    reason: 'khác',
  }),
  '/reorganizations/{id}/revocation': write((world) => `/reorganizations/sx-cu-${world}/revocation`, why, {
    reason: 'khác',
  }),
  '/imports': write('/imports', (world) => ({ files: tables(world) }), { files: {} }),
  '/projections/{name}/rebuild': write('/projections/reorganizations.v2/rebuild', {}, { again: true }),
};

const TABLES = await readFolder(join('test', 'crash', 'tables'));

/** A small folder of tables, with a plan and agencies of the world's own. */
const tables = (world: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...TABLES].map(([path, text]) => {
      const own = (words: string) =>
        words
          .replace(/kh-nho-2025|so-[ab]|cac-so/g, (id) => `${id}-nho-${world}`)
          .replace(/Sở [AB]/g, (name) => `${name} ${world}`);
      return [own(path), own(text)];
    }),
  );

const inWorld = (path: string) => (world: string) => path.replace('{world}', world);

/** A question to each GET route, by its path in the OpenAPI document. */
export const READS: Readonly<Record<string, (world: string) => string>> = {
  '/access-log': inWorld('/access-log'),
  '/agencies': inWorld('/agencies'),
  '/agencies/{id}': inWorld('/agencies/so-chu-tri'),
  '/agencies/{id}/history': inWorld('/agencies/so-chu-tri/history'),
  '/agencies/{id}/portfolio': inWorld('/agencies/so-chu-tri/portfolio'),
  '/events': inWorld('/events?limit=1'),
  '/health/live': inWorld('/health/live'),
  '/health/ready': inWorld('/health/ready'),
  '/indicators/{id}': (world) => indicator(world),
  '/indicators/{id}/history': (world) => `${indicator(world)}/history`,
  '/measurements': inWorld('/measurements'),
  '/measurements/{mid}': (world) => figure(world, '2024'),
  '/metrics': inWorld('/metrics'),
  '/plans': inWorld('/plans'),
  '/plans/{planId}': inWorld('/plans/kh-{world}'),
  '/plans/{planId}/audit': inWorld('/plans/kh-{world}/audit?limit=500'),
  '/plans/{planId}/events': inWorld('/plans/kh-{world}/events?limit=1'),
  '/plans/{planId}/status': inWorld('/plans/kh-{world}/status'),
  '/plans/{planId}/tasks': inWorld('/plans/kh-{world}/tasks'),
  '/projections': inWorld('/projections'),
  '/reorganizations': inWorld('/reorganizations'),
  '/reorganizations/{id}': inWorld('/reorganizations/sx-cu-{world}'),
  '/status': inWorld('/status'),
  '/stream': inWorld('/stream'),
  '/tasks/{id}': (world) => task(world),
  '/tasks/{id}/history': (world) => `${task(world)}/history`,
};
