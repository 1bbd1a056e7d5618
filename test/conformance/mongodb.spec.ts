import { MongoLeases } from '../../src/adapters/mongodb/leases.js';
import { MongoReadModels } from '../../src/adapters/mongodb/read-models.js';
import { describeWithMongo } from '../support/mongod.js';
import { describeLeases, TTL_MS } from './leases.contract.js';
import { describeReadModels } from './read-models.contract.js';

describeWithMongo(({ url, database }) => {
  describeReadModels('mongodb', (place) => MongoReadModels.open(url(), database(place)));
  describeLeases('mongodb', (place, now) =>
    MongoLeases.open(url(), TTL_MS, { database: database(place), now }),
  );
});
