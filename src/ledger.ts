import { join } from 'node:path';
import { agencyPortfolio } from '../projections/agency-portfolio.js';
import { agencyRegistry } from '../projections/agency-registry.js';
import { auditTrail } from '../projections/audit-trail.js';
import { indicatorStatus } from '../projections/indicator-status.js';
import { measurementHistory } from '../projections/measurement-history.js';
import { planOverview } from '../projections/plan-overview.js';
import type { Projection } from '../projections/projection.js';
import { reorganizations } from '../projections/reorganizations.js';
import { taskStatus } from '../projections/task-status.js';
import { InProcessJobQueue } from './adapters/in-process/job-queue.js';
import { SqliteEventStore } from './adapters/sqlite/event-store.js';
import { SqliteReadModels } from './adapters/sqlite/read-models.js';
import { RandomIds } from './adapters/system/ids.js';
import { HotStreams } from './application/hot-streams.js';
import { Projector } from './application/project.js';
import { Questions } from './application/questions.js';
import type { Clock } from './ports/clock.js';
import type { EventStore } from './ports/event-store.js';
import type { Ids } from './ports/ids.js';
import type { JobQueue } from './ports/job-queue.js';
import type { ReadModels } from './ports/read-models.js';

/** Every question that the ledger answers from rows of its own. */
export const PROJECTIONS = [
  planOverview,
  indicatorStatus,
  taskStatus,
  agencyRegistry,
  agencyPortfolio,
  measurementHistory,
  reorganizations,
  auditTrail,
] as unknown as readonly Projection[];

/** An open ledger: its stores, and the loop that follows the log. */
export interface Ledger {
  readonly events: EventStore;
  /** What is kept of the streams read last. */
  readonly hotStreams: Pick<HotStreams, 'counts'>;
  readonly models: ReadModels;
  readonly jobs: JobQueue;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly projector: Projector;
  readonly questions: Questions;
  /** Finishes what is in hand and closes the stores. */
  close(): Promise<void>;
}

/**
 * Opens the embedded ledger of a data folder and starts following its log.
 * @throws FolderInUse when another process has it
 */
export const openLedger = async (
  dataDir: string,
  clock: Clock,
  warn: (message: string) => void,
): Promise<Ledger> => {
  const events = new HotStreams(SqliteEventStore.open(join(dataDir, 'events.db')));
  const models = SqliteReadModels.open(join(dataDir, 'read.db'), (file, reason) =>
    warn(`${file} was damaged (${reason}) and is being rebuilt from the log`),
  );
  const jobs = new InProcessJobQueue();
  const projector = new Projector(events, models, PROJECTIONS, (error) => warn(String(error)));
  await projector.start();
  return {
    ...{ events, hotStreams: events, models, jobs, clock, projector },
    ids: new RandomIds(),
    questions: new Questions(events, models, clock, projector),
    async close() {
      await jobs.close();
      await projector.stop();
      await models.close();
      await events.close();
    },
  };
};
