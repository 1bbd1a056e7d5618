// What the machine and its libraries can do at all: nothing of the product runs in these loops but two projections.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { auditTrail } from '../../projections/audit-trail.js';
import { measurementHistory } from '../../projections/measurement-history.js';
import type { Projection, Row } from '../../projections/projection.js';
import { openDatabase } from '../../src/adapters/sqlite/database.js';
import { type EventRow, recorded } from '../../src/adapters/sqlite/event-log.js';
import { READ_SHAPE } from '../../src/adapters/sqlite/read-file.js';
import { MAX_PAGE_EVENTS, type RecordedEvent } from '../../src/ports/event-store.js';

/** The projections with the most rows: one an event, and one a figure. */
const LARGE: readonly Projection[] = [auditTrail, measurementHistory as Projection];

/** Seconds of processor time: another process on the machine is not measured, and waiting for the disk is not either. */
export const processorSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000_000;
};

const PAGE = `SELECT e.position, s.name, e.revision, e.id, e.type, e.data, e.metadata
  FROM events e CROSS JOIN streams s ON s.key = e.stream WHERE e.position > ? ORDER BY e.position LIMIT ?`;

/** Events a second that better-sqlite3 reads and JSON.parse parses, with nothing around them. */
export const rawRead = (file: string): number =>
  read(file, ([, , , , , data, metadata]) => {
    JSON.parse(data);
    JSON.parse(metadata);
  });

/** Events a second that are read and parsed, and folded into the largest rows, which are kept in maps. */
export const keptByHand = (file: string): number => {
  const kept = LARGE.map((projection) => ({ projection, rows: new Map<string, Row>() }));
  return read(file, (line) => {
    const event: RecordedEvent = recorded(line);
    for (const { projection, rows } of kept)
      for (const key of projection.keys(event)) projection.apply(event, key, rows);
  });
};

const read = (file: string, each: (line: EventRow) => void): number => {
  const database = new Database(file, { readonly: true });
  const page = database.prepare<[number, number], EventRow>(PAGE).raw();
  const started = processorSeconds();
  let at = 0;
  for (;;) {
    const lines = page.all(at, MAX_PAGE_EVENTS);
    for (const line of lines) each(line);
    at += lines.length;
    if (lines.length < MAX_PAGE_EVENTS) break;
  }
  const seconds = processorSeconds() - started;
  database.close();
  return at / seconds;
};

interface Table {
  readonly name: string;
  readonly sql: string;
}

/** Seconds that it takes to put the finished rows of the largest projections, as `read.db` has them, into another file, each once. */
export const putReady = (folder: string): number => {
  const file = join(folder, 'put.db');
  const from = new Database(join(folder, 'read.db'), { readonly: true });
  const into = openDatabase(file, READ_SHAPE);
  const made = from.prepare<[string, string], Table>(
    "SELECT name, sql FROM sqlite_schema WHERE type = ? AND tbl_name LIKE ? || '@%' AND sql IS NOT NULL",
  );
  let seconds = 0;
  const taking = (work: () => void): void => {
    const started = processorSeconds();
    work();
    seconds += processorSeconds() - started;
  };
  for (const { name } of LARGE) {
    for (const table of made.all('table', name)) {
      into.exec(table.sql);
      for (const page of pagesOf(from, table.name)) {
        const places = page[0]?.map(() => '?').join(', ');
        const put = into.prepare(`INSERT INTO "${table.name}" VALUES (${places})`);
        taking(into.transaction(() => page.forEach((values) => void put.run(...values))));
      }
    }
    for (const { sql } of made.all('index', name)) taking(() => into.exec(sql));
  }
  into.close();
  from.close();
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
  return seconds;
};

/** The values of a table's rows, in the order in which they were first written. */
function* pagesOf(database: Database.Database, table: string): Generator<readonly (readonly unknown[])[]> {
  const page = database
    .prepare<[number, number], [rowid: number, ...values: unknown[]]>(
      `SELECT rowid, * FROM "${table}" WHERE rowid > ? ORDER BY rowid LIMIT ?`,
    )
    .raw();
  for (let last = 0; ; ) {
    const lines = page.all(last, MAX_PAGE_EVENTS);
    if (lines.length === 0) return;
    yield lines.map(([, ...values]) => values);
    last = lines.at(-1)?.[0] ?? 0;
  }
}
