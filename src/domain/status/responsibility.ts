import { holdersAt } from '../assignment.js';
import type { AssignmentRole } from '../indicator/events.js';
import type { Assignments } from '../indicator/indicator.js';

/** What responsibility is read from: a subject's assignments, where it stands, the row above it in the annex, and its end. */
export interface Held {
  readonly id: string;
  readonly planId: string;
  readonly section: string | null;
  readonly parent: string | null;
  readonly assignments: Assignments;
  readonly dropped: { readonly effectiveOn: string } | null;
}

/** Who holds a role on a day. A row without a lead answers with its nearest parent's; with none at all it is unassigned. */
export interface Responsibility {
  readonly agencies: readonly string[];
  readonly from: 'own' | 'parent' | 'unassigned';
  /** The row whose set it is: that one's place tells who comes after an agency that ends. */
  readonly row: Held;
}

export const responsibleAt = (
  subject: Held,
  role: AssignmentRole,
  day: string,
  find: (id: string) => Held | undefined,
): Responsibility => {
  const own = holdersAt(subject.assignments, role, day);
  if (own.length > 0) return { agencies: own, from: 'own', row: subject };
  if (role === 'lead') {
    for (let above = parentOf(subject, find); above; above = parentOf(above, find)) {
      const agencies = holdersAt(above.assignments, role, day);
      if (agencies.length > 0) return { agencies, from: 'parent', row: above };
    }
  }
  return { agencies: [], from: 'unassigned', row: subject };
};

const parentOf = (subject: Held, find: (id: string) => Held | undefined): Held | undefined =>
  subject.parent === null ? undefined : find(subject.parent);
