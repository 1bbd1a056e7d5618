import { randomInt } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { ForeignDatabase, OtherVersion } from '../../src/adapters/sqlite/database.js';
import { SqliteEventStore } from '../../src/adapters/sqlite/event-store.js';
import { type Diagnosis, type Digest, diagnose, examineFile, examineFolder } from '../../src/cli/doctor.js';
import { StoreUnavailable } from '../../src/ports/event-store.js';
import { newEvent } from '../support/new-events.js';
import { built, type Program, soCai, startServer } from '../support/program.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { logOf } from './files.js';
import { Random } from './random.js';
import { caughtUp, TABLES, tokensOf } from './server.js';

const root = temporaryFolder();
const EVENTS = 600;
const PAGE_BYTES = 4_096;
const HEADER_BYTES = 100;
const clean = join(root, 'clean', 'events.db');
let digest: Digest = { position: '', sha256: '' };

beforeAll(async () => {
  await built();
  const store = SqliteEventStore.open(clean);
  for (let n = 0; n < EVENTS; n += 2) {
    const text = `Tỷ lệ hồ sơ trực tuyến lần thứ ${n} 👍`;
    const recordedAt = new Date(Date.UTC(2025, 0, 1, 0, n)).toISOString();
    const events = [
      newEvent({ text, n }, { recordedAt }),
      newEvent({ text: null, list: [n, 'b'] }, { recordedAt }),
    ];
    await store.append(`plan-${n % 20}`, events, n < 20 ? 'none' : Math.floor(n / 20) * 2 - 1);
  }
  await store.close();
  digest = stored(clean, null).digest ?? digest;
}, 120_000);

let copies = 0;
/** A copy to be damaged, in a folder of its own. */
const copy = (): string => {
  const folder = join(root, `copy-${++copies}`);
  mkdirSync(folder);
  copyFileSync(clean, join(folder, 'events.db'));
  return join(folder, 'events.db');
};

/** How a log is stored, whatever its events say: those of the test say nothing that the program knows of. */
const stored = (file: string, earlier: Digest | null): Diagnosis => diagnose(file, earlier, () => null);

const problemsOf = (file: string): readonly string[] => stored(file, null).problems.listed;

/** Whether the store refuses a file; what it says is one line that names a reason. */
const refusal = async (file: string): Promise<string | null> => {
  try {
    await SqliteEventStore.open(file).close();
    return null;
  } catch (error) {
    for (const kind of [StoreUnavailable, ForeignDatabase, OtherVersion])
      if (error instanceof kind) {
        expect(error.message).toMatch(/^[^\n]+$/);
        return error.message;
      }
    throw error;
  }
};

describe('a sound log', () => {
  it('has nothing wrong, and one digest for each prefix', () => {
    const { problems, events, streams, head } = stored(clean, digest);
    expect([problems.listed, events, streams, head]).toEqual([[], EVENTS, 10, digest.position]);
    const earlier = copy();
    edit(earlier, 'DELETE FROM events WHERE position > 512; DELETE FROM clock WHERE position > 512');
    const prefix = stored(earlier, null);
    expect(prefix.problems.listed).toEqual([]);
    expect(stored(clean, prefix.digest).problems.listed).toEqual([]);
    expect(stored(earlier, digest).problems.listed).toEqual([expect.stringContaining(digest.position)]);
  });

  it('is as large as what is written of it, also beside the file', async () => {
    const file = join(root, 'open', 'events.db');
    const store = SqliteEventStore.open(file);
    await store.append('plan-1', [newEvent({ text: 'x'.repeat(300_000) })], 'none');
    const written = statSync(file).size + statSync(`${file}-wal`).size;
    expect(written).toBeGreaterThan(300_000);
    const [first] = examineFile(file, null).lines;
    expect(first).toBe(`${file}: 1 events in 1 streams, ${(written / 1_048_576).toFixed(1)} MiB`);
    await store.close();
  });
});

const edit = (file: string, sql: string): void => {
  const database = new Database(file);
  database.exec(sql);
  database.close();
};

const EDITS: readonly (readonly [sql: string, words: RegExp, startRefuses: boolean])[] = [
  ['DELETE FROM events WHERE position = 7', /0008: the event before it is 6: there is a gap/, true],
  ['DELETE FROM events WHERE position = 1', /0002: the event before it is 0: there is a gap/, true],
  [
    'UPDATE events SET revision = 9999 WHERE position = 30',
    /0030: revision 9999 of plan-\d+ follows \d+/,
    false,
  ],
  ["UPDATE events SET data = '{' WHERE position = 5", /0005: its data is damaged/, false],
  ["UPDATE events SET data = '[]' WHERE position = 5", /0005: its data is not an object/, false],
  [
    `UPDATE events SET data = '{"n": 1}' WHERE position = 5`,
    /0005: its data is not the canonical text/,
    false,
  ],
  [
    `UPDATE events SET data = '{"b":1,"a":1}' WHERE position = 5`,
    /0005: its data is not the canonical/,
    false,
  ],
  [`UPDATE events SET data = '{"a":1.5}' WHERE position = 5`, /0005: its data is damaged: data\.a/, false],
  [
    `UPDATE events SET data = CAST(x'7b2261223a22ff227d' AS TEXT) WHERE position = 5`,
    /0005: its data is not UTF-8/,
    false,
  ],
  ["UPDATE events SET metadata = '{}' WHERE position = 5", /0005: its metadata has no recordedAt/, false],
  [
    "UPDATE events SET metadata = replace(metadata, '2025-', '2024-') WHERE position = 500",
    /0500: recorded at 2024-\S+, before the event that it follows/,
    false,
  ],
  ["UPDATE events SET id = 'x' WHERE position = 5", /0005: its id x is not a UUID/, false],
  [
    'UPDATE events SET stream = 99 WHERE position = 5',
    /0005: it names stream number 99, which is not there/,
    false,
  ],
  [
    "UPDATE clock SET high = '2024-01-01T00:00:00.000Z' WHERE position = 512",
    /0512: the clock says 2024/,
    false,
  ],
  ["INSERT INTO clock VALUES (9999, '2026-01-01T00:00:00.000Z')", /the clock speaks of 0*9999/, false],
  ["INSERT INTO streams (name) VALUES ('plan-lost')", /stream plan-lost has lost its events/, false],
  ['PRAGMA user_version = 2', /tables of version 2; this program knows version 1/, true],
  ['PRAGMA application_id = 7', /a database of something else/, true],
];

describe('doctor names', () => {
  it.each(EDITS)('%s', async (sql, words, startRefuses) => {
    const file = copy();
    edit(file, sql);
    const before = readFileSync(file);
    expect(problemsOf(file)).toContainEqual(expect.stringMatching(words));
    expect(readFileSync(file)).toEqual(before);
    expect((await refusal(file)) !== null).toBe(startRefuses);
  });

  it('a change that leaves everything well formed, by the digest taken earlier', () => {
    const file = copy();
    edit(file, "UPDATE events SET data = replace(data, 'Tỷ', 'Ty') WHERE position = 101");
    expect(problemsOf(file)).toEqual([]);
    expect(stored(file, digest).problems.listed).toEqual([
      expect.stringMatching(/not those that the digest/),
    ]);
  });

  it('what is no log at all', () => {
    const file = copy();
    writeFileSync(file, 'Kế hoạch '.repeat(1_000));
    expect(problemsOf(file)).toEqual([expect.stringMatching(/not a database/)]);
    writeFileSync(file, '');
    expect(problemsOf(file)).toEqual([expect.stringMatching(/empty/)]);
  });

  it('the first of many, and how many there are', () => {
    const file = copy();
    edit(file, "UPDATE events SET id = 'x'");
    const { listed, count } = stored(file, null).problems;
    expect([listed.length, count]).toEqual([20, EVENTS]);
  });
});

describe('damage at a random place', () => {
  const seed = randomInt(2 ** 31);

  /** Finds the damage, or nothing of the log is damaged; what start refuses has a name. */
  const expectFound = async (what: string, file: string): Promise<'found' | 'harmless'> => {
    const label = `seed ${seed}: ${what}`;
    const { listed } = stored(file, digest).problems;
    const refused = await refusal(file);
    if (listed.length > 0) return 'found';
    expect([label, refused]).toEqual([label, null]);
    expect(logOf(file)).toEqual(logOf(clean));
    rmSync(file);
    return 'harmless';
  };

  const flip = (file: string, bytes: Buffer, bit: number): void => {
    const damaged = Buffer.from(bytes);
    damaged.writeUInt8(damaged.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    writeFileSync(file, damaged);
  };

  it('is found: one bit', async () => {
    const random = new Random(seed, 1);
    const bytes = readFileSync(clean);
    const outcomes: string[] = [];
    for (let n = 0; n < 60; n++) {
      const bit = random.int(0, bytes.length * 8 - 1);
      const file = copy();
      flip(file, bytes, bit);
      outcomes.push(await expectFound(`bit ${bit}`, file));
    }
    expect(outcomes.filter((outcome) => outcome === 'found').length).toBeGreaterThan(10);
  }, 120_000);

  it('is found: one bit of the header', async () => {
    const random = new Random(seed, 2);
    const bytes = readFileSync(clean);
    for (let byte = 0; byte < HEADER_BYTES; byte++) {
      const bit = byte * 8 + random.int(0, 7);
      const file = copy();
      flip(file, bytes, bit);
      await expectFound(`bit ${bit}`, file);
    }
  }, 120_000);

  it('is found: an end that is cut off', async () => {
    const random = new Random(seed, 3);
    const { length } = readFileSync(clean);
    for (let n = 0; n < 20; n++) {
      const file = copy();
      const left = n === 0 ? 0 : random.int(1, length - 1);
      truncateSync(file, left);
      expect([seed, left, await expectFound(`cut at ${left}`, file)]).toEqual([seed, left, 'found']);
    }
  }, 120_000);

  it('is found: pages torn, zeroed, or in the place of others', async () => {
    const random = new Random(seed, 4);
    const bytes = readFileSync(clean);
    const pages = bytes.length / PAGE_BYTES;
    for (let n = 0; n < 30; n++) {
      const damaged = Buffer.from(bytes);
      const at = random.int(0, pages - 1) * PAGE_BYTES;
      const half = random.int(0, 1) * (PAGE_BYTES / 2);
      if (n % 3 === 0) damaged.fill(0, at + half, at + PAGE_BYTES);
      else if (n % 3 === 1) damaged.fill(random.int(1, 255), at + half, at + PAGE_BYTES);
      else bytes.copy(damaged, at + half, random.int(0, pages - 1) * PAGE_BYTES + half);
      const file = copy();
      writeFileSync(file, damaged.subarray(0, bytes.length));
      await expectFound(`tear ${n} at ${at}`, file);
    }
  }, 120_000);
});

describe('so-cai doctor', () => {
  const folder = join(root, 'ledger');
  const env = { DATA_DIR: folder, SO_CAI_LOAD: '' };
  let server: Program | null = null;
  afterAll(async () => {
    await server?.stop('SIGKILL');
  });

  it('finds nothing wrong with what the server wrote, beside it too, and takes a digest again', async () => {
    expect((await soCai(['import', TABLES], env)).code).toBe(0);
    const alone = await soCai(['doctor'], env);
    expect([alone.code, alone.err]).toEqual([0, '']);
    expect(alone.out).toMatch(/events\.db: 21 events in 8 streams[\s\S]*\nNothing is wrong\.\n$/);
    const taken = /digest (\S+)/.exec(alone.out)?.[1] ?? '';
    server = startServer(env);
    await caughtUp(await server.opened(), (await tokensOf(folder)).admin);
    const beside = await soCai(['doctor', '--digest', taken], env);
    expect([beside.code, beside.err]).toEqual([0, '']);
    expect(beside.out).toMatch(/read\.db: \d+ projections, up to date\nNothing is wrong\.\n$/);
    const other = taken.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    const differs = await soCai(['doctor', '--digest', other], env);
    expect([differs.code, differs.out]).toEqual([
      1,
      expect.stringMatching(/WRONG.*digest[\s\S]*Something is wrong/),
    ]);
    expect((await soCai(['doctor', '--digest', 'x'], env)).err).toMatch(/^A digest is .*\n$/);
    expect((await server.stop()).code).toBe(0);
    server = null;
  });

  it('says what becomes of the read models', async () => {
    const read = join(folder, 'read.db');
    const sound = readFileSync(read);
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${read}${suffix}`, { force: true });
    expect(await examineFolder(folder, null)).toMatchObject({
      sound: true,
      lines: expect.arrayContaining([expect.stringMatching(/read\.db: missing\. It is built anew/)]),
    });
    writeFileSync(read, sound.subarray(0, sound.length / 2));
    expect(await examineFolder(folder, null)).toMatchObject({
      sound: false,
      lines: expect.arrayContaining([
        expect.stringMatching(/deletes a damaged read\.db when it starts, and builds it anew/),
      ]),
    });
    writeFileSync(read, sound);
    edit(read, 'PRAGMA application_id = 7');
    expect(await examineFolder(folder, null)).toMatchObject({
      sound: false,
      lines: expect.arrayContaining([
        expect.stringMatching(/read\.db: WRONG: it is a database of something else/),
      ]),
    });
    writeFileSync(read, sound);
    edit(join(folder, 'events.db'), 'DELETE FROM events WHERE position = 21');
    expect(await examineFolder(folder, null)).toMatchObject({
      sound: false,
      lines: expect.arrayContaining([
        expect.stringMatching(/read\.db: WRONG: \S+ has folded the log up to 0*21/),
      ]),
    });
  });

  it('says in one line when there is nothing to examine', async () => {
    const { code, out, err } = await soCai(['doctor'], { DATA_DIR: join(root, 'khong-co') });
    expect([code, out, err]).toEqual([1, '', expect.stringMatching(/^There is no .*events\.db\.\n$/)]);
  });
});

describe('a start on a damaged log', () => {
  it('is refused in one line that says what to do', async () => {
    const file = copy();
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0xa5, 3 * PAGE_BYTES, 9 * PAGE_BYTES));
    const { code, out, err } = await startServer({ DATA_DIR: join(file, '..'), SO_CAI_LOAD: '' }).ran();
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^\S+events\.db is damaged \(.*\): "so-cai doctor" says more.*\n$/);
    expect(readFileSync(file)).toEqual(bytes);
  });
});
