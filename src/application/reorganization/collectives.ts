import { type Agency, evolve, membersAt } from '../../domain/agency/agency.js';
import type { AgencyCommand } from '../../domain/agency/commands.js';
import type { AgencyEvent } from '../../domain/agency/events.js';
import { absenceOn } from '../../domain/given.js';
import type { Decree } from '../../domain/reorganization/events.js';
import { ending, successorsOf } from '../../domain/reorganization/reorganization.js';
import { entriesAfter, valuesFrom } from '../../domain/timeline.js';
import { Heirs, type Lives } from '../heirs.js';
import type { Questions } from '../questions.js';
import { livingMembers, MEMBERSHIP } from './affected.js';

/** A command of one type, or of each of several, before it is known what it is decided on. */
type Order<Type extends AgencyCommand['type']> = Type extends unknown
  ? Omit<Extract<AgencyCommand, { type: Type }>, 'given'>
  : never;

/** What a decree brings into being; one that was there before lives again. */
export const establishings = async (
  { establishes, effectiveOn, reorganizationId, reason, legalBasis }: Decree,
  lives: Lives,
): Promise<readonly Order<'EstablishAgency' | 'RestoreAgency'>[]> => {
  const orders: Order<'EstablishAgency' | 'RestoreAgency'>[] = [];
  for (const { agencyId, ...named } of establishes) {
    const agency = await lives.agency(agencyId);
    if (!agency)
      orders.push({
        type: 'EstablishAgency',
        data: { agencyId, ...named, establishedOn: effectiveOn, reason, legalBasis },
      });
    else if (absenceOn(agency, effectiveOn))
      orders.push({
        type: 'RestoreAgency',
        data: { agencyId, reorganizationId, effectiveOn, reason, legalBasis },
      });
  }
  return orders;
};

/** The end of who goes on no more. */
export const dissolutions = async (
  decree: Decree,
  lives: Lives,
): Promise<readonly Order<'DissolveAgency'>[]> => {
  const { reorganizationId, effectiveOn, reason, legalBasis } = decree;
  const heirs = await Heirs.of(lives, decree.successors);
  return ending(decree).map((agencyId) => {
    const successors = heirs.ofAll(successorsOf(decree, agencyId), MEMBERSHIP, effectiveOn);
    const data = { agencyId, successors, reorganizationId, effectiveOn, reason, legalBasis };
    return { type: 'DissolveAgency', data };
  });
};

/** The collectives that live on a day and have an agency among their members then or later, by the rows as they are. */
export const collectivesOf = async (questions: Questions, agencyId: string, day: string): Promise<string[]> =>
  (await questions.facts.groups({ known: undefined }))
    .filter((group) => !absenceOn(group, day))
    .filter((group) => valuesFrom(group.members, day).some((members) => members.includes(agencyId)))
    .map(({ id }) => id);

/** What a collective's members are from a day on, once whoever ended was taken out of it. */
export interface Regrouping {
  readonly group: Agency;
  readonly effectiveOn: string;
  readonly members: readonly string[];
}

/**
 * Takes who ended by a decree out of some collectives, from its day on and in every entry for a later one.
 * @param lives what the agencies are once the decree has ended them
 */
export const regroupings = async (
  decree: Decree,
  groups: readonly string[],
  lives: Lives,
): Promise<readonly Regrouping[]> => {
  const ends = ending(decree);
  const found: Regrouping[] = [];
  for (const id of groups) {
    const group = await lives.agency(id);
    if (!group) continue;
    const later = entriesAfter(group.members, decree.effectiveOn).map(({ effectiveOn }) => effectiveOn);
    for (const effectiveOn of new Set([decree.effectiveOn, ...later])) {
      const held = membersAt(group, effectiveOn);
      if (absenceOn(group, effectiveOn) || !held.some((member) => ends.includes(member))) continue;
      found.push({ group, effectiveOn, members: await livingMembers(held, lives, effectiveOn) });
    }
  }
  return found;
};

/** Agencies and decrees as they would be, had a decree been carried out by now. */
export class AsDecreed implements Lives {
  private readonly changed = new Map<string, Agency | null>();

  private constructor(
    private readonly made: Decree,
    private readonly lives: Lives,
  ) {}

  /** @param groups the collectives that there are */
  static async of(
    decree: Decree,
    groups: readonly string[],
    lives: Lives,
  ): Promise<{ after: Lives; regrouped: readonly Regrouping[] }> {
    const after = new AsDecreed(decree, lives);
    for (const order of await establishings(decree, after))
      await after.take(
        order.type === 'EstablishAgency'
          ? { type: 'AgencyEstablished', data: order.data }
          : { type: 'AgencyRestored', data: order.data },
      );
    for (const { data } of await dissolutions(decree, after))
      await after.take({ type: 'AgencyDissolved', data });
    const { reason, legalBasis } = decree;
    const regrouped = await regroupings(decree, groups, after);
    for (const { group, effectiveOn, members } of regrouped) {
      const data = { agencyId: group.id, members, effectiveOn, reason, legalBasis };
      await after.take({ type: 'AgencyGroupChanged', data });
    }
    return { after, regrouped };
  }

  async agency(id: string): Promise<Agency | null | undefined> {
    return this.changed.get(id) ?? this.lives.agency(id);
  }

  async decree(id: string): Promise<Decree | null | undefined> {
    return id === this.made.reorganizationId ? this.made : this.lives.decree(id);
  }

  private async take(event: AgencyEvent): Promise<void> {
    const { agencyId } = event.data;
    this.changed.set(agencyId, evolve((await this.agency(agencyId)) ?? null, event));
  }
}
