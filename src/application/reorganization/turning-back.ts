import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Agency, BEFORE_RECORDS } from '../../domain/agency/agency.js';
import { agencyDecider } from '../../domain/agency/decider.js';
import type { AgencyEvent, AgencyRenamed } from '../../domain/agency/events.js';
import { fold } from '../../domain/decider.js';
import { streamOf, subjectOf } from '../../domain/events.js';
import { absenceOn, finalDissolution, type Given } from '../../domain/given.js';
import type { AssignmentEvent, AssignmentRole } from '../../domain/indicator/events.js';
import type { LegalBasis, Recorded, SubjectKind, SubjectRef } from '../../domain/message.js';
import type { Place } from '../../domain/reorganization/allocation.js';
import type { ReorganizationCommand } from '../../domain/reorganization/commands.js';
import { reorganizationDecider } from '../../domain/reorganization/decider.js';
import { membersWithout, regroupingsIn } from '../../domain/reorganization/members.js';
import {
  movesBack,
  type Placing,
  placedBy,
  placingsIn,
  type Revoked,
  standingOf,
  withoutRevoked,
} from '../../domain/reorganization/places.js';
import { ending, type Reorganization, turnsBackOn } from '../../domain/reorganization/reorganization.js';
import { entriesAfter, entriesUntil } from '../../domain/timeline.js';
import { collect, type RecordedEvent } from '../../ports/event-store.js';
import { chunksOf, STREAMS_A_TURN } from '../chunks.js';
import { planIdOf } from '../commands/ids.js';
import type { Writing } from '../handle.js';
import { Heirs } from '../heirs.js';
import type { Questions } from '../questions.js';
import type { Reader } from '../reader.js';
import { affectedBy, closedPlans, living, livingMembers, MEMBERSHIP } from './affected.js';
import { Appending, SYSTEM, type Wanted } from './appending.js';
import { type Cause, causedBy } from './cause.js';
import { collectivesOf } from './collectives.js';
import { type Decreed, type Revocation, revocationsOf } from './decreed.js';

interface Why {
  readonly reason: string;
  readonly legalBasis: LegalBasis;
}

/**
 * Gives back what a revoked decree moved and what has not changed hands since; the rest is left alone. Run again, it
 * finds what its own writing or another revocation's left to do; when that is nothing, the decree is turned back.
 */
export class TurningBack {
  private readonly appending: Appending;
  /** One revocation may undo what another gave back. */
  private readonly revocations: readonly Revocation[];
  private readonly day: string;
  private readonly why: Why;
  private readonly isClosed: (planId: string) => Promise<boolean>;

  constructor(
    private readonly writing: Writing,
    private readonly questions: Questions,
    private readonly reader: Reader,
    private readonly cause: Cause,
    private readonly revocation: RecordedEvent,
    revoked: NonNullable<Reorganization['revoked']>,
    /** Every decree there is. */
    private readonly all: readonly Decreed[],
  ) {
    this.appending = new Appending(writing, revocation);
    this.revocations = revocationsOf(all);
    this.day = turnsBackOn(cause.decree, revoked);
    this.why = { reason: revoked.reason, legalBasis: revoked.legalBasis };
    this.isClosed = closedPlans(reader, this.day);
  }

  async run(): Promise<void> {
    const { decree, event } = this.cause;
    for (const agencyId of ending(decree)) await this.restore(agencyId);
    const streams = new Set((await causedBy(this.questions, event.id)).map(({ stream }) => stream));
    const touched = [...streams].flatMap((stream) => subjectOf(stream) ?? []);
    await this.giveBackAll(touched.filter(isHeld));
    for (const { kind, id } of touched) if (kind === 'agency') await this.undo(id);
    for (const { agencyId } of decree.establishes) await this.disestablish(agencyId);
    if (this.appending.recorded === 0) await this.conclude();
  }

  private async restore(agencyId: string): Promise<void> {
    const { reorganizationId } = this.cause.decree;
    const agency = await this.reader.agency(agencyId);
    if (!agency || finalDissolution(agency)?.reorganizationId !== reorganizationId) return;
    const data = { agencyId, reorganizationId, effectiveOn: this.day, ...this.why };
    const order = { type: 'RestoreAgency', data } as const;
    await this.appending.order(agencyId, order, await this.given([]), order.type);
  }

  private async giveBackAll(subjects: readonly SubjectRef[]): Promise<void> {
    const heirs = await Heirs.of(this.reader, this.cause.decree.predecessors);
    for (const [n, together] of chunksOf(subjects, STREAMS_A_TURN).entries()) {
      // A decree may have moved a thousand: others get their turn.
      if (n > 0) await nextTurn();
      const streams = together.map(({ kind, id }) => ({ stream: streamOf(kind, id) }));
      const histories = await this.writing.events.readMany(streams);
      for (const [index, subject] of together.entries())
        await this.giveBack(subject, histories[index] ?? [], heirs);
    }
  }

  private async giveBack(subject: SubjectRef, read: readonly RecordedEvent[], heirs: Heirs): Promise<void> {
    const stream = streamOf(subject.kind, subject.id);
    const planId = planIdOf(subject.id);
    // What has ended keeps its last holder.
    if (await this.isClosed(planId)) return;
    const wantedOf = (history: readonly RecordedEvent[]) => {
      const standing = standingOf(history);
      if (!standing || (standing.dropped && standing.dropped.effectiveOn <= this.day)) return [];
      const { section } = standing;
      const placings = placingsIn(history);
      return (['lead', 'coordinating'] as const).flatMap((role) =>
        this.daysOf(placings, role).flatMap((day) =>
          this.back({ subject, planId, section, role }, placings, day, heirs),
        ),
      );
    };
    await this.appending.missing(stream, wantedOf, read);
  }

  private revokedBy(on: string): Revoked {
    const revoked = this.revocations.filter(({ day }) => day <= on);
    return {
      decrees: new Set(revoked.map(({ decree }) => decree)),
      revocations: new Set(revoked.map(({ revocation }) => revocation)),
    };
  }

  /** The revocation's day, and each later one on which an entry states the set anew. */
  private daysOf(placings: readonly Placing[], role: AssignmentRole): string[] {
    const later = placings
      .filter(({ data }) => data.role === role && data.effectiveOn > this.day)
      .map(({ data }) => data.effectiveOn);
    return [...new Set([this.day, ...later])];
  }

  private back(
    place: Omit<Place, 'agency'>,
    placings: readonly Placing[],
    effectiveOn: string,
    heirs: Heirs,
  ): Wanted[] {
    const { subject, role } = place;
    const entries = placedBy(placings, role, effectiveOn);
    const restored = withoutRevoked(entries, this.revokedBy(effectiveOn));
    const now = (agency: string) => heirs.of(agency, place, effectiveOn);
    const agencies = heirs.ofAll(restored.agencies, place, effectiveOn);
    const stated = entries.at(-1)?.data.agencies ?? [];
    if (!restored.isOther || sameSet(agencies, stated)) return [];
    const fact: AssignmentEvent = {
      type: 'AssignmentTransferred',
      data: {
        ...{ subject, role, effectiveOn, notation: null, agencies },
        moves: movesBack(stated, restored, now),
        ...this.why,
        reorganizationId: null,
        allocation: 'revocation',
      },
    };
    return [{ fact, key: `${subject.kind}|${subject.id}|${role}|${effectiveOn}`, planId: place.planId }];
  }

  /** Gives back the members and the name that an agency would have without the revoked decrees. */
  private async undo(agencyId: string): Promise<void> {
    const history = (await collect(
      this.questions.events.read(streamOf('agency', agencyId)),
    )) as unknown as readonly Recorded<AgencyEvent>[];
    const agency = fold(agencyDecider, history as unknown as AgencyEvent[]);
    if (agency?.kind === 'group') await this.regroup(agency, history);
    const before = this.nameWithout(history);
    if (!agency || absenceOn(agency, this.day) || !before) return;
    const { name, shortName } = before.data;
    const data = { agencyId, name, shortName, effectiveOn: this.day, ...this.why };
    const order = { type: 'RenameAgency', data } as const;
    await this.appending.order(agencyId, order, await this.given([]), `${order.type}|${this.day}`);
  }

  /** Gives back the places of a collective's members, on the revocation's day and each later one that states them anew. */
  private async regroup(group: Agency, history: readonly Recorded[]): Promise<void> {
    const regroupings = regroupingsIn(history);
    const heirs = await Heirs.of(this.reader, new Set(group.members.flatMap(({ value }) => value)));
    const after = (agency: string, on: string) => heirs.of(agency, MEMBERSHIP, on);
    const later = entriesAfter(regroupings, this.day).map(({ effectiveOn }) => effectiveOn);
    for (const day of new Set([this.day, ...later])) {
      const stated = entriesUntil(regroupings, day).map(({ value }) => value);
      const restored = membersWithout(stated, this.revokedBy(day), after);
      if (restored === null || absenceOn(group, day)) continue;
      const members = await livingMembers(restored, this.reader, day);
      const data = { agencyId: group.id, members, effectiveOn: day, ...this.why };
      const order = { type: 'ChangeAgencyGroup', data } as const;
      await this.appending.order(group.id, order, await this.given(members), `${order.type}|${day}`);
    }
  }

  /** The name that would hold on the revocation's day without any revoked decree, where one of those gave the one that does. */
  private nameWithout(history: readonly Recorded<AgencyEvent>[]): Naming | undefined {
    const names = history.filter(isNaming);
    if (!names.some(({ metadata }) => metadata.causationId === this.cause.event.id)) return undefined;
    const { decrees, revocations } = this.revokedBy(this.day);
    const isVoid = ({ metadata: { causationId } }: Naming) =>
      causationId !== null && (decrees.has(causationId) || revocations.has(causationId));
    const holding = inEffect(names, this.day);
    if (!holding || !isVoid(holding)) return undefined;
    return inEffect(
      names.filter((event) => !isVoid(event)),
      this.day,
    );
  }

  /** An agency that the decree brought into being ends with it, unless it holds something, or is a member of something, since. */
  private async disestablish(agencyId: string): Promise<void> {
    const { predecessors, reorganizationId } = this.cause.decree;
    const agency = await this.reader.agency(agencyId);
    const effectiveOn = this.endOf(agencyId);
    if (!agency || !effectiveOn || finalDissolution(agency) || (await this.holds(agency, effectiveOn)))
      return;
    const successors = (await living(predecessors, this.reader, effectiveOn)).filter((id) => id !== agencyId);
    const data = { agencyId, successors, reorganizationId, effectiveOn, ...this.why };
    const order = { type: 'DissolveAgency', data } as const;
    await this.appending.order(agencyId, order, await this.given(successors), order.type);
  }

  /** The day from which nobody has come to an agency by a decree; null while one of those stands. */
  private endOf(agencyId: string): string | null {
    const ends = this.all
      .map(({ state }) => state)
      .filter(({ decree }) => decree.successors.includes(agencyId))
      .map(({ decree, revoked }) => revoked && turnsBackOn(decree, revoked));
    return ends.includes(null) ? null : (ends.sort().at(-1) ?? null);
  }

  private async holds({ id }: Agency, day: string): Promise<boolean> {
    if ((await affectedBy({ predecessors: [id], effectiveOn: day }, this.questions, this.reader)).length > 0)
      return true;
    return (await collectivesOf(this.questions, id, day)).length > 0;
  }

  private async conclude(): Promise<void> {
    const { reorganizationId } = this.cause.decree;
    const back = await causedBy(this.questions, this.revocation.id);
    const subjects = [...new Set(back.map(({ stream }) => stream))].map((stream) => subjectOf(stream)?.kind);
    const count = (noun: SubjectKind) => subjects.filter((kind) => kind === noun).length;
    const data = {
      ...{ reorganizationId, effectiveOn: this.day },
      ...{ indicators: count('indicator'), tasks: count('task') },
    };
    const command = {
      type: 'TurnBackReorganization',
      data,
      given: await this.given([]),
    } as ReorganizationCommand;
    const stream = streamOf('reorganization', reorganizationId);
    await this.appending.decided(stream, reorganizationDecider, command, 'turned back');
  }

  private given(agencies: readonly string[]): Promise<Given> {
    return this.reader.given(this.writing.clock.now(), SYSTEM.subject, null, agencies);
  }
}

const isHeld = (subject: NonNullable<ReturnType<typeof subjectOf>>): subject is SubjectRef =>
  subject.kind === 'indicator' || subject.kind === 'task';

const sameSet = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((agency) => other.includes(agency));

type Naming = Recorded<
  Extract<AgencyEvent, { type: 'AgencyRenamed' | 'AgencyEstablished' | 'AgencyGroupDefined' }>
>;

const isNaming = (event: Recorded<AgencyEvent>): event is Naming =>
  event.type === 'AgencyRenamed' || event.type === 'AgencyEstablished' || event.type === 'AgencyGroupDefined';

/** The first name holds from the beginning. */
const fromOf = ({ type, data }: Naming): string =>
  type === 'AgencyRenamed' ? (data as AgencyRenamed['data']).effectiveOn : BEFORE_RECORDS;

/** The entry that takes effect last by a day; of one day, the last recorded. */
const inEffect = (entries: readonly Naming[], day: string): Naming | undefined =>
  entries
    .filter((event) => fromOf(event) <= day)
    .reduce<Naming | undefined>(
      (last, event) => (last && fromOf(last) > fromOf(event) ? last : event),
      undefined,
    );
