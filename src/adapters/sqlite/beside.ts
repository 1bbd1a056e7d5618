import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';

const SQLITE = createRequire(import.meta.url).resolve('better-sqlite3');

/** What SQLite does with a file in a Node.js of its own, beside whoever uses the file. */
export interface Beside {
  /** What it found; null when that is nothing, or it was broken off. Rejects when it cannot be done. */
  readonly found: Promise<string | null>;
  /** Breaks it off; resolves when nothing of it holds the file any more. */
  stop(): Promise<void>;
}

/**
 * Table by table, so that no snapshot is held for long: the write-ahead log can be copied back in between. A table that is
 * gone by its turn was thrown away.
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
if (found !== 'ok') process.stdout.write(found);
`;

const INDEX = `
const [, sqlite, file, checkpointPages, ...statements] = process.argv;
const database = new (require(sqlite))(file, { fileMustExist: true });
database.pragma('wal_autocheckpoint = ' + checkpointPages);
for (const sql of statements) database.exec(sql);
database.close();
`;

/**
 * Lets SQLite check a database with low priority: it reads the file from end to end, and neither holds up this process nor
 * has to be waited for when this one ends.
 */
export const checkBeside = (file: string): Beside => beside(CHECK, [file]);

/** Lets SQLite make indexes: nobody else can write to the file meanwhile, and who reads it is not held up. */
export const indexBeside = (file: string, checkpointPages: number, statements: readonly string[]): Beside =>
  beside(INDEX, [file, String(checkpointPages), ...statements]);

const beside = (script: string, args: readonly string[]): Beside => {
  let stopped = false;
  const child = execFile(process.execPath, ['-e', script, SQLITE, ...args]);
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
    return said === '' ? null : said;
  });
  const stop = async () => {
    stopped = true;
    child.kill('SIGKILL');
    await ended.catch(() => undefined);
  };
  return { found, stop };
};
