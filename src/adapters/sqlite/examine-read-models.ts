import type { Position } from '../../ports/event-store.js';
import { Problems, pageFaults, readOnly } from './examine.js';
import { READ_SHAPE } from './read-file.js';

/** How far one live build has folded the log; null before the first event. */
export interface Folded {
  readonly collection: string;
  readonly checkpoint: Position | null;
}

/** Reads a file of read models without writing: what is wrong with its pages and indexes, and how far its live builds are. */
export const examineReadModels = (
  file: string,
): { readonly problems: Problems; readonly builds: readonly Folded[] } => {
  const problems = new Problems();
  let builds: readonly Folded[] = [];
  readOnly(file, READ_SHAPE, problems, (database) => {
    for (const line of pageFaults(database)) problems.add(line);
    builds = database
      .prepare<[], Folded>('SELECT collection, checkpoint FROM builds WHERE live = 1 ORDER BY collection')
      .all();
  });
  return { problems, builds };
};
