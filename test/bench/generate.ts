import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteEventStore } from '../../src/adapters/sqlite/event-store.js';
import { readFolder } from '../../src/cli/folder.js';
import { history } from './history.js';
import { writeHistory } from './write.js';

const TABLES = join('data', 'kon-tum');

/** What the generator wrote, and how fast the store took it. */
export interface Generated {
  readonly events: number;
  readonly bytesPerEvent: number;
  readonly perSecond: number;
}

/** Fills a new folder with so many events. Run in the root of the repository, where the documents' tables are. */
export const generate = async (folder: string, seed: number, size: number): Promise<Generated> => {
  rmSync(folder, { recursive: true, force: true });
  const files = await readFolder(TABLES);
  const file = join(folder, 'events.db');
  const store = SqliteEventStore.open(file);
  const started = performance.now();
  const events = await writeHistory(store, history(files, seed, size), seed);
  const perSecond = (events * 1_000) / (performance.now() - started);
  await store.close();
  return { events, bytesPerEvent: statSync(file).size / events, perSecond };
};
