import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';

const SQLITE = createRequire(import.meta.url).resolve('better-sqlite3');

/**
 * Run by a Node.js of its own. Table by table, so that no snapshot is held for long: the write-ahead log can be copied
 * back in between. A table that is gone by its turn was thrown away.
 */
const CHECK = `
const { constants, setPriority } = require('node:os');
setPriority(constants.priority.PRIORITY_LOW);
const [, sqlite, file] = process.argv;
const database = new (require(sqlite))(file, { readonly: true, fileMustExist: true });
const told = (work) => {
  try {
    return work();
  } catch (error) {
    if (/^SQLITE_(CORRUPT|NOTADB)/.test(error.code)) return error.message;
    if (error.code === 'SQLITE_ERROR') return 'ok';
    throw error;
  }
};
const tables = () => database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
const check = (table) => told(() => database.pragma('quick_check("' + table + '")', { simple: true }));
const found = told(() => tables().map(check).find((text) => text !== 'ok')) ?? 'ok';
process.stdout.write(found);
`;

/** A check of a file's pages that goes on beside whoever uses the file. */
export interface CheckBeside {
  /** What is wrong with them; null when they are sound, or the check was broken off. Rejects when it cannot be made. */
  readonly found: Promise<string | null>;
  /** Breaks it off; resolves when nothing of it holds the file any more. */
  stop(): Promise<void>;
}

/**
 * Lets SQLite check a database in a process of its own, with low priority: it reads the file from end to end, and neither
 * holds up this process nor has to be waited for when this one ends.
 */
export const checkBeside = (file: string): CheckBeside => {
  let stopped = false;
  const child = execFile(process.execPath, ['-e', CHECK, SQLITE, file]);
  const ended = once(child, 'close');
  let [said, complained] = ['', ''];
  child.stdout?.on('data', (text: string) => {
    said += text;
  });
  child.stderr?.on('data', (text: string) => {
    complained += text;
  });
  const found = ended.then(([code, signal]) => {
    if (stopped) return null;
    if (code !== 0) throw new Error(complained.trim() || `it ended with ${signal ?? code}`);
    return said === 'ok' ? null : said;
  });
  const stop = async () => {
    stopped = true;
    child.kill('SIGKILL');
    await ended.catch(() => undefined);
  };
  return { found, stop };
};
