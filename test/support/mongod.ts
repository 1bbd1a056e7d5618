import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { MongoMemoryReplSet, type MongoMemoryServer } from 'mongodb-memory-server-core';
import { describeWith } from './servers.js';

const BINARY = process.env['MONGOMS_SYSTEM_BINARY'] ?? 'mongod';
const NEED = 'install mongod 6 or later, or name it in MONGOMS_SYSTEM_BINARY';
/** A server that has not become primary by then never will, in milliseconds. */
const MAX_START_MS = 30_000;

/** Its version (`6.0.5`); undefined when it cannot be started here. */
const versionOf = (binary: string): string | undefined =>
  /db version v(\S+)/.exec(spawnSync(binary, ['--version'], { encoding: 'utf8' }).stdout ?? '')?.[1];

/** Is there a mongod on this machine that can be started? */
export const canStartMongod = (): boolean => versionOf(BINARY) !== undefined;

const pathOf = (binary: string): string =>
  binary.includes('/') ? binary : spawnSync('which', [binary], { encoding: 'utf8' }).stdout.trim();

/** A real mongod of the test's own, as a replica set of one, that can be harmed. */
export class Mongod {
  private constructor(private readonly set: MongoMemoryReplSet) {}

  static async start(): Promise<Mongod> {
    const version = versionOf(BINARY) ?? '';
    const set = await MongoMemoryReplSet.create({
      binary: { systemBinary: pathOf(BINARY), version },
      replSet: {
        count: 1,
        storageEngine: 'wiredTiger',
        args: ['--wiredTigerCacheSizeGB', '0.25', '--setParameter', 'enableTestCommands=1'],
      },
    });
    return new Mongod(set);
  }

  get url(): string {
    return this.set.getUri();
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    const { process } = this;
    const ended = once(process, 'exit');
    process.kill('SIGKILL');
    await ended;
  }

  /** Starts it again with the data it had, and waits until it takes writes. */
  async restart(): Promise<void> {
    await this.server.stop({ doCleanup: false });
    await this.server.start(true);
    await this.untilPrimary();
  }

  /** Holds it still: it accepts, and never answers. */
  mute(): void {
    this.process.kill('SIGSTOP');
  }

  unmute(): void {
    this.process.kill('SIGCONT');
  }

  /** Makes it step down, as when another member is elected; it takes writes again a little later. */
  async stepDown(): Promise<void> {
    await this.asked((client) =>
      client.db('admin').command({ replSetStepDown: 1, secondaryCatchUpPeriodSecs: 0, force: true }),
    );
    await this.untilPrimary();
  }

  async close(): Promise<void> {
    this.unmute();
    await this.set.stop({ doCleanup: true, force: true });
  }

  private get server(): MongoMemoryServer {
    const [server] = this.set.servers;
    if (!server) throw new Error('mongod was never started');
    return server;
  }

  private get process() {
    const process = this.server.instanceInfo?.instance.mongodProcess;
    if (!process) throw new Error('mongod does not run');
    return process;
  }

  private untilPrimary(): Promise<unknown> {
    return this.asked((client) => client.db('admin').command({ ping: 1 }));
  }

  private async asked<Answer>(ask: (client: MongoClient) => Promise<Answer>): Promise<Answer> {
    const client = new MongoClient(this.url, {
      serverSelectionTimeoutMS: MAX_START_MS,
      readPreference: 'primary',
    });
    try {
      return await ask(client);
    } finally {
      await client.close();
    }
  }
}

/** Describes tests that harm a mongod of their own. */
export const describeWithMongod = (tests: (server: () => Mongod) => void): void =>
  describeWith('a mongod to harm', canStartMongod(), NEED, () => {
    let server: Mongod | undefined;
    beforeAll(async () => {
      server = await Mongod.start();
    });
    afterAll(() => server?.close());
    tests(() => {
      if (!server) throw new Error('mongod was not started');
      return server;
    });
  });

/**
 * Describes tests for which any replica set will do: the one that MONGODB_URL names, else a mongod that they start.
 * Databases are named by `database()`, and dropped in the end.
 */
export const describeWithMongo = (
  tests: (mongo: { url(): string; database(place?: string): string }) => void,
): void => {
  const given = process.env['MONGODB_URL'];
  const need = `${NEED}, or a replica set in MONGODB_URL`;
  describeWith('MongoDB', given !== undefined || canStartMongod(), need, () => {
    let server: Mongod | undefined;
    const made = new Set<string>();
    const url = () => given ?? server?.url ?? '';
    beforeAll(async () => {
      if (given === undefined) server = await Mongod.start();
    });
    afterAll(async () => {
      if (server) return server.close();
      const client = new MongoClient(url());
      for (const name of made) await client.db(name).dropDatabase();
      await client.close();
    });
    const database = (place: string = randomUUID()) => {
      const name = `so-cai-test-${place}`;
      made.add(name);
      return name;
    };
    tests({ url, database });
  });
};
