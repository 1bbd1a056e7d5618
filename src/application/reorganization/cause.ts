import { auditTrail, type TrailRow } from '../../../projections/audit-trail.js';
import type { Decree } from '../../domain/reorganization/events.js';
import type { RecordedEvent } from '../../ports/event-store.js';
import type { Questions } from '../questions.js';

/** A decree with the event that what follows is caused by: the decree's own, or its revocation's. */
export interface Cause {
  readonly event: RecordedEvent;
  readonly decree: Decree;
}

/** What an event has caused so far, from the trail once it holds every event until now. */
export const causedBy = async (questions: Questions, eventId: string): Promise<readonly TrailRow[]> => {
  await questions.caughtUp([auditTrail.name]);
  return questions.facts.trail({ causationId: { equals: eventId } });
};
