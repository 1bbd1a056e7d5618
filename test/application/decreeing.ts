import { OrderReorganization } from '../../src/application/commands/orders.js';
import { ReorganizationHandler } from '../../src/application/commands/reorganization.handler.js';
import {
  PreviewHandler,
  PreviewQuery,
  ReorganizationQuery,
  ReorganizationQueryHandler,
} from '../../src/application/queries/reorganizations.js';
import { Reorganizer } from '../../src/application/reorganization/reorganizer.js';
import type { Agency } from '../../src/domain/agency/agency.js';
import { holdersAt } from '../../src/domain/assignment.js';
import type { Allocation, Decree } from '../../src/domain/reorganization/events.js';
import type { EventStore, RecordedEvent } from '../../src/ports/event-store.js';
import { AUDITOR, asked, OFFICE, type TestLedger } from '../support/ledger.js';
import { seenAs } from '../support/seen-as.js';
import { BASIS, COLLECTIVE, PLAN_FROM, TASK } from './world.js';

/** Everything that an agency holds goes to another, in whatever role. */
export const all = (predecessor: string, successor: string): Allocation => ({
  ...{ predecessor, successor, role: null },
  scope: { kind: 'all' },
});

/** One agency is merged into another that goes on. */
export const merger = (
  from: string,
  into: string,
  effectiveOn: string,
  over: Partial<Decree> = {},
): Decree => ({
  ...{ reorganizationId: `${from}-${into}`, kind: 'merge', predecessors: [from, into], successors: [into] },
  ...{ establishes: [], renaming: null, effectiveOn, reason: 'sắp xếp', legalBasis: BASIS },
  allocations: [all(from, into)],
  ...over,
});

export const decree = (ledger: TestLedger, data: Decree) =>
  new ReorganizationHandler(ledger, ledger.questions).execute(
    new OrderReorganization(data.reorganizationId, { type: 'DecreeReorganization', data }, asked()),
  );

export const revoke = (ledger: TestLedger, reorganizationId: string, effectiveOn: string) =>
  new ReorganizationHandler(ledger, ledger.questions).execute(
    new OrderReorganization(
      reorganizationId,
      {
        type: 'RevokeReorganization',
        data: { reorganizationId, effectiveOn, reason: 'sai thẩm quyền', legalBasis: BASIS },
      },
      asked(),
    ),
  );

export const sweep = (ledger: TestLedger) => new Reorganizer(ledger, ledger.questions).sweep();

/** Decrees, and does what follows. */
export const apply = async (ledger: TestLedger, data: Decree) => {
  await decree(ledger, data);
  await sweep(ledger);
};

/** What a question tells of a decree, once everything until now is in the rows. */
export const toldOf = async (ledger: TestLedger, id: string) => {
  await ledger.settled();
  const query = new ReorganizationQuery(id, undefined, AUDITOR);
  return new ReorganizationQueryHandler(ledger.questions).execute(query);
};

export const preview = async (ledger: TestLedger, data: Decree) => {
  await ledger.settled();
  return new PreviewHandler(ledger, ledger.questions).execute(new PreviewQuery(data, OFFICE));
};

/** Revokes, does what follows, and tells how far that has come. */
export const undo = async (ledger: TestLedger, id: string, effectiveOn: string) => {
  await revoke(ledger, id, effectiveOn);
  await sweep(ledger);
  return toldOf(ledger, id);
};

const why = { reason: 'thôi', legalBasis: BASIS };

/** Ends an agency or a collective without a decree. */
export const dissolve = (
  { order }: TestLedger,
  agencyId: string,
  effectiveOn: string,
  successors: readonly string[] = [],
) =>
  order.agency(agencyId, {
    type: 'DissolveAgency',
    data: { agencyId, successors, reorganizationId: null, effectiveOn, ...why },
  });

/** Gives the collective other members. */
export const regroup = ({ order }: TestLedger, members: readonly string[], effectiveOn: string) =>
  order.agency(COLLECTIVE, {
    type: 'ChangeAgencyGroup',
    data: { agencyId: COLLECTIVE, members, effectiveOn, ...why },
  });

export const agencyOf = async (ledger: TestLedger, id: string): Promise<Agency> => {
  await ledger.settled();
  return (await ledger.questions.facts.agency(id, { known: undefined })) as Agency;
};

/** Lets an agency lead the task from a day on. */
export const leadTask = ({ order }: TestLedger, agency: string, effectiveOn = PLAN_FROM) =>
  order.task(TASK, {
    type: 'AssignTask',
    data: { taskId: TASK, role: 'lead', agencies: [agency], notation: null, effectiveOn },
  });

export const transfers = (log: readonly RecordedEvent[]) =>
  log.filter(({ type }) => type === 'AssignmentTransferred');

export const leadsOf = async (ledger: TestLedger, id: string, day: string): Promise<readonly string[]> => {
  await ledger.settled();
  const row = await ledger.questions.facts.indicator(id, { known: undefined });
  return row ? holdersAt(row.assignments, 'lead', day) : [];
};

class Crash extends Error {}

/** The store of a process that dies right after its next append. */
const dyingAfterOne = (events: EventStore): EventStore => {
  let appended = 0;
  return seenAs(events, {
    append: async (...args) => {
      if (appended > 0) throw new Crash('the process is gone');
      appended += 1;
      return events.append(...args);
    },
  });
};

/** Sweeps, and dies after each append, until nothing is left to do; after each death something is looked at. */
export const sweepDying = async (
  ledger: TestLedger,
  look: () => Promise<void> = async () => undefined,
): Promise<number> => {
  for (let deaths = 0; ; deaths += 1) {
    try {
      const dying = { ...ledger, events: dyingAfterOne(ledger.events) };
      await new Reorganizer(dying, ledger.questions).sweep();
      return deaths;
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
    await look();
  }
};
