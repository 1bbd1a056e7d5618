import { auditTrail } from '../../../projections/audit-trail.js';
import type { Projection } from '../../../projections/projection.js';
import type { Decree } from '../../domain/reorganization/events.js';
import type { RecordedEvent } from '../../ports/event-store.js';
import { MAX_FIND_ROWS } from '../../ports/read-models.js';
import { collectionOf } from '../project.js';
import { MAX_WAIT_MS, type Questions } from '../questions.js';

/** A decree with the event that what follows is caused by: the decree's own, or its revocation's. */
export interface Cause {
  readonly event: RecordedEvent;
  readonly decree: Decree;
}

interface Caused {
  readonly type: string;
  readonly stream: string;
}

/** What an event has caused so far, from the trail once it holds every event until now. */
export const causedBy = async (
  { events, models, progress }: Questions,
  eventId: string,
): Promise<Caused[]> => {
  const head = await events.head();
  if (head !== null) await progress.reached([auditTrail.name], head, MAX_WAIT_MS);
  const found: Caused[] = [];
  for (let after: string | undefined; ; ) {
    const page = await models.find(collectionOf(auditTrail as Projection), {
      where: { causationId: { equals: eventId } },
      limit: MAX_FIND_ROWS,
      ...(after === undefined ? {} : { after: { value: null, key: after } }),
    });
    found.push(...page.map(({ row }) => row as unknown as Caused));
    after = page.at(-1)?.key;
    if (page.length < MAX_FIND_ROWS) return found;
  }
};
