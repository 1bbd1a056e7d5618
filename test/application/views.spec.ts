import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PortfolioHandler, PortfolioQuery } from '../../src/application/queries/agencies.js';
import { OverviewHandler, OverviewQuery } from '../../src/application/queries/overview.js';
import {
  PlanStatusHandler,
  PlanStatusQuery,
  type Reading,
} from '../../src/application/queries/plan-status.js';
import { TasksHandler, TasksQuery } from '../../src/application/queries/tasks.js';
import { membersAt } from '../../src/domain/agency/agency.js';
import { Rejected } from '../../src/domain/decider.js';
import { AUDITOR, ledgers, type TestLedger } from '../support/ledger.js';
import { decree, sweep } from './decreeing.js';
import { happen, histories } from './history.js';
import { AGENCIES, BASIS, establish, found, issue, LATER_PLAN, PLAN } from './world.js';

const open = ledgers();

const ALL = { limit: 500, cursor: null };
const DAYS = ['2025-02-15', '2025-06-10', '2025-09-01', '2026-06-01'];

/** Holds nothing but what it comes to answer for. */
const NEWCOMER = 'so-noi-vu';

const mergers = fc.array(
  fc.tuple(
    fc.shuffledSubarray([...AGENCIES, NEWCOMER], { minLength: 2, maxLength: 2 }),
    fc.constantFrom('2025-04-01', '2025-09-01', '2026-01-01'),
  ),
  { minLength: 1, maxLength: 2 },
);

interface When {
  readonly asOf: string;
  readonly knownAt?: string;
  readonly as: Reading;
}

/** One subject, as every view shows it. */
interface Shown {
  readonly kind: 'indicator' | 'task';
  readonly id: string;
  readonly status: string | null;
  /** Its own, and not its children's. */
  readonly own: string | null;
  readonly lead: readonly { readonly id: string }[];
  readonly coordinating: readonly { readonly id: string }[];
}

const everything = async ({ questions }: TestLedger, when: When): Promise<Shown[]> => {
  const sorted = { ...when, sort: 'order', descending: false } as const;
  const indicators = await new PlanStatusHandler(questions).execute(
    new PlanStatusQuery(PLAN, { ...sorted, figures: 'all' }, ALL, AUDITOR),
  );
  const tasks = await new TasksHandler(questions).execute(new TasksQuery(PLAN, sorted, ALL));
  return [
    ...indicators.items.map((item) => ({
      ...{ ...item, kind: 'indicator' as const, lead: item.lead.agencies },
      own: item.verdict?.status ?? null,
    })),
    ...tasks.items.map((item) => ({ ...item, kind: 'task' as const, own: item.status })),
  ].filter(({ dropped }) => !dropped);
};

const portfolioOf = async ({ questions }: TestLedger, agency: string, when: When): Promise<string[]> => {
  const { items } = await new PortfolioHandler(questions).execute(
    new PortfolioQuery(agency, when, ALL, AUDITOR),
  );
  return items.map(({ subject, role, indicator, task }) =>
    [subject.kind, subject.id, role, (indicator ?? task).status].join(' '),
  );
};

/** What an agency's portfolio shows, by who stands on each subject: itself, or a collective with it; leading before coordinating. */
const heldAmong = (shown: readonly Shown[], holders: readonly string[]): string[] =>
  shown.flatMap(({ kind, id, status, lead, coordinating }) => {
    const role = [lead, coordinating].findIndex((set) => set.some((agency) => holders.includes(agency.id)));
    return role < 0 ? [] : [[kind, id, ['lead', 'coordinating'][role], status].join(' ')];
  });

const counted = (shown: readonly Shown[], kind: Shown['kind']): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { own, ...one } of shown)
    if (one.kind === kind && own !== null) counts[own] = (counts[own] ?? 0) + 1;
  return counts;
};

const countsIn = (shown: readonly Shown[]) => ({
  indicators: counted(shown, 'indicator'),
  tasks: counted(shown, 'task'),
});

const expectAgreement = async (ledger: TestLedger, when: When, today: string): Promise<void> => {
  const { facts } = ledger.questions;
  const shown = await everything(ledger, when);
  const known = when.knownAt?.slice(1);
  const groups = await facts.groups({ known });
  const day = when.as === 'inherited' ? today : when.asOf;
  for (const agency of [...AGENCIES, NEWCOMER]) {
    const of = groups.filter((group) => membersAt(group, day).includes(agency)).map(({ id }) => id);
    const held = await portfolioOf(ledger, agency, when);
    expect([agency, when, held.sort()]).toEqual([agency, when, heldAmong(shown, [agency, ...of]).sort()]);
  }
  const { plans, agencies } = await new OverviewHandler(ledger.questions).execute(
    new OverviewQuery({ ...when, figures: 'all' }, AUDITOR),
  );
  expect(plans.find(({ id }) => id === PLAN)).toMatchObject(countsIn(shown));
  for (const { agency, indicators, tasks } of agencies) {
    const led = shown.filter(({ lead }) =>
      agency === null ? lead.length === 0 : lead.some(({ id }) => id === agency.id),
    );
    expect({ agency, indicators, tasks }).toEqual({ agency, ...countsIn(led) });
  }
};

describe('status, tasks, portfolios and the overview', () => {
  it('say the same of any history, on every day, in both readings, now and as it was known', async () => {
    await fc.assert(
      fc.asyncProperty(
        histories({ min: 15, max: 35 }),
        mergers,
        fc.boolean(),
        async (steps, merged, closes) => {
          const ledger = await open();
          await found(ledger.order);
          await ledger.order.plan(LATER_PLAN, issue(LATER_PLAN));
          await ledger.order.agency(NEWCOMER, establish(NEWCOMER));
          await happen(steps, ledger.order, ledger.clock);
          const middle = (await ledger.events.head()) as string;
          ledger.clock.set('2026-03-01');
          const why = { reason: 'sắp xếp bộ máy', legalBasis: BASIS };
          if (closes)
            await ledger.order.plan(PLAN, {
              type: 'ClosePlan',
              data: { planId: PLAN, effectiveOn: '2025-03-15', ...why },
            });
          for (const [n, [[from = '', into = ''], effectiveOn]] of merged.entries()) {
            const allocation = {
              predecessor: from,
              successor: into,
              role: null,
              scope: { kind: 'all' },
            } as const;
            await decree(ledger, {
              ...{
                reorganizationId: `nq-${n}`,
                kind: 'merge',
                predecessors: [from, into],
                successors: [into],
              },
              ...{ allocations: [allocation], establishes: [], renaming: null, effectiveOn, ...why },
            }).catch((error) => {
              if (!(error instanceof Rejected)) throw error;
            });
            await sweep(ledger);
          }
          await ledger.settled();
          const head = (await ledger.events.head()) as string;
          for (const asOf of DAYS)
            for (const as of ['assigned', 'inherited'] as const) {
              const when = { asOf, as };
              await expectAgreement(ledger, when, '2026-03-01');
              await expectAgreement(ledger, { ...when, knownAt: `@${middle}` }, '2026-03-01');
              expect(await everything(ledger, { ...when, knownAt: `@${head}` })).toEqual(
                await everything(ledger, when),
              );
            }
          await ledger.close();
        },
      ),
      { numRuns: 10, endOnFailure: true },
    );
  });
});
