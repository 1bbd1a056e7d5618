import { join } from 'node:path';
import { InProcessJobQueue } from '../../src/adapters/in-process/job-queue.js';
import { SqliteReadModels } from '../../src/adapters/sqlite/read-models.js';
import { RandomIds } from '../../src/adapters/system/ids.js';
import { Projector } from '../../src/application/project.js';
import { Questions } from '../../src/application/questions.js';
import { type Ledger, PROJECTIONS } from '../../src/ledger.js';
import type { Clock } from '../../src/ports/clock.js';
import type { EventStore } from '../../src/ports/event-store.js';

/** A ledger over any store of events, with read models in a folder. */
export const ledgerOver = async (
  events: EventStore,
  folder: string,
  clock: Clock,
  onError: (error: unknown) => void,
): Promise<Ledger> => {
  const models = SqliteReadModels.open(join(folder, 'read.db'), onError);
  const jobs = new InProcessJobQueue();
  const projector = new Projector(events, models, PROJECTIONS, onError);
  await projector.start();
  return {
    ...{ events, models, jobs, clock, projector },
    ids: new RandomIds(),
    questions: new Questions(events, models, clock, projector),
    async close() {
      await jobs.close();
      await projector.stop();
      await models.close();
      await events.close();
    },
  };
};
