/** A job is only a wake-up: what is left to do is always derived from the event log. */
export interface JobOptions {
  /** A second job with the key of one that waits or runs is not added. */
  readonly key: string;
  /** Attempts before the job is given up; default 1. */
  readonly attempts?: number;
  /** Wait before the second attempt, in milliseconds; doubled for each further one. */
  readonly backoffMs?: number;
}

export type JobState = 'waiting' | 'running' | 'done' | 'failed';

export interface JobStatus {
  readonly name: string;
  readonly key: string;
  readonly state: JobState;
  /** What the handler last said of its progress. */
  readonly progress: Readonly<Record<string, number | string | null>> | null;
  readonly attempts: number;
  /** Message of the last failure, or null. */
  readonly error: string | null;
}

export interface JobContext {
  readonly key: string;
  progress(progress: Readonly<Record<string, number | string | null>>): void;
  readonly signal: AbortSignal;
}

export type JobHandler = (data: unknown, context: JobContext) => Promise<void>;

export interface JobQueue {
  /** Declares who does the jobs of a name. */
  work(name: string, handler: JobHandler): void;
  /** Adds a job; false when one with this name and key already waits or runs. */
  add(name: string, data: unknown, options: JobOptions): Promise<boolean>;
  /** The last known status of a job, or undefined when it was never added (or is forgotten). */
  status(name: string, key: string): Promise<JobStatus | undefined>;
  /** Adds a job of this name and key again and again, `everyMs` apart. */
  schedule(name: string, data: unknown, options: JobOptions & { readonly everyMs: number }): Promise<void>;
  /** Resolves when nothing waits or runs (scheduled repeats aside). */
  idle(): Promise<void>;
  /** Takes no more jobs, aborts waiting retries, and resolves when the running ones have ended. */
  close(): Promise<void>;
}
