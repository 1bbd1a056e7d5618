import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { Program } from '../support/program.js';
import { checkReplays, checkRows, LogCheck } from './checks.js';
import { type Api, Clients } from './clients.js';
import { copyAsLeft, isHalfCheckpointed, logOf, rowsOf, unfinishedBuild } from './files.js';
import { Random } from './random.js';
import { askRebuilds, caughtUp, startOn, tokensOf } from './server.js';

const CLIENTS = 6;
/** Longest time that clients write before a kill, in milliseconds. */
const MAX_LOAD_MS = 500;
/** Longest time that rebuilds run before a kill, in milliseconds. */
const MAX_REBUILD_MS = 250;
/** Acknowledged commands that are sent again in each round. */
const REPLAYS_A_ROUND = 20;
/** The read models are compared with a rebuild after so many kills, and at the end. */
const COMPARE_EVERY = 25;
/** What a start takes until the first one was timed, in milliseconds. */
const FIRST_START_MS = 1_500;
/** Longest wait for a checkpoint to fall into, in milliseconds. */
const MAX_WATCH_MS = 500;
/** What a kill is to fall into: plain load four times of ten. */
const MOMENTS = [
  'start',
  'start',
  'rebuild',
  'rebuild',
  'checkpoint',
  'checkpoint',
  'load',
  'load',
  'load',
  'load',
] as const;

export interface CrashRun {
  /** An empty folder of its own. */
  readonly folder: string;
  readonly kills: number;
  /** Repeats the commands and the moments, though not what the machine makes of them. */
  readonly seed: number;
  readonly say: (line: string) => void;
}

/** How the kills fell, and what was checked. */
export interface Crashed {
  readonly acknowledged: number;
  readonly events: number;
  readonly inStart: number;
  readonly inRebuild: number;
  readonly inCheckpoint: number;
  readonly replays: number;
  readonly comparisons: number;
}

/**
 * Starts the real server again and again, lets clients write to it, and kills it; nothing that it acknowledged may be
 * lost, changed, doubled or answered otherwise, and the read models must be those of a rebuild.
 * @throws AssertionError naming what was not so
 */
export const crash = async (run: CrashRun): Promise<Crashed> => new Crash(run).run();

type Moment = (typeof MOMENTS)[number];

class Crash {
  private readonly random: Random;
  private readonly clients: Clients;
  private readonly log = new LogCheck();
  private readonly count = { inStart: 0, inRebuild: 0, inCheckpoint: 0, replays: 0, comparisons: 0 };
  private startMs = FIRST_START_MS;
  private unfinished = 0;
  private tokens = { office: '', colleague: '', admin: '' };

  constructor(private readonly options: CrashRun) {
    this.random = new Random(options.seed);
    this.clients = new Clients(options.seed, CLIENTS);
  }

  async run(): Promise<Crashed> {
    const { kills, say } = this.options;
    this.tokens = await tokensOf(this.data);
    for (let round = 1; round <= kills; round++) {
      const moment = this.moment(round);
      await this.round(round, moment);
      if (round % COMPARE_EVERY === 0) await this.compare();
      if (round % 10 === 0)
        say(`${round} kills: ${this.clients.acknowledged.length} acknowledged, ${this.log.events} events`);
    }
    await this.conclude();
    return {
      ...this.count,
      acknowledged: this.clients.acknowledged.length,
      events: this.log.events,
    };
  }

  private get data(): string {
    return join(this.options.folder, 'data');
  }

  // The first start loads the tables: it is killed for certain, so that a load is cut off.
  private moment(round: number): Moment {
    return round === 1 ? 'start' : this.random.pick(MOMENTS);
  }

  private async round(round: number, moment: Moment): Promise<void> {
    const wait = this.random.fraction();
    const server = startOn(this.data);
    try {
      if (moment === 'start') await pause(wait * this.startMs);
      else await this.load(server, round, moment, wait);
    } finally {
      await server.stop('SIGKILL');
    }
    if (moment === 'start') this.count.inStart++;
    this.look();
  }

  /** Writes, and kills the server while it does. */
  private async load(server: Program, round: number, moment: Moment, wait: number): Promise<void> {
    const api = await this.opened(server);
    await this.replay(api);
    const clients = this.clients.run(api, round);
    if (moment === 'rebuild') await askRebuilds(api.url, this.tokens.admin);
    // A refusal is an error at once, and not only after the kill.
    await Promise.race([clients, pause(wait * (moment === 'rebuild' ? MAX_REBUILD_MS : MAX_LOAD_MS))]);
    if (moment === 'checkpoint') await this.checkpointBegins();
    await server.stop('SIGKILL');
    await clients;
  }

  private async checkpointBegins(): Promise<void> {
    const deadline = Date.now() + MAX_WATCH_MS;
    const file = join(this.data, 'events.db');
    while (!isHalfCheckpointed(file) && Date.now() < deadline) await nextTurn();
  }

  private async opened(server: Program): Promise<Api> {
    const before = Date.now();
    const url = await server.opened();
    this.startMs = Date.now() - before;
    return { url, tokens: this.tokens };
  }

  private async replay(api: Api): Promise<void> {
    const { acknowledged } = this.clients;
    if (acknowledged.length === 0) return;
    const sample = Array.from({ length: REPLAYS_A_ROUND }, () => this.random.pick(acknowledged));
    await checkReplays(api, sample);
    this.count.replays += sample.length;
  }

  /** Looks at the files as the kill left them. */
  private look(): void {
    const scratch = join(this.options.folder, 'as-left');
    if (isHalfCheckpointed(join(this.data, 'events.db'))) this.count.inCheckpoint++;
    const log = logOf(copyAsLeft(this.data, 'events.db', scratch));
    this.log.check(log, this.clients.acknowledged);
    // One that an earlier kill left stays until the next rebuild of its projection.
    const unfinished = unfinishedBuild(copyAsLeft(this.data, 'read.db', scratch));
    if (unfinished > this.unfinished) this.count.inRebuild++;
    this.unfinished = Math.max(this.unfinished, unfinished);
  }

  /** The read models after all these kills, and those that a server builds from the log alone. */
  private async compare(): Promise<void> {
    const fresh = join(this.options.folder, `fresh-${this.log.events}`);
    await this.settled(this.data);
    copyAsLeft(this.data, 'events.db', fresh);
    copyAsLeft(this.data, 'issuer.json', fresh);
    await this.settled(fresh);
    checkRows(this.rows(this.data), this.rows(fresh));
    this.count.comparisons++;
  }

  private rows(folder: string): ReadonlyMap<string, string> {
    return rowsOf(copyAsLeft(folder, 'read.db', join(this.options.folder, 'as-left')));
  }

  /** Lets a server fold everything, and kills it. */
  private async settled(folder: string): Promise<void> {
    const server = startOn(folder);
    try {
      await caughtUp(await server.opened(), this.tokens.admin);
    } finally {
      await server.stop('SIGKILL');
    }
  }

  /** Sends what was never answered, then asks for every answer again. */
  private async conclude(): Promise<void> {
    const server = startOn(this.data);
    try {
      const api = await this.opened(server);
      await this.clients.settle(api);
      await checkReplays(api, this.clients.acknowledged);
      this.count.replays += this.clients.acknowledged.length;
    } finally {
      await server.stop('SIGKILL');
    }
    this.look();
    await this.compare();
  }
}
