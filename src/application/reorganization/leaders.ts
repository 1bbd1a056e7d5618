import { membersAt } from '../../domain/agency/agency.js';
import type { Lives } from '../heirs.js';

/** Who leads one subject on the day of a decree, without it and with it. */
export interface Lead {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** How many leads an agency gains and hands over. */
export interface Change {
  gains: number;
  handsOver: number;
}

/**
 * What a decree changes for each agency that leads, itself or as a member of a collective; those for whom nothing
 * changes are left out.
 */
export const changesIn = async (
  leads: readonly Lead[],
  lives: { readonly before: Lives; readonly after: Lives },
  day: string,
): Promise<readonly (readonly [agency: string, Change])[]> => {
  const [then, now] = [new Leaders(lives.before, day), new Leaders(lives.after, day)];
  const changes = new Map<string, Change>();
  const count = (agencies: Iterable<string>, change: keyof Change) => {
    for (const agency of agencies) {
      const found = changes.get(agency) ?? { gains: 0, handsOver: 0 };
      found[change] += 1;
      changes.set(agency, found);
    }
  };
  for (const lead of leads) {
    const [before, after] = [await then.of(lead.before), await now.of(lead.after)];
    count(
      [...before].filter((agency) => !after.has(agency)),
      'handsOver',
    );
    count(
      [...after].filter((agency) => !before.has(agency)),
      'gains',
    );
  }
  return [...changes].sort(([one], [other]) => (one < other ? -1 : 1));
};

/** Agencies that lead on one day, with the members of those that are collectives; each collective is read once. */
class Leaders {
  private readonly members = new Map<string, readonly string[]>();

  constructor(
    private readonly lives: Lives,
    private readonly day: string,
  ) {}

  async of(agencies: readonly string[]): Promise<ReadonlySet<string>> {
    const found = new Set(agencies);
    for (const agency of agencies) for (const member of await this.membersOf(agency)) found.add(member);
    return found;
  }

  private async membersOf(id: string): Promise<readonly string[]> {
    const known = this.members.get(id);
    if (known) return known;
    const agency = await this.lives.agency(id);
    const members = agency ? membersAt(agency, this.day) : [];
    this.members.set(id, members);
    return members;
  }
}
