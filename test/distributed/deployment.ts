import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import type { ProcessRole } from '../../src/config.js';
import { KurrentServer } from '../support/kurrentdb/server.js';
import { canStartMongod, Mongod } from '../support/mongod.js';
import { Program, soCai } from '../support/program.js';
import { canStartRedis, RedisServer } from '../support/redis/server.js';
import { describeWith } from '../support/servers.js';

const MAIN = join('dist', 'src', 'main.js');

/** The three servers, and processes of the product on them. */
export class Deployment {
  private readonly programs = new Set<Program>();

  private constructor(
    private readonly folder: string,
    readonly kurrentdb: KurrentServer,
    readonly mongodb: Mongod,
    readonly redis: RedisServer,
  ) {}

  static async start(): Promise<Deployment> {
    const folder = mkdtempSync(join(tmpdir(), 'so-cai-distributed-'));
    const [kurrentdb, mongodb, redis] = await Promise.all([
      new KurrentServer(join(folder, 'kurrentdb.log')).start(),
      Mongod.start(),
      RedisServer.start(),
    ]);
    return new Deployment(folder, kurrentdb, mongodb, redis);
  }

  /** What every process is told; `DATA_DIR` holds nothing but the key of the local issuer. */
  get env(): Readonly<Record<string, string>> {
    return {
      DATA_DIR: this.dataDir,
      SO_CAI_KURRENTDB_URL: this.kurrentdb.url,
      SO_CAI_MONGODB_URL: this.mongodb.url,
      SO_CAI_REDIS_URL: this.redis.url,
      SO_CAI_LOAD: join('test', 'crash', 'tables'),
      SO_CAI_LOG: 'error',
    };
  }

  get dataDir(): string {
    return join(this.folder, 'data');
  }

  /** Starts a process of some roles, and waits until it answers for its health. */
  process(...roles: readonly ProcessRole[]): Promise<Served> {
    return this.processWith({ SO_CAI_ROLES: roles.join(',') });
  }

  async processWith(env: Readonly<Record<string, string>>): Promise<Served> {
    const program = Program.start([MAIN], { ...this.env, ...env });
    this.programs.add(program);
    const said = await program.said(/(?:API|Health): (\S+)/);
    return { program, root: new URL(said).origin };
  }

  /** Runs the command line to its end. */
  soCai(...args: readonly string[]) {
    return soCai(args, this.env);
  }

  async close(): Promise<void> {
    for (const program of this.programs) await program.stop('SIGKILL');
    await this.kurrentdb.kill();
    await this.redis.close();
    await this.mongodb.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface Served {
  readonly program: Program;
  /** Its address, with nothing behind the port. */
  readonly root: string;
}

/** Describes tests of processes on all three servers. */
export const describeDistributed = (tests: () => void): void =>
  describeWith(
    'MongoDB and Redis',
    canStartMongod() && canStartRedis(),
    'install mongod and redis-server',
    () => describe('the ledger on three servers', tests),
  );
