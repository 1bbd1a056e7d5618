import { existsSync, linkSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { copyDatabase, toDisk } from '../adapters/sqlite/copy-database.js';
import { isSqliteError } from '../adapters/sqlite/database.js';
import type { Problems } from '../adapters/sqlite/examine.js';
import { examineReadings } from '../adapters/sqlite/examine-readings.js';
import { CannotOpen } from '../adapters/sqlite/reading.js';
import { ACCESS_FILE, type Diagnosis, diagnose, EVENTS_FILE } from './doctor.js';
import { Impossible } from './impossible.js';

/**
 * Copies the log of a data folder, also while a server writes to it, into a new file: one moment of it, examined, and
 * under its name only once it is whole and on the disk.
 * @throws Impossible when there is nothing to copy, or it cannot be opened, the file exists already, or what would be
 * kept is damaged
 */
export const backup = (dataDir: string, to: string): Diagnosis =>
  copied(join(dataDir, EVENTS_FILE), to, (file) => diagnose(file, null));

/** Copies in the same way the record of who read what; gives how many readings are in it. @throws Impossible, as `backup` */
export const backupReadings = (dataDir: string, to: string): number =>
  copied(join(dataDir, ACCESS_FILE), to, examineReadings).readings;

const copied = <Found extends { readonly problems: Problems }>(
  file: string,
  to: string,
  examine: (copy: string) => Found,
): Found => {
  if (!existsSync(file)) throw new Impossible(`There is no ${file}.`);
  if (existsSync(to)) throw taken(to);
  if (!statSync(dirname(to), { throwIfNoEntry: false })?.isDirectory())
    throw new Impossible(`There is no folder ${dirname(to)}.`);
  const unfinished = join(dirname(to), `.${basename(to)}.${process.pid}.part`);
  try {
    copyDatabase(file, unfinished);
    const found = examine(unfinished);
    const [first] = found.problems.listed;
    if (first !== undefined)
      throw new Impossible(`${file} is damaged, so no copy was kept (${first}): so-cai doctor says more.`);
    publish(unfinished, to);
    return found;
  } catch (error) {
    if (error instanceof CannotOpen) throw new Impossible(`${error.message}, so nothing was copied.`);
    if (isSqliteError(error)) throw new Impossible(`${file} cannot be copied to ${to}: ${error.message}.`);
    throw error;
  } finally {
    rmSync(unfinished, { force: true });
  }
};

const taken = (to: string): Impossible =>
  new Impossible(`${to} exists already: a backup never replaces a file.`);

/** Gives the file its name, unless another has taken that since; the name is on the disk too when this returns. */
const publish = (unfinished: string, to: string): void => {
  try {
    linkSync(unfinished, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw taken(to);
    // A file system without links (FAT, some shares): the small chance of a name taken meanwhile remains.
    if (existsSync(to)) throw taken(to);
    renameSync(unfinished, to);
  }
  toDisk(dirname(to));
};
