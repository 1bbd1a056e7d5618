import { type Agency, lifeOf, membersAt, nameAt } from '../../domain/agency/agency.js';
import { isDissolved } from '../../domain/given.js';
import { allocationOf, type Place } from '../../domain/reorganization/allocation.js';
import type { Decree } from '../../domain/reorganization/events.js';
import type { Facts } from '../facts.js';
import type { Moment } from '../moment.js';

export interface AgencyRef {
  readonly id: string;
  readonly name: string;
}

/**
 * The agencies that some rows name, and those that came after them: their names, of collectives their members, and the
 * decrees by which they ended.
 */
export class Names {
  private readonly agencies = new Map<string, Agency>();
  private readonly decrees = new Map<string, Decree>();

  private constructor() {}

  static async of(facts: Facts, ids: Iterable<string>, moment: Pick<Moment, 'known'>): Promise<Names> {
    const names = new Names();
    for (let wanted = [...new Set(ids)]; wanted.length > 0; ) {
      const found = (await Promise.all(wanted.map((id) => facts.agency(id, moment)))).filter(
        (row) => row !== undefined,
      );
      for (const agency of found) names.agencies.set(agency.id, agency);
      const ended = found.flatMap(({ dissolved }) => dissolved ?? []);
      for (const { reorganizationId } of ended) await names.learn(facts, reorganizationId, moment);
      wanted = [...new Set(ended.flatMap(({ successors }) => successors))].filter(
        (id) => !names.agencies.has(id),
      );
    }
    return names;
  }

  private async learn(facts: Facts, id: string | null, moment: Pick<Moment, 'known'>): Promise<void> {
    if (id === null || this.decrees.has(id)) return;
    const row = await facts.reorganization(id, moment);
    if (row) this.decrees.set(id, row.decree);
  }

  /** An agency as it was called on a day. */
  ref(id: string, day: string): AgencyRef {
    const agency = this.agencies.get(id);
    return { id, name: agency ? nameAt(agency, day).name : id };
  }

  /**
   * Who answers on a day for what some agencies hold: each itself while it lives, else whoever the decree that ended it
   * allocated the place to, and so on.
   */
  heirs(holders: readonly string[], place: Omit<Place, 'agency'>, day: string): readonly string[] {
    return [...new Set(holders.map((agency) => this.heir(agency, place, day, new Set())))];
  }

  private heir(id: string, place: Omit<Place, 'agency'>, day: string, seen: Set<string>): string {
    const agency = this.agencies.get(id);
    const decree = this.decrees.get(agency?.dissolved?.reorganizationId ?? '');
    if (!agency || !decree || !isDissolved(lifeOf(agency), day) || seen.has(id)) return id;
    const allocation = allocationOf(decree.allocations, { ...place, agency: id });
    return allocation ? this.heir(allocation.successor, place, day, seen.add(id)) : id;
  }

  isGroup(id: string): boolean {
    return this.agencies.get(id)?.kind === 'group';
  }

  members(id: string, day: string): readonly string[] {
    const agency = this.agencies.get(id);
    return agency ? membersAt(agency, day) : [];
  }
}
