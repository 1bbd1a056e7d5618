import { afterAll, beforeAll } from '@jest/globals';
import { Redis } from 'ioredis';
import { describeWith } from '../servers.js';
import { canStartRedis, RedisServer } from './server.js';

/** Describes tests that start a Redis server, or two. */
export const describeWithRedisServer = (tests: () => void): void =>
  describeWith('a Redis server', canStartRedis(), 'install redis-server', tests);

/** Describes tests for which any Redis server will do: the one that REDIS_URL names, else one that they start. */
export const describeWithRedis = (tests: (url: () => string) => void): void => {
  const given = process.env['REDIS_URL'];
  const need = 'install redis-server, or set REDIS_URL';
  describeWith('Redis', given !== undefined || canStartRedis(), need, () => {
    let server: RedisServer | null = null;
    beforeAll(async () => {
      if (given === undefined) server = await RedisServer.start();
    });
    afterAll(() => server?.close());
    tests(() => given ?? (server as RedisServer).url);
  });
};

/** Removes what queues of a prefix left on a server. */
export const forget = async (url: string, prefix: string): Promise<void> => {
  const redis = new Redis(url);
  for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1_000 }))
    if (keys.length > 0) await redis.del(...(keys as string[]));
  redis.disconnect();
};
