import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Led } from '../../src/application/queries/leads.js';
import type { StatusItem } from '../../src/application/queries/plan-status.js';
import type { PreviewAnswer, ReorganizationAnswer } from '../../src/application/queries/reorganizations.js';
import { DECREES, UNNAMED } from '../../src/cli/decrees.js';
import type { Decree } from '../../src/domain/reorganization/events.js';
import { at, konTumServer, OFFICE, reporterOf } from '../support/server.js';

/** A decree as a body: scopes stand flat in their allocation. */
const bodyOf = ({ allocations, renaming: _, establishes, ...decree }: Decree) => ({
  ...decree,
  establishes: establishes.map(({ shortName, ...one }) => ({
    ...one,
    ...(shortName === null ? {} : { shortName }),
  })),
  allocations: allocations.map(({ scope: { kind, ...where }, role: __, ...one }) => ({
    ...one,
    scope: kind,
    ...where,
  })),
});

const of = (id: string): Decree => {
  const found = DECREES.find(({ reorganizationId }) => reorganizationId === id);
  if (!found) throw new Error(`there is no decree ${id}`);
  return found;
};

/** Ended before the mergers: it keeps its last holder. */
const DROPPED = 'kh-4465-2022/24';

const TTTT = of('sap-xep-2025-so-tttt');

describe('the reorganization of 2025 on the five documents', () => {
  const server = konTumServer();

  /** The decree once everything that follows from it has been recorded. */
  const settled = async (id: string, state: string): Promise<ReorganizationAnswer> => {
    for (;;) {
      const answer = await server.get<ReorganizationAnswer>(`/reorganizations/${id}`);
      expect(answer.leftAlone === null).toBe(answer.state === 'revoking');
      if (answer.state === state) return answer;
    }
  };

  const status = (planId: string, asOf: string): Promise<StatusItem[]> =>
    server.all<StatusItem>(`/plans/${planId}/status?asOf=${asOf}`, 500);

  const leadsOf = (items: StatusItem[], code: string): string =>
    items
      .find((item) => item.code === code)
      ?.lead.agencies.map(({ id }) => id)
      .join(', ') ?? '';

  let preview: PreviewAnswer;

  beforeAll(async () => {
    for (const unnamed of UNNAMED) await server.write('/agencies', unnamed);
    const why = { reason: 'không còn theo dõi', legalBasis: { number: '9/KH', date: '2025-01-10' } };
    await server.write(`/indicators/${at(DROPPED)}/drop`, { effectiveOn: '2025-01-15', ...why });
    const before = await server.head();
    preview = (await server.post('/reorganizations?preview=true', bodyOf(TTTT))).body as PreviewAnswer;
    expect(await server.head()).toBe(before);
    for (const decree of DECREES) await server.write('/reorganizations', bodyOf(decree));
    for (const { reorganizationId } of DECREES) await settled(reorganizationId, 'applied');
  });

  it('does what the preview said, and nothing else', async () => {
    const { caused, applied } = await settled(TTTT.reorganizationId, 'applied');
    const moved = caused.filter(({ type }) => type === 'AssignmentTransferred').map(({ about }) => about);
    const said = preview.plans.flatMap(({ moves }) => moves.map(({ subject }) => subject.id));
    expect([...new Set(moved)].sort()).toEqual([...new Set(said)].sort());
    expect((applied?.indicators ?? 0) + (applied?.tasks ?? 0)).toBe(new Set(moved).size);
    expect(preview.unallocated).toEqual([]);
    expect(preview.ending).toEqual(['so-tttt']);
  });

  it('reads as it was before, and as it is after', async () => {
    const rank = `/indicators/${at('kh-484-2025/1')}`;
    const lead = async (query: string) =>
      (await server.get<StatusItem>(`${rank}?${query}`)).lead.agencies[0]?.id;
    expect(await lead('asOf=2025-02-28')).toBe('so-tttt');
    expect(await lead('asOf=2025-03-01')).toBe('so-khcn');
    expect(await lead('asOf=2025-02-28&as=inherited')).toBe('so-khcn');
    expect(leadsOf(await status('kh-419-2024', '2025-03-01'), '5.5')).toBe('cong-an-tinh');
    expect(leadsOf(await status('kh-1570-2025', '2025-06-30'), '16')).toBe(
      'ubnd-tp-kon-tum, ubnd-huyen-kon-plong',
    );
    expect(leadsOf(await status('kh-1570-2025', '2025-07-01'), '16')).toBe(
      'ubnd-phuong-kon-tum, ubnd-xa-mang-den',
    );
  });

  it('reads what has ended as inherited by whoever came after its last holder', async () => {
    const lead = async (as: string) =>
      (await server.get<StatusItem>(`/indicators/${at(DROPPED)}?as=${as}`)).lead.agencies.map(
        (agency) => agency.id,
      );
    expect([await lead('assigned'), await lead('inherited')]).toEqual([['so-tttt'], ['cong-an-tinh']]);
  });

  it('lets the successor report and the predecessor no more', async () => {
    const figures = `/indicators/${at('kh-484-2025/1')}/measurements`;
    await server.refused(403, figures, { period: '2024', value: '50' }, reporterOf('so-tttt'));
    await server.write(figures, { period: '2024', value: '50' }, reporterOf('so-khcn'));
  });

  it('refuses an assignment to the dissolved agency, naming its successor', async () => {
    const body = { action: 'assign', role: 'lead', agencies: ['so-tttt'], effectiveOn: '2025-06-01' };
    const problem = await server.refused(422, `/indicators/${at('lo-trinh-2025-2045/1')}/assignments`, body);
    expect(problem.detail).toContain('so-khcn');
  });

  it('shows each transfer in the trail of its plan, with its cause', async () => {
    const { caused } = await settled(TTTT.reorganizationId, 'applied');
    const { items } = await server.get<{ items: { causationId: string; eventId: string }[] }>(
      `/plans/kh-484-2025/audit?type=AssignmentTransferred&subject=${at('kh-484-2025/1')}`,
    );
    expect(items.map(({ eventId }) => eventId)).toEqual(
      caused.filter(({ about }) => about === 'kh-484-2025/1').map(({ eventId }) => eventId),
    );
  });

  it('names in trail, history and export who led then, and who answers now', async () => {
    const one = at('kh-484-2025/1');
    const leads = async (path: string) => {
      const { items } = await server.get<{ items: (Led & { type: string })[] }>(path);
      return items.find(({ type }) => type === 'TargetSet')?.lead?.map(({ id }) => id);
    };
    for (const path of [`/plans/kh-484-2025/audit?limit=500&subject=${one}`, `/indicators/${one}/history?`]) {
      expect(await leads(path)).toBeUndefined();
      expect(await leads(`${path}&as=assigned`)).toEqual(['so-tttt']);
      expect(await leads(`${path}&as=inherited`)).toEqual(['so-khcn']);
    }
    const headers = { accept: 'text/csv' };
    const { text } = await server.send('GET', `/indicators/${one}/history?as=inherited`, {
      who: OFFICE,
      headers,
    });
    expect(text).toContain('Sở Khoa học và Công nghệ');
  });

  it('differs from what plan 1570 names where the documentation says so', async () => {
    const [february, may] = await Promise.all([
      status('kh-484-2025', '2025-05-08'),
      status('kh-1570-2025', '2025-05-08'),
    ]);
    const rows = readFileSync('docs/reorganization-2025.md', 'utf8').match(/^\| [\dI].*\|$/gm) ?? [];
    expect(rows).toHaveLength(12);
    for (const row of rows) {
      const [, before = '', after = '', title, ledger, named, verdict] = row
        .split('|')
        .map((cell) => cell.trim());
      expect([title, ledger, named]).toEqual([
        may.find(({ code }) => code === after)?.title,
        leadsOf(february, before),
        leadsOf(may, after),
      ]);
      expect(verdict).toBe(ledger === named ? '' : 'differs');
    }
  });

  it('turns back on a legal basis what has not changed hands since', async () => {
    const id = 'sap-xep-2025-so-khdt';
    const kept = at('kh-419-2024/7.3');
    const move = {
      action: 'transfer',
      role: 'lead',
      effectiveOn: '2025-05-01',
      reason: 'chuyển theo chức năng',
    };
    await server.write(`/indicators/${kept}/assignments`, {
      ...move,
      moves: [{ from: 'so-tai-chinh', to: 'cuc-thong-ke-tinh' }],
    });
    const revocation = {
      effectiveOn: '2025-06-01',
      reason: 'sai thẩm quyền',
      legalBasis: { number: '1/QĐ', date: '2025-05-30' },
    };
    const path = `/reorganizations/${id}/revocation`;
    await server.refused(422, path, { ...revocation, legalBasis: undefined });
    const seen = (await server.send('GET', `/reorganizations/${id}`, { who: OFFICE })).headers.get('etag');
    expect(seen).toBe('"1"');
    await server.refused(412, path, revocation, OFFICE, { 'if-match': '"0"' });
    await server.write(path, revocation, OFFICE, { 'if-match': seen ?? '' });
    const { givenBack, turnedBack, leftAlone, revision } = await settled(id, 'revoked');
    expect(revision).toBe(3);
    const items = await status('kh-419-2024', '2025-06-01');
    expect(leadsOf(items, '7.3')).toBe('cuc-thong-ke-tinh');
    expect(leadsOf(items, '7.4')).toBe('so-khdt');
    expect(leadsOf(await status('kh-419-2024', '2025-05-31'), '7.4')).toBe('so-tai-chinh');
    const back = givenBack.filter(({ type }) => type === 'AssignmentTransferred').map(({ about }) => about);
    expect((turnedBack?.indicators ?? 0) + (turnedBack?.tasks ?? 0)).toBe(new Set(back).size);
    expect(givenBack.map(({ type }) => type)).not.toContain('ReorganizationTurnedBack');
    expect(leftAlone).toEqual([
      { subject: { kind: 'indicator', id: 'kh-419-2024/7.3' }, role: 'lead', effectiveOn: '2025-03-01' },
    ]);
  });
});
