export const MAX_ATTEMPTS = 100;
/** Longest wait before another attempt, in milliseconds. */
export const MAX_BACKOFF_MS = 3_600_000;
/** Most jobs of one name that wait or run at once; one more is refused with an error. */
export const MAX_WAITING_JOBS = 10_000;
/** Longest time between scheduled repeats, in milliseconds. */
export const MAX_EVERY_MS = 86_400_000;

/** A job is only a wake-up: what is left to do is always derived from the event log. */
export interface JobOptions {
  /** A second job with the key of one that waits or runs is not added. */
  readonly key: string;
  /** Attempts before the job is given up; default 1, at most MAX_ATTEMPTS. */
  readonly attempts?: number;
  /** Wait before the second attempt, in milliseconds (default 0); doubled for each further one, to at most MAX_BACKOFF_MS. */
  readonly backoffMs?: number;
}

/** `waiting` also stands for a job that waits for its next attempt. */
export type JobState = 'waiting' | 'running' | 'done' | 'failed';

export interface JobStatus {
  readonly name: string;
  readonly key: string;
  readonly state: JobState;
  /** What the handler last said of its progress. */
  readonly progress: Readonly<Record<string, number | string | null>> | null;
  /** Attempts begun so far. */
  readonly attempts: number;
  /** Message of the last failure, or null. */
  readonly error: string | null;
}

export interface JobContext {
  readonly key: string;
  progress(progress: Readonly<Record<string, number | string | null>>): void;
  /** Aborts when the queue closes: a long job then ends early, and the log says what is left. */
  readonly signal: AbortSignal;
}

/** A rejection is a failed attempt. */
export type JobHandler = (context: JobContext) => Promise<void>;

/** Jobs of one name run one at a time, first come first served; other names run beside them. A wait for another attempt holds up nobody. */
export interface JobQueue {
  /** Declares, once, who does the jobs of a name; jobs added before wait for it. */
  work(name: string, handler: JobHandler): void;
  /**
   * Adds a job; false when one with this name and key already waits or runs, or the queue is closed.
   * @throws RangeError (options out of range), JobsUnavailable
   */
  add(name: string, options: JobOptions): Promise<boolean>;
  /**
   * The last known status of a job, or undefined when it was never added (or is forgotten).
   * @throws JobsUnavailable
   */
  status(name: string, key: string): Promise<JobStatus | undefined>;
  /**
   * Adds a job of this name and key now and again and again, `everyMs` apart, until the queue closes. A repeat whose
   * predecessor still waits or runs is left out; a second schedule of this name and key replaces the first. Where several
   * processes have the same schedule, a repeat is added by one of them.
   * @throws RangeError, JobsUnavailable: then nothing is scheduled
   */
  schedule(name: string, options: JobOptions & { readonly everyMs: number }): Promise<void>;
  /** Resolves when a job can be added: a server that only answers is not enough. @throws JobsUnavailable */
  ready(): Promise<void>;
  /** Resolves when nothing waits or runs (scheduled repeats aside). */
  idle(): Promise<void>;
  /**
   * Takes no more jobs, leaves those that wait to other processes (or drops them, where there are none), aborts the
   * signal of the running ones, and resolves when they have ended.
   */
  close(): Promise<void>;
}

/** The queue cannot be asked now. Whether a job was added is not known; what is left to do, the log knows. */
export class JobsUnavailable extends Error {
  override readonly name = 'JobsUnavailable';
}
