import type { TrailItem } from '../../application/queries/audit.js';
import type { HistoryAnswer } from '../../application/queries/indicators.js';
import type { LogAnswer } from '../../application/queries/log.js';
import type { AuditEntry } from '../../application/trail/entries.js';
import { NOUNS } from '../../domain/events.js';
import type { Metadata } from '../../domain/message.js';
import { STATUSES } from '../../domain/status/verdict.js';
import { TASK_STATUSES } from '../../domain/task/assess.js';
import type { RecordedEvent } from '../../ports/event-store.js';
import { ACTOR, AGENCY_REF, LEGAL_BASIS, listedOf, MOVE, pageOf, ROLE, STALE, type Stale } from './common.js';
import {
  any,
  day,
  described,
  flag,
  instant,
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
  uuid,
} from './schema.js';

type Placed = AuditEntry & Stale & { readonly position: string };

const EITHER_STATUS = oneOf(...STATUSES, ...TASK_STATUSES);

const EFFECT = named(
  'Effect',
  objectOf<AuditEntry['effect'][number]>({
    kind: oneOf('indicator', 'task'),
    id: text,
    asOf: day,
    from: nullable(EITHER_STATUS),
    to: nullable(EITHER_STATUS),
  }),
);

const SUBJECT = objectOf<AuditEntry['subject']>({ kind: oneOf(...NOUNS), id: text });

const ENTRY: Properties<Placed> = {
  eventId: uuid,
  type: text,
  planId: nullable(text),
  subject: SUBJECT,
  stream: text,
  revision: integer,
  actor: ACTOR,
  recordedAt: instant,
  effectiveOn: nullable(day),
  backdated: described('Entered after the day from which it holds', flag),
  laterEntries: described(
    'Days of entries that take effect later and that this one does not undo',
    listOf(day),
  ),
  before: any('The fact it is about, just before'),
  after: any('The fact it is about, just after'),
  role: described('Of an assignment', nullable(ROLE)),
  moves: described('Of an assignment: who handed over to whom', nullable(listOf(MOVE))),
  allocation: described('Of a transfer by a decree: which of its allocations moved it', nullable(text)),
  milestone: described('Of a target: at which milestone', nullable(text)),
  year: described('Of a yearly task: for which year', nullable(integer)),
  reason: described('Why; of an acceptance, its note', nullable(text)),
  legalBasis: nullable(LEGAL_BASIS),
  warnings: listOf(text),
  effect: described('Which statuses it flipped', listOf(EFFECT)),
  commandId: uuid,
  correlationId: uuid,
  causationId: nullable(uuid),
  entry: position,
  by: text,
  about: text,
  recordedOn: day,
  holdsOn: described('From when it holds; the day it was recorded, for what has no such day', day),
  measurementId: nullable(text),
  position,
  ...STALE,
};

const lead = optional(
  described(
    'Where `as` asks for it: who led its subject; null for what nobody leads',
    nullable(listOf(AGENCY_REF)),
  ),
);

export const ENTRY_OF_DECREE = named('TrailEntry', objectOf<Placed>(ENTRY));

export const ENTRY_OF_HISTORY = named(
  'HistoryEntry',
  objectOf<HistoryAnswer['items'][number]>({ ...ENTRY, lead }),
);

const ENTRY_OF_AUDIT = named(
  'AuditEntry',
  objectOf<TrailItem & Stale>({
    ...ENTRY,
    lead,
    caused: described('Ids of the events that followed from it', listOf(uuid)),
  }),
);

export const AUDIT_PAGE = objectOf(pageOf(ENTRY_OF_AUDIT));

const METADATA = objectOf<Metadata>({
  actor: ACTOR,
  recordedAt: instant,
  correlationId: uuid,
  causationId: nullable(uuid),
  commandId: uuid,
  fingerprint: nullable(text),
  planId: nullable(text),
  schema: integer,
});

const data: Schema<object> = {
  type: 'object',
  additionalProperties: true,
  description: 'As the type of event has it',
};

const EVENT = named(
  'Event',
  objectOf<RecordedEvent>({
    id: uuid,
    stream: text,
    revision: integer,
    position,
    type: text,
    data,
    metadata: METADATA,
  }),
);

/** What the stream tells of an event. */
export interface StreamMessage {
  readonly eventId: string;
  readonly position: string;
  readonly type: string;
  readonly subject: AuditEntry['subject'] | null;
  readonly planId: string | null;
  readonly recordedAt: string;
}

named(
  'StreamMessage',
  objectOf<StreamMessage>({
    eventId: uuid,
    position,
    type: text,
    subject: nullable(SUBJECT),
    planId: nullable(text),
    recordedAt: instant,
  }),
);

const READ_AT = described('Position of the log that it was read at', nullable(position));

export const EVENTS = objectOf({ ...listedOf(EVENT), position: READ_AT });

export const LOG = objectOf<LogAnswer>({
  items: listOf(EVENT),
  next: described(
    'What to give as `after` for the next page; null at the head of the log',
    nullable(position),
  ),
  position: READ_AT,
});
