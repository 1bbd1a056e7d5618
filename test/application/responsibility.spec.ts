import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PlanStatusHandler, PlanStatusQuery } from '../../src/application/queries/plan-status.js';
import { TasksHandler, TasksQuery } from '../../src/application/queries/tasks.js';
import { isAmong, Reader } from '../../src/application/reader.js';
import { AgencyRelations } from '../../src/application/relations.js';
import { Reorganizer } from '../../src/application/reorganization/reorganizer.js';
import { lifeOf } from '../../src/domain/agency/agency.js';
import { holdersAt } from '../../src/domain/assignment.js';
import { Rejected } from '../../src/domain/decider.js';
import { absenceOn } from '../../src/domain/given.js';
import { placedBy, placingsIn } from '../../src/domain/reorganization/places.js';
import { dayOf } from '../../src/domain/time.js';
import type { RecordedEvent } from '../../src/ports/event-store.js';
import { AUDITOR, ledgers, reporterOf, type TestLedger } from '../support/ledger.js';
import { DAYS, type Day, NaiveLeads } from './naive-leads.js';
import { histories, recordedOn, type Step, SUBJECTS, why } from './random-leads.js';
import { AGENCIES, FIRST, found, PLAN, TASK } from './world.js';

const open = ledgers();

const leadsOf = async ({ questions }: TestLedger, id: string, on: string, known: string | undefined) => {
  const { facts } = questions;
  const row = id === TASK ? await facts.task(id, { known }) : await facts.indicator(id, { known });
  return row ? holdersAt(row.assignments, 'lead', on) : [];
};

/** Everything that the ledger says of who leads, under both clocks, beside what the table said then. */
const compare = async (
  ledger: TestLedger,
  known: string | undefined,
  said: Readonly<Record<string, readonly string[]>>,
): Promise<void> => {
  const found: Record<string, readonly string[]> = {};
  for (const id of SUBJECTS)
    for (const on of DAYS) found[`${id} ${on}`] = [...(await leadsOf(ledger, id, on, known))].sort();
  expect(found).toEqual(said);
};

/** What each event states is what was stated before it, with what it says that moved; a lead is not also coordinating. */
const expectMovesTold = (log: readonly RecordedEvent[]): void => {
  const events = placingsIn(log);
  for (const [index, event] of events.entries()) {
    const { subject, role, effectiveOn, moves, agencies } = event.data;
    const earlier = events.slice(0, index + 1).filter((one) => one.data.subject.id === subject.id);
    const leads = placedBy(earlier, 'lead', effectiveOn).at(-1)?.data.agencies ?? [];
    const can = (agency: string) => role === 'lead' || !leads.includes(agency);
    const stated = placedBy(earlier.slice(0, -1), role, effectiveOn).at(-1)?.data.agencies ?? [];
    const from = moves.flatMap((move) => move.from ?? []);
    const to = moves.flatMap((move) => move.to ?? []);
    const after = new Set([...stated.filter((agency) => !from.includes(agency)), ...to].filter(can));
    const at = `${subject.id} ${role} from ${effectiveOn}, event ${index}`;
    expect([at, [...after].sort()]).toEqual([at, agencies.filter(can).sort()]);
    expect([at, from.filter((agency) => !stated.includes(agency))]).toEqual([at, []]);
    if ('allocation' in event.data && event.data.allocation === 'revocation') {
      expect([at, from.filter((agency) => agencies.includes(agency))]).toEqual([at, []]);
      expect([at, to.filter((agency) => stated.includes(agency))]).toEqual([at, []]);
    }
  }
};

const tableOf = (naive: NaiveLeads): Record<string, readonly string[]> =>
  Object.fromEntries(
    SUBJECTS.flatMap((id) => DAYS.map((on) => [`${id} ${on}`, naive.leads(id, on)] as const)),
  );

/** As inherited, every answer names agencies that live today, whatever day is asked about. */
const expectLiving = async ({ questions, clock }: TestLedger, today: Day, knownAt: string): Promise<void> => {
  clock.set(today);
  const asOf = DAYS[1];
  const page = { limit: 500, cursor: null };
  const status = {
    asOf,
    knownAt,
    as: 'inherited',
    figures: 'all',
    sort: 'order',
    descending: false,
  } as const;
  const indicators = await new PlanStatusHandler(questions).execute(
    new PlanStatusQuery(PLAN, status, page, AUDITOR),
  );
  const tasks = await new TasksHandler(questions).execute(
    new TasksQuery(PLAN, { asOf, knownAt, as: 'inherited', sort: 'order', descending: false }, page),
  );
  const holders = new Set(
    [
      ...indicators.items.flatMap(({ lead, coordinating }) => [...lead.agencies, ...coordinating]),
      ...tasks.items.flatMap(({ lead, coordinating }) => [...lead, ...coordinating]),
    ].map(({ id }) => id),
  );
  for (const id of holders) {
    const agency = await questions.facts.agency(id, { known: knownAt.slice(1) });
    expect(agency && absenceOn(lifeOf(agency), today) ? `${id} is gone on ${today}` : 'living').toBe(
      'living',
    );
  }
};

/** Who may act as the lead of a subject today is who answers for it as inherited, itself or as a member of a collective. */
const expectAuthority = async (ledger: TestLedger): Promise<void> => {
  await ledger.settled();
  const { questions, states, clock } = ledger;
  const today = dayOf(clock.now());
  const [asked, page] = [{ as: 'inherited', descending: false } as const, { limit: 500, cursor: null }];
  const indicators = await new PlanStatusHandler(questions).execute(
    new PlanStatusQuery(PLAN, { ...asked, figures: 'all', sort: 'order' }, page, AUDITOR),
  );
  const tasks = await new TasksHandler(questions).execute(
    new TasksQuery(PLAN, { ...asked, sort: 'order' }, page),
  );
  const reader = new Reader(states);
  const leads = new Map([
    ...indicators.items.map(({ id, lead }) => [id, lead.agencies] as const),
    ...tasks.items.map(({ id, lead }) => [id, lead] as const),
  ]);
  for (const id of SUBJECTS) {
    const ids = (leads.get(id) ?? []).map((agency) => agency.id);
    const state = id === TASK ? await reader.task(id) : await reader.indicator(id);
    if (!state) throw new Error(`there is no ${id}`);
    const held = { parent: null, ...state };
    const subject = { noun: id === TASK ? 'task' : 'indicator', held, figure: null } as const;
    const may: string[] = [];
    const answering: string[] = [];
    for (const one of AGENCIES) {
      if (await new AgencyRelations(reader, reporterOf(one), subject, today).leads()) may.push(one);
      if (await isAmong(reader, one, ids, today)) answering.push(one);
    }
    expect([id, today, may]).toEqual([id, today, answering]);
  }
};

const ended: readonly ((ledger: TestLedger) => Promise<unknown>)[] = [
  async () => undefined,
  ({ order }) =>
    order.indicator(FIRST, {
      type: 'DropIndicator',
      data: { indicatorId: FIRST, effectiveOn: DAYS[2], ...why },
    }),
  ({ order }) =>
    order.plan(PLAN, { type: 'ClosePlan', data: { planId: PLAN, effectiveOn: DAYS[3], ...why } }),
];

/** Lets a history happen, and compares; after some steps nobody does what follows from the decrees. */
const expectAsWritten = async (
  steps: readonly Step[],
  isSwept: (step: Step, n: number) => boolean,
): Promise<void> => {
  const ledger = await open();
  await found(ledger.order);
  const naive = new NaiveLeads(SUBJECTS);
  const seen: { known: string; said: ReturnType<typeof tableOf> }[] = [];
  for (const [n, step] of steps.entries()) {
    ledger.clock.set(recordedOn(n));
    if (step.kind !== 'assignment') naive.settle();
    naive.step(recordedOn(n));
    try {
      await step.ask(ledger, n);
      step.note(naive, n);
    } catch (error) {
      if (!(error instanceof Rejected)) throw error;
    }
    if (n < steps.length - 1 && !isSwept(step, n)) continue;
    await new Reorganizer(ledger, ledger.questions).sweep();
    naive.settle();
    await ledger.settled();
    await compare(ledger, undefined, tableOf(naive));
    seen.push({ known: (await ledger.events.head()) as string, said: tableOf(naive) });
  }
  expectMovesTold(await ledger.log());
  for (const { known, said } of seen) await compare(ledger, known, said);
  for (const { known } of seen.slice(-3)) for (const on of DAYS) await expectLiving(ledger, on, `@${known}`);
  for (const end of ended) {
    await end(ledger);
    for (const on of DAYS) {
      ledger.clock.set(on);
      await expectAuthority(ledger);
    }
  }
  await ledger.close();
};

/** The same histories each time, and others for who asks: SEED=… RUNS=… */
const PARAMETERS = {
  seed: Number(process.env['SEED'] ?? 2025),
  numRuns: Number(process.env['RUNS'] ?? 30),
  endOnFailure: true,
};

describe('who leads, after any history of assignments, decrees and revocations', () => {
  it('is at every day, and as it was known at every step, what a table written day by day says', async () => {
    await fc.assert(
      fc.asyncProperty(histories, (steps) => expectAsWritten(steps, () => true)),
      PARAMETERS,
    );
  });

  it('is so, too, where a decree is now and then carried out only before the next', async () => {
    const swept = fc.array(fc.boolean(), { minLength: 1, maxLength: 18 });
    await fc.assert(
      fc.asyncProperty(histories, swept, (steps, is) =>
        expectAsWritten(steps, ({ kind }, n) => kind === 'revocation' || (is[n % is.length] as boolean)),
      ),
      PARAMETERS,
    );
  });
});
