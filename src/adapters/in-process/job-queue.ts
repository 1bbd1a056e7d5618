import {
  type JobHandler,
  type JobOptions,
  type JobQueue,
  type JobState,
  type JobStatus,
  JobsUnavailable,
  MAX_WAITING_JOBS,
} from '../../ports/job-queue.js';
import { assertEvery, backoffAfter, type CheckedJob, checkedJob } from '../checked-job.js';

/** Jobs that ended, and whose status is still known; the one that ended first is forgotten first. */
export const MAX_ENDED_JOBS = 1_000;

interface Job {
  readonly name: string;
  readonly asked: CheckedJob;
  state: JobState;
  attempts: number;
  progress: JobStatus['progress'];
  error: string | null;
}

/** Jobs of one name: the handler, and what waits for it. */
interface Line {
  handler: JobHandler | undefined;
  readonly waiting: Job[];
  /** Jobs that wait, for their turn or for another attempt, or run. */
  active: number;
  running: Promise<void> | undefined;
}

/** The job queue of a single process: it forgets everything when the process ends, and nothing is lost by that. */
export class InProcessJobQueue implements JobQueue {
  readonly #lines = new Map<string, Line>();
  /** Jobs that wait or run, by name and key. */
  readonly #active = new Map<string, Job>();
  readonly #ended = new Map<string, Job>();
  readonly #retries = new Set<NodeJS.Timeout>();
  readonly #schedules = new Map<string, NodeJS.Timeout>();
  readonly #closing = new AbortController();
  #idlers: (() => void)[] = [];

  work(name: string, handler: JobHandler): void {
    const line = this.#line(name);
    if (line.handler) throw new Error(`jobs named ${name} have a handler already`);
    line.handler = handler;
    this.#runNext(line);
  }

  async add(name: string, options: JobOptions): Promise<boolean> {
    const asked = checkedJob(options);
    const at = place(name, asked.key);
    if (this.#closing.signal.aborted || this.#active.has(at)) return false;
    const line = this.#line(name);
    if (line.active >= MAX_WAITING_JOBS) throw new Error(`too many jobs named ${name} wait`);
    const job: Job = { name, asked, state: 'waiting', attempts: 0, progress: null, error: null };
    this.#ended.delete(at);
    this.#active.set(at, job);
    line.active++;
    line.waiting.push(job);
    this.#runNext(line);
    return true;
  }

  async status(name: string, key: string): Promise<JobStatus | undefined> {
    const at = place(name, key);
    const job = this.#active.get(at) ?? this.#ended.get(at);
    if (!job) return undefined;
    const { state, progress, attempts, error } = job;
    return { name, key, state, progress, attempts, error };
  }

  async schedule(name: string, options: JobOptions & { readonly everyMs: number }): Promise<void> {
    const { everyMs } = options;
    assertEvery(everyMs);
    await this.add(name, options);
    if (this.#closing.signal.aborted) return;
    const at = place(name, options.key);
    clearInterval(this.#schedules.get(at));
    // A full line leaves this repeat out; the next one comes by itself.
    const repeat = () => this.add(name, options).catch(() => false);
    // A process with nothing else to do need not stay for a repeat.
    this.#schedules.set(at, setInterval(repeat, everyMs).unref());
  }

  async ready(): Promise<void> {
    if (this.#closing.signal.aborted) throw new JobsUnavailable('the queue is closed');
  }

  async idle(): Promise<void> {
    if (this.#active.size === 0) return;
    await new Promise<void>((resolve) => this.#idlers.push(resolve));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    for (const timer of this.#schedules.values()) clearInterval(timer);
    for (const timer of this.#retries) clearTimeout(timer);
    this.#schedules.clear();
    this.#retries.clear();
    for (const [at, job] of this.#active) if (job.state === 'waiting') this.#active.delete(at);
    await Promise.all([...this.#lines.values()].map(({ running }) => running));
    this.#tellIdlers();
  }

  #line(name: string): Line {
    const known = this.#lines.get(name);
    if (known) return known;
    const line: Line = { handler: undefined, waiting: [], active: 0, running: undefined };
    this.#lines.set(name, line);
    return line;
  }

  #runNext(line: Line): void {
    const { handler } = line;
    if (!handler || line.running || this.#closing.signal.aborted) return;
    const job = line.waiting.shift();
    if (!job) return;
    job.state = 'running';
    // In a later microtask: a handler that at once adds a job of its own name must find itself running.
    line.running = Promise.resolve()
      .then(() => this.#attempt(line, job, handler))
      .then(() => {
        line.running = undefined;
        this.#runNext(line);
        this.#tellIdlers();
      });
  }

  /** Never rejects. */
  async #attempt(line: Line, job: Job, handler: JobHandler): Promise<void> {
    job.attempts++;
    try {
      await handler({
        key: job.asked.key,
        signal: this.#closing.signal,
        progress: (progress) => {
          job.progress = { ...progress };
        },
      });
      job.error = null;
      this.#end(line, job, 'done');
    } catch (error) {
      job.error = error instanceof Error ? error.message : String(error);
      if (job.attempts >= job.asked.attempts || this.#closing.signal.aborted) this.#end(line, job, 'failed');
      else this.#retryLater(line, job);
    }
  }

  #retryLater(line: Line, job: Job): void {
    job.state = 'waiting';
    const timer = setTimeout(
      () => {
        this.#retries.delete(timer);
        line.waiting.push(job);
        this.#runNext(line);
      },
      backoffAfter(job.attempts, job.asked.backoffMs),
    );
    this.#retries.add(timer);
  }

  #end(line: Line, job: Job, state: 'done' | 'failed'): void {
    job.state = state;
    line.active--;
    const at = place(job.name, job.asked.key);
    this.#active.delete(at);
    this.#ended.set(at, job);
    if (this.#ended.size <= MAX_ENDED_JOBS) return;
    for (const oldest of this.#ended.keys()) {
      this.#ended.delete(oldest);
      break;
    }
  }

  #tellIdlers(): void {
    if (this.#active.size > 0) return;
    const idlers = this.#idlers;
    this.#idlers = [];
    for (const resolve of idlers) resolve();
  }
}

const place = (name: string, key: string): string => JSON.stringify([name, key]);
