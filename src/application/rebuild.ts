import { type JobQueue, type JobStatus, JobsUnavailable } from '../ports/job-queue.js';
import type { Projector } from './project.js';

/** Each projection has jobs of its own: several rebuilds run beside each other, and read the log together. */
const jobOf = (name: string): string => `rebuild ${name}`;

/** Does the rebuilds that are asked for, of each projection one at a time. */
export const workRebuilds = (jobs: JobQueue, projector: Projector): void => {
  for (const name of projector.names())
    jobs.work(jobOf(name), ({ progress, signal }) =>
      projector.rebuild(name, ({ done, eventsPerSecond, secondsLeft }) => {
        // What is built so far is thrown away by the next attempt: a stop need not wait for the end of the log.
        signal.throwIfAborted();
        progress({ done, eventsPerSecond, secondsLeft });
      }),
    );
};

/** Asks for a rebuild; one that waits or runs already is not asked for twice. */
export const askRebuild = async (jobs: JobQueue, name: string): Promise<void> => {
  await jobs.add(jobOf(name), { key: name });
};

export const rebuildStatus = (jobs: JobQueue, name: string): Promise<JobStatus | undefined> =>
  jobs.status(jobOf(name), name);

/** As it is told with the projection itself: `unknown` while the queue does not answer, null when there was none. */
export const toldRebuild = async (
  jobs: JobQueue,
  name: string,
): Promise<JobStatus | { readonly state: 'unknown' } | null> => {
  try {
    return (await rebuildStatus(jobs, name)) ?? null;
  } catch (error) {
    if (error instanceof JobsUnavailable) return { state: 'unknown' };
    throw error;
  }
};
