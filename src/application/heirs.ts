import { type Agency, type AgencyDissolution, lifeOf } from '../domain/agency/agency.js';
import { type AgencyLife, absenceOn } from '../domain/given.js';
import { allocationOf, type Place } from '../domain/reorganization/allocation.js';
import type { Decree } from '../domain/reorganization/events.js';

/** Where agencies and the decrees that ended them are read: from rows, or from their own streams. */
export interface Lives {
  agency(id: string): Promise<Agency | null | undefined>;
  decree(id: string): Promise<Decree | null | undefined>;
}

/** Some agencies and those that came after them, with the decrees by which they ended. */
export class Heirs {
  readonly agencies: ReadonlyMap<string, Agency>;
  private readonly decrees: ReadonlyMap<string, Decree>;

  private constructor(agencies: ReadonlyMap<string, Agency>, decrees: ReadonlyMap<string, Decree>) {
    this.agencies = agencies;
    this.decrees = decrees;
  }

  static async of(lives: Lives, ids: Iterable<string>): Promise<Heirs> {
    const agencies = new Map<string, Agency>();
    const decrees = new Map<string, Decree>();
    for (let wanted = [...new Set(ids)]; wanted.length > 0; ) {
      const found = (await Promise.all(wanted.map((id) => lives.agency(id)))).filter((one) => !!one);
      for (const agency of found) agencies.set(agency.id, agency);
      const ended = found.flatMap(({ dissolutions }) => dissolutions);
      const after = new Set(ended.flatMap(({ successors }) => successors));
      for (const { reorganizationId } of ended) {
        const decree = reorganizationId === null ? null : await lives.decree(reorganizationId);
        if (!decree) continue;
        decrees.set(decree.reorganizationId, decree);
        // Who had ended when the decree was carried out is passed over in what it says of the end.
        for (const successor of decree.successors) after.add(successor);
      }
      wanted = [...after].filter((id) => !agencies.has(id));
    }
    return new Heirs(agencies, decrees);
  }

  /** What decisions need of each of them. */
  lives(): Readonly<Record<string, AgencyLife>> {
    return Object.fromEntries([...this.agencies].map(([id, agency]) => [id, lifeOf(agency)]));
  }

  /**
   * Who answers on a day for a place that an agency holds: itself while it lives, else whoever the decree that ended it
   * allocated the place to (without a decree, whoever succeeded it), and so on. One that nobody followed stays.
   */
  of(id: string, place: Omit<Place, 'agency'>, day: string): readonly string[] {
    return [...new Set(this.follow(id, place, day, new Set()))];
  }

  /** Who answers on a day for a place that agencies hold, each once. */
  ofAll(ids: readonly string[], place: Omit<Place, 'agency'>, day: string): readonly string[] {
    return [...new Set(ids.flatMap((id) => this.of(id, place, day)))];
  }

  /** Some agencies with all that ended and left anything to them, or to one that left it to them. */
  withPredecessors(ids: readonly string[]): readonly string[] {
    const found = new Set(ids);
    // What is added while it goes along is looked at, too.
    for (const id of found)
      for (const agency of this.agencies.values()) if (this.leftTo(agency).includes(id)) found.add(agency.id);
    return [...found];
  }

  /** To whom an agency that ended left anything. */
  private leftTo({ id, dissolutions }: Agency): readonly string[] {
    return dissolutions.flatMap((dissolution) => {
      const decree = this.decreeOf(id, dissolution);
      const allocations = decree?.allocations.filter(({ predecessor }) => predecessor === id);
      return allocations?.map(({ successor }) => successor) ?? dissolution.successors;
    });
  }

  /** The decree that allocates what an agency held; one that ended with the revocation of its own decree has none. */
  private decreeOf(id: string, { reorganizationId }: AgencyDissolution): Decree | undefined {
    const decree = this.decrees.get(reorganizationId ?? '');
    return decree?.predecessors.includes(id) ? decree : undefined;
  }

  private follow(
    id: string,
    place: Omit<Place, 'agency'>,
    day: string,
    seen: ReadonlySet<string>,
  ): readonly string[] {
    const agency = this.agencies.get(id);
    const dissolution = agency && absenceOn(agency, day);
    if (!dissolution || seen.has(id)) return [id];
    const decree = this.decreeOf(id, dissolution);
    const allocation = decree && allocationOf(decree.allocations, { ...place, agency: id });
    const after = decree ? (allocation ? [allocation.successor] : []) : dissolution.successors;
    if (after.length === 0) return [id];
    return after.flatMap((next) => this.follow(next, place, day, new Set(seen).add(id)));
  }
}
