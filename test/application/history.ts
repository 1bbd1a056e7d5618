import fc from 'fast-check';
import { Rejected } from '../../src/domain/decider.js';
import { asked, type Orders, reporterOf, type TestClock } from '../support/ledger.js';
import {
  AGENCIES,
  ALONE,
  adopt,
  assignTo,
  BASIS,
  COLLECTIVE,
  correct,
  FIRST,
  GROUP,
  KHCN,
  LATER_PLAN,
  moveTo,
  PLAN,
  report,
  retract,
  SECOND,
  TASK,
  TTTT,
  target,
} from './world.js';

/** One step of a random history: when it is recorded, and what is asked. What the deciders refuse is left out. */
export interface Step {
  readonly recordedAt: string;
  readonly ask: (order: Orders) => Promise<unknown>;
  /** What a counterexample calls it. */
  readonly [fc.toStringMethod]: () => string;
}

const LATE = `${PLAN}/1.3`;

/** Days before, between and after the days of recording: what is entered is backdated and future as it comes. */
const day = fc.constantFrom(
  '2025-01-01',
  '2025-02-15',
  '2025-06-10',
  '2025-09-01',
  '2026-01-01',
  '2026-06-01',
);
const indicator = fc.constantFrom(GROUP, FIRST, SECOND, ALONE, LATE);
const leaf = fc.constantFrom(FIRST, SECOND, ALONE, LATE);
const holder = fc.constantFrom(...AGENCIES, COLLECTIVE);
const period = fc.constantFrom('2024', '2025-Q1', '2025-H1', '2025', '2025-06-10');
const value = fc.constantFrom('0', '45.5', '80', '99.96', '120');
const because = { reason: 'theo quyết định', legalBasis: BASIS };

type Ask = Step['ask'];

const asks: readonly fc.Arbitrary<{ what: string; ask: Ask }>[] = [
  fc
    .tuple(indicator, fc.constantFrom('≥ 80', '90', '10-15', '-', 'Duy trì', 'Ứng dụng', 'khó đọc'), day)
    .map(([id, notation, effectiveOn]) => ({
      what: `target of ${id}: ${notation} from ${effectiveOn}`,
      ask: (order) => order.indicator(id, target(id, notation, { milestone: '2025', effectiveOn })),
    })),
  fc.tuple(leaf, fc.constantFrom('2030', 'yearly', 'open'), day).map(([id, milestone, effectiveOn]) => ({
    what: `target of ${id} for ${milestone} from ${effectiveOn}`,
    ask: (order) => order.indicator(id, target(id, '≥ 50', { milestone, effectiveOn })),
  })),
  fc.tuple(leaf, day).map(([id, effectiveOn]) => ({
    what: `target of ${id} withdrawn from ${effectiveOn}`,
    ask: (order) =>
      order.indicator(id, {
        type: 'WithdrawTarget',
        data: { indicatorId: id, milestone: '2025', effectiveOn, ...because },
      }),
  })),
  fc
    .tuple(indicator, holder, fc.constantFrom('lead' as const, 'coordinating' as const), day)
    .map(([id, agency, role, effectiveOn]) => ({
      what: `${id} ${role} ${agency} from ${effectiveOn}`,
      ask: (order) => order.indicator(id, assignTo(id, [agency], { role, effectiveOn })),
    })),
  fc.tuple(indicator, holder, holder, day).map(([id, from, to, effectiveOn]) => ({
    what: `${id} handed from ${from} to ${to} on ${effectiveOn}`,
    ask: (order) => order.indicator(id, moveTo(id, from, to, effectiveOn)),
  })),
  fc.tuple(indicator, holder, day).map(([id, agency, effectiveOn]) => ({
    what: `${id} released by ${agency} on ${effectiveOn}`,
    ask: (order) =>
      order.indicator(id, {
        type: 'ReleaseIndicator',
        data: { indicatorId: id, role: 'lead', agencies: [agency], effectiveOn, ...because },
      }),
  })),
  fc.tuple(leaf, period, value, fc.constantFrom(null, KHCN, TTTT)).map(([id, at, said, agency]) => ({
    what: `${id} ${at}: ${said} of ${agency}`,
    ask: (order) => order.indicator(id, report(id, at, said, agency), asked(enteredFor(agency))),
  })),
  fc.tuple(leaf, period).map(([id, at]) => ({
    what: `${id} ${at} accepted`,
    ask: (order) =>
      order.indicator(id, {
        type: 'AcceptMeasurement',
        data: { indicatorId: id, measurementId: `${id}@${at}#1`, note: null },
      }),
  })),
  fc.tuple(leaf, period).map(([id, at]) => ({
    what: `${id} ${at} returned`,
    ask: (order) =>
      order.indicator(id, {
        type: 'ReturnMeasurement',
        data: { indicatorId: id, measurementId: `${id}@${at}#1`, ...because },
      }),
  })),
  fc.tuple(leaf, period, value).map(([id, at, said]) => ({
    what: `${id} ${at} corrected to ${said}`,
    ask: (order) => order.indicator(id, correct(id, `${id}@${at}#1`, said)),
  })),
  fc.tuple(leaf, period).map(([id, at]) => ({
    what: `${id} ${at} retracted`,
    ask: (order) => order.indicator(id, retract(id, `${id}@${at}#1`)),
  })),
  fc.tuple(leaf, day).map(([id, effectiveOn]) => ({
    what: `${id} reworded from ${effectiveOn}`,
    ask: (order) =>
      order.indicator(id, {
        type: 'RewordIndicator',
        data: {
          ...{ indicatorId: id, title: `Chỉ tiêu từ ${effectiveOn}`, unit: 'người', guidance: null },
          ...{ direction: 'lower-is-better', formula: null, effectiveOn, ...because },
        },
      }),
  })),
  fc.tuple(leaf, day).map(([id, effectiveOn]) => ({
    what: `${id} starts from a baseline from ${effectiveOn}`,
    ask: (order) =>
      order.indicator(id, {
        type: 'RecordBaseline',
        data: { indicatorId: id, notation: '40%', period: '2024', effectiveOn },
      }),
  })),
  fc.constant({
    what: `${LATE} adopted`,
    ask: (order: Orders) =>
      order.indicator(LATE, adopt('1.3', { parent: GROUP, order: 5, effectiveOn: '2025-02-15' })),
  }),
  fc.constantFrom(SECOND, LATE).map((id) => ({
    what: `${id} dropped`,
    ask: (order) =>
      order.indicator(id, {
        type: 'DropIndicator',
        data: { indicatorId: id, effectiveOn: '2025-09-01', ...because },
      }),
  })),
  fc.tuple(fc.subarray([...AGENCIES], { minLength: 1 }), day).map(([members, effectiveOn]) => ({
    what: `${members} form ${COLLECTIVE} from ${effectiveOn}`,
    ask: (order) =>
      order.agency(COLLECTIVE, {
        type: 'ChangeAgencyGroup',
        data: { agencyId: COLLECTIVE, members, effectiveOn, ...because },
      }),
  })),
  fc.tuple(fc.constantFrom(...AGENCIES), day).map(([id, effectiveOn]) => ({
    what: `${id} renamed on ${effectiveOn}`,
    ask: (order) =>
      order.agency(id, {
        type: 'RenameAgency',
        data: { agencyId: id, name: `${id} từ ${effectiveOn}`, shortName: null, effectiveOn, ...because },
      }),
  })),
  fc
    .tuple(fc.constantFrom('task done', 'task assigned', 'task due'), holder, day)
    .map(([what, agency, effectiveOn]) => ({
      what,
      ask: (order) => askOfTask(what, agency, effectiveOn)(order),
    })),
  fc.tuple(day, fc.constantFrom(null, '2025-06-01', '2025-12-31')).map(([effectiveOn, endsOn]) => ({
    what: `plan amended from ${effectiveOn}, to end on ${endsOn}`,
    ask: (order) =>
      order.plan(PLAN, {
        type: 'AmendPlan',
        data: { planId: PLAN, title: `Kế hoạch từ ${effectiveOn}`, endsOn, effectiveOn, ...because },
      }),
  })),
  day.map((effectiveOn) => ({
    what: `plan superseded from ${effectiveOn}`,
    ask: (order) =>
      order.plan(PLAN, {
        type: 'SupersedePlan',
        data: { planId: PLAN, by: LATER_PLAN, effectiveOn, ...because },
      }),
  })),
];

/** Figures of an agency are its reporter's, who need not lead it here: the office enters what it was sent. */
const enteredFor = (agency: string | null) =>
  agency === null ? undefined : { ...reporterOf(agency), role: 'admin' as const };

const askOfTask =
  (what: string, agency: string, effectiveOn: string): Ask =>
  (order) => {
    if (what === 'task assigned')
      return order.task(TASK, {
        type: 'AssignTask',
        data: { taskId: TASK, role: 'lead', agencies: [agency], notation: null, effectiveOn },
      });
    if (what === 'task done')
      return order.task(TASK, {
        type: 'CompleteTask',
        data: { taskId: TASK, effectiveOn, year: null, result: 'Đã ban hành', evidence: null },
      });
    return order.task(TASK, {
      type: 'ReviseDeadline',
      data: {
        ...{ taskId: TASK, effectiveOn, ...because },
        deadline: { notation: effectiveOn, kind: 'date', dueOn: effectiveOn, condition: null },
      },
    });
  };

/** Instants of recording; now and then the clock goes back. */
const recordedAt = fc
  .tuple(
    fc.constantFrom('2025-01-02', '2025-03-05', '2025-06-10', '2025-06-30', '2025-12-31'),
    fc.integer({ min: 0, max: 23 }),
  )
  .map(([on, hour]) => `${on}T${String(hour).padStart(2, '0')}:00:00.000Z`);

const unordered = fc
  .tuple(recordedAt, fc.oneof(...asks))
  .map(([at, { what, ask }]): Step => ({ recordedAt: at, ask, [fc.toStringMethod]: () => `${at} ${what}` }));

/** Steps in the order of their instants, but for a few: a server's clock is put right now and then. */
export const histories = ({ min = 20, max = 50 } = {}): fc.Arbitrary<Step[]> =>
  fc
    .tuple(fc.array(unordered, { minLength: min, maxLength: max }), fc.array(unordered, { maxLength: 3 }))
    .map(([steps, late]) => [...steps.sort((a, b) => (a.recordedAt < b.recordedAt ? -1 : 1)), ...late]);

/** Lets a history happen. */
export const happen = async (steps: readonly Step[], order: Orders, clock: TestClock): Promise<void> => {
  for (const { recordedAt: at, ask } of steps) {
    clock.set(at);
    try {
      await ask(order);
    } catch (error) {
      if (!(error instanceof Rejected)) throw error;
    }
  }
};
