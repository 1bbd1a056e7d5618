import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Job, Queue, WaitingError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import {
  type JobHandler,
  type JobOptions,
  type JobQueue,
  type JobState,
  type JobStatus,
  JobsUnavailable,
  MAX_WAITING_JOBS,
} from '../../ports/job-queue.js';
import { assertEvery, backoffAfter, checkedJob } from '../checked-job.js';
import { end } from '../redis/connection.js';
import { type Progress, ProgressTeller } from './progress.js';
import { askingConnection, assertDatabase, assertKeepsKeys, workingConnection } from './redis.js';

/** Ended jobs of one name whose status is still known. */
const ENDED_JOBS = 1_000;
/** How long it is known which job a key had last, in seconds. */
const LAST_SECONDS = 7 * 86_400;
/** A worker that said nothing for so long is taken for dead, and its job is done again, in milliseconds. */
const LOCK_MS = 6_000;
const STALLED_CHECK_MS = 2_000;
/** How often a job may take its worker down with it before it is given up. */
const MAX_STALLED = 10;
/** Of the jobs that still fit, one in so many is added before they are counted again. */
const COUNTED_SHARE = 32;
/** With fewer left each one is counted: several may be under way at once. */
const CLOSE_TO_FULL = 1_000;
const RETRY_MS = 1_000;
const IDLE_POLL_MS = 20;
/** How long saying goodbye to a server may take that is away, in milliseconds. */
const FAREWELL_MS = 2_000;
/** How long a server keeps what it was tried with, in milliseconds. */
const READY_MS = 60_000;
/** A repeat that comes this share of the interval after another process's is left out. */
const SAME_REPEAT = 0.9;

const ACTIVE = ['wait', 'active', 'delayed', 'prioritized'] as const;

const STATES: Readonly<Record<string, JobState>> = {
  waiting: 'waiting',
  delayed: 'waiting',
  prioritized: 'waiting',
  active: 'running',
  completed: 'done',
  failed: 'failed',
};

interface Payload {
  readonly key: string;
}

interface Schedule {
  readonly timer: NodeJS.Timeout;
  /** Ends when the repeat that is being added has been. */
  adding: Promise<void>;
}

export interface BullmqOptions {
  /** What the keys in Redis begin with: queues with another one do not see each other. */
  readonly prefix: string;
  /** Hears what goes wrong in the background: a connection that is lost and sought again, a lock that is lost. */
  readonly onError: (error: Error) => void;
}

/**
 * The job queue that several processes share, on Redis by BullMQ. A name is a BullMQ queue that runs one job at a time
 * over all processes. What is scheduled is kept by the processes that want it and not in Redis, so that a server which
 * lost everything is given its jobs again.
 */
export class BullmqJobQueue implements JobQueue {
  readonly #queues = new Map<string, Promise<Queue<Payload>>>();
  readonly #workers = new Map<string, Worker<Payload>>();
  /** How many jobs of a name may be added before they are counted again. */
  readonly #uncounted = new Map<string, number>();
  readonly #schedules = new Map<string, Schedule>();
  /** What handlers do, and what is written about it. */
  readonly #running = new Set<Promise<void>>();
  readonly #telling = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  #working: Redis | undefined;
  /** The connections on which workers wait. */
  readonly #waiting: Redis[] = [];
  #closed: Promise<void> | undefined;

  private constructor(
    private readonly url: string,
    private readonly options: BullmqOptions,
    private readonly asking: Redis,
  ) {}

  /** @throws EvictingServer, BadAddress, JobsUnavailable */
  static async open(url: string, options: BullmqOptions): Promise<BullmqJobQueue> {
    const asking = askingConnection(url, options.onError);
    try {
      await assertKeepsKeys(asking);
      await assertDatabase(asking);
    } catch (error) {
      asking.disconnect();
      throw error;
    }
    return new BullmqJobQueue(url, options, asking);
  }

  work(name: string, handler: JobHandler): void {
    if (this.#workers.has(name)) throw new Error(`jobs named ${name} have a handler already`);
    this.#working ??= workingConnection(this.url, this.options.onError, (copy) => this.#waiting.push(copy));
    const worker = new Worker<Payload>(queueName(name), (job, token) => this.#attempt(job, token, handler), {
      connection: this.#working,
      prefix: this.options.prefix,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: MAX_STALLED,
      runRetryDelay: RETRY_MS,
      settings: {
        backoffStrategy: (attempts, _type, _error, job) =>
          backoffAfter(attempts, backoffOf(job?.opts.backoff)),
      },
    });
    worker.on('error', this.options.onError);
    this.#workers.set(name, worker);
  }

  async add(name: string, options: JobOptions): Promise<boolean> {
    const asked = checkedJob(options);
    if (this.#closing.signal.aborted) return false;
    const queue = await this.#queue(name);
    const { key } = asked;
    if (await this.#isFull(name, queue)) {
      if (await answered(queue.getDeduplicationJobId(key))) return false;
      throw new Error(`too many jobs named ${name} wait`);
    }
    const jobId = randomUUID();
    const adding = queue.add(
      name,
      { key },
      {
        jobId,
        attempts: asked.attempts,
        backoff: { type: 'doubled', delay: asked.backoffMs },
        deduplication: { id: key },
        removeOnComplete: ENDED_JOBS,
        removeOnFail: ENDED_JOBS,
        stackTraceLimit: 1,
      },
    );
    // Of a server that lost everything the first is forgotten too, so it is said each time.
    const [, job] = await answered(Promise.all([queue.setGlobalConcurrency(1), adding]));
    if (job.id !== jobId) return false;
    await answered(this.asking.set(this.#lastKey(name, key), jobId, 'EX', LAST_SECONDS));
    return true;
  }

  async status(name: string, key: string): Promise<JobStatus | undefined> {
    const queue = await this.#queue(name);
    const id =
      (await answered(queue.getDeduplicationJobId(key))) ??
      (await answered(this.asking.get(this.#lastKey(name, key))));
    if (!id) return undefined;
    for (;;) {
      const before = await answered(queue.getJobState(id));
      const job = await answered(queue.getJob(id));
      const state = STATES[await answered(queue.getJobState(id))];
      if (!job || !state) return undefined;
      if (STATES[before] !== state) continue;
      return {
        ...{ name, key, state },
        progress: typeof job.progress === 'object' ? (job.progress as JobStatus['progress']) : null,
        attempts: job.attemptsStarted,
        error: state === 'done' ? null : (job.failedReason ?? null),
      };
    }
  }

  async schedule(name: string, options: JobOptions & { readonly everyMs: number }): Promise<void> {
    const { everyMs } = options;
    assertEvery(everyMs);
    const at = JSON.stringify([name, options.key]);
    const replaced = this.#schedules.get(at);
    clearInterval(replaced?.timer);
    await replaced?.adding;
    await this.add(name, options);
    if (this.#closing.signal.aborted) return;
    const taken = `${this.#lastKey(name, options.key)}:repeat`;
    const apart = Math.max(1, Math.floor(everyMs * SAME_REPEAT));
    const repeat = async () => {
      if ((await this.asking.set(taken, '', 'PX', apart, 'NX')) !== null) await this.add(name, options);
    };
    const schedule: Schedule = {
      adding: Promise.resolve(),
      timer: setInterval(() => {
        // A server that is away, or a full queue, leaves this repeat out; the next one comes by itself.
        schedule.adding = repeat().catch(() => undefined);
      }, everyMs).unref(),
    };
    this.#schedules.set(at, schedule);
  }

  async ready(): Promise<void> {
    if (this.#closing.signal.aborted) throw new JobsUnavailable('the queue is closed');
    // A small write: one that was demoted, or is full, answers every question.
    await answered(this.asking.set(`${this.options.prefix}-ready`, '', 'PX', READY_MS));
  }

  async idle(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      const queues = await Promise.all(this.#queues.values());
      const counts = queues.map((queue) => queue.getJobCountByTypes(...ACTIVE));
      if ((await answered(Promise.all(counts))).every((count) => count === 0)) return;
      await pause(IDLE_POLL_MS);
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    for (const { timer } of this.#schedules.values()) clearInterval(timer);
    this.#schedules.clear();
    const workers = [...this.#workers.values()];
    const ended = Promise.allSettled(workers.map((worker) => worker.close()));
    await Promise.all(this.#running);
    // A server that is away is not waited for.
    if (this.asking.status === 'ready') {
      const queues = [...this.#queues.values()].map(async (queue) => (await queue).close());
      const farewell = Promise.all([ended, ...this.#telling, Promise.allSettled(queues)]);
      await Promise.race([farewell, pause(FAREWELL_MS, undefined, { ref: false })]);
    }
    // BullMQ leaves one that was never connected to try for ever, which would keep the process.
    for (const connection of [...this.#waiting, this.#working, this.asking]) if (connection) end(connection);
  }

  #queue(name: string): Promise<Queue<Payload>> {
    const known = this.#queues.get(name);
    if (known) return known;
    const opening = this.#open(name);
    this.#queues.set(name, opening);
    // One that did not find the server when it was made never would.
    opening.catch(() => this.#queues.delete(name));
    return opening;
  }

  async #open(name: string): Promise<Queue<Payload>> {
    // While there is no connection at all, BullMQ would wait for one.
    await answered(this.asking.ping());
    const queue = new Queue<Payload>(queueName(name), {
      connection: this.asking,
      prefix: this.options.prefix,
    });
    queue.on('error', this.options.onError);
    try {
      await answered(queue.waitUntilReady());
    } catch (error) {
      void queue.close().catch(() => undefined);
      throw error;
    }
    return queue;
  }

  #attempt(job: Job<Payload>, token: string | undefined, handler: JobHandler): Promise<void> {
    return during(this.#telling, this.#tried(job, token, handler));
  }

  async #tried(job: Job<Payload>, token: string | undefined, handler: JobHandler): Promise<void> {
    const { signal } = this.#closing;
    if (signal.aborted) return putBack(job, token);
    const { key } = job.data;
    const teller = new ProgressTeller((progress) => job.updateProgress(progress));
    try {
      const context = { key, signal, progress: (progress: Progress) => teller.tell({ ...progress }) };
      await during(this.#running, handler(context));
    } catch (error) {
      // Cut short by the stop of this process: another one does it.
      if (signal.aborted) return await putBack(job, token);
      // A plain error: BullMQ takes some names and messages for orders.
      throw new Error(error instanceof Error ? error.message : String(error));
    } finally {
      await teller.told();
    }
  }

  /** Whether as many jobs of a name wait as may. Counting costs: far from the limit not each job is counted. */
  async #isFull(name: string, queue: Queue<Payload>): Promise<boolean> {
    const uncounted = this.#uncounted.get(name) ?? 0;
    this.#uncounted.set(name, uncounted - 1);
    if (uncounted > 0) return false;
    const left = MAX_WAITING_JOBS - (await answered(queue.getJobCountByTypes(...ACTIVE)));
    this.#uncounted.set(name, Math.floor((left - CLOSE_TO_FULL) / COUNTED_SHARE));
    return left <= 0;
  }

  #lastKey(name: string, key: string): string {
    return `${this.options.prefix}-last:${queueName(name)}:${key}`;
  }
}

/** Work that is among others until it has ended, however it does. */
const during = <Answer>(all: Set<Promise<void>>, work: Promise<Answer>): Promise<Answer> => {
  const end = work.then(
    () => undefined,
    () => undefined,
  );
  all.add(end);
  void end.then(() => all.delete(end));
  return work;
};

/** BullMQ keeps colons for itself. */
const queueName = (name: string): string => encodeURIComponent(name);

const backoffOf = (backoff: number | { readonly delay?: number } | undefined): number =>
  typeof backoff === 'object' ? (backoff.delay ?? 0) : (backoff ?? 0);

const putBack = async (job: Job<Payload>, token: string | undefined): Promise<never> => {
  await job.moveToWait(token);
  throw new WaitingError();
};

const answered = async <T>(answer: Promise<T>): Promise<T> => {
  try {
    return await answer;
  } catch (error) {
    throw new JobsUnavailable(
      `Redis does not answer: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
};
