import { closeSync, copyFileSync, existsSync, mkdirSync, openSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { canonicalText } from '../../src/domain/canonical.js';

/** An event as its row holds it. */
export interface StoredEvent {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
}

/** Copies a file as a kill left it, with its write-ahead log: looking at the copy leaves the recovery to the server. */
export const copyAsLeft = (from: string, file: string, to: string): string => {
  mkdirSync(to, { recursive: true });
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(to, `${file}${suffix}`), { force: true });
  for (const suffix of ['', '-wal'])
    if (existsSync(join(from, `${file}${suffix}`)))
      copyFileSync(join(from, `${file}${suffix}`), join(to, `${file}${suffix}`));
  return join(to, file);
};

/** The whole log of a file; empty when its tables were not made yet. */
export const logOf = (file: string): readonly StoredEvent[] =>
  reading(file, (database) =>
    hasTable(database, 'events')
      ? database
          .prepare<[], StoredEvent>(
            `SELECT position, name AS stream, revision, id, type, data, metadata
             FROM events LEFT JOIN streams ON key = stream ORDER BY position`,
          )
          .all()
      : [],
  );

/** Every row of every live build as canonical JSON, by collection and key. */
export const rowsOf = (file: string): ReadonlyMap<string, string> =>
  reading(file, (database) => {
    const rows = new Map<string, string>();
    const builds = database
      .prepare<[], { name: string; number: number }>(
        'SELECT collection AS name, number FROM builds WHERE live = 1 ORDER BY collection',
      )
      .all();
    for (const { name, number } of builds)
      for (const { key, json } of database
        .prepare<[], { key: string; json: string }>(`SELECT key, json FROM "${name}@${number}"`)
        .iterate())
        rows.set(`${name} ${key}`, canonicalText(JSON.parse(json)));
    return rows;
  });

/** Number of the newest build that no reader sees yet; 0 for none. */
export const unfinishedBuild = (file: string): number =>
  reading(file, (database) =>
    hasTable(database, 'builds')
      ? (database
          .prepare<[], number>('SELECT ifnull(max(number), 0) FROM builds WHERE live = 0')
          .pluck()
          .get() ?? 0)
      : 0,
  );

// Where the index of the write-ahead log keeps, in 32 bits each, how many of its frames are copied back into the file,
// and up to which somebody has begun to (SQLite's WalCkptInfo).
const FRAMES_COPIED_AT = 96;
const FRAMES_BEGUN_AT = 128;

/** Whether a checkpoint of a file has begun and not ended: now, or when a kill fell into it. */
export const isHalfCheckpointed = (file: string): boolean => {
  const bytes = Buffer.alloc(FRAMES_BEGUN_AT + 4);
  let index: number;
  try {
    index = openSync(`${file}-shm`, 'r');
  } catch {
    return false;
  }
  try {
    if (readSync(index, bytes, 0, bytes.length, 0) < bytes.length) return false;
    return bytes.readUInt32LE(FRAMES_BEGUN_AT) > bytes.readUInt32LE(FRAMES_COPIED_AT);
  } finally {
    closeSync(index);
  }
};

const hasTable = (database: Database.Database, name: string): boolean =>
  database.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').get(name) !== undefined;

/** A file that is not there yet is read as one without tables. */
const reading = <T>(file: string, read: (database: Database.Database) => T): T => {
  const database = existsSync(file) ? new Database(file, { readonly: true }) : new Database(':memory:');
  try {
    return read(database);
  } finally {
    database.close();
  }
};
