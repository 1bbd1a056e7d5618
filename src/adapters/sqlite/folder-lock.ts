import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type Connection, isSqliteError, naming } from './database.js';

/** Another process (or this one, before) has opened the events of the folder. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse';
}

export interface FolderLock {
  release(): void;
}

/**
 * Makes this process the only writer of a folder until it releases the lock or ends, however it ends.
 *
 * The lock is an exclusive transaction on a database of its own, `lock.db`, that is never written: the operating system
 * drops it with the process, and `events.db` itself stays free for read-only connections beside the writer.
 * @throws FolderInUse at once, without waiting
 */
export const lockFolder = (folder: string): FolderLock => {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'lock.db');
  let database: Connection | undefined;
  try {
    database = new Database(file, { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
    const held = database;
    return { release: () => held.close() };
  } catch (error) {
    database?.close();
    if (isSqliteError(error, 'SQLITE_BUSY')) throw new FolderInUse(`${folder} is in use by another process`);
    throw naming(file, error);
  }
};
