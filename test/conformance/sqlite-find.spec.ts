import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { tableOf } from '../../src/adapters/sqlite/build.js';
import { findSql } from '../../src/adapters/sqlite/find-sql.js';
import { SqliteReadModels } from '../../src/adapters/sqlite/read-models.js';
import { collectionOf } from '../../src/application/collection.js';
import { PROJECTIONS } from '../../src/ledger.js';
import type { Find } from '../../src/ports/read-models.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const equals = (value: string) => ({ equals: value });
const [AFTER, FIRST] = [{ key: 'kh-1/1', value: '00000000000000000007' }, { field: 'first' }];

const [NEWEST, BEFORE] = [{ field: 'first', descending: true }, { to: AFTER.value }];

/** What the product asks of read models that grow with the log, and where SQLite is to find it. */
const QUESTIONS: readonly [projection: string, query: Partial<Find>, found: RegExp][] = [
  ['measurement-history', { prefix: 'kh-1/' }, /autoindex.*key>\? AND key<\?/],
  ['measurement-history', { prefix: 'kh-1/', where: { state: equals('reported') } }, /autoindex.*key>\?/],
  [
    'measurement-history',
    { where: { state: equals('reported') }, sort: FIRST, after: AFTER },
    /f1=\? AND f4>\?/,
  ],
  ['measurement-history', { where: { agencyId: equals('a') }, sort: FIRST, after: AFTER }, /f0=\? AND f4>\?/],
  [
    'measurement-history',
    { where: { reportedBy: equals('hoa') }, sort: FIRST, after: AFTER },
    /f2=\? AND f4>\?/,
  ],
  ['measurement-history', { where: { first: { from: '' } }, sort: NEWEST }, /\(f4>\?\)/],
  ['measurement-history', { where: { first: BEFORE }, sort: NEWEST, after: AFTER }, /\(f4<\?\)/],
  [
    'measurement-history',
    { where: { state: equals('reported'), first: BEFORE }, sort: NEWEST, after: AFTER },
    /f1=\? AND f4<\?/,
  ],
  [
    'measurement-history',
    { prefix: 'kh-1/', where: { first: BEFORE }, sort: NEWEST, after: AFTER },
    /autoindex.*key>\? AND key<\?/,
  ],
  ['indicator-status', { prefix: 'kh-1/', sort: { field: 'order' } }, /autoindex.*key>\? AND key<\?/],
  ['task-status', { prefix: 'kh-1/', sort: { field: 'order' } }, /autoindex.*key>\? AND key<\?/],
  ['agency-portfolio', { prefix: 'a|', where: { heldUntil: { from: '2030-01-01' } } }, /autoindex.*key>\?/],
  ['audit-trail', { where: { planId: equals('kh-1') }, after: AFTER }, /f0=\? AND key>\?/],
  ['audit-trail', { where: { planId: equals('kh-1') }, sort: { descending: true } }, /f0=\?\)$/],
  ['audit-trail', { where: { causationId: equals('x') } }, /f1=\?/],
  ['audit-trail', { where: { commandId: equals('x') } }, /f2=\?/],
  ['audit-trail', { where: { parent: equals('kh-1/1') } }, /f3=\?/],
];

describe('what is asked of read.db', () => {
  const file = join(temporaryFolder(), 'read.db');
  let models: SqliteReadModels;
  let database: Database.Database;

  beforeAll(async () => {
    models = SqliteReadModels.open(file, (_, reason) => {
      throw new Error(reason);
    });
    for (const projection of PROJECTIONS) await models.live(collectionOf(projection));
    database = new Database(file, { readonly: true });
  });

  afterAll(async () => {
    database.close();
    await models.close();
  });

  it.each(QUESTIONS)('is found by an index of %s: %j', (name, query, found) => {
    const projection = PROJECTIONS.find((one) => one.name.startsWith(`${name}.`));
    if (!projection) throw new Error(`there is no projection ${name}`);
    const collection = collectionOf(projection);
    const number = database
      .prepare<[string], number>('SELECT number FROM builds WHERE collection = ?')
      .pluck()
      .get(collection.name) as number;
    const { text, values } = findSql(collection, { where: {}, limit: 100, ...query });
    const steps = database
      .prepare<unknown[], { detail: string }>(
        `EXPLAIN QUERY PLAN SELECT key, json FROM ${tableOf(collection.name, number)} ${text}`,
      )
      .all(...values)
      .map(({ detail }) => detail);
    expect(steps[0]).toMatch(found);
    expect(steps.join('\n')).not.toMatch(/SCAN/);
  });
});
