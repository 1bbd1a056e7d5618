import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NotFound } from '../../src/application/errors.js';
import {
  AgencyQuery,
  AgencyQueryHandler,
  PortfolioHandler,
  PortfolioQuery,
} from '../../src/application/queries/agencies.js';
import { AuditHandler, AuditQuery } from '../../src/application/queries/audit.js';
import {
  HistoryHandler,
  HistoryQuery,
  IndicatorQuery,
  IndicatorQueryHandler,
} from '../../src/application/queries/indicators.js';
import { OverviewHandler, OverviewQuery } from '../../src/application/queries/overview.js';
import { PlanStatusHandler, PlanStatusQuery } from '../../src/application/queries/plan-status.js';
import { PlanQuery, PlanQueryHandler } from '../../src/application/queries/plans.js';
import {
  TaskQuery,
  TaskQueryHandler,
  TasksHandler,
  TasksQuery,
} from '../../src/application/queries/tasks.js';
import type { Actor } from '../../src/domain/message.js';
import type { RecordedEvent } from '../../src/ports/event-store.js';
import {
  AUDITOR,
  asked,
  LOADER,
  ledgers,
  reporterOf,
  TestClock,
  type TestLedger,
} from '../support/ledger.js';
import { happen, histories } from './history.js';
import {
  AGENCIES,
  ALONE,
  COLLECTIVE,
  FIRST,
  found,
  GROUP,
  KHCN,
  PLAN,
  report,
  SECOND,
  TASK,
  TTTT,
  target,
} from './world.js';

const open = ledgers();
const all = { limit: 500, cursor: null };

interface When {
  readonly asOf: string;
  readonly knownAt?: string;
}

/** What a question answers, but for the words of the question itself. */
const answer = async (question: Promise<object>): Promise<unknown> => {
  try {
    const { knownAt: _, ...rest } = (await question) as { knownAt?: string };
    return rest;
  } catch (error) {
    if (error instanceof NotFound) return error.message;
    throw error;
  }
};

/** Everything that can be asked of the small province at a moment. */
const answers = async ({ questions }: TestLedger, when: When, actor: Actor) => {
  const found: Record<string, unknown> = {};
  for (const as of ['assigned', 'inherited'] as const) {
    const status = { ...when, as, figures: 'all', sort: 'order', descending: false } as const;
    found[`status ${as}`] = await answer(
      new PlanStatusHandler(questions).execute(new PlanStatusQuery(PLAN, status, all, actor)),
    );
    found[`tasks ${as}`] = await answer(
      new TasksHandler(questions).execute(
        new TasksQuery(PLAN, { ...when, as, sort: 'order', descending: false }, all),
      ),
    );
    found[`overview ${as}`] = await answer(
      new OverviewHandler(questions).execute(new OverviewQuery({ ...when, as, figures: 'accepted' }, actor)),
    );
    for (const agency of [...AGENCIES, COLLECTIVE])
      found[`portfolio ${agency} ${as}`] = await answer(
        new PortfolioHandler(questions).execute(new PortfolioQuery(agency, { ...when, as }, all, actor)),
      );
    for (const id of [GROUP, FIRST, SECOND, ALONE])
      found[`indicator ${id} ${as}`] = await answer(
        new IndicatorQueryHandler(questions).execute(
          new IndicatorQuery(id, { ...when, as, figures: 'all' }, actor),
        ),
      );
  }
  for (const stream of [...[GROUP, FIRST, SECOND, ALONE].map((id) => `indicator-${id}`), `task-${TASK}`])
    found[`history ${stream}`] = await answer(
      new HistoryHandler(questions).execute(new HistoryQuery(stream, when, actor)),
    );
  found['audit'] = await answer(new AuditHandler(questions).execute(new AuditQuery(PLAN, when, all, actor)));
  found['plan'] = await answer(new PlanQueryHandler(questions).execute(new PlanQuery(PLAN, when)));
  found['task'] = await answer(
    new TaskQueryHandler(questions).execute(new TaskQuery(TASK, { ...when, as: 'assigned' })),
  );
  for (const agency of [KHCN, COLLECTIVE])
    found[`agency ${agency}`] = await answer(
      new AgencyQueryHandler(questions).execute(new AgencyQuery(agency, when)),
    );
  return found;
};

/** Copies events as they were recorded, one by one. */
const append = async ({ events }: TestLedger, log: readonly RecordedEvent[]): Promise<void> => {
  for (const { id, stream, revision, type, data, metadata } of log)
    await events.append(stream, [{ id, type, data, metadata }], revision === 0 ? 'none' : revision - 1);
};

const DAYS = [
  '2024-12-31',
  '2025-01-01',
  '2025-03-31',
  '2025-06-10',
  '2025-12-31',
  '2026-01-01',
  '2026-08-01',
];

describe('a question about what was known', () => {
  it('is answered as by a ledger that holds nothing but that', async () => {
    await fc.assert(
      fc.asyncProperty(
        histories(),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }),
        fc.subarray(DAYS, { minLength: 2, maxLength: 2 }),
        fc.constantFrom(AUDITOR, reporterOf(KHCN)),
        async (steps, shares, days, actor) => {
          const ledger = await open();
          await found(ledger.order);
          await happen(steps, ledger.order, ledger.clock);
          await ledger.settled();
          const log = await ledger.log();
          const then = await open({ clock: ledger.clock });
          let copied = 0;
          const ends = shares.map((share) => Math.ceil(share * log.length)).sort((a, b) => a - b);
          for (const end of ends.filter((one) => one > 0)) {
            await append(then, log.slice(copied, end));
            copied = end;
            await then.settled();
            const position = log[end - 1]?.position as string;
            expect(await then.events.head()).toBe(position);
            for (const asOf of days)
              expect(await answers(ledger, { asOf, knownAt: `@${position}` }, actor)).toEqual(
                await answers(then, { asOf }, actor),
              );
          }
          await then.close();
          await ledger.close();
        },
      ),
      { numRuns: 15, endOnFailure: true },
    );
  });

  it('of everything that is known is answered as without it', async () => {
    await fc.assert(
      fc.asyncProperty(histories(), fc.constantFrom(...DAYS), async (steps, asOf) => {
        const ledger = await open();
        await found(ledger.order);
        await happen(steps, ledger.order, ledger.clock);
        await ledger.settled();
        const knownAt = `@${await ledger.events.head()}`;
        expect(await answers(ledger, { asOf, knownAt }, AUDITOR)).toEqual(
          await answers(ledger, { asOf }, AUDITOR),
        );
        await ledger.close();
      }),
      { numRuns: 8, endOnFailure: true },
    );
  });
});

describe('known at an instant', () => {
  const status = async ({ questions }: TestLedger, knownAt: string) =>
    new IndicatorQueryHandler(questions).execute(
      new IndicatorQuery(ALONE, { asOf: '2025-12-31', knownAt, as: 'assigned', figures: 'all' }, AUDITOR),
    );

  const setUp = async () => {
    const clock = new TestClock('2025-01-10T02:00:00.000Z');
    const ledger = await open({ clock });
    await found(ledger.order);
    await ledger.order.indicator(ALONE, target(ALONE, '≥ 80'));
    clock.set('2025-07-01T02:00:00.000Z');
    const reported = await ledger.order.indicator(ALONE, report(ALONE, '2025-H1', '90'));
    return { ledger, clock, reported };
  };

  it('takes in what was recorded at that very instant, and nothing a millisecond later', async () => {
    const { ledger, reported } = await setUp();
    const before = await status(ledger, '2025-07-01T01:59:59.999Z');
    expect(before.status).toBe('not-reported');
    expect(before.position).not.toBe(reported.position);
    const at = await status(ledger, '2025-07-01T02:00:00.000Z');
    expect(at).toMatchObject({ status: 'achieved', position: reported.position });
    expect(at.knownAt).toBe('2025-07-01T02:00:00.000Z');
  });

  it('reads an offset as the instant it means', async () => {
    const { ledger } = await setUp();
    expect(await status(ledger, '2025-07-01T09:00:00+07:00')).toMatchObject({
      ...{ status: 'achieved', knownAt: '2025-07-01T02:00:00.000Z' },
    });
    expect((await status(ledger, '2025-07-01T08:59:59+07:00')).status).toBe('not-reported');
  });

  it('before the first event knows nothing', async () => {
    const { ledger } = await setUp();
    await expect(status(ledger, '2025-01-10T01:59:59.999Z')).rejects.toThrow(NotFound);
    await expect(status(ledger, '2020-01-01T00:00:00Z')).rejects.toThrow(NotFound);
  });

  it('is a prefix of the log: what stands behind a later instant is not known yet', async () => {
    const { ledger, clock } = await setUp();
    clock.set('2025-06-01T02:00:00.000Z');
    await ledger.order.indicator(FIRST, target(FIRST, '≥ 80'));
    const known = await ledger.questions.moment({ knownAt: '2025-06-15T00:00:00Z' }, [], undefined);
    const after = await ledger.questions.facts.indicator(FIRST, known);
    expect(after?.targets).toEqual([]);
    const later = await ledger.questions.moment({ knownAt: '2025-07-01T02:00:00Z' }, [], undefined);
    expect((await ledger.questions.facts.indicator(FIRST, later))?.targets).toHaveLength(1);
  });

  it('sees a figure as it was before its correction', async () => {
    const { ledger, clock, reported } = await setUp();
    clock.set('2025-08-01');
    const id = reported.measurementId as string;
    await ledger.order.indicator(ALONE, {
      type: 'CorrectMeasurement',
      data: {
        ...{
          indicatorId: ALONE,
          measurementId: id,
          value: '70',
          met: null,
          components: null,
          qualifier: null,
        },
        ...{ source: null, evidence: null, note: null, reason: 'nhập nhầm', legalBasis: null },
      },
    });
    await ledger.settled();
    expect((await status(ledger, '2025-07-31T00:00:00Z')).status).toBe('achieved');
    expect((await status(ledger, '2025-08-02T00:00:00Z')).facts.measurements).toMatchObject([
      { value: '70', corrected: true },
    ]);
  });

  it('hides from others a figure that was not accepted yet', async () => {
    const { ledger, clock } = await setUp();
    await ledger.order.indicator(FIRST, report(FIRST, '2025-Q1', '70', TTTT), asked(LOADER));
    clock.set('2025-08-01');
    const measurementId = `${FIRST}@2025-Q1#1`;
    const accept = {
      type: 'AcceptMeasurement',
      data: { indicatorId: FIRST, measurementId, note: null },
    } as const;
    await ledger.order.indicator(FIRST, accept);
    await ledger.settled();
    const typesSeen = async (actor: Actor, knownAt?: string) =>
      (
        await new HistoryHandler(ledger.questions).execute(
          new HistoryQuery(`indicator-${FIRST}`, { knownAt }, actor),
        )
      ).items.map(({ type }) => type);
    const before = '2025-07-31T00:00:00Z';
    expect(await typesSeen(reporterOf(KHCN), before)).toEqual(['IndicatorAdopted']);
    expect(await typesSeen(reporterOf(TTTT), before)).toEqual(['IndicatorAdopted', 'MeasurementReported']);
    expect(await typesSeen(AUDITOR, before)).toEqual(['IndicatorAdopted', 'MeasurementReported']);
    expect(await typesSeen(reporterOf(KHCN))).toHaveLength(3);
  });

  it('waits for rows that the projections have not made yet', async () => {
    const { ledger } = await setUp();
    const id = `${PLAN}/t/1`;
    const answer = await ledger.order.task(id, {
      type: 'AssignTask',
      data: { taskId: id, role: 'lead', agencies: [TTTT], notation: null, effectiveOn: '2025-02-01' },
    });
    const portfolio = await new PortfolioHandler(ledger.questions).execute(
      new PortfolioQuery(
        TTTT,
        { asOf: '2025-06-01', knownAt: `@${answer.position}`, as: 'assigned' },
        all,
        AUDITOR,
      ),
    );
    expect(portfolio.items.map(({ subject }) => subject.id)).toEqual([id]);
  });

  it('of a position that the log has not come to answers with all there is, and says so', async () => {
    const { ledger, reported } = await setUp();
    expect(await status(ledger, `@${'9'.repeat(20)}`)).toMatchObject({ position: reported.position });
  });
});
