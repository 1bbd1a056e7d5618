import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { SqliteAccessLog } from '../../src/adapters/sqlite/access-log.js';
import { SqliteEventStore } from '../../src/adapters/sqlite/event-store.js';
import { examineReadings } from '../../src/adapters/sqlite/examine-readings.js';
import { examineFolder } from '../../src/cli/doctor.js';
import type { Access } from '../../src/ports/access-log.js';
import { built, soCai } from '../support/program.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const root = temporaryFolder();
const file = join(root, 'access.db');
const env = { DATA_DIR: root, NODE_ENV: 'production' };
const ACCESS: Access = {
  ...{ requestId: 'a', at: '2025-07-01T02:00:00.000Z', reading: 'trail', route: 'GET /x', about: null },
  actor: { subject: 'minh', name: 'Minh', role: 'auditor', agencyId: null },
  ...{ asked: {}, readAt: null, rows: 1 },
};
let log: SqliteAccessLog;

beforeAll(async () => {
  await built();
  await SqliteEventStore.open(join(root, 'events.db')).close();
  log = SqliteAccessLog.open(file);
  for (let n = 0; n < 3; n++) await log.record(ACCESS);
}, 120_000);

/** A copy in which somebody who could write the file took some away. */
const without = async (position: number): Promise<string> => {
  const copy = join(root, `without-${position}.db`);
  expect((await soCai(['backup', '--readings', copy], env)).code).toBe(0);
  const database = new Database(copy);
  database.exec(`DROP TRIGGER readings_remain; DELETE FROM readings WHERE position = ${position}`);
  database.close();
  return copy;
};

describe('the record of who read what', () => {
  it('is copied while it grows, also in production, where nothing is said of an issuer', async () => {
    const to = join(root, 'copy.db');
    expect(await soCai(['backup', '--readings', to], env)).toEqual({
      ...{ code: 0, err: '' },
      out: `${to}: 3 readings\n`,
    });
    await log.record(ACCESS);
    const copy = SqliteAccessLog.open(to);
    expect(await copy.find({}, null, 9)).toEqual((await log.find({}, null, 9)).slice(0, 3));
    await copy.close();
  });

  it('is copied beside the log, and neither replaces a file', async () => {
    const [to, readings] = [join(root, 'e.db'), join(root, 'r.db')];
    const both = ['backup', '--to', to, '--readings', readings];
    const { code, out } = await soCai(both, env);
    expect([code, out]).toEqual([0, `${readings}: 4 readings\n${to}: 0 events\n`]);
    expect(await soCai(both, env)).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/r\.db exists/),
    });
    expect(await soCai(['backup'], env)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/--to .*--readings/),
    });
  });

  it('is copied of a ledger that is on servers, whose log is not', async () => {
    const servers = {
      SO_CAI_KURRENTDB_URL: 'esdb://localhost:1?tls=false',
      SO_CAI_MONGODB_URL: 'mongodb://localhost:1/so-cai',
      SO_CAI_REDIS_URL: 'redis://localhost:1',
    };
    const there = { ...env, ...servers };
    expect((await soCai(['backup', '--readings', join(root, 's.db')], there)).code).toBe(0);
    expect(await soCai(['backup', '--to', join(root, 'no.db')], there)).toMatchObject({
      ...{ code: 1, out: '' },
      err: expect.stringMatching(/this ledger is on servers/),
    });
  });

  it('is examined with the folder', async () => {
    const { sound, lines } = await examineFolder(root, null);
    expect([sound, lines]).toEqual([true, expect.arrayContaining([`${file}: 4 readings`])]);
  });

  it.each([1, 4])('is missing what was taken away: reading %i', async (position) => {
    expect(examineReadings(await without(position)).problems.listed).toEqual([
      '4 readings were recorded, and 3 are there',
    ]);
  });

  it('is said to be damaged, and not copied then', async () => {
    await log.close();
    const bytes = readFileSync(file);
    writeFileSync(file, Buffer.from(bytes).fill(0xa5, 4_096, 3 * 4_096));
    const { sound, lines } = await examineFolder(root, null);
    expect([sound, lines]).toEqual([
      false,
      expect.arrayContaining([expect.stringMatching(/access\.db: WRONG/)]),
    ]);
    const to = join(root, 'bad.db');
    expect((await soCai(['backup', '--readings', to], env)).code).toBe(1);
    expect(existsSync(to)).toBe(false);
    rmSync(file);
    expect((await examineFolder(root, null)).lines).toContain(
      `${file}: missing. Nothing is on record of who read what until now.`,
    );
  });
});
