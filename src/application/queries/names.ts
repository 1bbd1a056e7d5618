import { agencyRegistry } from '../../../projections/agency-registry.js';
import { reorganizations } from '../../../projections/reorganizations.js';
import { membersAt, nameAt } from '../../domain/agency/agency.js';
import type { Place } from '../../domain/reorganization/allocation.js';
import type { Facts } from '../facts.js';
import { Heirs, type Lives } from '../heirs.js';
import type { Known } from '../moment.js';

/** The projections that names, and who came after whom, are read from. */
export const OF_NAMES: readonly string[] = [agencyRegistry.name, reorganizations.name];

export interface AgencyRef {
  readonly id: string;
  readonly name: string;
}

/** Agencies and decrees, as rows have them. */
export const livesOf = (facts: Facts, moment: Known): Lives => ({
  agency: (id) => facts.agency(id, moment),
  decree: async (id) => (await facts.reorganization(id, moment))?.decree,
});

/** The agencies that some rows name, and those that came after them: their names, and of collectives their members. */
export class Names {
  private constructor(private readonly heirsOf: Heirs) {}

  static async of(facts: Facts, ids: Iterable<string>, moment: Known): Promise<Names> {
    return new Names(await Heirs.of(livesOf(facts, moment), ids));
  }

  /** An agency as it was called on a day. */
  ref(id: string, day: string): AgencyRef {
    const agency = this.heirsOf.agencies.get(id);
    return { id, name: agency ? nameAt(agency, day).name : id };
  }

  /** Who answers on a day for what some agencies hold. */
  heirs(holders: readonly string[], place: Omit<Place, 'agency'>, day: string): readonly string[] {
    return this.heirsOf.ofAll(holders, place, day);
  }

  /** The members of a collective on a day; null for an agency that is none. */
  members(id: string, day: string): readonly string[] | null {
    const agency = this.heirsOf.agencies.get(id);
    return agency?.kind === 'group' ? membersAt(agency, day) : null;
  }
}
