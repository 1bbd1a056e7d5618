import { closeSync, fsyncSync, openSync } from 'node:fs';
import { openToRead } from './reading.js';

/**
 * Copies a file, as it stands at one moment, into a new file that needs no other beside it; the copy is on
 * the disk when this returns. Writers go on meanwhile; their write-ahead log grows until the copy is done.
 * @throws CannotOpen, or better-sqlite3's SqliteError
 */
export const copyDatabase = (file: string, to: string): void => {
  const reading = openToRead(file);
  try {
    // One statement is one snapshot; page by page, SQLite's other way begins anew whenever somebody writes.
    reading.database.prepare('VACUUM INTO ?').run(to);
  } finally {
    reading.close();
  }
  toDisk(to);
};

/** Makes what was written to a file, or the names in a folder, survive a power cut. */
export const toDisk = (path: string): void => {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};
