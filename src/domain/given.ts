import { Rejected } from './decider.js';
import type { LegalBasis } from './message.js';
import type { PlanDetails } from './plan/events.js';
import { isBlank } from './text.js';
import { type Timeline, valueAt } from './timeline.js';

/** What a decision needs from other streams, read before it and handed over as plain values. */
export interface Given {
  /** Today in Asia/Ho_Chi_Minh. */
  readonly today: string;
  /** Subject of who asks. */
  readonly by: string;
  readonly plan: PlanGiven | null;
  /** Every agency that the command names; null for one that does not exist. */
  readonly agencies: Readonly<Record<string, AgencyLife | null>>;
  /** Of an agency to be dissolved: how many assignments it still holds on that day. */
  readonly holdings: number;
  /** Of an agency to be dissolved: the collectives that it is a member of on that day or later. */
  readonly memberOf: readonly string[];
}

export interface PlanGiven {
  readonly planId: string;
  /** The day from which the plan holds. */
  readonly from: string;
  readonly details: Timeline<Pick<PlanDetails, 'milestones' | 'sections'>>;
  readonly closedOn: string | null;
}

/** An end of an agency: from which day, who came after it, and from when it lives again (null: never). */
export interface Dissolution {
  readonly effectiveOn: string;
  readonly successors: readonly string[];
  readonly restoredOn: string | null;
}

export interface AgencyLife {
  readonly name: string;
  readonly kind: 'agency' | 'group';
  readonly establishedOn: string | null;
  /** In the order of the log. */
  readonly dissolutions: readonly Dissolution[];
}

/** A command carries what its decision needs. */
export interface Command<Type extends string, Data> {
  readonly type: Type;
  readonly data: Readonly<Data>;
  readonly given: Given;
}

/** The plan of the command, which must exist. */
export const planOf = (given: Given): PlanGiven => {
  if (given.plan === null) throw new Rejected('UnknownPlan', 'This plan does not exist.', 'planId');
  return given.plan;
};

/** Refuses a day before the plan was issued, or on or after the day it was closed. */
export const withinPlan = (plan: PlanGiven, effectiveOn: string): void => {
  if (effectiveOn < plan.from)
    throw new Rejected('BeforePlan', `The plan holds only from ${plan.from}.`, 'effectiveOn');
  if (plan.closedOn !== null && effectiveOn >= plan.closedOn)
    throw new Rejected('PlanClosed', `The plan was closed on ${plan.closedOn}.`, 'effectiveOn');
};

/** What the plan says on a day; before it holds, what it was issued with. */
const saidOn = ({ details }: PlanGiven, day: string) => valueAt(details, day) ?? details[0]?.value;

/** Refuses a section that the plan does not have on a day; null stands in none. */
export const inSection = (plan: PlanGiven, section: string | null, day: string): void => {
  if (section !== null && !saidOn(plan, day)?.sections.some(({ code }) => code === section))
    throw new Rejected('UnknownSection', `The plan has no section ${section} on ${day}.`, 'section');
};

/** Refuses a milestone that the plan does not have on a day. */
export const atMilestone = (plan: PlanGiven, milestone: string, day: string): void => {
  if (!saidOn(plan, day)?.milestones.includes(milestone))
    throw new Rejected('UnknownMilestone', `The plan has no milestone ${milestone} on ${day}.`, 'milestone');
};

interface Dissolved<One extends Dissolution> {
  readonly dissolutions: readonly One[];
}

/** By which dissolution an agency is not there on a day; of several, the one recorded last. */
export const absenceOn = <One extends Dissolution>(
  { dissolutions }: Dissolved<One>,
  day: string,
): One | undefined =>
  dissolutions.findLast(
    ({ effectiveOn, restoredOn }) => day >= effectiveOn && (restoredOn === null || day < restoredOn),
  );

/** The dissolution that no revocation has ended, also one that is still to come. */
export const finalDissolution = <One extends Dissolution>({
  dissolutions,
}: Dissolved<One>): One | undefined => dissolutions.find(({ restoredOn }) => restoredOn === null);

/** How an agency lives, if it does; its id may be the name of what every object has (`constructor`). */
export const lifeIn = (agencies: Given['agencies'], agencyId: string): AgencyLife | null =>
  (Object.hasOwn(agencies, agencyId) && agencies[agencyId]) || null;

/** Refuses an agency that does not exist, or not on that day; a dissolved one names its successors. */
export const living = (given: Given, agencyId: string, day: string, field: string): void => {
  const life = lifeIn(given.agencies, agencyId);
  if (!life) throw new Rejected('UnknownAgency', `There is no agency ${agencyId}.`, field);
  if (life.establishedOn !== null && day < life.establishedOn)
    throw new Rejected(
      'AgencyNotYetEstablished',
      `${agencyId} exists only from ${life.establishedOn}.`,
      field,
    );
  const absence = absenceOn(life, day);
  if (absence) {
    const { effectiveOn, successors } = absence;
    const after = successors.length > 0 ? ` Its successors: ${successors.join(', ')}.` : '';
    throw new Rejected('AgencyDissolved', `${agencyId} was dissolved on ${effectiveOn}.${after}`, field);
  }
};

/**
 * Refuses ends of agencies where, following whoever comes after each, one comes back to where one was: on the day, and on
 * each later one on which one of those that are followed ends, be it for a while, or lives again.
 * @param after who comes after an agency by what is decided now; null where that does not say
 */
export const assertFollowed = (
  agencies: Given['agencies'],
  ends: readonly string[],
  from: string,
  after: (agency: string) => readonly string[] | null,
): void => {
  const turns = Object.values(agencies).flatMap((life) => life?.dissolutions ?? []);
  const later = turns
    .flatMap(({ effectiveOn, restoredOn }) => [effectiveOn, restoredOn ?? from])
    .filter((day) => day > from);
  for (const day of [from, ...new Set(later.sort())]) {
    const followed = new Set<string>();
    const follow = (path: readonly string[], agency: string): void => {
      if (path.includes(agency)) throw inCircle([...path, agency], day);
      if (followed.has(agency)) return;
      const life = lifeIn(agencies, agency);
      for (const next of after(agency) ?? (life && absenceOn(life, day)?.successors) ?? [])
        follow([...path, agency], next);
      followed.add(agency);
    };
    for (const agency of ends) follow([], agency);
  }
};

const inCircle = (path: readonly string[], day: string): Rejected =>
  new Rejected(
    'Cycle',
    `${path.join(' → ')}: on ${day} they come after one another, and nobody goes on.`,
    'successors',
  );

/** Refuses a change without its legal basis. */
export const onLegalBasis = (legalBasis: LegalBasis | null): LegalBasis => {
  if (!legalBasis || isBlank(legalBasis.number))
    throw new Rejected('LegalBasisMissing', 'This cannot be done without a legal basis.', 'legalBasis');
  return legalBasis;
};

/** Refuses a change without a reason in words. */
export const withReason = (reason: string | null): string => {
  if (reason === null || isBlank(reason))
    throw new Rejected('ReasonMissing', 'Say why: a reason is needed.', 'reason');
  return reason;
};

/** What was given of a reason and a legal basis where neither is needed: what was not said is not stored. */
export const whyGiven = ({
  reason,
  legalBasis,
}: {
  readonly reason?: string | null;
  readonly legalBasis?: LegalBasis | null;
}): { readonly reason?: string; readonly legalBasis?: LegalBasis } => ({
  ...(reason && !isBlank(reason) ? { reason } : {}),
  ...(legalBasis ? { legalBasis } : {}),
});

/** Whether two stored values say the same: compared as the JSON they are stored as. */
export const same = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const left = Object.entries(a);
  const right = b as Record<string, unknown>;
  return (
    left.length === Object.keys(b).length &&
    left.every(([key, value]) => Object.hasOwn(right, key) && same(value, right[key]))
  );
};
