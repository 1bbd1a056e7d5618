import { type JobOptions, MAX_ATTEMPTS, MAX_BACKOFF_MS, MAX_EVERY_MS } from '../ports/job-queue.js';

export interface CheckedJob {
  readonly key: string;
  readonly attempts: number;
  readonly backoffMs: number;
}

/**
 * What every job queue refuses before anything is added, so that all refuse the same.
 * @throws RangeError
 */
export const checkedJob = (options: JobOptions): CheckedJob => {
  const { key, attempts = 1, backoffMs = 0 } = options;
  assertWithin(attempts, 1, MAX_ATTEMPTS, 'attempts');
  assertWithin(backoffMs, 0, MAX_BACKOFF_MS, 'backoffMs');
  return { key, attempts, backoffMs };
};

/** @throws RangeError for no time between repeats, or too long a one */
export const assertEvery = (everyMs: number): void => assertWithin(everyMs, 1, MAX_EVERY_MS, 'everyMs');

/** The wait before the attempt after `attempts` of them, in milliseconds. */
export const backoffAfter = (attempts: number, backoffMs: number): number =>
  Math.min(backoffMs * 2 ** (attempts - 1), MAX_BACKOFF_MS);

const assertWithin = (value: number, least: number, most: number, what: string): void => {
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    throw new RangeError(`${what} ${value} is not within ${least} and ${most}`);
  }
};
