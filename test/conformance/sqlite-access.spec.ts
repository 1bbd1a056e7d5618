import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { SqliteAccessLog } from '../../src/adapters/sqlite/access-log.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('sqlite: access.db', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'access.db');

  it('lets nobody change or remove what is on record', async () => {
    const log = SqliteAccessLog.open(file);
    await log.record({
      ...{ requestId: 'a', at: '2025-07-01T02:00:00.000Z', reading: 'trail', route: 'GET /x', about: null },
      actor: { subject: 'minh', name: 'Minh', role: 'auditor', agencyId: null },
      ...{ asked: {}, readAt: null, rows: 1 },
    });
    await log.close();
    const database = new Database(file);
    for (const change of ["UPDATE readings SET actor = 'khac'", 'DELETE FROM readings'])
      expect(() => database.prepare(change).run()).toThrow(/readings (stay|remain)/);
    expect(database.prepare('SELECT actor FROM readings').pluck().all()).toEqual(['minh']);
    database.close();
  });

  it('gives back what was recorded before it held where it was read at', async () => {
    const older = join(folder, 'older.db');
    await SqliteAccessLog.open(older).close();
    const database = new Database(older);
    database
      .prepare("INSERT INTO readings (day, actor, reading, access) VALUES ('2025-07-01', 'minh', 'trail', ?)")
      .run('{"requestId":"a","rows":1}');
    database.close();
    const log = SqliteAccessLog.open(older);
    expect(await log.find({}, null, 1)).toEqual([
      { requestId: 'a', rows: 1, readAt: null, position: '00000000000000000001' },
    ]);
    await log.close();
  });
});
