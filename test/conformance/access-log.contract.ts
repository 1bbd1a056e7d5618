import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Access,
  type AccessLog,
  AccessLogUnavailable,
  MAX_ACCESS_LENGTH,
} from '../../src/ports/access-log.js';

const access = (over: Partial<Access> = {}): Access => ({
  requestId: '0b0e4b0e-0000-4000-8000-000000000001',
  at: '2025-07-01T02:00:00.000Z',
  actor: { subject: 'minh', name: 'Tên của minh', role: 'auditor', agencyId: null },
  reading: 'trail',
  route: 'GET /plans/:planId/audit',
  about: 'kh-1570-2025',
  asked: { from: '2025-01-01' },
  readAt: '00000000000000000007',
  rows: 12,
  ...over,
});

const by = (subject: string): Access['actor'] => ({ ...access().actor, subject });

/** What every access log keeps; `open` opens the one of a place, again too. */
export const describeAccessLog = (adapter: string, open: (place: string) => Promise<AccessLog>): void =>
  describe(`${adapter}: access log contract`, () => {
    let log: AccessLog;
    let places = 0;

    const opened = async (): Promise<AccessLog> => {
      places += 1;
      return open(`access-${places}`);
    };
    const requestIds = async (...asked: Parameters<AccessLog['find']>): Promise<string[]> =>
      (await log.find(...asked)).map(({ requestId }) => requestId);

    beforeAll(async () => {
      log = await opened();
      for (const [requestId, over] of [
        // 23:30 in Kon Tum, and half an hour into the next day there.
        ['a', { at: '2025-07-01T16:30:00.000Z' }],
        ['b', { at: '2025-07-01T17:00:00.000Z', actor: by('hoa') }],
        ['c', { at: '2025-07-02T02:00:00.000Z', reading: 'export', about: 'kh-419-2024' }],
        ['d', { at: '2025-07-03T02:00:00.000Z', reading: 'events', about: null, actor: by('hoa') }],
      ] as const)
        await log.record(access({ requestId, ...over }));
    });
    afterAll(() => log.close());

    it('gives back what was recorded, in that order', async () => {
      const found = await log.find({}, null, 10);
      expect(found.map(({ position: _, ...rest }) => rest).slice(0, 1)).toEqual([
        access({ requestId: 'a', at: '2025-07-01T16:30:00.000Z' }),
      ]);
      expect(found.map(({ requestId }) => requestId)).toEqual(['a', 'b', 'c', 'd']);
      const positions = found.map(({ position }) => position);
      expect([...new Set(positions)].sort()).toEqual(positions);
    });

    it('goes on after a place, so many at a time', async () => {
      const [first, second] = await log.find({}, null, 2);
      expect([first?.requestId, second?.requestId]).toEqual(['a', 'b']);
      expect(await requestIds({}, second?.position ?? null, 1)).toEqual(['c']);
      expect(await requestIds({}, second?.position ?? null, 10)).toEqual(['c', 'd']);
      expect(await requestIds({ actor: 'hoa' }, second?.position ?? null, 10)).toEqual(['d']);
    });

    it('finds by day of Kon Tum, person, kind and subject, one and all together', async () => {
      expect(await requestIds({ from: '2025-07-02' }, null, 10)).toEqual(['b', 'c', 'd']);
      expect(await requestIds({ to: '2025-07-01' }, null, 10)).toEqual(['a']);
      expect(await requestIds({ from: '2025-07-02', to: '2025-07-02' }, null, 10)).toEqual(['b', 'c']);
      expect(await requestIds({ actor: 'hoa' }, null, 10)).toEqual(['b', 'd']);
      expect(await requestIds({ reading: 'export' }, null, 10)).toEqual(['c']);
      expect(await requestIds({ about: 'kh-1570-2025' }, null, 10)).toEqual(['a', 'b']);
      expect(await requestIds({ about: 'kh-1570-2025', actor: 'hoa', from: '2025-07-03' }, null, 10)).toEqual(
        [],
      );
    });

    it('keeps texts as they are, and takes them for nothing else', async () => {
      const own = await opened();
      const odd = access({
        actor: { ...access().actor, subject: "x' OR '1'='1", name: 'a\u0007\u001b[31m\nb 😀' },
        about: '$ne',
        asked: { subject: '{"$gt":""}', __proto__: 'x', 'a.b': '%' },
      });
      await own.record(odd);
      const [found] = await own.find({ actor: "x' OR '1'='1", about: '$ne' }, null, 10);
      expect(found).toMatchObject({ actor: odd.actor, asked: odd.asked });
      expect(await own.find({ actor: "' OR 1=1 --" }, null, 10)).toEqual([]);
      await own.close();
    });

    it('keeps what was recorded when it is opened again, and goes on after it', async () => {
      const first = await open('again');
      await first.record(access({ requestId: 'a' }));
      await first.close();
      const second = await open('again');
      await second.record(access({ requestId: 'b', rows: null }));
      const found = await second.find({}, null, 10);
      expect(found.map(({ requestId, rows }) => [requestId, rows])).toEqual([
        ['a', 12],
        ['b', null],
      ]);
      await second.close();
    });

    it('loses none of many that are recorded at once', async () => {
      const own = await opened();
      await Promise.all(Array.from({ length: 50 }, (_, n) => own.record(access({ requestId: String(n) }))));
      expect(new Set((await own.find({}, null, 100)).map(({ requestId }) => requestId)).size).toBe(50);
      await own.close();
    });

    it('refuses one that is longer than any there is, and everything when it is closed', async () => {
      const own = await opened();
      await expect(own.record(access({ about: 'x'.repeat(MAX_ACCESS_LENGTH) }))).rejects.toThrow(RangeError);
      await own.close();
      await expect(own.record(access())).rejects.toThrow(AccessLogUnavailable);
      await expect(own.find({}, null, 1)).rejects.toThrow(AccessLogUnavailable);
    });
  });
