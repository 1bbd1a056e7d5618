import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SqliteEventStore } from '../../src/adapters/sqlite/event-store.js';
import { newEvent } from '../support/new-events.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();

/** Appends so many events, each once the one before it is durable, while somebody follows the log; gives the turns taken. */
const turnsTaken = async (place: string, appends: number): Promise<readonly string[]> => {
  const store = SqliteEventStore.open(join(folder, place, 'events.db'));
  const ending = new AbortController();
  const turns: string[] = [];
  let follows: () => void = () => undefined;
  const caughtUp = new Promise<void>((resolve) => {
    follows = resolve;
  });
  const following = (async () => {
    for await (const page of store.subscribeAll(null, ending.signal))
      if (page.length === 0) follows();
      else turns.push('heard');
  })();
  await caughtUp;
  for (let n = 0; n < appends; n++) {
    await store.append(`indicator-${n}`, [newEvent()], 'none');
    turns.push('appended');
  }
  ending.abort();
  await following;
  await store.close();
  return turns;
};

describe('whoever waited for a commit', () => {
  it('appends what follows from it before subscribers take their time', async () => {
    expect((await turnsTaken('few', 4)).slice(0, 4)).toEqual(Array(4).fill('appended'));
  });

  it('does not keep them waiting for ever', async () => {
    expect((await turnsTaken('many', 200)).slice(0, 50)).toContain('heard');
  });
});
