import { join } from 'node:path';
import { InProcessJobQueue } from '../../src/adapters/in-process/job-queue.js';
import { InProcessLeases } from '../../src/adapters/in-process/leases.js';
import { SqliteAccessLog } from '../../src/adapters/sqlite/access-log.js';
import { SqliteReadModels } from '../../src/adapters/sqlite/read-models.js';
import { PROCESS_ROLES } from '../../src/config.js';
import { LEASE_MS, type Ledger, openOn } from '../../src/ledger.js';
import type { Clock } from '../../src/ports/clock.js';
import type { EventStore } from '../../src/ports/event-store.js';

/** A ledger over any store of events, with read models in a folder. */
export const ledgerOver = (
  events: EventStore,
  folder: string,
  clock: Clock,
  onError: (error: unknown) => void,
): Promise<Ledger> => {
  const stores = {
    events,
    models: SqliteReadModels.open(join(folder, 'read.db'), onError),
    jobs: new InProcessJobQueue(),
    access: SqliteAccessLog.open(join(folder, 'access.db')),
    leases: new InProcessLeases(LEASE_MS),
  };
  return openOn(stores, PROCESS_ROLES, clock, onError);
};
