import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { SqliteAccessLog } from '../../src/adapters/sqlite/access-log.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('sqlite: access.db', () => {
  const file = join(temporaryFolder(), 'access.db');

  it('lets nobody change or remove what is on record', async () => {
    const log = SqliteAccessLog.open(file);
    await log.record({
      ...{ requestId: 'a', at: '2025-07-01T02:00:00.000Z', reading: 'trail', route: 'GET /x', about: null },
      actor: { subject: 'minh', name: 'Minh', role: 'auditor', agencyId: null },
      ...{ asked: {}, rows: 1 },
    });
    await log.close();
    const database = new Database(file);
    for (const change of ["UPDATE readings SET actor = 'khac'", 'DELETE FROM readings'])
      expect(() => database.prepare(change).run()).toThrow(/readings (stay|remain)/);
    expect(database.prepare('SELECT actor FROM readings').pluck().all()).toEqual(['minh']);
    database.close();
  });
});
