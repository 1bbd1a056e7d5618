import type { Actor } from '../domain/message.js';

/** Who asks, and how the request may be repeated. */
export interface Request {
  readonly actor: Actor;
  readonly correlationId: string;
  /** Of a request with an Idempotency-Key: the command's id derived from it, and the body's fingerprint. */
  readonly repeatable: { readonly commandId: string; readonly fingerprint: string } | null;
  /** The revision that the caller has seen (If-Match), or null when none was given. */
  readonly ifMatch: number | null;
}

/** The answer to a command: what was appended, or that nothing was new. */
export interface Answer {
  readonly stream: string;
  /** Revision of the stream after the command. */
  readonly revision: number;
  /** Position of the last event of the command; of the stream when nothing was new. */
  readonly position: string;
  readonly eventIds: readonly string[];
  /** Figures that are odd but possible. */
  readonly warnings: readonly string[];
  /** Days of entries that take effect later and that this change does not undo. */
  readonly laterEntries: readonly string[];
  /** The figure's id, of a command about a measurement. */
  readonly measurementId: string | null;
}
