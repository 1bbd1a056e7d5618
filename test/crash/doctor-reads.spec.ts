import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { backup } from '../../src/cli/backup.js';
import { examineFile, examineFolder } from '../../src/cli/doctor.js';
import { assignTo, FIRST, found, KHCN, target } from '../application/world.js';
import { ledgers } from '../support/ledger.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const open = ledgers();
const root = temporaryFolder();
const folder = join(root, 'ledger');

beforeAll(async () => {
  const ledger = await open({ folder });
  await found(ledger.order);
  await ledger.order.indicator(FIRST, assignTo(FIRST, [KHCN]));
  await ledger.order.indicator(FIRST, target(FIRST, '≥ 80'));
  await ledger.settled();
  await ledger.close();
});

const edit = (file: string, sql: string): void => {
  const database = new Database(file);
  database.exec(sql);
  database.close();
};

let copies = 0;

/** What flips in an event and leaves its text canonical: its place by a condition, and what doctor says of it. */
const UNREAD: readonly (readonly [sql: string, words: RegExp])[] = [
  [
    "UPDATE events SET type = 'TargetSeu' WHERE position = (SELECT min(position) FROM events WHERE type = 'TargetSet')",
    /^event \d{20}: as TargetSeu it cannot be read in indicator-\S+: TypeError/,
  ],
  [
    "UPDATE events SET type = 'PlanIssuee' WHERE type = 'PlanIssued'",
    /: as PlanIssuee it cannot be read in plan-\S+$/,
  ],
  [
    "UPDATE events SET data = replace(data, '\"agencies\"', '\"agenciet\"') WHERE type = 'AgencyAssigned'",
    /: as AgencyAssigned it cannot be read in (indicator|task)-\S+: .*agencies/,
  ],
  [
    'UPDATE events SET data = replace(data, \'"role":"lead"\', \'"role":"leae"\') WHERE type = \'AgencyAssigned\'',
    /: as AgencyAssigned it cannot be read in (indicator|task)-\S+: TypeError/,
  ],
  [
    "UPDATE streams SET name = 'agencx-' || substr(name, 8) WHERE name LIKE 'agency-%'",
    /: nothing reads the stream agencx-\S+$/,
  ],
];

/** The table of the live build of a projection. */
const tableIn = (file: string, projection: string): string => {
  const database = new Database(file, { readonly: true });
  const found = database
    .prepare("SELECT collection || '@' || number FROM builds WHERE live = 1 AND collection LIKE ?")
    .pluck()
    .get(`${projection}%`);
  database.close();
  return String(found);
};

describe('doctor reads as the program does', () => {
  it.each(UNREAD)(
    'names the events that the program cannot read, and no copy is kept: %s',
    async (sql, words) => {
      const damaged = join(root, `unread-${++copies}`);
      mkdirSync(damaged);
      const file = join(damaged, 'events.db');
      copyFileSync(join(folder, 'events.db'), file);
      expect(examineFile(file, null).sound).toBe(true);
      edit(file, sql);
      const { sound, lines } = examineFile(file, null);
      expect(sound).toBe(false);
      expect(lines.flatMap((line) => line.split(' WRONG: ').slice(1))).toContainEqual(
        expect.stringMatching(words),
      );
      expect(() => backup(damaged, join(damaged, 'copy.db'))).toThrow(/is damaged, so no copy was kept/);
    },
  );

  it.each([
    [
      'a row that says something else',
      "UPDATE $ SET json = replace(json, 'Kế', 'Kê')",
      'is not what the log says',
    ],
    [
      'a row that is no JSON',
      "UPDATE $ SET json = '{' WHERE key = (SELECT min(key) FROM $)",
      'is not what the log says',
    ],
    ['a row that is found elsewhere', 'UPDATE $ SET position = 0', 'is not what the log says'],
    ['a row less', 'DELETE FROM $ WHERE key = (SELECT min(key) FROM $)', 'it has no row'],
    ['a row more', "INSERT INTO $ SELECT key || 'x', position, json FROM $", 'is of nothing in the log'],
  ])('holds the rows against the log, and names %s', async (_, sql, words) => {
    const other = join(root, `rows-${++copies}`);
    mkdirSync(other);
    for (const name of ['events.db', 'read.db']) copyFileSync(join(folder, name), join(other, name));
    expect(await examineFolder(other, null)).toMatchObject({ sound: true });
    const read = join(other, 'read.db');
    edit(read, sql.replaceAll('$', `"${tableIn(read, 'plan-overview')}"`));
    const { sound, lines } = await examineFolder(other, null);
    expect(sound).toBe(false);
    expect(lines).toContainEqual(expect.stringMatching(/read\.db: WRONG: plan-overview\.v\d+: /));
    expect(lines.join('\n')).toContain(words);
    expect(lines.at(-1)).toContain('so-cai rebuild');
  });
});
