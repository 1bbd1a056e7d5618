import type { EventStore, RecordedEvent } from '../ports/event-store.js';
import type { Build, Collection, ReadModels } from '../ports/read-models.js';

/**
 * What is kept beside a checkpoint of the event that was folded last. The id alone would not do: a command that is sent
 * again to a log that was restored has the ids of the first time, and may come to stand in the same place.
 */
export const markOf = ({ id, metadata }: RecordedEvent): string => `${id} ${metadata.recordedAt}`;

/**
 * Whether the log holds the event that a build has folded last, where it stood then. Where an earlier release folded it
 * that event is not known: then something must stand there at least.
 */
export const isOfThisLog = async (build: Build, events: Pick<EventStore, 'at'>): Promise<boolean> => {
  const checkpoint = await build.checkpoint();
  if (checkpoint === null) return true;
  const [event, mark] = [await events.at(checkpoint), await build.mark()];
  return event !== undefined && (mark === null || mark === markOf(event));
};

/** The live build of a projection under an epoch. One that knows of events that are gone is begun anew. */
export const openedBuild = async (
  models: ReadModels,
  events: Pick<EventStore, 'at' | 'head'>,
  collection: Collection,
  epoch: number,
  onError: (error: Error) => void,
): Promise<Build> => {
  const build = await models.live(collection, epoch);
  if (await isOfThisLog(build, events)) return build;
  const [checkpoint, head] = [await build.checkpoint(), await events.head()];
  onError(
    new Error(
      `${collection.name} had folded the log up to ${checkpoint}, which ${toldOf(checkpoint, head)}: it is built anew. ` +
        'Unless the log was restored from an older copy, or moved, events are lost.',
    ),
  );
  await models.activate(collection, await models.fresh(collection), epoch);
  return models.live(collection, epoch);
};

const toldOf = (checkpoint: string | null, head: string | null): string =>
  (checkpoint ?? '') > (head ?? '') ? `ends at ${head ?? 'nothing'}` : 'holds another event there';
