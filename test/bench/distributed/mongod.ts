import { spawnSync } from 'node:child_process';
import { MongoMemoryReplSet } from 'mongodb-memory-server-core';

/** A replica set to measure against: the one that MONGODB_URL names, else a mongod of its own. */
export const startMongod = async (): Promise<{ readonly url: string; close(): Promise<void> }> => {
  const given = process.env['MONGODB_URL'];
  if (given !== undefined) return { url: given, close: async () => undefined };
  const systemBinary =
    process.env['MONGOMS_SYSTEM_BINARY'] ??
    spawnSync('which', ['mongod'], { encoding: 'utf8' }).stdout.trim();
  const version = /db version v(\S+)/.exec(
    spawnSync(systemBinary, ['--version'], { encoding: 'utf8' }).stdout ?? '',
  )?.[1];
  if (version === undefined)
    throw new Error('there is no mongod: install one, or name it in MONGOMS_SYSTEM_BINARY');
  const set = await MongoMemoryReplSet.create({
    binary: { systemBinary, version },
    replSet: { count: 1, storageEngine: 'wiredTiger' },
  });
  return {
    url: set.getUri(),
    close: async () => {
      await set.stop({ doCleanup: true, force: true });
    },
  };
};
