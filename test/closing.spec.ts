import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { InProcessJobQueue } from '../src/adapters/in-process/job-queue.js';
import { InProcessLeases } from '../src/adapters/in-process/leases.js';
import { SqliteAccessLog } from '../src/adapters/sqlite/access-log.js';
import { ForeignDatabase } from '../src/adapters/sqlite/database.js';
import { SqliteEventStore } from '../src/adapters/sqlite/event-store.js';
import { SqliteReadModels } from '../src/adapters/sqlite/read-models.js';
import { openLedger, openOn } from '../src/ledger.js';
import { TestClock } from './support/ledger.js';
import { temporaryFolder } from './support/temporary-folder.js';

const folder = temporaryFolder();

describe('a ledger that is closed', () => {
  it('closes every store, also after one that could not be, and says what was the first', async () => {
    const closed: string[] = [];
    const failing = <T extends { close(): Promise<void> }>(name: string, store: T): T => {
      const close = store.close.bind(store);
      store.close = async () => {
        closed.push(name);
        await close();
        throw new Error(`${name} failed`);
      };
      return store;
    };
    const stores = {
      jobs: failing('jobs', new InProcessJobQueue()),
      leases: failing('leases', new InProcessLeases(20)),
      access: failing('access', SqliteAccessLog.open(join(folder, 'access.db'))),
      models: failing(
        'models',
        SqliteReadModels.open(join(folder, 'read.db'), () => undefined),
      ),
      events: failing('events', SqliteEventStore.open(join(folder, 'events.db'))),
    };
    const ledger = await openOn(stores, ['projector'], new TestClock(), () => undefined);
    await expect(ledger.close()).rejects.toThrow('jobs failed');
    expect(closed).toEqual(['jobs', 'leases', 'access', 'models', 'events']);
  });
});

describe('a ledger that cannot be opened', () => {
  it('leaves nothing open: its folder can be used once it is put right', async () => {
    const strange = join(folder, 'strange');
    const open = () => openLedger(strange, new TestClock(), () => undefined);
    await (await open()).close();
    const other = new Database(join(strange, 'access.db'));
    other.pragma('application_id = 1');
    other.close();
    for (let time = 0; time < 2; time += 1) await expect(open()).rejects.toThrow(ForeignDatabase);
    rmSync(join(strange, 'access.db'));
    await (await open()).close();
  });
});
