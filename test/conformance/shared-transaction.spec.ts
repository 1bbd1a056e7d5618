import { describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { SharedTransaction } from '../../src/adapters/sqlite/shared-transaction.js';

const setUp = () => {
  const database = new Database(':memory:');
  database.exec('CREATE TABLE t (n INTEGER PRIMARY KEY)');
  let transactions = 0;
  const shared = new SharedTransaction((work) => {
    transactions += 1;
    database.transaction(work).immediate();
  });
  const insert = database.prepare<[number]>('INSERT INTO t VALUES (?)');
  return {
    count: () => transactions,
    numbers: () => database.prepare<[], number>('SELECT n FROM t').pluck().all(),
    write: (n: number) => shared.run(() => void insert.run(n)),
  };
};

describe('a shared transaction', () => {
  it('is one for all that is written in a turn, and another for what comes later', async () => {
    const { write, numbers, count } = setUp();
    await Promise.all([write(1), write(2), write(3)]);
    expect([numbers(), count()]).toEqual([[1, 2, 3], 1]);
    await write(4);
    expect([numbers(), count()]).toEqual([[1, 2, 3, 4], 2]);
  });

  it('takes nobody along where one of them fails', async () => {
    const { write, numbers } = setUp();
    const outcomes = await Promise.allSettled([write(1), write(2), write(1), write(3)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[2]).toMatchObject({ reason: { code: 'SQLITE_CONSTRAINT_PRIMARYKEY' } });
    expect(numbers()).toEqual([1, 2, 3]);
  });
});
