import type { AssignAgencies, ReleaseAgencies, TransferAssignment } from '../../domain/assignment.js';
import { Rejected } from '../../domain/decider.js';
import { basisOf } from '../bodies/common.js';
import type { AssignmentBody } from '../bodies/indicator.js';

type Asked =
  | { readonly action: 'assign'; readonly data: AssignAgencies }
  | { readonly action: 'release'; readonly data: ReleaseAgencies }
  | { readonly action: 'transfer'; readonly data: TransferAssignment };

/** What a body about responsibility asks for. @throws Rejected when it does not name who */
export const assignmentOf = (body: AssignmentBody): Asked => {
  const { action, role, effectiveOn } = body;
  const legalBasis = basisOf(body);
  if (action === 'transfer') {
    const moves = named(body.moves, 'moves').map(({ from, to }) => ({ from, to }));
    const reason = body.reason ?? '';
    return {
      action,
      data: { role, moves, effectiveOn, reason, legalBasis, reorganizationId: null, allocation: null },
    };
  }
  const agencies = named(body.agencies, 'agencies');
  const why = { reason: body.reason ?? null, legalBasis };
  if (action === 'assign') return { action, data: { role, agencies, notation: null, effectiveOn, ...why } };
  return { action, data: { role, agencies, effectiveOn, ...why } };
};

const named = <T>(list: readonly T[] | undefined, field: string): readonly T[] => {
  if (!list || list.length === 0)
    throw new Rejected('NobodyNamed', 'Say which agencies this is about.', field);
  return list;
};
