import { subjectOf } from '../src/domain/events.js';
import { dayOf } from '../src/domain/time.js';
import { projection } from './projection.js';

/** Where one event stands, and what a trail is searched by. What it did is told from its stream when it is asked. */
export interface TrailRow {
  readonly eventId: string;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly planId: string | null;
  /** Subject of the token that did it. */
  readonly by: string;
  /** Id of what it is about. */
  readonly about: string;
  /** The day on which it was recorded. */
  readonly recordedOn: string;
  /** From when it holds; the day it was recorded, for what has no such day. */
  readonly holdsOn: string;
  readonly causationId: string | null;
  /** The command, where it came with a key: by it a key is found that was used before. */
  readonly commandId: string | null;
  /** Of an adoption: the indicator above. */
  readonly parent: string | null;
  readonly measurementId: string | null;
}

/** Who changed what, when and why? One row an event, keyed by its position. */
export const auditTrail = projection<TrailRow>({
  name: 'audit-trail.v4',
  fields: [
    ...['planId', 'causationId', 'commandId', 'parent'],
    ...['type', 'by', 'about', 'recordedOn', 'holdsOn', 'position'],
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
    return {
      eventId: id,
      stream,
      revision,
      type,
      planId: metadata.planId,
      by: metadata.actor.subject,
      about: stream.slice(stream.indexOf('-') + 1),
      recordedOn,
      holdsOn: data.effectiveOn ?? data.establishedOn ?? recordedOn,
      causationId: metadata.causationId,
      commandId: metadata.fingerprint === null ? null : metadata.commandId,
      parent: type === 'IndicatorAdopted' ? (data.parent ?? null) : null,
      measurementId: data.measurementId ?? null,
    };
  },
});
