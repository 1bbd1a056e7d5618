import { canonicalText } from '../canonical.js';
import { type Decider, Rejected } from '../decider.js';
import {
  type AgencyLife,
  absenceOn,
  assertFollowed,
  finalDissolution,
  type Given,
  lifeIn,
  living,
  onLegalBasis,
  same,
  withReason,
} from '../given.js';
import { allocatesAll, allocationOf } from './allocation.js';
import type { DecreeReorganization, ReorganizationCommand, RevokeReorganization } from './commands.js';
import type { Decree, Establishment, ReorganizationEvent, Scope } from './events.js';
import { ending, evolve, type Reorganization, successorsOf } from './reorganization.js';

/** Decides what becomes of one reorganization. Its stream is `reorganization-<reorganizationId>`. */
export const reorganizationDecider: Decider<
  ReorganizationCommand,
  Reorganization | null,
  ReorganizationEvent
> = {
  initial: null,
  evolve,
  decide: (command, state) => {
    if (command.type === 'DecreeReorganization') return decree(command, state);
    if (state === null)
      throw new Rejected('UnknownReorganization', 'This reorganization does not exist.', 'reorganizationId');
    if (command.type === 'RevokeReorganization') return revoke(command, state);
    if (command.type === 'TurnBackReorganization')
      return state.revoked && !state.turnedBack
        ? [{ type: 'ReorganizationTurnedBack', data: command.data }]
        : [];
    return state.applied || state.revoked ? [] : [{ type: 'ReorganizationApplied', data: command.data }];
  },
};

const decree = (
  { data, given, affected, nowhere }: DecreeReorganization,
  state: Reorganization | null,
): ReorganizationEvent[] => {
  if (state !== null) {
    if (same(state.decree, data)) return [];
    throw reorganizationExists();
  }
  withReason(data.reason);
  const decreed: Decree = { ...data, legalBasis: onLegalBasis(data.legalBasis) };
  for (const check of [named, sides, alive, agrees, allocated, acyclic]) check(decreed, given);
  const lost = decreed.allocations.findIndex((_, index) => nowhere.includes(index));
  const unknown = decreed.allocations[lost];
  if (unknown)
    throw new Rejected(
      'AllocationUnclear',
      `There is no ${nameOf(unknown.scope)}.`,
      `allocations[${lost}].scope`,
    );
  const ends = ending(decreed);
  const left = affected.filter(
    (place) => ends.includes(place.agency) && allocationOf(decreed.allocations, place) === null,
  );
  if (left.length > 0) {
    const subjects = left.map(({ subject, role, agency }) => `${subject.id} (${role} of ${agency})`);
    throw new Rejected('Unallocated', `Nobody takes over: ${subjects.join(', ')}.`, 'allocations');
  }
  const [first, ...others] = decreed.allocations;
  const allToOne =
    first &&
    others.every(({ successor }) => successor === first.successor) &&
    decreed.predecessors.every((agency) => allocatesAll(decreed.allocations, agency));
  if (decreed.kind === 'split' && allToOne)
    throw new Rejected('NotASplit', `Everything goes to ${first.successor}.`, 'allocations');
  return [{ type: 'ReorganizationDecreed', data: decreed }];
};

export const reorganizationExists = (): Rejected =>
  new Rejected('ReorganizationExists', 'A reorganization with this id exists already.', 'reorganizationId');

const nameOf = (scope: Scope): string => {
  switch (scope.kind) {
    case 'all':
      return 'such thing';
    case 'plan':
      return `plan ${scope.planId}`;
    case 'section':
      return `section ${scope.section} in ${scope.planId}`;
    case 'indicator':
    case 'task':
      return `${scope.kind} ${scope.id}`;
  }
};

const twice = (ids: readonly string[]): string | undefined =>
  ids.find((id, index) => ids.indexOf(id) !== index);

/** Every agency is named once on its side, and at least one on each. */
const named = ({ kind, predecessors, successors }: Decree): void => {
  if (predecessors.length === 0) throw new Rejected('NobodyNamed', 'Name the predecessors.', 'predecessors');
  if (successors.length === 0) throw new Rejected('NobodyNamed', 'Name the successors.', 'successors');
  for (const [side, agencies] of Object.entries({ predecessors, successors })) {
    const again = twice(agencies);
    if (again) throw new Rejected('NamedTwice', `${again} is named twice.`, side);
  }
  if (kind === 'merge' && predecessors.length + successors.length < 3)
    throw new Rejected('NotAMerger', 'A merger has more than one predecessor.', 'predecessors');
};

/** An agency stands on both sides only where it absorbs others, keeps a part, or is renamed. */
const sides = ({ kind, predecessors, successors, allocations }: Decree): void => {
  const both = predecessors.filter((agency) => successors.includes(agency));
  if (kind === 'rename') {
    if (predecessors.length !== 1 || !same(predecessors, successors))
      throw new Rejected('NotARenaming', 'A renaming has one agency, the same on both sides.', 'successors');
    return;
  }
  const absorbs = (agency: string) =>
    allocations.every(({ predecessor, successor }) => predecessor !== agency || successor === agency);
  const wrong = kind === 'merge' ? both.find((agency) => !absorbs(agency)) : both[0];
  if (wrong)
    throw new Rejected('BothSides', `${wrong} stands on both sides: that is no ${kind}.`, 'successors');
};

/** Predecessors live on that day, and successors do or are established by the decree. */
const alive = (decree: Decree, given: Given): void => {
  const { predecessors, successors, establishes, effectiveOn } = decree;
  for (const agency of predecessors) living(given, agency, effectiveOn, 'predecessors');
  for (const agency of ending(decree)) {
    const end = finalDissolution(lifeIn(given.agencies, agency) as AgencyLife);
    if (end)
      throw new Rejected(
        'AlreadyEnding',
        `${agency} ends on ${end.effectiveOn} already: only a revocation of that opens the way.`,
        'predecessors',
      );
  }
  for (const agency of successors) {
    if (establishes.some(({ agencyId }) => agencyId === agency)) continue;
    living(given, agency, effectiveOn, 'successors');
  }
  // One that was there before can be there again, as what it was.
  const isOther = ({ agencyId, name }: Establishment) => {
    const life = lifeIn(given.agencies, agencyId);
    return life && (life.name !== name || !absenceOn(life, effectiveOn));
  };
  const strange = establishes.find((one) => !successors.includes(one.agencyId) || isOther(one));
  if (strange)
    throw new Rejected(
      'NotEstablishable',
      `${strange.agencyId} exists already, or is no successor.`,
      'establishes',
    );
};

/** The kind is a label that must agree with what is decreed. */
const agrees = ({ kind, predecessors, successors, allocations, renaming }: Decree): void => {
  if ((kind === 'rename') !== (renaming !== null))
    throw new Rejected('NameUnclear', 'A renaming gives the new name, and nothing else does.', 'renaming');
  if (kind === 'split' && successors.length < 2)
    throw new Rejected('NotASplit', 'A split has more than one successor.', 'successors');
  if (kind !== 'merge') return;
  const lacking = predecessors.filter(
    (agency) => !successors.includes(agency) && !allocatesAll(allocations, agency),
  );
  if (lacking.length > 0)
    throw new Rejected(
      'DefaultMissing',
      `A merger needs a default successor for ${lacking.join(', ')}.`,
      'allocations',
    );
};

/** Allocations name predecessors and successors of the decree, and no place twice. */
const allocated = ({ predecessors, successors, allocations }: Decree): void => {
  const places = new Set<string>();
  for (const [index, { successor, ...place }] of allocations.entries()) {
    const { predecessor } = place;
    if (!predecessors.includes(predecessor))
      throw new Rejected(
        'AllocationUnclear',
        `${predecessor} is no predecessor here.`,
        `allocations[${index}].predecessor`,
      );
    if (!successors.includes(successor))
      throw new Rejected(
        'AllocationUnclear',
        `${successor} is no successor here.`,
        `allocations[${index}].successor`,
      );
    const text = canonicalText(place);
    if (places.has(text))
      throw new Rejected('AllocationUnclear', 'The same is allocated twice.', `allocations[${index}]`);
    places.add(text);
  }
};

const acyclic = (decreed: Decree, { agencies }: Given): void => {
  const ends = ending(decreed);
  assertFollowed(agencies, ends, decreed.effectiveOn, (agency) => {
    if (ends.includes(agency)) return successorsOf(decreed, agency);
    return decreed.establishes.some(({ agencyId }) => agencyId === agency) ? [] : null;
  });
};

const revoke = ({ data }: RevokeReorganization, state: Reorganization): ReorganizationEvent[] => {
  if (state.revoked) {
    if (state.revoked.effectiveOn === data.effectiveOn) return [];
    throw new Rejected('AlreadyRevoked', `It was revoked on ${state.revoked.effectiveOn}.`, 'effectiveOn');
  }
  withReason(data.reason);
  return [{ type: 'ReorganizationRevoked', data: { ...data, legalBasis: onLegalBasis(data.legalBasis) } }];
};
