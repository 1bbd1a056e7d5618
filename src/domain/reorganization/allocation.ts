import { transfer } from '../assignment.js';
import type { Given } from '../given.js';
import type { AssignmentEvent, AssignmentRole } from '../indicator/events.js';
import { type Assignments, assigned } from '../indicator/indicator.js';
import type { SubjectRef } from '../message.js';
import { entriesAfter, valueAt } from '../timeline.js';
import type { Allocation, Decree, Scope } from './events.js';

/** Where an assignment stands: on which subject, in which plan and section, in which role, and whose it is. */
export interface Place {
  readonly subject: SubjectRef;
  readonly planId: string;
  readonly section: string | null;
  readonly role: AssignmentRole;
  readonly agency: string;
}

const NARROWNESS: Readonly<Record<Scope['kind'], number>> = {
  all: 0,
  plan: 1,
  section: 2,
  indicator: 3,
  task: 3,
};

const covers = ({ predecessor, scope, role }: Allocation, place: Place): boolean =>
  predecessor === place.agency && (role === null || role === place.role) && within(scope, place);

const within = (scope: Scope, { subject, planId, section }: Place): boolean => {
  switch (scope.kind) {
    case 'all':
      return true;
    case 'plan':
      return scope.planId === planId;
    case 'section':
      return scope.planId === planId && scope.section === section;
    case 'indicator':
    case 'task':
      return scope.kind === subject.kind && scope.id === subject.id;
  }
};

const narrowness = ({ scope, role }: Allocation): number =>
  2 * NARROWNESS[scope.kind] + (role === null ? 0 : 1);

/** The allocation that decides where an assignment goes: the narrowest scope, then the one that names the role. */
export const allocationOf = (allocations: readonly Allocation[], place: Place): Allocation | null =>
  allocations
    .filter((allocation) => covers(allocation, place))
    .sort((a, b) => narrowness(b) - narrowness(a))[0] ?? null;

/** Whether everything that an agency holds, in whatever role, is allocated. */
export const allocatesAll = (allocations: readonly Allocation[], agency: string): boolean =>
  allocations.some(
    ({ predecessor, scope, role }) => predecessor === agency && scope.kind === 'all' && role === null,
  );

/** How a trail names the allocation that moved something: an auditor must see what was presumed. */
export const allocationName = ({ scope }: Allocation): string =>
  scope.kind === 'all' ? 'default' : scope.kind;

/** What moves on one subject in one role from one day on, with what follows from it. */
export interface PlannedTransfer {
  readonly role: AssignmentRole;
  readonly effectiveOn: string;
  readonly facts: readonly AssignmentEvent[];
}

/** What the log says beside the decree itself. */
export interface Moving {
  /** Who answers for a place on a day: the agency itself, or who came after it. */
  readonly heirs: (agency: string, place: Omit<Place, 'agency'>, day: string) => readonly string[];
  /** Whether a decree that leaves its predecessor living is about the place that it holds on a day. */
  readonly movable: (role: AssignmentRole, agency: string, day: string) => boolean;
  /** The day from which the decree is undone, where it is. */
  readonly until: string | null;
}

type Subject = Pick<Place, 'subject' | 'planId' | 'section'> & { readonly assignments: Assignments };

/**
 * What a decree has still to move on one subject: at the day it takes effect, and at each later entry that names a
 * predecessor. Nothing when all has been moved, so that asking again repeats nothing.
 */
export const plannedTransfers = (
  decree: Decree,
  of: Subject,
  given: Given,
  moving: Moving,
): PlannedTransfer[] => {
  const planned: PlannedTransfer[] = [];
  let assignments = of.assignments;
  for (const role of ['lead', 'coordinating'] as const) {
    const later = entriesAfter(assignments[role], decree.effectiveOn).map(({ effectiveOn }) => effectiveOn);
    for (const effectiveOn of new Set([decree.effectiveOn, ...later])) {
      if (moving.until !== null && moving.until <= effectiveOn) break;
      const found = movesOn(decree, { ...of, assignments }, role, effectiveOn, moving);
      if (found.length === 0) continue;
      const facts = transfer(
        of.subject,
        assignments,
        {
          role,
          effectiveOn,
          moves: found.map(({ from, to }) => ({ from, to })),
          reason: decree.reason,
          legalBasis: decree.legalBasis,
          reorganizationId: decree.reorganizationId,
          allocation: [...new Set(found.map(({ allocation }) => allocationName(allocation)))].join('+'),
        },
        given,
      );
      assignments = facts.reduce(assigned, assignments);
      planned.push({ role, effectiveOn, facts });
    }
  }
  return planned;
};

const movesOn = (
  { allocations }: Decree,
  { assignments, ...of }: Subject,
  role: AssignmentRole,
  day: string,
  { heirs, movable }: Moving,
): { from: string; to: string; allocation: Allocation }[] =>
  (valueAt(assignments[role], day)?.agencies ?? [])
    .flatMap((from) => {
      const place = { ...of, role };
      const allocation = allocationOf(allocations, { ...place, agency: from });
      if (!allocation || allocation.successor === from || !movable(role, from, day)) return [];
      return heirs(allocation.successor, place, day).map((to) => ({ from, to, allocation }));
    })
    .filter(({ from, to }) => from !== to);
