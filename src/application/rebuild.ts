import type { JobQueue, JobStatus } from '../ports/job-queue.js';
import type { Projector } from './project.js';

const JOB = 'rebuild';

/** Does the rebuilds that are asked for, one at a time. */
export const workRebuilds = (jobs: JobQueue, projector: Projector): void =>
  jobs.work(JOB, (data, { progress, signal }) =>
    projector.rebuild((data as { name: string }).name, ({ done, eventsPerSecond, secondsLeft }) => {
      // What is built so far is thrown away by the next attempt: a stop need not wait for the end of the log.
      signal.throwIfAborted();
      progress({ done, eventsPerSecond, secondsLeft });
    }),
  );

/** Asks for a rebuild; one that waits or runs already is not asked for twice. */
export const askRebuild = async (jobs: JobQueue, name: string): Promise<void> => {
  await jobs.add(JOB, { name }, { key: name });
};

export const rebuildStatus = (jobs: JobQueue, name: string): Promise<JobStatus | undefined> =>
  jobs.status(JOB, name);
