import { textFault } from '../../domain/canonical.js';
import { AGENCY_ID } from '../../domain/ids.js';
import { type Actor, ROLES } from '../../domain/message.js';
import { isBlank } from '../../domain/text.js';
import { Unauthenticated } from './errors.js';

/** Longest subject and name of a caller: they stand in every event's metadata. */
export const MAX_CLAIM_LENGTH = 200;

/**
 * The actor that a verified token's claims (`sub`, `name`, `role`, `agency`) name. A reporter reports for an agency, so
 * needs one; the other roles may have one.
 * @throws Unauthenticated
 */
export const actorOfClaims = (claims: Readonly<Record<string, unknown>>): Actor => {
  const { sub, name, role, agency } = claims;
  const known = ROLES.find((one) => one === role);
  if (!known) throw new Unauthenticated('the claim role names none of the roles');
  return {
    subject: text('sub', sub),
    name: text('name', name),
    role: known,
    agencyId: agencyId(agency, known === 'reporter'),
  };
};

const text = (claim: string, value: unknown): string => {
  if (typeof value !== 'string' || isBlank(value) || value.length > MAX_CLAIM_LENGTH)
    throw new Unauthenticated(`the claim ${claim} is missing, empty or too long`);
  if (textFault(value) !== null || /[\p{Cc}\u202A-\u202E\u2066-\u2069]/u.test(value))
    throw new Unauthenticated(`the claim ${claim} holds characters that no name has`);
  return value;
};

const agencyId = (value: unknown, needed: boolean): string | null => {
  if (value === undefined || value === null) {
    if (needed) throw new Unauthenticated('a reporter without the claim agency');
    return null;
  }
  if (typeof value !== 'string' || !AGENCY_ID.test(value))
    throw new Unauthenticated('the claim agency is no id of an agency');
  return value;
};
