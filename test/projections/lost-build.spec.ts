import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SqliteEventStore } from '../../src/adapters/sqlite/event-store.js';
import { SqliteReadModels } from '../../src/adapters/sqlite/read-models.js';
import {
  type Build,
  BuildGone,
  type ReadModels,
  ReadModelsUnavailable,
} from '../../src/ports/read-models.js';
import { newEvents } from '../support/new-events.js';
import { seenAs } from '../support/seen-as.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { followers, liveRows, seen } from './support.js';

const WAIT_MS = 20_000;

const follow = followers();
const folder = temporaryFolder();
let made = 0;

const opened = () => {
  const own = join(folder, String(++made));
  const models = SqliteReadModels.open(join(own, 'read.db'), (_, reason) => {
    throw new Error(reason);
  });
  return { log: SqliteEventStore.open(join(own, 'events.db')), models };
};

describe('nothing is left out', () => {
  it('where a rebuild was switched in, and its projector could not read that it was', async () => {
    const { log, models } = opened();
    let isAway = false;
    const failing = seenAs<ReadModels>(models, {
      activate: async (...all) => {
        await models.activate(...all);
        isAway = true;
      },
      live: async (...all) => {
        if (isAway) {
          isAway = false;
          throw new ReadModelsUnavailable('away');
        }
        return models.live(...all);
      },
    });
    await log.append('s', newEvents(3), 'none');
    const { progress, projector } = await follow(log, failing, [seen]);
    await progress.reached([seen.name], (await log.head()) ?? '', WAIT_MS);
    await expect(projector.rebuild(seen.name)).rejects.toThrow('away');
    for (const revision of [2, 3]) {
      const { position } = await log.append('s', newEvents(1), revision);
      await progress.reached([seen.name], position, WAIT_MS);
    }
    expect((await liveRows(models, seen)).size).toBe(5);
  });

  it('where a build was thrown away before anything was written to it', async () => {
    const { log, models } = opened();
    let isGone = false;
    const failing = seenAs<ReadModels>(models, {
      live: async (...all) => {
        const build = await models.live(...all);
        return seenAs<Build>(build, {
          commit: async (...what) => {
            if (isGone) return build.commit(...what);
            isGone = true;
            throw new BuildGone('it was thrown away');
          },
        });
      },
    });
    const { progress } = await follow(log, failing, [seen]);
    await log.append('s', newEvents(2), 'none');
    const { position } = await log.append('s', newEvents(1), 1);
    await progress.reached([seen.name], position, WAIT_MS);
    expect((await liveRows(models, seen)).size).toBe(3);
  });
});
