import type { AgencyRef } from '../../application/queries/names.js';
import type { Page } from '../../application/queries/paging.js';
import type { Move } from '../../domain/indicator/events.js';
import type { Assignments, Holders } from '../../domain/indicator/indicator.js';
import {
  type Actor,
  type Assumption,
  type LegalBasis,
  type Provenance,
  ROLES,
  type SubjectRef,
} from '../../domain/message.js';
import type { Ended } from '../../domain/plan/plan.js';
import type { Entry } from '../../domain/timeline.js';
import {
  day,
  described,
  integer,
  listOf,
  named,
  nullable,
  objectOf,
  oneOf,
  optional,
  type Properties,
  position,
  type Schema,
  text,
} from './schema.js';

/** When an answer holds, and what it was read at. */
export interface When {
  readonly asOf: string;
  readonly knownAt: string | null;
  readonly position: string | null;
}

export const WHEN: Properties<When> = {
  asOf: described('The day it tells of', day),
  knownAt: described('As it was known at that instant, or at `@<position>`; null for now', nullable(text)),
  position: described(
    'The position that it was read at: give it as `knownAt=@<position>`',
    nullable(position),
  ),
};

/** Of what a later write is held against. */
export const REVISION = described('The same as in ETag', integer);

const next: Schema<string | null> = described(
  'What to give as `cursor` for the next page; null on the last',
  nullable(text),
);

/** A list as it is answered, its cursor as text. */
export type Listed<Answer> = Omit<Answer, 'next'> & { readonly next: string | null };

export const listedOf = <Item>(items: Schema<Item>): Properties<Listed<{ items: readonly Item[] }>> => ({
  items: listOf(items),
  next,
});

/** A page of a list that tells of a moment. */
export const pageOf = <Item>(items: Schema<Item>): Properties<Listed<Page<Item>>> => ({
  ...listedOf(items),
  ...WHEN,
});

/** Said of a row that an event could not be folded into. */
export interface Stale {
  readonly staleSince?: string;
}

export const STALE: Properties<Stale> = {
  staleSince: optional(described('Stands still since the event at this position', position)),
};

/** Of an item that a row is shown in. */
export const STALE_ITEM: Properties<{ readonly staleSince: string | null }> = {
  staleSince: described(
    'Position of an event that cannot be read: what it and later ones say may be missing. Null for an item that is whole',
    nullable(position),
  ),
};

export const ROLE = oneOf('lead', 'coordinating');

export const AGENCY_REF = named('AgencyRef', objectOf<AgencyRef>({ id: text, name: text }));

export const SUBJECT_REF = named(
  'SubjectRef',
  objectOf<SubjectRef>({ kind: oneOf('indicator', 'task'), id: text }),
);

export const MOVE = named('Move', objectOf<Move>({ from: nullable(text), to: nullable(text) }));

export const LEGAL_BASIS = named(
  'LegalBasis',
  objectOf<LegalBasis>({ number: text, date: nullable(day), clause: nullable(text) }),
);

export const ACTOR = named(
  'Actor',
  objectOf<Actor>({
    subject: text,
    name: described('As it was at the time', text),
    role: oneOf(...ROLES, 'system'),
    agencyId: nullable(text),
  }),
);

export const SOURCE = named('Source', objectOf<Provenance>({ file: text, table: text, row: text }));

export const ASSUMPTIONS = described(
  'What was chosen and not read from the document',
  listOf(named('Assumption', objectOf<Assumption>({ field: text, reason: text }))),
);

export const ENDED: Properties<Ended> = {
  effectiveOn: day,
  reason: text,
  legalBasis: nullable(LEGAL_BASIS),
};

/** How something ended, and why. */
export const END = named('End', objectOf<Ended>(ENDED));

export const timelineOf = <Value>(value: Schema<Value>): Schema<readonly Entry<Value>[]> =>
  listOf(objectOf<Entry<Value>>({ effectiveOn: day, value } as Properties<Entry<Value>>));

const HOLDERS = timelineOf(objectOf<Holders>({ agencies: listOf(text), notation: nullable(text) }));

export const ASSIGNMENTS = named(
  'Assignments',
  objectOf<Assignments>({ lead: HOLDERS, coordinating: HOLDERS }),
);
