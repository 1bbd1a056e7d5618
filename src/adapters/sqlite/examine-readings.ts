import { ACCESS_SHAPE } from './access-log.js';
import { Problems, pageFaults, readOnly } from './examine.js';

/** Reads the record of who read what without writing: what is wrong with it, and how many readings it holds. */
export const examineReadings = (file: string): { readonly problems: Problems; readonly readings: number } => {
  const problems = new Problems();
  let readings = 0;
  readOnly(file, ACCESS_SHAPE, problems, (database) => {
    for (const line of pageFaults(database)) problems.add(line);
    const number = (sql: string) => (database.prepare<[], number>(sql).pluck().get() ?? 0) as number;
    readings = number('SELECT count(*) FROM readings');
    // Places are given one after the other, and never again.
    const given = number("SELECT seq FROM sqlite_sequence WHERE name = 'readings'");
    if (given !== readings) problems.add(`${given} readings were recorded, and ${readings} are there`);
  });
  return { problems, readings };
};
