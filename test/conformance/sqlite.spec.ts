import { join } from 'node:path';
import { SqliteAccessLog } from '../../src/adapters/sqlite/access-log.js';
import { SqliteEventStore } from '../../src/adapters/sqlite/event-store.js';
import { SqliteReadModels } from '../../src/adapters/sqlite/read-models.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { describeAccessLog } from './access-log.contract.js';
import { describeEventStore } from './event-store.contract.js';
import { describeInstants } from './instants.contract.js';
import { describeReadModels } from './read-models.contract.js';

const folder = temporaryFolder();

const onDamage = (file: string, reason: string): void => {
  throw new Error(`${file} is not damaged: ${reason}`);
};

const openEvents = async (place: string) => SqliteEventStore.open(join(folder, place, 'events.db'));
describeEventStore('sqlite', openEvents);
describeInstants('sqlite', openEvents);
describeAccessLog('sqlite', async (place) => SqliteAccessLog.open(join(folder, place, 'access.db')));
describeReadModels('sqlite', async (place) =>
  SqliteReadModels.open(join(folder, place, 'read.db'), onDamage),
);
