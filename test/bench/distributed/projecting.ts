import { join } from 'node:path';
import { type AnyBulkWriteOperation, MongoClient } from 'mongodb';
import { columnAt } from '../../../src/adapters/checked-find.js';
import { checkedRow } from '../../../src/adapters/checked-rows.js';
import type { RowDocument } from '../../../src/adapters/mongodb/find.js';
import { MongoReadModels } from '../../../src/adapters/mongodb/read-models.js';
import { SqliteEventStore } from '../../../src/adapters/sqlite/event-store.js';
import { collectionOf } from '../../../src/application/collection.js';
import { foldLog } from '../../../src/application/fold.js';
import { PROJECTIONS } from '../../../src/ledger.js';
import { collect, type RecordedEvent } from '../../../src/ports/event-store.js';
import type { Build } from '../../../src/ports/read-models.js';
import { generate } from '../generate.js';
import { startMongod } from './mongod.js';
import { type Ratio, ratio } from './ratio.js';

type Writes = AnyBulkWriteOperation<RowDocument>[];

/** Rebuilds every projection into MongoDB; and writes the same rows in the same batches with nothing but the driver. */
export const measureProjecting = async (dir: string, turns: number, size: number): Promise<Ratio> => {
  await generate(dir, 1, size);
  const store = SqliteEventStore.open(join(dir, 'events.db'));
  const pages = await collect(store.readAll(null));
  await store.close();
  const server = await startMongod();
  const models = await MongoReadModels.open(server.url, 'bench');
  const client = new MongoClient(server.url);
  const database = client.db('bench');
  try {
    const batches = await batchesOf(pages, models);
    const indexed = await indexesOf(models);
    const rows = batches.reduce((sum, { writes }) => sum + writes.length, 0);
    return await ratio(
      'rows of all projections rebuilt into MongoDB, to bare bulkWrite of the same rows',
      turns,
      rows,
      () => rebuilt(pages, models, (build) => build),
      async () => {
        for (const { name } of PROJECTIONS) {
          const collection = database.collection<RowDocument>(`bare-${name}`);
          await collection.drop();
        }
        await Promise.all(
          indexed.map(async ({ name, indexes }) => {
            const collection = database.collection<RowDocument>(`bare-${name}`);
            for (const batch of batches)
              if (batch.name === name) await collection.bulkWrite(batch.writes, { ordered: false });
            if (indexes.length > 0) await collection.createIndexes(indexes);
          }),
        );
      },
    );
  } finally {
    await client.close();
    await models.close();
    await server.close();
  }
};

/** The indexes that the rows of each live build have. */
const indexesOf = async (models: MongoReadModels) =>
  Promise.all(
    PROJECTIONS.map(async ({ name }) => {
      const build = await models.documents.findOne({ name, live: true });
      const indexes = await models.rows(name, build?._id ?? '').indexes();
      const ofKeys = '_id_';
      return { name, indexes: indexes.filter((one) => one.name !== ofKeys).map(({ key }) => ({ key })) };
    }),
  );

/** In one pass into fresh builds, each of which is then indexed and made the live one, as a rebuild does. */
const rebuilt = async (
  pages: readonly (readonly RecordedEvent[])[],
  models: MongoReadModels,
  around: (build: Build, name: string) => Build,
): Promise<void> => {
  const targets = await Promise.all(
    PROJECTIONS.map(async (projection) => {
      const made = await models.fresh(collectionOf(projection));
      return { projection, made, build: around(made, projection.name), onFault: refuse };
    }),
  );
  const log = {
    async *readAll() {
      yield* pages;
    },
  };
  for (const outcome of (await foldLog(targets, log)) ?? [])
    if (outcome.status === 'rejected') throw outcome.reason;
  await Promise.all(
    targets.map(async ({ projection, made }) => {
      await models.prepare(made);
      await models.activate(collectionOf(projection), made);
    }),
  );
};

const refuse = ({ key, error }: { readonly key: string; readonly error: string }): never => {
  throw new Error(`cannot fold into ${key}: ${error}`);
};

/** What a rebuild writes, batch by batch. */
const batchesOf = async (
  pages: readonly (readonly RecordedEvent[])[],
  models: MongoReadModels,
): Promise<readonly { readonly name: string; readonly writes: Writes }[]> => {
  const batches: { name: string; writes: Writes }[] = [];
  await rebuilt(pages, models, (build, name) => ({
    checkpoint: () => build.checkpoint(),
    mark: () => build.mark(),
    getMany: (keys) => build.getMany(keys),
    async commit(rows, ...rest) {
      const collection = collectionOf(
        PROJECTIONS.find((one) => one.name === name) as (typeof PROJECTIONS)[number],
      );
      const writes = [...rows].flatMap(([key, row]): Writes => {
        if (!row) return [];
        const { json, values } = checkedRow(collection, key, row);
        const columns = Object.fromEntries(values.map((value, index) => [columnAt(index), value]));
        return [{ replaceOne: { filter: { _id: key }, replacement: { json, ...columns }, upsert: true } }];
      });
      if (writes.length > 0) batches.push({ name, writes });
      await build.commit(rows, ...rest);
    },
  }));
  return batches;
};
