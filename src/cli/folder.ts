import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Writing } from '../application/handle.js';
import { type LoadResult, load } from '../application/load/load.js';
import type { Files } from '../application/load/tables.js';
import type { Actor } from '../domain/message.js';
import { Impossible } from './impossible.js';

/** Who loads a folder when nobody is signed in: the person at the server. */
export const IMPORTER: Actor = {
  subject: 'so-cai import',
  name: 'Import at the server',
  role: 'system',
  agencyId: null,
};

/** Writes a line for the person at the console, on standard error: standard output is for what was asked. */
export const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** The tables of a folder, by their path in it. @throws Impossible when there is no such folder */
export const readFolder = async (folder: string): Promise<Files> => {
  const files = new Map<string, string>();
  const paths = await readdir(folder, { recursive: true }).catch(() => {
    throw new Impossible(`${folder} is no folder that can be read.`);
  });
  for (const path of paths.sort()) {
    // Also one that is written otherwise than its table, so that the load says so.
    if (path.toLowerCase().endsWith('.csv'))
      files.set(path.split(sep).join('/'), await readFile(join(folder, path), 'utf8'));
  }
  return files;
};

/** Loads a folder into an open ledger, saying how far it is. @throws NotEmpty where it is only to fill one */
export const loadFolder = async (
  writing: Writing,
  folder: string,
  actor: Actor,
  { dryRun, onlyFill = false }: { readonly dryRun: boolean; readonly onlyFill?: boolean },
): Promise<LoadResult> => {
  const files = await readFolder(folder);
  let shown = 0;
  const onProgress = (done: number, of: number) => {
    const tenth = Math.floor((10 * done) / of);
    if (tenth === shown) return;
    shown = tenth;
    say(`loading ${folder}: ${tenth * 10} %`);
  };
  return load(writing, files, actor, { dryRun, onlyFill, onProgress });
};

/** What a load did, and every problem, for the person at the console. */
export const shown = ({ plans, problems }: LoadResult): void => {
  for (const { planId, state, indicators, tasks, events } of plans) {
    const wrote = state === 'loaded' || state === 'unchanged' ? '' : 'would write ';
    say(`${planId}: ${state}, ${indicators} indicators, ${tasks} tasks, ${wrote}${events} events`);
  }
  for (const { file, row, column, message } of problems)
    say(
      [file, row === null ? '' : ` row ${row}`, column === null ? '' : `, ${column}`, `: ${message}`].join(
        '',
      ),
    );
};
