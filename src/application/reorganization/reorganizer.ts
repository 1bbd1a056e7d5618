import { v5 as uuidv5 } from 'uuid';
import { auditTrail } from '../../../projections/audit-trail.js';
import type { Projection } from '../../../projections/projection.js';
import { membersAt } from '../../domain/agency/agency.js';
import type { AgencyCommand } from '../../domain/agency/commands.js';
import { agencyDecider } from '../../domain/agency/decider.js';
import { type Decider, fold } from '../../domain/decider.js';
import { SCHEMA, streamOf } from '../../domain/events.js';
import type { Given } from '../../domain/given.js';
import type { AssignmentEvent, AssignmentRole } from '../../domain/indicator/events.js';
import { type Assignments, assigned } from '../../domain/indicator/indicator.js';
import type { Actor, Fact, Metadata } from '../../domain/message.js';
import { allocationOf, plannedTransfers } from '../../domain/reorganization/allocation.js';
import type { ReorganizationCommand } from '../../domain/reorganization/commands.js';
import { reorganizationDecider } from '../../domain/reorganization/decider.js';
import type { Decree } from '../../domain/reorganization/events.js';
import { ending, type Reorganization, turnsBackOn } from '../../domain/reorganization/reorganization.js';
import { collect, type RecordedEvent, RevisionConflict } from '../../ports/event-store.js';
import { MAX_FIND_ROWS } from '../../ports/read-models.js';
import { later, type Writing } from '../handle.js';
import { collectionOf } from '../project.js';
import { MAX_WAIT_MS, type Questions } from '../questions.js';
import { Reader } from '../reader.js';
import { type Affected, affectedBy, caughtUp } from './affected.js';

/** Who does what follows from a decree. */
export const SYSTEM: Actor = { subject: 'so-cai', name: 'Sổ Cái', role: 'system', agencyId: null };

/** How often a sweep looks again for what was assigned meanwhile, before it leaves the rest to the next. */
const MAX_PASSES = 10;
const MAX_ATTEMPTS = 10;

interface Cause {
  readonly event: RecordedEvent;
  readonly decree: Decree;
}

/**
 * Does what follows from decrees: one transfer for each subject and role, then the agencies' own changes, then
 * ReorganizationApplied. What is left to do is derived from the log alone, and every event's id from the decree and the
 * subject: whenever it is cut off, the next sweep goes on and repeats nothing.
 */
export class Reorganizer {
  private readonly reader: Reader;

  constructor(
    private readonly writing: Writing,
    private readonly questions: Questions,
  ) {
    this.reader = new Reader(writing.events);
  }

  /** Completes every decree and every revocation, until nothing is left. */
  async sweep(): Promise<void> {
    await caughtUp(this.questions);
    for (const { id } of await this.questions.facts.reorganizations({ known: undefined }))
      await this.complete(id);
  }

  private async complete(id: string): Promise<void> {
    const history = await collect(this.writing.events.read(streamOf('reorganization', id)));
    const state = fold(reorganizationDecider, history as unknown as never[]) as Reorganization | null;
    const event = history.find(({ type }) => type === 'ReorganizationDecreed');
    if (!state || !event) return;
    const cause = { event, decree: state.decree };
    const revocation = history.find(({ type }) => type === 'ReorganizationRevoked');
    if (revocation) await this.turnBack(state, cause, revocation);
    else await this.apply(state, cause);
  }

  private async apply(state: Reorganization, cause: Cause): Promise<void> {
    const { decree } = cause;
    for (const { agencyId, name, shortName, level } of decree.establishes)
      await this.order(cause, agencyId, {
        type: 'EstablishAgency',
        data: { agencyId, name, shortName, level, establishedOn: decree.effectiveOn },
      });
    for (let pass = 0; pass < MAX_PASSES; pass += 1) {
      const affected = await affectedBy(decree, this.questions, this.reader);
      let moved = 0;
      for (const subject of affected) moved += await this.move(subject, cause);
      if (moved === 0) break;
    }
    if (state.applied) return;
    await this.changeAgencies(cause);
    const caused = await this.causedBy(cause.event.id);
    const subjects = new Set(
      caused.filter(({ type }) => type === 'AssignmentTransferred').map(({ stream }) => stream),
    );
    const count = (noun: string) => [...subjects].filter((stream) => stream.startsWith(`${noun}-`)).length;
    const { reorganizationId, effectiveOn } = decree;
    const data = { reorganizationId, effectiveOn, indicators: count('indicator'), tasks: count('task') };
    await this.decided(
      cause,
      streamOf('reorganization', reorganizationId),
      null,
      reorganizationDecider,
      () => ({ type: 'ApplyReorganization', data, given: NOTHING_GIVEN }) as ReorganizationCommand,
      'applied',
    );
  }

  /** Moves what is left to move on one subject; how many events that took. */
  private async move({ subject, planId, section }: Affected, { event, decree }: Cause): Promise<number> {
    const stream = streamOf(subject.kind, subject.id);
    return this.appended(stream, planId, event, async (history) => {
      const assignments = assignmentsOf(history);
      const given = await this.reader.given(
        this.writing.clock.now(),
        SYSTEM.subject,
        null,
        decree.successors,
      );
      return plannedTransfers(decree, { subject, planId, section, assignments }, given).flatMap(
        ({ role, effectiveOn, facts }) =>
          facts.map((fact, n) => ({
            fact,
            key: `${subject.kind}|${subject.id}|${role}|${effectiveOn}${n === 0 ? '' : `|${n}`}`,
          })),
      );
    });
  }

  /** Members of collectives, names, and the end of who goes on no more. */
  private async changeAgencies(cause: Cause): Promise<void> {
    const { decree } = cause;
    const { reorganizationId, effectiveOn, reason, legalBasis } = decree;
    const why = { effectiveOn, reason, legalBasis };
    const ends = ending(decree);
    const heirs = (agency: string) => [
      ...new Set(decree.allocations.filter((one) => one.predecessor === agency).map((one) => one.successor)),
    ];
    const members = (group: {
      id: string;
      members: readonly { value: readonly string[]; effectiveOn: string }[];
    }) => [
      ...new Set(
        membersAt(group as never, effectiveOn).flatMap((member) =>
          ends.includes(member) ? defaultsOf(decree, member) : [member],
        ),
      ),
    ];
    for (const group of await this.questions.facts.groups({ known: undefined })) {
      if (ends.includes(group.id) || !membersAt(group, effectiveOn).some((member) => ends.includes(member)))
        continue;
      await this.order(cause, group.id, {
        type: 'ChangeAgencyGroup',
        data: { agencyId: group.id, members: members(group), ...why },
      });
    }
    for (const agencyId of ends)
      await this.order(cause, agencyId, {
        type: 'DissolveAgency',
        data: { agencyId, successors: heirs(agencyId), reorganizationId, ...why },
      });
    const [renamed] = decree.predecessors;
    if (decree.renaming && renamed)
      await this.order(cause, renamed, {
        type: 'RenameAgency',
        data: { agencyId: renamed, ...decree.renaming, ...why },
      });
  }

  /** Gives back what has not changed hands since; the rest is left alone, and the answer about the decree lists it. */
  private async turnBack(state: Reorganization, cause: Cause, revocation: RecordedEvent): Promise<void> {
    if (!state.revoked) return;
    const { decree } = cause;
    const { reason, legalBasis } = state.revoked;
    const day = turnsBackOn(decree, state.revoked);
    const back = { event: revocation, decree };
    const why = { effectiveOn: day, reason, legalBasis };
    for (const agencyId of ending(decree)) {
      const agency = await this.reader.agency(agencyId);
      if (agency?.dissolved?.reorganizationId === decree.reorganizationId)
        await this.order(back, agencyId, {
          type: 'RestoreAgency',
          data: { agencyId, reorganizationId: decree.reorganizationId, ...why },
        });
    }
    const streams = new Set((await this.causedBy(cause.event.id)).map(({ stream }) => stream));
    for (const stream of streams) {
      if (!stream.startsWith('indicator-') && !stream.startsWith('task-')) continue;
      const planId = stream.slice(stream.indexOf('-') + 1).split('/')[0] ?? null;
      await this.appended(stream, planId, revocation, async (history) =>
        givenBack(history, cause.event.id, day, { reason, legalBasis }),
      );
    }
  }

  /** What a decree or its revocation has done so far, from the trail once it holds every event until now. */
  private async causedBy(eventId: string): Promise<{ type: string; stream: string }[]> {
    const { events, models, projector } = this.questions;
    const head = await events.head();
    if (head !== null) await projector.reached([auditTrail.name], head, MAX_WAIT_MS);
    const found: { type: string; stream: string }[] = [];
    for (let after: string | undefined; ; ) {
      const page = await models.find(collectionOf(auditTrail as Projection), {
        where: { causationId: { equals: eventId } },
        limit: MAX_FIND_ROWS,
        ...(after === undefined ? {} : { after: { value: null, key: after } }),
      });
      found.push(...page.map(({ row }) => row as unknown as { type: string; stream: string }));
      after = page.at(-1)?.key;
      if (page.length < MAX_FIND_ROWS) return found;
    }
  }

  /** Gives one order to an agency, on behalf of the decree. */
  private async order(cause: Cause, agencyId: string, order: { type: string; data: object }): Promise<void> {
    const named = [
      ...cause.decree.successors,
      ...((order.data as { members?: readonly string[] }).members ?? []),
    ];
    const given = await this.reader.given(this.writing.clock.now(), SYSTEM.subject, null, named);
    await this.decided(
      cause,
      streamOf('agency', agencyId),
      null,
      agencyDecider,
      () => ({ ...order, given }) as AgencyCommand,
      order.type,
    );
  }

  private decided<C, S, E extends Fact>(
    { event }: Cause,
    stream: string,
    planId: string | null,
    decider: Decider<C, S, E>,
    command: () => C,
    key: string,
  ): Promise<number> {
    return this.appended(stream, planId, event, async (history) => {
      if (history.some(({ id }) => id === idOf(event, `${stream}|${key}`))) return [];
      return decider
        .decide(command(), fold(decider, history as unknown as E[]))
        .map((fact) => ({ fact, key: `${stream}|${key}` }));
    });
  }

  /** Appends what is still missing of a stream, at the revision that was read; how many events that were. */
  private async appended(
    stream: string,
    planId: string | null,
    cause: RecordedEvent,
    missing: (
      history: readonly RecordedEvent[],
    ) => Promise<readonly { readonly fact: Fact; readonly key: string }[]>,
  ): Promise<number> {
    const { events, clock } = this.writing;
    for (let attempt = 1; ; attempt += 1) {
      const history = await collect(events.read(stream));
      const wanted = await missing(history);
      if (wanted.length === 0) return 0;
      const last = history.at(-1);
      const metadata: Metadata = {
        actor: SYSTEM,
        recordedAt: later(clock.now(), last?.metadata.recordedAt),
        correlationId: cause.metadata.correlationId,
        causationId: cause.id,
        commandId: cause.id,
        fingerprint: null,
        planId,
        schema: SCHEMA,
      };
      const taken = new Set(history.map(({ id }) => id));
      const fresh = wanted.map(({ fact: { type, data }, key }) => {
        // The same day can come again, when a predecessor is named anew for the day of the decree itself.
        let id = idOf(cause, key);
        for (let n = 2; taken.has(id); n += 1) id = idOf(cause, `${key}|again ${n}`);
        taken.add(id);
        return { id, type, data, metadata };
      });
      try {
        await events.append(stream, fresh, last ? last.revision : 'none');
        return fresh.length;
      } catch (error) {
        if (!(error instanceof RevisionConflict) || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }
}

const NOTHING_GIVEN: Given = { today: '', by: SYSTEM.subject, plan: null, agencies: {}, holdings: 0 };

/** Ids are derived from what caused the event and what it is about, so that nothing is done twice. */
const idOf = (cause: RecordedEvent, key: string): string => uuidv5(key, cause.id);

const ASSIGNMENTS: ReadonlySet<string> = new Set([
  'AgencyAssigned',
  'AgencyReleased',
  'AssignmentTransferred',
]);

const NOBODY: Assignments = { lead: [], coordinating: [] };

const assignmentsOf = (history: readonly RecordedEvent[]): Assignments =>
  history
    .filter(({ type }) => ASSIGNMENTS.has(type))
    .reduce((held, event) => assigned(held, event as unknown as AssignmentEvent), NOBODY);

const defaultsOf = ({ allocations }: Decree, agency: string): string[] => {
  const place = {
    subject: { kind: 'indicator', id: '' },
    planId: '',
    section: null,
    role: 'lead',
    agency,
  } as const;
  const allocation = allocationOf(
    allocations.filter(({ scope }) => scope.kind === 'all'),
    place,
  );
  return allocation ? [allocation.successor] : [];
};

/**
 * What a revocation gives back on one subject: where the entry in effect on the day is one that the decree made, the set
 * that would be held without the decree. Whatever was decided since stands.
 */
const givenBack = (
  history: readonly RecordedEvent[],
  decreeId: string,
  day: string,
  why: { readonly reason: string; readonly legalBasis: Decree['legalBasis'] },
): { fact: Fact; key: string }[] => {
  const all = history.filter(({ type }) => ASSIGNMENTS.has(type));
  const others = all.filter(({ metadata }) => metadata.causationId !== decreeId);
  return all.flatMap((event) => {
    const { role, subject, moves, ...data } = (event as unknown as AssignmentEvent).data;
    const effectiveOn = [data.effectiveOn, day].sort()[1] as string;
    if (event.metadata.causationId !== decreeId || inEffect(all, role, effectiveOn) !== event) return [];
    const before = inEffect(others, role, effectiveOn);
    const fact: AssignmentEvent = {
      type: 'AssignmentTransferred',
      data: {
        ...{ subject, role, effectiveOn, notation: null },
        agencies: before ? (before as unknown as AssignmentEvent).data.agencies : [],
        moves: moves.map(({ from, to }) => ({ from: to, to: from })),
        ...why,
        reorganizationId: null,
        allocation: 'revocation',
      },
    };
    return [{ fact, key: `${subject.kind}|${subject.id}|${role}|${effectiveOn}` }];
  });
};

/** The event that says who holds a role on a day: the one that takes effect last, and of one day the last recorded. */
const inEffect = (
  events: readonly RecordedEvent[],
  role: AssignmentRole,
  day: string,
): RecordedEvent | undefined => {
  const dataOf = (event: RecordedEvent) => (event as unknown as AssignmentEvent).data;
  return events
    .filter((event) => dataOf(event).role === role && dataOf(event).effectiveOn <= day)
    .reduce<RecordedEvent | undefined>(
      (last, event) => (last && dataOf(last).effectiveOn > dataOf(event).effectiveOn ? last : event),
      undefined,
    );
};
