import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { auditTrail } from '../../projections/audit-trail.js';
import { AuditHandler, AuditQuery, type TrailItem } from '../../src/application/queries/audit.js';
import { PlanStatusHandler, PlanStatusQuery } from '../../src/application/queries/plan-status.js';
import type { Actor } from '../../src/domain/message.js';
import { AUDITOR, asked, ledgers, OFFICE, reporterOf, type TestLedger } from '../support/ledger.js';
import { happen, histories } from './history.js';
import {
  assignTo,
  FIRST,
  found,
  GROUP,
  KHCN,
  PLAN,
  report,
  SECOND,
  TTTT,
  target,
  XAY_DUNG,
} from './world.js';

const open = ledgers();
const all = { limit: 500, cursor: null };

const trailOf = async ({ questions }: TestLedger, actor = AUDITOR): Promise<readonly TrailItem[]> =>
  (await new AuditHandler(questions).execute(new AuditQuery(PLAN, {}, all, actor))).items;

/** Every indicator's status on a day, as known at a position. */
const statuses = async ({ questions }: TestLedger, asOf: string, position: string, actor: Actor) => {
  const asked = {
    asOf,
    knownAt: `@${position}`,
    as: 'assigned',
    figures: 'all',
    sort: 'order',
    descending: false,
  } as const;
  const { items } = await new PlanStatusHandler(questions).execute(
    new PlanStatusQuery(PLAN, asked, all, actor),
  );
  return new Map(items.map((item) => [item.id, item]));
};

/** One who sees every figure, two who see their own agency's, and one who sees what is accepted alone. */
const READERS = [AUDITOR, reporterOf(KHCN), reporterOf(TTTT), reporterOf(XAY_DUNG)];

describe('the effect of an event', () => {
  it('is what the status of its indicator, and of the groups above it, was just before and just after, to each reader', async () => {
    await fc.assert(
      fc.asyncProperty(histories({ min: 25, max: 45 }), async (steps) => {
        const ledger = await open();
        await found(ledger.order);
        await happen(steps, ledger.order, ledger.clock);
        await ledger.settled();
        const log = await ledger.log();
        for (const actor of READERS) {
          const trail = await trailOf(ledger, actor);
          for (const entry of trail.filter(({ subject }) => subject.kind === 'indicator')) {
            const asOf = [entry.effectiveOn ?? entry.recordedOn, entry.recordedOn].sort().at(-1) as string;
            const before = log[log.findIndex(({ position }) => position === entry.position) - 1]
              ?.position as string;
            const [was, is] = [
              await statuses(ledger, asOf, before, actor),
              await statuses(ledger, asOf, entry.position, actor),
            ];
            const expected = [entry.subject.id, is.get(entry.subject.id)?.parent ?? null].flatMap((id) => {
              if (id === null) return [];
              const [from, to] = [was.get(id)?.status ?? null, is.get(id)?.status ?? null];
              return from === to ? [] : [{ kind: 'indicator', id, asOf, from, to }];
            });
            const what = `${entry.type} ${entry.revision} to ${actor.subject}`;
            expect({ what, effect: entry.effect }).toEqual({ what, effect: expected });
            expect(entry).not.toHaveProperty('seen');
          }
        }
        await ledger.close();
      }),
      { numRuns: 8, endOnFailure: true },
    );
  });

  it('names the indicator that a figure flips, and its group', async () => {
    const ledger = await open();
    await found(ledger.order);
    ledger.clock.set('2025-12-01');
    await ledger.order.indicator(FIRST, target(FIRST, '≥ 80'));
    await ledger.order.indicator(SECOND, target(SECOND, '≥ 80'));
    await ledger.order.indicator(SECOND, report(SECOND, '2025-Q3', '85'));
    const { position } = await ledger.order.indicator(FIRST, report(FIRST, '2025-Q3', '90'));
    await ledger.settled();
    const at = { asOf: '2025-12-01', from: 'not-reported', to: 'achieved' };
    const entry = (await trailOf(ledger)).find((item) => item.position === position);
    expect(entry?.effect).toEqual([
      { kind: 'indicator', id: FIRST, ...at },
      { kind: 'indicator', id: GROUP, ...at },
    ]);
  });

  it('of a figure that is not accepted is told to nobody who may not see it, whatever happens around it', async () => {
    const ledger = await open();
    await found(ledger.order);
    ledger.clock.set('2025-12-01');
    await ledger.order.indicator(FIRST, assignTo(FIRST, [KHCN]));
    await ledger.order.indicator(FIRST, target(FIRST, '≥ 80'));
    const reported = await ledger.order.indicator(
      FIRST,
      report(FIRST, '2025-Q3', '85', KHCN),
      asked(reporterOf(KHCN)),
    );
    const raised = await ledger.order.indicator(FIRST, target(FIRST, '≥ 90'));
    await ledger.settled();
    const effectTo = async (actor: Actor, position: string) =>
      (await trailOf(ledger, actor))
        .find((item) => item.position === position)
        ?.effect.map(({ id, from, to }) => [id, from, to]);
    const flips = (from: string, to: string) => [
      [FIRST, from, to],
      [GROUP, from, to],
    ];
    for (const actor of [AUDITOR, OFFICE, reporterOf(KHCN)]) {
      expect(await effectTo(actor, reported.position)).toEqual(flips('not-reported', 'achieved'));
      expect(await effectTo(actor, raised.position)).toEqual(flips('achieved', 'in-progress'));
    }
    expect(await effectTo(reporterOf(TTTT), reported.position)).toBeUndefined();
    expect(await effectTo(reporterOf(TTTT), raised.position)).toEqual([]);
    const accepted = await ledger.order.indicator(FIRST, {
      type: 'AcceptMeasurement',
      data: { indicatorId: FIRST, measurementId: reported.measurementId as string, note: null },
    });
    await ledger.settled();
    // To those who could not see it, it takes effect when it is accepted.
    expect(await effectTo(reporterOf(TTTT), accepted.position)).toEqual(flips('not-reported', 'in-progress'));
    expect(await effectTo(AUDITOR, accepted.position)).toEqual([]);
    expect(await effectTo(reporterOf(TTTT), raised.position)).toEqual([]);
  });

  it('never changes afterwards, whatever is entered later, nor by a rebuild', async () => {
    const ledger = await open();
    await found(ledger.order);
    await ledger.order.indicator(FIRST, target(FIRST, '≥ 80'));
    await ledger.order.indicator(FIRST, report(FIRST, '2025-Q1', '90'));
    await ledger.settled();
    const then = await trailOf(ledger);
    ledger.clock.set('2026-03-01');
    await ledger.order.indicator(FIRST, target(FIRST, '≥ 95', { effectiveOn: '2025-02-01' }));
    await ledger.order.indicator(FIRST, {
      type: 'RetractMeasurement',
      data: {
        indicatorId: FIRST,
        measurementId: `${FIRST}@2025-Q1#1`,
        reason: 'sai nguồn',
        legalBasis: null,
      },
    });
    await ledger.settled();
    const now = await trailOf(ledger);
    expect(now.slice(0, then.length)).toEqual(then);
    await ledger.projector.rebuild(auditTrail.name);
    expect(await trailOf(ledger)).toEqual(now);
  });
});
