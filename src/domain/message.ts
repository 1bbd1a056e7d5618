/**
 * The words every event is made of. Event data and metadata are the storage format, kept for ever:
 * add optional fields, never rename or reuse one.
 */

/** What is stored: strings, booleans, null, safe integers, arrays, and objects without integer-like keys. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A fact as a decider yields it: what happened, in the past tense, and the data it holds. */
export interface Fact<Type extends string = string, Data = object> {
  readonly type: Type;
  readonly data: Readonly<Data>;
}

/** The document a change rests on. `date` is ISO (`2025-02-20`) or null where the document gives none. */
export interface LegalBasis {
  readonly number: string;
  readonly date: string | null;
  readonly clause: string | null;
}

/** Where a transcribed row stands: file, table and row of the published annex. */
export interface Provenance {
  readonly file: string;
  readonly table: string;
  readonly row: string;
}

/** What was chosen and not read from the document, with the reason. */
export interface Assumption {
  readonly field: string;
  readonly reason: string;
}

export type SubjectKind = 'indicator' | 'task';

/** What an assignment is about. */
export interface SubjectRef {
  readonly kind: SubjectKind;
  readonly id: string;
}

export const ROLES = ['admin', 'office', 'auditor', 'reporter'] as const;
export type ActorRole = (typeof ROLES)[number] | 'system';

/** Who did it, named as they were at the time. */
export interface Actor {
  readonly subject: string;
  readonly name: string;
  readonly role: ActorRole;
  readonly agencyId: string | null;
}

/** What every event carries beside its data. Instants are ISO UTC with milliseconds. */
export interface Metadata {
  readonly actor: Actor;
  readonly recordedAt: string;
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly commandId: string;
  /** SHA-256 of the canonical request body, so that a repeated key with another body is noticed. */
  readonly fingerprint: string | null;
  readonly planId: string | null;
  /** Version of the payload's shape. */
  readonly schema: number;
}

/** A fact in the log. `position` orders the whole log as plain strings; outside the store it is opaque. */
export interface Recorded<F extends Fact = Fact> {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: string;
  readonly type: F['type'];
  readonly data: F['data'];
  readonly metadata: Metadata;
}
