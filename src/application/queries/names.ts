import type { Agency } from '../../domain/agency/agency.js';
import { membersAt, nameAt } from '../../domain/agency/agency.js';
import type { Facts } from '../facts.js';
import type { Moment } from '../moment.js';

export interface AgencyRef {
  readonly id: string;
  readonly name: string;
}

/** The agencies that some rows name: their names and, of collectives, their members. */
export class Names {
  private readonly agencies = new Map<string, Agency>();

  private constructor(agencies: readonly Agency[]) {
    for (const agency of agencies) this.agencies.set(agency.id, agency);
  }

  static async of(facts: Facts, ids: Iterable<string>, moment: Pick<Moment, 'known'>): Promise<Names> {
    const rows = await Promise.all([...new Set(ids)].map((id) => facts.agency(id, moment)));
    return new Names(rows.filter((row) => row !== undefined));
  }

  /** An agency as it was called on a day. */
  ref(id: string, day: string): AgencyRef {
    const agency = this.agencies.get(id);
    return { id, name: agency ? nameAt(agency, day).name : id };
  }

  isGroup(id: string): boolean {
    return this.agencies.get(id)?.kind === 'group';
  }

  members(id: string, day: string): readonly string[] {
    const agency = this.agencies.get(id);
    return agency ? membersAt(agency, day) : [];
  }
}
