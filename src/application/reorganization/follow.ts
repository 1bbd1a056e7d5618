import { setTimeout } from 'node:timers/promises';
import type { EventStore, Position, RecordedEvent } from '../../ports/event-store.js';
import type { JobQueue } from '../../ports/job-queue.js';
import type { Writing } from '../handle.js';
import type { Questions } from '../questions.js';
import { Reorganizer } from './reorganizer.js';

const JOB = 'reorganize';
const ATTEMPTS = 5;
const BACKOFF_MS = 200;
/** How often a sweep looks without being woken, in milliseconds: a queue that lost the wake-up loses no more than this. */
const SWEEP_MS = 30_000;
const RETRY_MS = 1_000;

const WAKE_UP = { key: JOB, attempts: ATTEMPTS, backoffMs: BACKOFF_MS };

/** What can leave something to do: a decree, its revocation, or an assignment or a collective that may name who has gone. */
const WAKES: ReadonlySet<string> = new Set([
  'ReorganizationDecreed',
  'ReorganizationRevoked',
  'AgencyAssigned',
  'AssignmentTransferred',
  'AgencyGroupDefined',
  'AgencyGroupChanged',
]);

const wakes = ({ type, metadata }: RecordedEvent): boolean =>
  WAKES.has(type) && metadata.actor.role !== 'system';

/**
 * Follows the log and sweeps whenever something may be left to do, also what an earlier process left behind. The job is
 * only the wake-up; what there is to do is read from the log.
 */
export class ReorganizationFollower {
  private readonly stopping = new AbortController();
  private readonly events: EventStore;
  private following: Promise<void> = Promise.resolve();

  constructor(
    writing: Writing,
    questions: Questions,
    private readonly jobs: JobQueue,
    private readonly onError: (error: unknown) => void,
  ) {
    this.events = writing.events;
    const reorganizer = new Reorganizer(writing, questions);
    jobs.work(JOB, async () => {
      try {
        await this.sweep(reorganizer);
      } catch (error) {
        this.onError(error);
        throw error;
      }
    });
  }

  /** Starts with the application: Nest calls it by this name. */
  onApplicationBootstrap(): void {
    this.following = this.follow();
  }

  /** Stops with the application. */
  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.following;
  }

  /** Follows until stopped; after an error (a server that is away) it begins again with a sweep. */
  private async follow(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        const head = await this.events.head();
        await this.jobs.schedule(JOB, { ...WAKE_UP, everyMs: SWEEP_MS });
        for await (const page of this.events.subscribeAll(head, signal))
          if (page.some(wakes)) await this.jobs.add(JOB, WAKE_UP);
      } catch (error) {
        this.onError(error);
        await setTimeout(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** A wake-up that arrives while a sweep runs is dropped, so the log is read again before a sweep ends. */
  private async sweep(reorganizer: Reorganizer): Promise<void> {
    for (let again = true; again && !this.stopping.signal.aborted; ) {
      let seen = await this.events.head();
      await reorganizer.sweep();
      again = false;
      // A reading ends where the log ended when it began: what comes meanwhile is in the next, until nothing has come.
      let before: Position | null;
      do {
        before = seen;
        for await (const page of this.events.readAll(before)) {
          again ||= page.some(wakes);
          seen = page.at(-1)?.position ?? seen;
        }
      } while (seen !== before && !again && !this.stopping.signal.aborted);
    }
  }
}
