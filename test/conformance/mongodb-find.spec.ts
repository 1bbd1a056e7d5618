import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { queryOf } from '../../src/adapters/mongodb/find.js';
import { MongoReadModels } from '../../src/adapters/mongodb/read-models.js';
import type { Collection, Find, Row } from '../../src/ports/read-models.js';
import { describeWithMongo } from '../support/mongod.js';

const collection: Collection = {
  name: 'figures.v1',
  fields: ['state', 'first'],
  indexed: ['state'],
  order: 'first',
};
const positionOf = (n: number): string => String(n).padStart(20, '0');
const STATE = { state: { equals: 'reported' } } as const;
const [FIRST, AFTER] = [{ field: 'first' }, { key: 'kh-2/50', value: positionOf(50) }];

const QUESTIONS: readonly [query: Partial<Find>, index: string, examined: number][] = [
  [{ prefix: 'kh-2/' }, '_id_', 100],
  [{ prefix: 'kh-2/', where: STATE, after: { key: 'kh-2/50', value: null } }, '_id_', 100],
  [{ where: STATE, sort: FIRST }, 'f0_1_f1_1__id_1', 10],
  [{ where: STATE, sort: FIRST, after: AFTER }, 'f0_1_f1_1__id_1', 15],
  [{ sort: { descending: true } }, '_id_', 10],
];

describeWithMongo(({ url, database }) =>
  describe('what is asked of MongoDB', () => {
    let models: MongoReadModels;

    beforeAll(async () => {
      models = await MongoReadModels.open(url(), database());
      const build = await models.live(collection);
      const rows = Array.from({ length: 300 }, (_, n): [string, Row] => [
        `kh-${n % 3}/${n}`,
        { position: positionOf(n), first: positionOf(n), state: 'reported' },
      ]);
      await build.commit(new Map(rows), positionOf(300));
    });

    afterAll(() => models.close());

    it.each(QUESTIONS)(
      'is found by an index, and nothing is sorted for it: %j',
      async (query, index, most) => {
        const { filter, sort, limit } = queryOf(collection, { where: {}, limit: 10, ...query });
        const { _id } = (await models.documents.findOne({ name: collection.name, live: true })) as {
          _id: string;
        };
        const rows = models.rows(collection.name, _id);
        const { queryPlanner, executionStats } = await rows.find(filter).sort(sort).limit(limit).explain();
        const plan = JSON.stringify(queryPlanner.winningPlan);
        expect(plan).toContain(`"indexName":"${index}"`);
        expect(plan).not.toMatch(/"stage":"(SORT|COLLSCAN)"/);
        expect(executionStats.totalKeysExamined).toBeLessThanOrEqual(most);
      },
    );
  }),
);
