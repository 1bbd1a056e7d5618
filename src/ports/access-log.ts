import type { Actor } from '../domain/message.js';
import type { Position } from './event-store.js';

/** What of the ledger is worth remembering who read it. */
export const READINGS = ['trail', 'events', 'export', 'access-log'] as const;
export type Reading = (typeof READINGS)[number];

/** One reading: who was given what, and when. Nothing that lets anyone in stands in it. */
export interface Access {
  /** Id of the request, as the server's own log names it. */
  readonly requestId: string;
  /** ISO UTC with milliseconds. */
  readonly at: string;
  readonly actor: Actor;
  readonly reading: Reading;
  /** The route, such as `GET /plans/:planId/audit`. */
  readonly route: string;
  /** Id in the address, or null where the route has none. */
  readonly about: string | null;
  /** What was asked for: the parameters of the query, as they were given. */
  readonly asked: Readonly<Record<string, string>>;
  /** Position in the log of events that the answer was read at; null where it states none. */
  readonly readAt: Position | null;
  /** Rows that were given; null of an answer that had begun, and was still on its way. */
  readonly rows: number | null;
}

export type RecordedAccess = Access & {
  /** Its place in the log: orders as a plain string. */
  readonly position: Position;
};

export interface AccessAsked {
  /** Days (ISO, Asia/Ho_Chi_Minh), both included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Subject of the token. */
  readonly actor?: string | undefined;
  readonly reading?: Reading | undefined;
  readonly about?: string | undefined;
}

/** Longest text of one reading's parameters and actor together, as JSON, in UTF-16 units. */
export const MAX_ACCESS_LENGTH = 20_000;

/** Who read what. Readings are only ever added; what was added is neither changed nor removed. */
export interface AccessLog {
  /** Returns when it is durable. @throws AccessLogUnavailable, RangeError for one that is too long */
  record(access: Access): Promise<void>;
  /** Readings after a place (null: from the first), in the order they were recorded, at most `limit`. @throws AccessLogUnavailable */
  find(asked: AccessAsked, after: Position | null, limit: number): Promise<readonly RecordedAccess[]>;
  close(): Promise<void>;
}

/** Readings cannot be recorded or read now. */
export class AccessLogUnavailable extends Error {
  override readonly name = 'AccessLogUnavailable';
}
