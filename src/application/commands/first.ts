import { auditTrail, type TrailRow } from '../../../projections/audit-trail.js';
import type { Projection } from '../../../projections/projection.js';
import { eventAt, type RecordedEvent } from '../../ports/event-store.js';
import { collectionOf } from '../collection.js';
import type { Questions } from '../questions.js';

/** The first event of a command, wherever it stands; null when it has none. */
export type FirstOf = (commandId: string) => Promise<RecordedEvent | null>;

/**
 * Finds a command's first event once every event until now is in the trail. Only what is asked of a command that names
 * its stream in its body: there alone the stream does not tell whether the key was used before.
 */
export const firstOf =
  (questions: Questions): FirstOf =>
  async (commandId) => {
    await questions.caughtUp([auditTrail.name]);
    const [found] = await questions.models.find(collectionOf(auditTrail as Projection), {
      where: { commandId: { equals: commandId } },
      limit: 1,
    });
    return (found && (await eventAt(questions.events, found.row as unknown as TrailRow))) ?? null;
  };
