import { subjectOf } from '../src/domain/events.js';
import { dayOf } from '../src/domain/time.js';
import { projection, type Writable } from './projection.js';

/**
 * Where one event stands, and what a trail is searched by; null is left out. What it did is told from its stream when it is
 * asked.
 */
export interface TrailRow {
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly planId?: string;
  /** Subject of the token that did it. */
  readonly by: string;
  /** The day on which it was recorded. */
  readonly recordedOn: string;
  /** From when it holds, where that is another day. */
  readonly holdsOn?: string;
  readonly causationId?: string;
  /** Of one that has a cause: what followed from an event is told by its id. */
  readonly eventId?: string;
  /** The command, where it came with a key: by it a key is found that was used before. */
  readonly commandId?: string;
  /** Of an adoption: the indicator above. */
  readonly parent?: string;
  readonly measurementId?: string;
}

/** Who changed what, when and why? One row an event, keyed by its position. */
export const auditTrail = projection<TrailRow>({
  name: 'audit-trail.v5',
  fields: [
    ...['planId', 'causationId', 'commandId', 'parent'],
    ...['type', 'by', 'stream', 'recordedOn', 'position'],
  ],
  indexed: ['planId', 'causationId', 'commandId', 'parent'],
  isJournal: true,
  keys: ({ stream, position }) => (subjectOf(stream) ? [position] : []),
  fold(_, { id, stream, revision, type, data: said, metadata }) {
    const data = said as {
      readonly effectiveOn?: string;
      readonly establishedOn?: string | null;
      readonly parent?: string | null;
      readonly measurementId?: string;
    };
    const recordedOn = dayOf(metadata.recordedAt);
    const holdsOn = data.effectiveOn ?? data.establishedOn ?? recordedOn;
    const { planId, causationId, actor } = metadata;
    const by = actor.subject;
    const row: Writable<TrailRow> = {
      stream,
      revision,
      type,
      by,
      recordedOn,
    };
    if (planId !== null) row.planId = planId;
    if (holdsOn !== recordedOn) row.holdsOn = holdsOn;
    if (causationId !== null) {
      row.causationId = causationId;
      row.eventId = id;
    }
    if (metadata.fingerprint !== null) row.commandId = metadata.commandId;
    if (type === 'IndicatorAdopted' && data.parent) row.parent = data.parent;
    if (data.measurementId !== undefined) row.measurementId = data.measurementId;
    return row;
  },
});

/** The day from which an event holds; the day it was recorded, for what has no such day. */
export const dayHeldFrom = ({ holdsOn, recordedOn }: TrailRow): string => holdsOn ?? recordedOn;
