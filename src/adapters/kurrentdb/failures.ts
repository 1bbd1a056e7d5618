import {
  AppendTooLarge,
  type ExpectedRevision,
  OutcomeUnknown,
  RevisionConflict,
  StoreUnavailable,
} from '../../ports/event-store.js';

/** A call that the server has not answered within its time. */
export class Silent extends Error {
  override readonly name = 'Silent';
}

/** The part of the client's errors that says what happened; a plain Error may have a code as well. */
interface Failure {
  readonly type?: string;
  readonly code?: number;
  readonly message: string;
  readonly actualVersion?: bigint | string;
}

// gRPC's status codes.
const UNKNOWN = 2;
const INTERNAL = 13;
const UNAVAILABLE = 14;

const NOT_READY = /not ready/i;
const NEVER_SENT = /No connection established|ECONNREFUSED|ENOTFOUND|Name resolution failed/;

const failureOf = (error: unknown): Failure => (error instanceof Error ? error : { message: String(error) });

const isNotReady = ({ message }: Failure): boolean => NOT_READY.test(message);

/** Whether the server is not there now, and may be in a moment: it starts, stops, or another node leads. */
export const isAway = (error: unknown): boolean => {
  const failure = failureOf(error);
  const { type = '', code } = failure;
  return (
    ['unavailable', 'not-leader', 'cancelled'].includes(type) ||
    code === UNAVAILABLE ||
    code === INTERNAL ||
    isNotReady(failure)
  );
};

/** Whether the server refused to read from a place that is nobody's (which it says as it says any fault of its own). */
export const isNoPlace = (error: unknown): boolean => {
  const failure = failureOf(error);
  return failure.type === 'unknown' && failure.code === UNKNOWN && !isNotReady(failure);
};

export const isMissingStream = (error: unknown): boolean => failureOf(error).type === 'stream-not-found';

/** A failed call in the port's words. */
export const unavailable = (error: unknown): StoreUnavailable => {
  if (error instanceof StoreUnavailable) return error;
  const { type, message } = failureOf(error);
  const why = type === 'access-denied' ? 'KurrentDB refuses these credentials' : `KurrentDB: ${message}`;
  return new StoreUnavailable(why, { cause: error });
};

/** What a failed append means. */
export type Verdict =
  /** The server has answered: this is what the caller is told. */
  | { readonly kind: 'refused'; readonly error: Error }
  /** Nobody knows whether it was written; the same append again tells, now (`again`) or later. */
  | { readonly kind: 'unknown'; readonly again: boolean }
  /** It was not written. */
  | { readonly kind: 'unwritten'; readonly again: boolean };

/** Reads the error of an append at one revision of a stream. */
export const verdictOf = (error: unknown, stream: string, expected: ExpectedRevision): Verdict => {
  if (error instanceof RevisionConflict) return { kind: 'refused', error };
  const failure = failureOf(error);
  switch (failure.type) {
    case 'wrong-expected-version':
      return { kind: 'refused', error: conflict(failure, stream, expected) };
    case 'maximum-append-size-exceeded':
      return { kind: 'refused', error: new AppendTooLarge(failure.message, { cause: error }) };
    case 'access-denied':
    case 'stream-deleted':
      return { kind: 'refused', error: unavailable(error) };
    // A copy of this append is being written: the next try finds it.
    case 'timeout':
      return { kind: 'unknown', again: true };
    case 'not-leader':
      return { kind: 'unwritten', again: true };
  }
  if (isNotReady(failure) || NEVER_SENT.test(failure.message)) return { kind: 'unwritten', again: true };
  return { kind: 'unknown', again: isAway(error) };
};

const conflict = ({ actualVersion }: Failure, stream: string, expected: ExpectedRevision): RevisionConflict =>
  new RevisionConflict(stream, expected, typeof actualVersion === 'bigint' ? Number(actualVersion) : 'none');

/** What the caller of an append is told that has no answer. */
export const unanswered = (error: unknown, maybeWritten: boolean): Error => {
  if (!maybeWritten) return unavailable(error);
  const { message } = failureOf(error);
  return new OutcomeUnknown(`KurrentDB has not said whether it was written: ${message}`, { cause: error });
};
