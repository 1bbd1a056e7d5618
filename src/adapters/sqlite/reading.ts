import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import { BUSY_TIMEOUT_MS, type Connection, isSqliteError } from './database.js';

/** The file cannot be opened by this user or in this place: nothing is known of what it holds. */
export class CannotOpen extends Error {
  override readonly name = 'CannotOpen';
}

/** A file that is only read. */
export interface Reading {
  readonly database: Connection;
  close(): void;
}

/**
 * Opens a file to read it. Where SQLite may not write beside it, which it must to read a write-ahead log, a file without
 * one is read from a copy.
 * @throws CannotOpen, or better-sqlite3's SqliteError for what is no sound database
 */
export const openToRead = (file: string): Reading => {
  try {
    const database = opened(file);
    return { database, close: () => database.close() };
  } catch (error) {
    if (!isSqliteError(error, 'SQLITE_CANTOPEN', 'SQLITE_READONLY')) throw error;
    const wal = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    if (wal > 0) throw cannotOpen(file, error);
    return openCopy(file);
  }
};

const openCopy = (file: string): Reading => {
  let folder: string | undefined;
  const forget = () => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  };
  try {
    folder = mkdtempSync(join(tmpdir(), 'so-cai-copy-'));
    const copy = join(folder, basename(file));
    copyFileSync(file, copy);
    const database = opened(copy);
    const close = () => {
      database.close();
      forget();
    };
    return { database, close };
  } catch (error) {
    forget();
    if (isSqliteError(error)) throw error;
    throw cannotOpen(file, error as NodeJS.ErrnoException);
  }
};

const cannotOpen = (file: string, { code, message }: NodeJS.ErrnoException): CannotOpen =>
  new CannotOpen(`${file} cannot be opened here (${code ?? message})`);

const opened = (file: string): Connection => {
  const database = new Database(file, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  try {
    // SQLite looks at what lies beside a file only when something is read of it.
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};
