import { auditTrail } from '../../../projections/audit-trail.js';
import type { Projection } from '../../../projections/projection.js';
import { collect, type RecordedEvent } from '../../ports/event-store.js';
import { collectionOf } from '../project.js';
import { MAX_WAIT_MS, type Questions } from '../questions.js';

/** The first event of a command, wherever it stands; null when it has none. */
export type FirstOf = (commandId: string) => Promise<RecordedEvent | null>;

/**
 * Finds a command's first event once every event until now is in the trail. Only what is asked of a command that names
 * its stream in its body: there alone the stream does not tell whether the key was used before.
 */
export const firstOf =
  ({ events, models, progress }: Questions): FirstOf =>
  async (commandId) => {
    const head = await events.head();
    if (head !== null) await progress.reached([auditTrail.name], head, MAX_WAIT_MS);
    const [found] = await models.find(collectionOf(auditTrail as Projection), {
      where: { commandId: { equals: commandId } },
      limit: 1,
    });
    if (!found) return null;
    const { stream, revision } = found.row as unknown as { stream: string; revision: number };
    const history = await collect(events.read(stream, revision));
    return history[0] ?? null;
  };
