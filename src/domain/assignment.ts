import { Rejected } from './decider.js';
import { type Given, living, whyGiven, withReason } from './given.js';
import type { AssignmentEvent, AssignmentRole, Move } from './indicator/events.js';
import type { Assignments } from './indicator/indicator.js';
import type { LegalBasis, SubjectRef } from './message.js';
import { isBlank } from './text.js';
import { valueAt } from './timeline.js';

/** Asks for more agencies in a role, from a day on. */
export interface AssignAgencies {
  readonly role: AssignmentRole;
  readonly agencies: readonly string[];
  readonly notation: string | null;
  readonly effectiveOn: string;
  readonly reason?: string | null;
  readonly legalBasis?: LegalBasis | null;
}

/** Asks that agencies leave a role. Releasing the last lead needs a reason. */
export interface ReleaseAgencies {
  readonly role: AssignmentRole;
  readonly agencies: readonly string[];
  readonly effectiveOn: string;
  readonly reason: string | null;
  readonly legalBasis: LegalBasis | null;
}

/** Asks that agencies hand their place in a role to others. */
export interface TransferAssignment {
  readonly role: AssignmentRole;
  readonly moves: readonly { readonly from: string; readonly to: string }[];
  readonly effectiveOn: string;
  readonly reason: string;
  readonly legalBasis: LegalBasis | null;
  readonly reorganizationId: string | null;
  readonly allocation: string | null;
}

const ASSIGNMENTS: ReadonlySet<string> = new Set<AssignmentEvent['type']>([
  'AgencyAssigned',
  'AgencyReleased',
  'AssignmentTransferred',
]);

/** Whether an event of this type states who holds a role. */
export const isAssignment = (type: string): boolean => ASSIGNMENTS.has(type);

/** The agencies that hold a role on a day; a lead is not also coordinating. */
export const holdersAt = (assignments: Assignments, role: AssignmentRole, day: string): readonly string[] =>
  besideLeads(assignments, role, namedAt(assignments, role, day), day);

/** The agencies that the role's entry names, also those which have come to lead since it was made. */
const namedAt = (assignments: Assignments, role: AssignmentRole, day: string): readonly string[] =>
  valueAt(assignments[role], day)?.agencies ?? [];

const besideLeads = (
  assignments: Assignments,
  role: AssignmentRole,
  agencies: readonly string[],
  day: string,
): readonly string[] => {
  if (role === 'lead') return agencies;
  const leads = namedAt(assignments, 'lead', day);
  return agencies.filter((agency) => !leads.includes(agency));
};

export const assign = (
  subject: SubjectRef,
  assignments: Assignments,
  { role, agencies, notation, effectiveOn, ...why }: AssignAgencies,
  given: Given,
): readonly AssignmentEvent[] => {
  for (const agency of agencies) living(given, agency, effectiveOn, 'agencies');
  const held = holdersAt(assignments, role, effectiveOn);
  const added = [...new Set(agencies)].filter((agency) => !held.includes(agency));
  if (added.length === 0) return [];
  const able = besideLeads(assignments, role, added, effectiveOn);
  const both = added.find((agency) => !able.includes(agency));
  if (both)
    throw new Rejected(
      'LeadCannotCoordinate',
      `${both} already leads: a lead is not also coordinating.`,
      'agencies',
    );
  const moves = added.map((to): Move => ({ from: null, to }));
  const set = { subject, role, agencies: [...held, ...added], moves, notation, effectiveOn };
  const data = { ...set, ...whyGiven(why) };
  return [
    { type: 'AgencyAssigned', data },
    ...leaveCoordinating(subject, assignments, role, added, effectiveOn, why.legalBasis ?? null),
  ];
};

export const release = (
  subject: SubjectRef,
  assignments: Assignments,
  { role, agencies, effectiveOn, reason, legalBasis }: ReleaseAgencies,
): readonly AssignmentEvent[] => {
  const held = namedAt(assignments, role, effectiveOn);
  const leaving = held.filter((agency) => agencies.includes(agency));
  if (leaving.length === 0) return [];
  const staying = holdersAt(assignments, role, effectiveOn).filter((agency) => !agencies.includes(agency));
  if (role === 'lead' && staying.length === 0 && isBlank(reason ?? ''))
    throw new Rejected(
      'LastLead',
      'Releasing the last lead agency needs a replacement or a reason.',
      'reason',
    );
  const moves = leaving.map((from): Move => ({ from, to: null }));
  const why = { reason: reason ?? '', legalBasis };
  return [
    {
      type: 'AgencyReleased',
      data: { subject, role, agencies: staying, moves, notation: null, effectiveOn, ...why },
    },
  ];
};

export const transfer = (
  subject: SubjectRef,
  assignments: Assignments,
  { role, moves, effectiveOn, reason, legalBasis, reorganizationId, allocation }: TransferAssignment,
  given: Given,
): readonly AssignmentEvent[] => {
  withReason(reason);
  const held = namedAt(assignments, role, effectiveOn);
  const pending = yetToMake(moves, held, holdersAt(assignments, 'lead', effectiveOn), role);
  if (pending.length === 0) return [];
  for (const { from, to } of pending) {
    living(given, to, effectiveOn, 'moves');
    if (!held.includes(from))
      throw new Rejected('NotHolding', `${from} does not hold this role on ${effectiveOn}.`, 'moves');
  }
  const leaving = pending.map(({ from }) => from);
  const arriving = pending.map(({ to }) => to);
  const after = held.flatMap((agency) => (leaving.includes(agency) ? takersOf(agency, moves) : [agency]));
  const agencies = besideLeads(assignments, role, [...new Set(after)], effectiveOn);
  const why = { reason, legalBasis, reorganizationId, allocation };
  return [
    {
      type: 'AssignmentTransferred',
      data: { subject, role, agencies, moves: pending, notation: null, effectiveOn, ...why },
    },
    ...leaveCoordinating(subject, assignments, role, arriving, effectiveOn, legalBasis),
  ];
};

type Handover = TransferAssignment['moves'][number];

const takersOf = (agency: string, moves: readonly Handover[]): string[] =>
  moves.filter(({ from }) => from === agency).map(({ to }) => to);

/**
 * The moves that have not been made. An agency that also takes over from itself or from another stays where it is, so
 * where moves hang together (A to B, B to C) only all of them tell whether they were made, and they are made as one.
 */
const yetToMake = (
  moves: readonly Handover[],
  held: readonly string[],
  leads: readonly string[],
  role: AssignmentRole,
): readonly Handover[] => {
  const arrived = (to: string) => held.includes(to) || (role === 'coordinating' && leads.includes(to));
  const stays = (agency: string) => moves.some(({ to }) => to === agency);
  const changing = moves.filter(({ from, to }) => from !== to);
  const pending = changing.filter(({ from, to }) => !(arrived(to) && (!held.includes(from) || stays(from))));
  const linked = changing.some(({ from }) => changing.some(({ to }) => to === from));
  return linked && pending.length > 0 ? changing : pending;
};

/** Who becomes a lead leaves the coordinating agencies on the same day. */
const leaveCoordinating = (
  subject: SubjectRef,
  assignments: Assignments,
  role: AssignmentRole,
  leads: readonly string[],
  effectiveOn: string,
  legalBasis: LegalBasis | null,
): readonly AssignmentEvent[] =>
  role === 'coordinating'
    ? []
    : release(subject, assignments, {
        role: 'coordinating',
        agencies: leads,
        effectiveOn,
        reason: 'became a lead agency',
        legalBasis,
      });
