import { rmSync, statSync } from 'node:fs';
import { type Connection, isSqliteError, OtherVersion, openDatabase } from './database.js';

/** What `read.db` is. */
export const READ_SHAPE = {
  applicationId: 0x53435264,
  version: 3,
  // What a power cut takes from it is folded again from the log.
  synchronous: 'NORMAL',
  checkpointPages: 16_384,
  // SQLite looks through all of it at many commits; what it does not hold, the system's cache does.
  cacheKiB: 8_192,
  schema: `
    CREATE TABLE builds (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      collection TEXT NOT NULL,
      fields TEXT NOT NULL,
      live INTEGER NOT NULL,
      checkpoint TEXT,
      mark TEXT,
      faults TEXT NOT NULL DEFAULT '[]'
    ) STRICT;
    CREATE UNIQUE INDEX one_live_build ON builds (collection) WHERE live = 1;`,
} as const;

/** Found by SQLite's own check of the file. */
class DamagedFile extends Error {
  override readonly name = 'DamagedFile';
}

/** Opens the file, creating it when it is missing. @throws what it is when it is damaged, ForeignDatabase, OtherVersion */
export const openSound = (file: string, check: boolean): Connection => {
  const database = openDatabase(file, READ_SHAPE);
  if (!check) return database;
  try {
    const found = database.pragma('quick_check(1)', { simple: true });
    if (found !== 'ok') throw new DamagedFile(`${file} is damaged: ${found}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};

/** How large it is; 0 where it is missing: it may be deleted while it is used. */
export const bytesOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

export const deleteFile = (file: string): void => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
};

/** What SQLite says of pages that are not what it wrote. */
export const DAMAGE = ['SQLITE_CORRUPT', 'SQLITE_NOTADB'] as const;

/** Whether a file that cannot be opened is to be deleted and folded anew. */
export const isDamage = (error: unknown): error is Error =>
  error instanceof DamagedFile ||
  error instanceof OtherVersion ||
  isSqliteError(error, ...DAMAGE, 'SQLITE_IOERR');
