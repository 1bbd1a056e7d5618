import fc from 'fast-check';
import { OrderReorganization } from '../../src/application/commands/orders.js';
import { ReorganizationHandler } from '../../src/application/commands/reorganization.handler.js';
import type { Allocation, Decree } from '../../src/domain/reorganization/events.js';
import { ending } from '../../src/domain/reorganization/reorganization.js';
import { asked, type TestLedger } from '../support/ledger.js';
import { DAYS, type Day, type NaiveLeads } from './naive-leads.js';
import { AGENCIES, ALONE, assignTo, BASIS, COLLECTIVE, FIRST, moveTo, SECOND, TASK } from './world.js';

/** What is led. */
export const SUBJECTS = [FIRST, SECOND, ALONE, TASK] as const;
export const why = { reason: 'theo quyết định', legalBasis: BASIS };

/** One step: how it is asked of the ledger, and of the naive table where the ledger took it. */
export interface Step {
  readonly ask: (ledger: TestLedger, n: number) => Promise<unknown>;
  readonly note: (naive: NaiveLeads, n: number) => void;
  /** What it is: before a decree and its revocation, what earlier decrees have left to do is done. */
  readonly kind: 'assignment' | 'decree' | 'revocation';
  readonly [fc.toStringMethod]: () => string;
}

const day = fc.constantFrom(...DAYS.slice(0, -1));
const subject = fc.constantFrom(...SUBJECTS);
const agency = fc.constantFrom(...AGENCIES);

const stepOf = (
  what: string,
  ask: Step['ask'],
  note: Step['note'] = () => undefined,
  kind: Step['kind'] = 'assignment',
): Step => ({
  ...{ ask, note, kind },
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
    'decree',
  );

const all = (predecessor: string, successor: string): Allocation => ({
  ...{ predecessor, successor, role: null },
  scope: { kind: 'all' },
});

const only = (id: string, predecessor: string, successor: string): Allocation => ({
  ...{ predecessor, successor, role: null },
  scope: { kind: id === TASK ? 'task' : 'indicator', id },
});

const THREE = fc.shuffledSubarray([...AGENCIES], { minLength: 3, maxLength: 3 });
const KINDS = ['merge', 'absorb', 'split', 'dissolve', 'transfer', 'transfer one', 'rename'] as const;

const decreeOf = (
  kind: (typeof KINDS)[number],
  [one = '', other = '', third = '']: readonly string[],
  exception: string,
  effectiveOn: Day,
): Step => {
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
};

const decrees = fc
  .tuple(fc.constantFrom(...KINDS), THREE, subject, day)
  .map(([kind, agencies, exception, on]) => decreeOf(kind, agencies, exception, on));

const led = (id: string, to: string, from: Day): Step =>
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
  );

const released = (id: string, one: string, from: Day): Step =>
  stepOf(
    `${id} released by ${one} on ${from}`,
    ({ order }) =>
      order.indicator(id, {
        type: 'ReleaseIndicator',
        data: { indicatorId: id, role: 'lead', agencies: [one], effectiveOn: from, ...why },
      }),
    (naive) => naive.release(id, one, from),
  );

const assignments = fc.oneof(
  fc.tuple(subject, fc.constantFrom(...AGENCIES, COLLECTIVE), day).map(([id, to, from]) => led(id, to, from)),
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
  fc
    .tuple(fc.constantFrom(FIRST, SECOND, ALONE), agency, day)
    .map(([id, one, from]) => released(id, one, from)),
);

const revoked = (what: string, which: (n: number) => string, effectiveOn: Day): Step =>
  stepOf(
    `${what} revoked on ${effectiveOn}`,
    (ledger, n) =>
      reorganize(ledger, which(n), {
        type: 'RevokeReorganization',
        data: { reorganizationId: which(n), effectiveOn, ...why },
      }),
    (naive, n) => naive.revoke(which(n), effectiveOn),
    'revocation',
  );

const revocations = fc.tuple(fc.nat(12), day).map(([n, on]) => revoked(decreed(n), () => decreed(n), on));

/** A place is named for a later day, then for an earlier one, and a decree for a day between them is revoked. */
const lateEntries = fc
  .record({
    id: fc.constantFrom(FIRST, SECOND, ALONE),
    days: fc.subarray([...DAYS.slice(0, -1)], { minLength: 3, maxLength: 3 }),
    agencies: THREE,
    kind: fc.constantFrom(...KINDS),
    undoneOn: day,
    between: fc.array(assignments, { maxLength: 2 }),
    lateAfter: fc.constantFrom(null, 0, 1),
  })
  .map(({ id, days, agencies, kind, undoneOn, between, lateAfter }) => {
    const [late, middle, later] = days as [Day, Day, Day];
    const [one = '', other = ''] = agencies;
    return [
      led(id, other, later),
      led(id, one, late),
      decreeOf(kind, agencies, id, middle),
      ...between,
      revoked('the decree before', (n) => decreed(n - 1 - between.length), undoneOn),
      ...(lateAfter === null ? [] : [released(id, agencies[lateAfter] as string, late)]),
    ];
  });

export const histories = fc
  .array(
    fc.oneof(
      { arbitrary: assignments.map((step) => [step]), weight: 5 },
      { arbitrary: decrees.map((step) => [step]), weight: 4 },
      { arbitrary: revocations.map((step) => [step]), weight: 2 },
      { arbitrary: lateEntries, weight: 1 },
    ),
    { minLength: 5, maxLength: 12, size: 'max' },
  )
  .map((parts) => parts.flat().slice(0, 18));

/** Steps are recorded over the years that they speak of, so that they come late and early. */
export const recordedOn = (n: number): string =>
  `${2025 + Math.floor(n / 6)}-${String(1 + 2 * (n % 6)).padStart(2, '0')}-15`;
