import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TrailItem } from '../../src/application/queries/audit.js';
import type { RecordedEvent } from '../../src/ports/event-store.js';
import { ask, built, Program, soCai } from '../support/program.js';
import type { Listed } from '../support/server.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const env = { DATA_DIR: join(temporaryFolder(), 'demo') };
const ILLUSTRATIVE = 'Minh họa (illustrative)';

let demo: Program;
let url = '';
let token = '';
const start = async () => {
  demo = Program.start([join('bin', 'so-cai.js'), 'demo'], env);
  url = await demo.opened();
};
beforeAll(async () => {
  await built();
  await start();
  token = (await soCai(['token', '--role', 'auditor'], env)).out.trim();
}, 120_000);
afterAll(() => demo.stop('SIGKILL'));

const get = <Body>(path: string) => ask<Body>(`${url}${path}`, token);
const log = async () => {
  const events: RecordedEvent[] = [];
  for (let after: string | null = '0'.repeat(20); after; ) {
    const page: { items: RecordedEvent[]; next: string | null } = await get(
      `/events?limit=500&after=${after}`,
    );
    events.push(...page.items);
    after = page.next;
  }
  return events;
};
const PLANS = ['kh-4465-2022', 'kh-419-2024', 'kh-484-2025', 'kh-1570-2025', 'lo-trinh-2025-2045'];
const trail = async () => {
  const pages = await Promise.all(
    PLANS.map((id) => get<Listed<TrailItem>>(`/plans/${id}/audit?limit=500&from=2025-01-01`)),
  );
  return pages.flatMap(({ items }) => items);
};

/** What the documents say is loaded; what was made up came by commands. */
const madeUp = (events: readonly RecordedEvent[]) => {
  const loads = new Set(
    events.filter(({ type }) => type === 'PlanOpened').map(({ metadata }) => metadata.commandId),
  );
  return events.filter(({ metadata }) => !loads.has(metadata.commandId));
};

describe('the demo', () => {
  it('says of everything that it made up, in who and in why, that it is illustrative', async () => {
    const events = await log();
    const invented = madeUp(events);
    expect(invented.length).toBeGreaterThan(15);
    const byId = new Map(events.map((event) => [event.id, event]));
    for (const { type, data, metadata } of invented) {
      if (metadata.actor.role === 'system') {
        const cause = byId.get(metadata.causationId ?? '');
        expect([type, cause?.type, cause?.metadata.actor.name]).toEqual([
          type,
          'ReorganizationDecreed',
          expect.stringContaining(ILLUSTRATIVE),
        ]);
        continue;
      }
      expect([type, metadata.actor.name]).toEqual([type, expect.stringContaining(ILLUSTRATIVE)]);
      expect(metadata.actor.subject).toMatch(/^demo-/);
      if (type !== 'BaselineRecorded' && type !== 'AgencyEstablished')
        expect([type, JSON.stringify(data)]).toEqual([type, expect.stringContaining(ILLUSTRATIVE)]);
    }
  });

  it('tells its story in the order of time, on the days of the documents', async () => {
    const times = (await log()).map(({ metadata }) => metadata.recordedAt);
    expect(times).toEqual([...times].sort());
    expect(times[0]).toBe('2022-12-30T03:00:00.000Z');
    expect((times.at(-1) ?? '') < new Date().toISOString()).toBe(true);
  });

  it('shows in its trail how results flip, and what was known earlier', async () => {
    const flips = (await trail()).flatMap(({ type, effect }) =>
      effect.map(({ id, from, to }) => `${type} ${id} ${from}→${to}`),
    );
    const made = flips.filter((flip) => !/^(Target|Indicator|Task)(Set|Adopted|Given) /.test(flip));
    expect(made.length).toBeGreaterThanOrEqual(8);
    expect(
      made.some((flip) => flip.startsWith('MeasurementReported') && flip.includes('not-reported→')),
    ).toBe(true);
    expect(made.some((flip) => flip.startsWith('TargetRevised kh-1570-2025/7.1'))).toBe(true);
    expect(made.some((flip) => flip.startsWith('TaskCompleted') && flip.endsWith('→done'))).toBe(true);
    const at = (knownAt: string) =>
      get<{ verdict: { target: { notation: string } } }>(
        `/indicators/${encodeURIComponent('kh-1570-2025/7.1')}?asOf=2026-01-31&knownAt=${knownAt}`,
      );
    expect((await at('2026-01-31T00:00:00Z')).verdict.target.notation).toBe('≥ 80');
    expect((await at('2026-02-28T00:00:00Z')).verdict.target.notation).toBe('≥ 90');
  });

  it('is written once', async () => {
    const before = await log();
    expect((await demo.stop()).code).toBe(0);
    await start();
    expect(await log()).toEqual(before);
    expect((await demo.stop()).code).toBe(0);
  });
});
