import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';

export type Connection = Database.Database;

/** How long a connection waits for another's lock (a backup's, a recovery's), in milliseconds. */
export const BUSY_TIMEOUT_MS = 2_000;

export interface Shape {
  /** Marks a file as ours (`PRAGMA application_id`). */
  readonly applicationId: number;
  /** Version of the tables (`PRAGMA user_version`). */
  readonly version: number;
  readonly schema: string;
  /** FULL: a commit that returned survives a power cut. NORMAL: the last ones may be lost, never half. */
  readonly synchronous: 'FULL' | 'NORMAL';
  /** Pages of the write-ahead log before it is copied back into the file. */
  readonly checkpointPages: number;
  /** Memory for pages of the file at most, in KiB; taken as they are read. */
  readonly cacheKiB: number;
}

/** The file is a database, but not one of ours. It is left alone. */
export class ForeignDatabase extends Error {
  override readonly name = 'ForeignDatabase';
}

/** The file is ours, with tables that this version does not know. */
export class OtherVersion extends Error {
  override readonly name = 'OtherVersion';
}

/**
 * Opens a file of a shape, creating it (and its folder) when it is missing.
 * @throws ForeignDatabase, OtherVersion, or better-sqlite3's SqliteError
 */
export const openDatabase = (file: string, shape: Shape): Connection => {
  mkdirSync(dirname(file), { recursive: true });
  let database: Connection | undefined;
  try {
    database = new Database(file, { timeout: BUSY_TIMEOUT_MS });
    assertOurs(database, file, shape);
    configure(database, shape);
    const open = database;
    database.transaction(() => createTables(open, shape)).immediate();
    return database;
  } catch (error) {
    database?.close();
    throw naming(file, error);
  }
};

/** What may be the matter with a file that SQLite cannot open or write, by how its code begins. */
const MATTERS: readonly (readonly [code: string, words: string])[] = [
  ['SQLITE_CANTOPEN', 'whoever runs this must be able to write it and its folder'],
  ['SQLITE_READONLY', 'whoever runs this must be able to write it and its folder'],
  ['SQLITE_FULL', 'the disk is full'],
];

/** An error of SQLite about a file that cannot be written, which itself says neither which file nor what to do; any other as it is. */
export const naming = (file: string, error: unknown): unknown => {
  for (const [code, words] of MATTERS)
    if (isSqliteError(error, code)) error.message = `${file} cannot be written (${error.message}): ${words}`;
  return error;
};

/**
 * Whether an error comes from SQLite or its disk; with prefixes, whether its code begins with one of them. Told by the
 * code and not by the class: the native addon throws the class of whichever copy of the library a process loaded first.
 */
export const isSqliteError = (
  error: unknown,
  ...prefixes: readonly string[]
): error is Error & { readonly code: string } => {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  const { code } = error;
  if (typeof code !== 'string' || !code.startsWith('SQLITE_')) return false;
  return prefixes.length === 0 || prefixes.some((prefix) => code.startsWith(prefix));
};

const pragma = (database: Connection, name: string): unknown => database.pragma(name, { simple: true });

const assertOurs = (database: Connection, file: string, shape: Shape): void => {
  const id = pragma(database, 'application_id');
  const version = pragma(database, 'user_version');
  const tables = database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get();
  if (id === 0 && version === 0 && tables === 0) return;
  if (id !== shape.applicationId) throw new ForeignDatabase(`${file} is a database of something else`);
  if (version !== shape.version) {
    throw new OtherVersion(
      `${file} has tables of version ${version}; this program knows version ${shape.version}`,
    );
  }
};

const configure = (database: Connection, shape: Shape): void => {
  expectPragma(database, 'journal_mode', 'WAL', 'wal');
  // better-sqlite3 is compiled with NORMAL for the write-ahead log: asked for, then read back.
  expectPragma(database, 'synchronous', shape.synchronous, shape.synchronous === 'FULL' ? 2 : 1);
  expectPragma(database, 'wal_autocheckpoint', shape.checkpointPages, shape.checkpointPages);
  expectPragma(database, 'cache_size', -shape.cacheKiB, -shape.cacheKiB);
  // Elsewhere without effect; on macOS a plain fsync leaves the data in the drive's cache.
  if (shape.synchronous === 'FULL') expectPragma(database, 'fullfsync', 1, 1);
};

const expectPragma = (
  database: Connection,
  name: string,
  value: string | number,
  readBack: unknown,
): void => {
  database.pragma(`${name} = ${value}`);
  const actual = pragma(database, name);
  if (actual !== readBack) throw new Error(`PRAGMA ${name} is ${actual}, not ${value}, in ${database.name}`);
};

const createTables = (database: Connection, shape: Shape): void => {
  if (pragma(database, 'application_id') === shape.applicationId) return;
  database.exec(shape.schema);
  database.pragma(`application_id = ${shape.applicationId}`);
  database.pragma(`user_version = ${shape.version}`);
};
