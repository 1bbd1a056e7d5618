import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OrderReorganization } from '../../src/application/commands/orders.js';
import { ReorganizationHandler } from '../../src/application/commands/reorganization.handler.js';
import { PlanStatusHandler, PlanStatusQuery } from '../../src/application/queries/plan-status.js';
import { TasksHandler, TasksQuery } from '../../src/application/queries/tasks.js';
import { isAmong, Reader } from '../../src/application/reader.js';
import { AgencyRelations } from '../../src/application/relations.js';
import { Reorganizer } from '../../src/application/reorganization/reorganizer.js';
import { lifeOf } from '../../src/domain/agency/agency.js';
import { holdersAt } from '../../src/domain/assignment.js';
import { Rejected } from '../../src/domain/decider.js';
import { absenceOn } from '../../src/domain/given.js';
import type { Allocation, Decree } from '../../src/domain/reorganization/events.js';
import { ending } from '../../src/domain/reorganization/reorganization.js';
import { dayOf } from '../../src/domain/time.js';
import { AUDITOR, asked, ledgers, reporterOf, type TestLedger } from '../support/ledger.js';
import { DAYS, type Day, NaiveLeads } from './naive-leads.js';
import {
  AGENCIES,
  ALONE,
  assignTo,
  BASIS,
  COLLECTIVE,
  FIRST,
  found,
  moveTo,
  PLAN,
  SECOND,
  TASK,
} from './world.js';

const open = ledgers();

const SUBJECTS = [FIRST, SECOND, ALONE, TASK] as const;
const why = { reason: 'theo quyết định', legalBasis: BASIS };

/** One step: how it is asked of the ledger, and of the naive table where the ledger took it. */
interface Step {
  readonly ask: (ledger: TestLedger, n: number) => Promise<unknown>;
  readonly note: (naive: NaiveLeads, n: number) => void;
  readonly [fc.toStringMethod]: () => string;
}

const day = fc.constantFrom(...DAYS.slice(0, -1));
const subject = fc.constantFrom(...SUBJECTS);
const agency = fc.constantFrom(...AGENCIES);

const stepOf = (what: string, ask: Step['ask'], note: Step['note'] = () => undefined): Step => ({
  ...{ ask, note },
  [fc.toStringMethod]: () => what,
});

const reorganize = (ledger: TestLedger, id: string, order: OrderReorganization['order']) =>
  new ReorganizationHandler(ledger, ledger.questions).execute(new OrderReorganization(id, order, asked()));

const decreed = (n: number): string => `quyet-dinh-${n}`;

type Sketch = Pick<Decree, 'kind' | 'predecessors' | 'successors' | 'allocations' | 'effectiveOn'>;

const decree = (sketch: Sketch): Step =>
  stepOf(
    `${sketch.kind} ${sketch.predecessors} into ${sketch.allocations.map(({ scope, successor }) => `${successor} (${'id' in scope ? scope.id : scope.kind})`)} on ${sketch.effectiveOn}`,
    (ledger, n) => {
      const renaming = sketch.kind === 'rename' ? { name: `Tên mới ${n}`, shortName: null } : null;
      const data = { ...sketch, reorganizationId: decreed(n), establishes: [], renaming, ...why };
      return reorganize(ledger, decreed(n), { type: 'DecreeReorganization', data });
    },
    (naive, n) =>
      naive.decree({
        ...{ id: decreed(n), from: sketch.effectiveOn as Day, allocations: sketch.allocations },
        ends: ending(sketch as Decree),
      }),
  );

const all = (predecessor: string, successor: string): Allocation => ({
  ...{ predecessor, successor, role: null },
  scope: { kind: 'all' },
});

const only = (id: string, predecessor: string, successor: string): Allocation => ({
  ...{ predecessor, successor, role: null },
  scope: { kind: id === TASK ? 'task' : 'indicator', id },
});

const decrees = fc
  .tuple(
    fc.constantFrom('merge', 'absorb', 'split', 'dissolve', 'transfer', 'transfer one', 'rename'),
    fc.shuffledSubarray([...AGENCIES], { minLength: 3, maxLength: 3 }),
    subject,
    day,
  )
  .map(([kind, [one = '', other = '', third = ''], exception, effectiveOn]): Step => {
    const sketches: Readonly<Record<string, Omit<Sketch, 'effectiveOn'>>> = {
      merge: {
        ...{ kind: 'merge', predecessors: [one, other], successors: [third] },
        allocations: [all(one, third), all(other, third)],
      },
      absorb: {
        ...{ kind: 'merge', predecessors: [one, other], successors: [other, third] },
        allocations: [all(one, other), only(exception, one, third)],
      },
      split: {
        ...{ kind: 'split', predecessors: [one], successors: [other, third] },
        allocations: [all(one, other), only(exception, one, third)],
      },
      dissolve: {
        ...{ kind: 'dissolve', predecessors: [one], successors: [other] },
        allocations: [all(one, other)],
      },
      transfer: {
        ...{ kind: 'transfer', predecessors: [one], successors: [other] },
        allocations: [all(one, other)],
      },
      'transfer one': {
        ...{ kind: 'transfer', predecessors: [one], successors: [other] },
        allocations: [only(exception, one, other)],
      },
      rename: { kind: 'rename', predecessors: [one], successors: [one], allocations: [] },
    };
    return decree({ ...(sketches[kind] as Omit<Sketch, 'effectiveOn'>), effectiveOn });
  });

const assignments = fc.oneof(
  fc.tuple(subject, fc.constantFrom(...AGENCIES, COLLECTIVE), day).map(([id, to, from]) =>
    stepOf(
      `${id} led by ${to} from ${from}`,
      ({ order }) =>
        id === TASK
          ? order.task(id, {
              type: 'AssignTask',
              data: { taskId: id, role: 'lead', agencies: [to], notation: null, effectiveOn: from },
            })
          : order.indicator(id, assignTo(id, [to], { effectiveOn: from })),
      (naive) => naive.assign(id, to, from),
    ),
  ),
  fc
    .tuple(fc.constantFrom(FIRST, SECOND, ALONE), agency, day)
    .map(([id, to, from]) =>
      stepOf(`${id} coordinated by ${to} from ${from}`, ({ order }) =>
        order.indicator(id, assignTo(id, [to], { role: 'coordinating', effectiveOn: from })),
      ),
    ),
  fc.tuple(fc.constantFrom(FIRST, SECOND, ALONE), agency, agency, day).map(([id, one, to, from]) =>
    stepOf(
      `${id} handed from ${one} to ${to} on ${from}`,
      ({ order }) => order.indicator(id, moveTo(id, one, to, from)),
      (naive) => (one === to ? undefined : naive.transfer(id, one, to, from)),
    ),
  ),
  fc.tuple(fc.constantFrom(FIRST, SECOND, ALONE), agency, day).map(([id, one, from]) =>
    stepOf(
      `${id} released by ${one} on ${from}`,
      ({ order }) =>
        order.indicator(id, {
          type: 'ReleaseIndicator',
          data: { indicatorId: id, role: 'lead', agencies: [one], effectiveOn: from, ...why },
        }),
      (naive) => naive.release(id, one, from),
    ),
  ),
);

const revocations = fc.tuple(fc.nat(12), day).map(([n, effectiveOn]) =>
  stepOf(
    `${decreed(n)} revoked on ${effectiveOn}`,
    (ledger) =>
      reorganize(ledger, decreed(n), {
        type: 'RevokeReorganization',
        data: { reorganizationId: decreed(n), effectiveOn, ...why },
      }),
    (naive) => naive.revoke(decreed(n), effectiveOn),
  ),
);

const histories = fc.array(
  fc.oneof(
    { arbitrary: assignments, weight: 5 },
    { arbitrary: decrees, weight: 4 },
    { arbitrary: revocations, weight: 2 },
  ),
  { minLength: 6, maxLength: 16, size: 'max' },
);

/** Steps are recorded over the years that they speak of, so that they come late and early. */
const recordedOn = (n: number): string =>
  `${2025 + Math.floor(n / 6)}-${String(1 + 2 * (n % 6)).padStart(2, '0')}-15`;

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

describe('who leads, after any history of assignments, decrees and revocations', () => {
  it('is at every day, and as it was known at every step, what a table written day by day says', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (steps) => {
        const ledger = await open();
        await found(ledger.order);
        const naive = new NaiveLeads(SUBJECTS);
        const seen: { known: string; said: ReturnType<typeof tableOf> }[] = [];
        for (const [n, step] of steps.entries()) {
          ledger.clock.set(recordedOn(n));
          naive.step(recordedOn(n));
          try {
            await step.ask(ledger, n);
            step.note(naive, n);
          } catch (error) {
            if (!(error instanceof Rejected)) throw error;
          }
          await new Reorganizer(ledger, ledger.questions).sweep();
          naive.settle();
          await ledger.settled();
          await compare(ledger, undefined, tableOf(naive));
          seen.push({ known: (await ledger.events.head()) as string, said: tableOf(naive) });
        }
        for (const { known, said } of seen) await compare(ledger, known, said);
        for (const { known } of seen.slice(-3))
          for (const on of DAYS) await expectLiving(ledger, on, `@${known}`);
        for (const end of ended) {
          await end(ledger);
          for (const on of DAYS) {
            ledger.clock.set(on);
            await expectAuthority(ledger);
          }
        }
        await ledger.close();
      }),
      // The same histories each time, and others for who asks: SEED=… RUNS=…
      {
        seed: Number(process.env['SEED'] ?? 2025),
        numRuns: Number(process.env['RUNS'] ?? 30),
        endOnFailure: true,
      },
    );
  });
});
