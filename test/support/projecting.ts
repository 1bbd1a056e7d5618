import { MongoLeases } from '../../src/adapters/mongodb/leases.js';
import { MongoReadModels } from '../../src/adapters/mongodb/read-models.js';
import { Projector } from '../../src/application/project.js';
import { LEASE_MS, PROJECTIONS } from '../../src/ledger.js';
import type { EventStore } from '../../src/ports/event-store.js';
import { FileLog } from './file-log.js';

// Follows a log as a projector does, until it is killed; prints how many projections it folds whenever that changes.
const [file = '', url = '', database = '', pageSize = '1'] = process.argv.slice(2);
const models = await MongoReadModels.open(url, database);
const leases = await MongoLeases.open(url, LEASE_MS, { database });
const log = new FileLog(file, Number(pageSize)) as Partial<EventStore> as EventStore;
const projector = new Projector(log, models, PROJECTIONS, leases, (error) =>
  process.stderr.write(`${error}\n`),
);
await projector.start();
let said = -1;
setInterval(() => {
  const held = PROJECTIONS.filter(({ name }) => projector.holds(name)).length;
  if (held !== said) process.stdout.write(`${held}\n`);
  said = held;
}, 5);
