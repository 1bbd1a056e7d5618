import { beforeAll, describe, expect, it } from '@jest/globals';
import { at, konTumServer, type Listed, OFFICE } from '../support/server.js';

const server = konTumServer();

beforeAll(async () => {
  for (let quarter = 1; quarter <= 4; quarter += 1)
    for (const code of ['1', '2', '3'])
      await server.write(`/indicators/${at(`lo-trinh-2025-2045/${code}`)}/measurements`, {
        period: `2024-Q${quarter}`,
        value: String(40 + quarter),
        qualifier: '5G',
      });
});

const LISTS = [
  ['/plans/kh-419-2024/status', 17],
  ['/plans/kh-419-2024/status?sort=-title', 50],
  ['/plans/kh-419-2024/status?sort=status', 7],
  ['/plans/kh-419-2024/status?sort=-status', 64],
  ['/plans/kh-419-2024/status?agency=so-tttt&sort=code', 3],
  ['/plans/kh-419-2024/audit', 41],
  ['/plans/kh-419-2024/audit?type=TargetSet', 9],
  ['/plans/kh-484-2025/tasks', 10],
  ['/plans/kh-484-2025/tasks?sort=-dueOn', 4],
  ['/plans/kh-1570-2025/events', 23],
  ['/agencies/so-tttt/portfolio', 11],
  ['/agencies/so-tttt/portfolio?role=coordinating', 2],
  ['/agencies', 8],
  ['/agencies?q=so', 5],
  ['/measurements', 5],
  ['/measurements?state=reported&indicator=lo-trinh-2025-2045/2', 1],
  ['/plans', 2],
] as const;

describe('a list', () => {
  it.each(LISTS)('%s in pages of %d is the same as in one', async (path, limit) => {
    const whole = await server.all(path, 500);
    expect(whole.length).toBeGreaterThan(limit);
    expect(await server.all(path, limit)).toEqual(whole);
  });

  it('of a whole log is read on by position', async () => {
    const positions: string[] = [];
    let after: string | null = '0'.repeat(20);
    while (after) {
      const page: { items: { position: string }[]; next: string | null } = await server.get(
        `/events?limit=333&after=${after}`,
      );
      positions.push(...page.items.map(({ position }) => position));
      after = page.next;
    }
    expect(positions).toEqual([...new Set(positions)].sort());
    expect(positions.at(-1)).toBe(await server.head());
    expect(positions.length).toBe(Number(await server.head()));
  });

  it('ends where its last page is exactly full', async () => {
    const page = await server.get<Listed<unknown>>('/plans?limit=5');
    expect([page.items.length, page.next]).toEqual([5, null]);
  });

  it('goes on where it was although something is added before it', async () => {
    const first = await server.get<Listed<{ id: string }>>('/measurements?limit=4');
    await server.write(`/indicators/${at('lo-trinh-2025-2045/4')}/measurements`, {
      period: '2024',
      value: '1',
    });
    const second = await server.get<Listed<{ id: string }>>(
      `/measurements?limit=4&cursor=${at(first.next ?? '')}`,
    );
    const ids = [...first.items, ...second.items].map(({ id }) => id);
    expect(new Set(ids).size).toBe(8);
  });
});

describe('a cursor', () => {
  const cursorOf = async (path: string) => (await server.get<Listed<unknown>>(path)).next ?? '';
  const refusedAt = async (path: string, cursor: string) => {
    const joint = path.includes('?') ? '&' : '?';
    const { errors } = await server.refusedQuestion(400, `${path}${joint}cursor=${at(cursor)}`, OFFICE);
    expect(errors?.[0]?.field).toBe('cursor');
  };

  it('that was changed is refused', async () => {
    const cursor = await cursorOf('/agencies?limit=2');
    for (let n = 0; n < cursor.length; n += 3) {
      const other = cursor[n] === 'A' ? 'B' : 'A';
      await refusedAt('/agencies?limit=2', `${cursor.slice(0, n)}${other}${cursor.slice(n + 1)}`);
    }
    await refusedAt('/agencies', cursor.slice(0, -1));
    await refusedAt('/agencies', `${cursor}=`);
  });

  it('of another list, plan or sorting is refused', async () => {
    const cursor = await cursorOf('/plans/kh-419-2024/status?limit=2&sort=title');
    await refusedAt('/plans/kh-419-2024/status', cursor);
    await refusedAt('/plans/kh-419-2024/status?sort=-title', cursor);
    await refusedAt('/plans/kh-1570-2025/status?sort=title', cursor);
    await refusedAt('/plans/kh-419-2024/audit', cursor);
    await refusedAt('/measurements', cursor);
    await refusedAt('/agencies/so-khcn/portfolio', await cursorOf('/agencies/so-tttt/portfolio?limit=2'));
  });
});
