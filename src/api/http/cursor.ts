import { createHash } from 'node:crypto';
import { BadQuestion } from '../../application/errors.js';
import { canonicalText } from '../../domain/canonical.js';

/** Where a page ended: what its last item is sorted by, and its key. */
export interface Place {
  readonly value: string | number | null;
  readonly key: string;
}

/** Longest cursor that is read, in characters: what a page ended with is bounded, and so is what names it. */
export const MAX_CURSOR_LENGTH = 2_000;
const CHECK_BYTES = 6;

/** A value as an opaque text for the next request; `kind` names the list and its sorting. */
export const encodeCursor = (kind: string, value: unknown): string => {
  const text = Buffer.from(canonicalText([kind, value]));
  return Buffer.concat([check(text), text]).toString('base64url');
};

/**
 * The value of a cursor. The checksum notices a damaged or edited one; it is no secret, so a cursor must never hold what
 * its reader may not know or choose.
 * @throws BadQuestion for what encodeCursor did not make for this kind
 */
export const decodeCursor = (kind: string, text: string): unknown => {
  const bytes = Buffer.from(text.slice(0, MAX_CURSOR_LENGTH), 'base64url');
  const [sum, value] = [bytes.subarray(0, CHECK_BYTES), bytes.subarray(CHECK_BYTES)];
  // Buffer reads past what is not base64url: only the very text that was given out is taken.
  if (bytes.toString('base64url') !== text || !check(value).equals(sum)) throw unreadable();
  const content = parsed(value.toString());
  if (!Array.isArray(content) || content.length !== 2 || content[0] !== kind) throw unreadable();
  return content[1];
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable();
  }
};

/** The place that a cursor names. @throws BadQuestion */
export const decodePlace = (kind: string, text: string): Place => {
  const place = decodeCursor(kind, text);
  if (!isPlace(place)) throw unreadable();
  return place;
};

const isPlace = (value: unknown): value is Place =>
  typeof value === 'object' &&
  value !== null &&
  'key' in value &&
  typeof value.key === 'string' &&
  'value' in value &&
  (value.value === null || ['string', 'number'].includes(typeof value.value));

const check = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest().subarray(0, CHECK_BYTES);

const unreadable = (): BadQuestion =>
  new BadQuestion('cursor', 'The cursor is not one that this list gave. Begin again without it.');
