import { type Agency, membersAt } from '../../domain/agency/agency.js';
import { Rejected } from '../../domain/decider.js';
import { streamOf } from '../../domain/events.js';
import { absenceOn, type Given } from '../../domain/given.js';
import type { AssignmentRole } from '../../domain/indicator/events.js';
import { type Assignments, assigned } from '../../domain/indicator/indicator.js';
import { plannedTransfers } from '../../domain/reorganization/allocation.js';
import type { ReorganizationCommand } from '../../domain/reorganization/commands.js';
import { reorganizationDecider } from '../../domain/reorganization/decider.js';
import { type Placing, placedBy, placingsIn } from '../../domain/reorganization/places.js';
import { ending, successorsOf } from '../../domain/reorganization/reorganization.js';
import { dayOf } from '../../domain/time.js';
import { entriesAfter } from '../../domain/timeline.js';
import type { Writing } from '../handle.js';
import { Heirs } from '../heirs.js';
import type { Questions } from '../questions.js';
import type { Reader } from '../reader.js';
import { type Affected, affectedBy, givenTo, livingMembers, MEMBERSHIP } from './affected.js';
import { Appending, SYSTEM } from './appending.js';
import { type Cause, causedBy } from './cause.js';

/** Subjects that are moved beside each other, so that the store makes them durable together. */
const MOVED_AT_ONCE = 200;

const NOBODY: Assignments = { lead: [], coordinating: [] };

/** What other decrees are to one, by the events that what they did is caused by. */
export interface OtherDecrees {
  /** They take effect later, or on the same day and were made later. */
  readonly later: ReadonlySet<string>;
  /** They are revoked: them, and their revocations. */
  readonly undone: ReadonlySet<string>;
}

/** Does what follows from one decree: the agencies it establishes, each transfer, and what becomes of the agencies. */
export class Applying {
  private readonly appending: Appending;

  constructor(
    private readonly writing: Writing,
    private readonly questions: Questions,
    private readonly reader: Reader,
    private readonly cause: Cause,
    private readonly others: OtherDecrees,
  ) {
    this.appending = new Appending(writing, cause.event);
  }

  /** @throws AggregateError when something could not be done; everything else is */
  async run(applied: boolean): Promise<void> {
    await this.establish();
    await this.moveAll();
    if (!applied) await this.changeAgencies();
    await this.changeMembers();
    if (!applied) await this.conclude();
  }

  private async establish(): Promise<void> {
    const { establishes, effectiveOn } = this.cause.decree;
    for (const { agencyId, name, shortName, level } of establishes) {
      const data = { agencyId, name, shortName, level, establishedOn: effectiveOn };
      const order = { type: 'EstablishAgency', data } as const;
      await this.appending.order(agencyId, order, await this.given([]), order.type);
    }
  }

  private async moveAll(): Promise<void> {
    const { successors } = this.cause.decree;
    const { given, heirs } = await givenTo(successors, this.reader, this.writing.clock.now(), SYSTEM.subject);
    const affected = await affectedBy(this.cause.decree, this.questions, this.reader);
    const failures: unknown[] = [];
    for (let at = 0; at < affected.length; at += MOVED_AT_ONCE) {
      const moves = affected.slice(at, at + MOVED_AT_ONCE).map((one) => this.move(one, heirs, given));
      for (const outcome of await Promise.allSettled(moves)) {
        if (outcome.status === 'fulfilled') continue;
        if (!(outcome.reason instanceof Rejected)) throw outcome.reason;
        failures.push(outcome.reason);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, failures.join('; '));
  }

  /** Moves what is left to move on one subject. */
  private async move({ subject, planId, section }: Affected, heirs: Heirs, given: Given): Promise<void> {
    await this.appending.missing(streamOf(subject.kind, subject.id), planId, (history) => {
      const placings = placingsIn(history);
      const assignments = placings.reduce(assigned, NOBODY);
      const moving = {
        heirs: heirs.of.bind(heirs),
        movable: (role: AssignmentRole, agency: string, day: string) =>
          this.isMeant(placings, role, agency, day),
      };
      const of = { subject, planId, section, assignments };
      return plannedTransfers(this.cause.decree, of, given, moving).flatMap(({ role, effectiveOn, facts }) =>
        facts.map((fact, n) => ({
          fact,
          key: `${subject.kind}|${subject.id}|${role}|${effectiveOn}${n === 0 ? '' : `|${n}`}`,
        })),
      );
    });
  }

  /**
   * A predecessor that ends holds nothing afterwards. One that lives on keeps what comes to it later: by a later decree,
   * or from whoever named it once the decree was known and in force.
   */
  private isMeant(placings: readonly Placing[], role: AssignmentRole, agency: string, day: string): boolean {
    const { decree, event } = this.cause;
    if (ending(decree).includes(agency)) return true;
    const placed = placedBy(placings, role, day).findLast(
      ({ data, metadata }) =>
        !this.others.undone.has(metadata.causationId ?? '') && data.moves.some(({ to }) => to === agency),
    );
    if (placed === undefined) return true;
    if (this.others.later.has(placed.metadata.causationId ?? '')) return false;
    return placed.position < event.position || dayOf(placed.metadata.recordedAt) < decree.effectiveOn;
  }

  /** The end of who goes on no more, and the new name. */
  private async changeAgencies(): Promise<void> {
    const { decree } = this.cause;
    const { reorganizationId, effectiveOn, reason, legalBasis } = decree;
    const why = { effectiveOn, reason, legalBasis };
    const heirs = await Heirs.of(this.reader, decree.successors);
    for (const agencyId of ending(decree)) {
      const successors = [
        ...new Set(successorsOf(decree, agencyId).flatMap((one) => heirs.of(one, MEMBERSHIP, effectiveOn))),
      ];
      const data = { agencyId, successors, reorganizationId, ...why };
      const order = { type: 'DissolveAgency', data } as const;
      await this.appending.order(agencyId, order, await this.given(successors), order.type);
    }
    const [renamed] = decree.predecessors;
    if (!decree.renaming || !renamed) return;
    const order = { type: 'RenameAgency', data: { agencyId: renamed, ...decree.renaming, ...why } } as const;
    await this.appending.order(renamed, order, await this.given([]), order.type);
  }

  /** Takes who ended out of the collectives, from the day on and in every entry for a later one. */
  private async changeMembers(): Promise<void> {
    const ends = ending(this.cause.decree);
    if (ends.length === 0) return;
    for (const { id } of await this.questions.facts.groups({ known: undefined })) {
      const group = await this.reader.agency(id);
      if (!group || ends.includes(id)) continue;
      const later = entriesAfter(group.members, this.cause.decree.effectiveOn);
      for (const day of new Set([
        this.cause.decree.effectiveOn,
        ...later.map(({ effectiveOn }) => effectiveOn),
      ]))
        if (!absenceOn(group, day)) await this.changeMembersOn(group, day, ends);
    }
  }

  private async changeMembersOn(group: Agency, effectiveOn: string, ends: readonly string[]): Promise<void> {
    const held = membersAt(group, effectiveOn);
    if (!held.some((member) => ends.includes(member))) return;
    const members = await livingMembers(held, this.reader, effectiveOn);
    const { reason, legalBasis } = this.cause.decree;
    const data = { agencyId: group.id, members, effectiveOn, reason, legalBasis };
    const order = { type: 'ChangeAgencyGroup', data } as const;
    await this.appending.order(group.id, order, await this.given(members), `${order.type}|${effectiveOn}`);
  }

  private async conclude(): Promise<void> {
    const { decree, event } = this.cause;
    const streams = new Set(
      (await causedBy(this.questions, event.id))
        .filter(({ type }) => type === 'AssignmentTransferred')
        .map(({ stream }) => stream),
    );
    const count = (noun: string) => [...streams].filter((stream) => stream.startsWith(`${noun}-`)).length;
    const { reorganizationId, effectiveOn } = decree;
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
