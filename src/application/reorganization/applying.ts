import { Rejected } from '../../domain/decider.js';
import { streamOf, subjectOf } from '../../domain/events.js';
import type { Given } from '../../domain/given.js';
import type { SubjectKind, SubjectRef } from '../../domain/message.js';
import { type Moving, plannedTransfers } from '../../domain/reorganization/allocation.js';
import type { ReorganizationCommand } from '../../domain/reorganization/commands.js';
import { reorganizationDecider } from '../../domain/reorganization/decider.js';
import {
  isMeant,
  type Others,
  placingsIn,
  type Standing,
  standingOf,
} from '../../domain/reorganization/places.js';
import { ending, givingUp } from '../../domain/reorganization/reorganization.js';
import type { RecordedEvent } from '../../ports/event-store.js';
import { chunksOf } from '../chunks.js';
import type { Writing } from '../handle.js';
import type { Heirs } from '../heirs.js';
import type { Questions } from '../questions.js';
import type { Reader } from '../reader.js';
import { closedPlans, givenTo, heldBefore, heldBy } from './affected.js';
import { Appending, SYSTEM, type Wanted } from './appending.js';
import type { Cause } from './cause.js';
import { dissolutions, establishings, regroupings } from './collectives.js';

/** Subjects that are moved beside each other, so that the store makes them durable together. */
const MOVED_AT_ONCE = 1_000;

/** A subject and its history, as it was read. */
interface Read {
  readonly subject: SubjectRef;
  readonly stream: string;
  readonly history: readonly RecordedEvent[];
  readonly standing: Standing;
}

/** Does what follows from one decree: the agencies it establishes, each transfer, and what becomes of the agencies. */
export class Applying {
  private readonly appending: Appending;
  private readonly isClosed: (planId: string) => Promise<boolean>;
  /** Streams that were looked at, and whether the decree has moved anything there. */
  private readonly moved = new Map<string, boolean>();

  constructor(
    private readonly writing: Writing,
    private readonly questions: Questions,
    private readonly reader: Reader,
    private readonly cause: Cause,
    private readonly others: Others,
    /** The day from which the decree is undone, where it is. */
    private readonly until: string | null = null,
  ) {
    this.appending = new Appending(writing, cause.event);
    this.isClosed = closedPlans(reader, cause.decree.effectiveOn);
  }

  /** @throws AggregateError when something could not be done; everything else is */
  async run(applied: boolean): Promise<void> {
    await this.establish();
    const { effectiveOn } = this.cause.decree;
    const asked = { predecessors: givingUp(this.cause.decree), effectiveOn };
    const held = await heldBy(asked, this.questions);
    const before = applied ? [] : await heldBefore(asked, this.questions);
    await this.moveAll(held);
    if (!applied) await this.changeAgencies();
    await this.changeMembers();
    if (!applied) await this.conclude(before);
  }

  /** Moves what somebody has left, for a day on which a decree that is revoked was in force, to who was not there then. */
  async complete(): Promise<void> {
    const { decree } = this.cause;
    if (this.until === null || this.until <= decree.effectiveOn) return;
    await this.moveAll(
      await heldBy({ predecessors: ending(decree), effectiveOn: decree.effectiveOn }, this.questions),
    );
  }

  private async establish(): Promise<void> {
    for (const order of await establishings(this.cause.decree, this.reader))
      await this.appending.order(order.data.agencyId, order, await this.given([]), order.type);
  }

  private async moveAll(subjects: readonly SubjectRef[]): Promise<void> {
    const { successors } = this.cause.decree;
    const { given, heirs } = await givenTo(successors, this.reader, this.writing.clock.now(), SYSTEM.subject);
    const failures: unknown[] = [];
    for (const together of chunksOf(subjects, MOVED_AT_ONCE)) {
      const read = await this.read(together);
      const moves = read.map((one) => this.move(one, heirs, given));
      for (const outcome of await Promise.allSettled(moves)) {
        if (outcome.status === 'fulfilled') continue;
        if (!(outcome.reason instanceof Rejected)) throw outcome.reason;
        failures.push(outcome.reason);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, failures.join('; '));
  }

  /** The histories of the subjects that go on; the others keep their last holder. */
  private async read(subjects: readonly SubjectRef[]): Promise<Read[]> {
    const streams = subjects.map(({ kind, id }) => streamOf(kind, id));
    const histories = await this.histories(streams);
    const read = subjects.map((subject, index) => {
      const history = histories[index] ?? [];
      return { subject, stream: streams[index] ?? '', history, standing: standingOf(history) };
    });
    const open = new Set<string>();
    for (const planId of new Set(read.flatMap(({ standing }) => standing?.planId ?? [])))
      if (!(await this.isClosed(planId))) open.add(planId);
    return read.filter((one): one is Read => one.standing !== null && open.has(one.standing.planId));
  }

  /** Reads streams, and sees whether the decree has moved anything there. */
  private async histories(streams: readonly string[]): Promise<readonly (readonly RecordedEvent[])[]> {
    const histories = await this.writing.events.readMany(streams.map((stream) => ({ stream })));
    for (const [index, stream] of streams.entries())
      this.moved.set(stream, histories[index]?.some(this.isMove) ?? false);
    return histories;
  }

  private readonly isMove = ({ metadata }: RecordedEvent): boolean =>
    metadata.causationId === this.cause.event.id;

  /** Moves what is left to move on one subject. */
  private async move(read: Read, heirs: Heirs, given: Given): Promise<void> {
    const wantedOf = (history: readonly RecordedEvent[]) =>
      this.wanted(
        read.history === history ? read : { ...read, history, standing: standingOf(history) },
        heirs,
        given,
      );
    if ((await this.appending.missing(read.stream, wantedOf, read.history)) > 0)
      this.moved.set(read.stream, true);
  }

  private wanted(
    {
      subject,
      history,
      standing,
    }: Pick<Read, 'subject' | 'history'> & { readonly standing: Standing | null },
    heirs: Heirs,
    given: Given,
  ): Wanted[] {
    const { decree } = this.cause;
    if (!standing || (standing.dropped && standing.dropped.effectiveOn <= decree.effectiveOn)) return [];
    const { planId, section, assignments } = standing;
    const moving: Moving = {
      heirs: (agency, place, day) => heirs.of(agency, place, day),
      movable: (role, agency, day) =>
        isMeant(this.cause, this.others, placingsIn(history), [role, agency, day]),
      until: this.until,
    };
    const of = { subject, planId, section, assignments };
    return plannedTransfers(decree, of, given, moving).flatMap(({ role, effectiveOn, facts }) => {
      const key = `${subject.kind}|${subject.id}|${role}|${effectiveOn}`;
      return facts.map((fact) => ({ fact, planId, key }));
    });
  }

  /** The end of who goes on no more, and the new name. */
  private async changeAgencies(): Promise<void> {
    const { decree } = this.cause;
    for (const order of await dissolutions(decree, this.reader)) {
      const { agencyId, successors } = order.data;
      await this.appending.order(agencyId, order, await this.given(successors), order.type);
    }
    const [renamed] = decree.predecessors;
    if (!decree.renaming || !renamed) return;
    const { effectiveOn, reason, legalBasis } = decree;
    const data = { agencyId: renamed, ...decree.renaming, effectiveOn, reason, legalBasis };
    const order = { type: 'RenameAgency', data } as const;
    await this.appending.order(renamed, order, await this.given([]), order.type);
  }

  /** Takes who ended out of the collectives, from the day on and in every entry for a later one. */
  private async changeMembers(): Promise<void> {
    const { decree } = this.cause;
    if (ending(decree).length === 0) return;
    const groups = (await this.questions.facts.groups({ known: undefined })).map(({ id }) => id);
    for (const { group, effectiveOn, members } of await regroupings(decree, groups, this.reader)) {
      const { reason, legalBasis } = decree;
      const data = { agencyId: group.id, members, effectiveOn, reason, legalBasis };
      const order = { type: 'ChangeAgencyGroup', data } as const;
      await this.appending.order(group.id, order, await this.given(members), `${order.type}|${effectiveOn}`);
    }
  }

  /** Counts also what was moved before it was cut off: the predecessors held that before. */
  private async conclude(before: readonly SubjectRef[]): Promise<void> {
    for (const together of chunksOf(before, MOVED_AT_ONCE))
      await this.histories(together.map(({ kind, id }) => streamOf(kind, id)));
    const moved = [...this.moved].flatMap(([stream, isMoved]) => (isMoved ? [subjectOf(stream)?.kind] : []));
    const count = (noun: SubjectKind) => moved.filter((kind) => kind === noun).length;
    const { reorganizationId, effectiveOn } = this.cause.decree;
    const data = { reorganizationId, effectiveOn, indicators: count('indicator'), tasks: count('task') };
    const command = {
      type: 'ApplyReorganization',
      data,
      given: await this.given([]),
    } as ReorganizationCommand;
    await this.appending.decided(
      streamOf('reorganization', reorganizationId),
      reorganizationDecider,
      command,
      'applied',
    );
  }

  private given(agencies: readonly string[]): Promise<Given> {
    return this.reader.given(this.writing.clock.now(), SYSTEM.subject, null, agencies);
  }
}
