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
import { InProcessLeases } from './adapters/in-process/leases.js';
import { SqliteAccessLog } from './adapters/sqlite/access-log.js';
import { SqliteEventStore } from './adapters/sqlite/event-store.js';
import { SqliteReadModels } from './adapters/sqlite/read-models.js';
import { RandomIds } from './adapters/system/ids.js';
import { type FirstOf, firstOf } from './application/commands/first.js';
import { HotStreams } from './application/hot-streams.js';
import { Progress } from './application/progress.js';
import { Projector } from './application/project.js';
import { Questions } from './application/questions.js';
import { StreamStates } from './application/stream-states.js';
import { takeBeside, takeEvery } from './closing.js';
import { type Config, PROCESS_ROLES, type ProcessRole, type StoresConfig } from './config.js';
import type { AccessLog } from './ports/access-log.js';
import type { Clock } from './ports/clock.js';
import type { EventStore } from './ports/event-store.js';
import type { Ids } from './ports/ids.js';
import type { JobQueue } from './ports/job-queue.js';
import type { Leases } from './ports/leases.js';
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

/** How long a projector that no longer answers keeps others from taking its place, in milliseconds. */
export const LEASE_MS = 5_000;

/** An open ledger: its stores, and what this process does with them. */
export interface Ledger {
  readonly roles: readonly ProcessRole[];
  readonly events: EventStore;
  /** What is kept of the streams read last. */
  readonly hotStreams: Pick<HotStreams, 'counts'>;
  /** What commands are decided on. */
  readonly states: StreamStates;
  readonly models: ReadModels;
  readonly jobs: JobQueue;
  readonly access: AccessLog;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly projector: Projector;
  readonly progress: Progress;
  readonly questions: Questions;
  readonly firstOf: FirstOf;
  /** Finishes what is in hand and closes the stores. */
  close(): Promise<void>;
}

type Warn = (message: string) => void;

/** Where a ledger is kept. */
export interface Stores {
  readonly events: EventStore;
  readonly models: ReadModels;
  readonly jobs: JobQueue;
  /** Who read what here; processes that share a DATA_DIR share it. */
  readonly access: AccessLog;
  readonly leases: Leases;
}

/**
 * Opens the embedded ledger of a data folder and starts following its log.
 * @throws FolderInUse when another process has it
 */
export const openLedger = async (dataDir: string, clock: Clock, warn: Warn): Promise<Ledger> =>
  openOn(await embedded(dataDir, warn), PROCESS_ROLES, clock, warn);

/**
 * Opens the ledger where the configuration says that it is kept, and does what its roles say.
 * @throws FolderInUse; EvictingServer, BadAddress; StoreUnavailable, ReadModelsUnavailable, JobsUnavailable
 */
export const openConfigured = async (
  { stores, dataDir, roles }: Pick<Config, 'stores' | 'dataDir' | 'roles'>,
  clock: Clock,
  warn: Warn,
): Promise<Ledger> =>
  stores.kind === 'embedded'
    ? openLedger(dataDir, clock, warn)
    : openOn(await distributed(stores, dataDir, sparing(warn)), roles, clock, sparing(warn));

interface Closable {
  close(): Promise<void>;
}

/** Opens stores one after the other; when one cannot be opened, those before it are closed. */
const opening = async (
  open: (keep: <Store extends Closable>(store: Store) => Store) => Promise<Stores>,
): Promise<Stores> => {
  const opened: Closable[] = [];
  try {
    return await open((store) => {
      opened.unshift(store);
      return store;
    });
  } catch (error) {
    for (const one of opened) await one.close();
    throw error;
  }
};

const embedded = (dataDir: string, warn: Warn): Promise<Stores> =>
  opening(async (keep) => ({
    events: keep(SqliteEventStore.open(join(dataDir, 'events.db'))),
    models: keep(
      SqliteReadModels.open(
        join(dataDir, 'read.db'),
        (file, reason) => warn(`${file} was damaged (${reason}) and is being rebuilt from the log`),
        {
          inUse: PROJECTIONS.map(({ name }) => name),
          onUnchecked: (file, reason) => warn(`${file} could not be checked for damage: ${reason}`),
        },
      ),
    ),
    access: keep(accessLogIn(dataDir)),
    jobs: new InProcessJobQueue(),
    leases: new InProcessLeases(LEASE_MS),
  }));

const accessLogIn = (dataDir: string): AccessLog => SqliteAccessLog.open(join(dataDir, 'access.db'));

/** Loaded only where there are servers to talk to: the clients take a second. */
const clients = () =>
  Promise.all([
    import('./adapters/kurrentdb/event-store.js'),
    import('./adapters/mongodb/read-models.js'),
    import('./adapters/mongodb/leases.js'),
    import('./adapters/bullmq/job-queue.js'),
  ]);

const distributed = async (
  { kurrentdbUrl, mongodbUrl, redisUrl }: Extract<StoresConfig, { kind: 'distributed' }>,
  dataDir: string,
  warn: Warn,
): Promise<Stores> => {
  const [{ KurrentEventStore }, { MongoReadModels }, { MongoLeases }, { BullmqJobQueue }] = await clients();
  return opening(async (keep) => ({
    access: keep(accessLogIn(dataDir)),
    events: keep(KurrentEventStore.open(kurrentdbUrl)),
    models: keep(await MongoReadModels.open(mongodbUrl)),
    leases: keep(await MongoLeases.open(mongodbUrl, LEASE_MS)),
    jobs: keep(
      await BullmqJobQueue.open(redisUrl, {
        prefix: 'so-cai',
        onError: ({ message }) => warn(`Redis: ${message}`),
      }),
    ),
  }));
};

/** What a server that is away is complained of again and again for is said once in this time, in milliseconds. */
const SAME_WARNING_MS = 60_000;

const sparing = (warn: Warn): Warn => {
  const said = new Map<string, number>();
  return (message) => {
    const now = performance.now();
    for (const [other, at] of said) if (now - at > SAME_WARNING_MS) said.delete(other);
    if (said.has(message)) return;
    said.set(message, now);
    warn(message);
  };
};

/** Opens a ledger on stores, which it closes, also when it cannot be opened. */
export const openOn = async (
  stores: Stores,
  roles: readonly ProcessRole[],
  clock: Clock,
  warn: Warn,
): Promise<Ledger> => {
  const { models, jobs, access, leases } = stores;
  const events = new HotStreams(stores.events);
  const projector = new Projector(events, models, PROJECTIONS, leases, (error) => warn(String(error)));
  const progress = new Progress(models, PROJECTIONS, projector);
  const close = () =>
    takeEvery([
      // Neither is held up by the other's server.
      () => takeBeside([() => jobs.close(), () => projector.stop()]),
      () => leases.close(),
      () => access.close(),
      () => models.close(),
      () => events.close(),
    ]);
  try {
    if (roles.includes('projector')) await projector.start();
  } catch (error) {
    await close();
    throw error;
  }
  const questions = new Questions(events, models, clock, progress);
  return {
    ...{
      roles,
      events,
      hotStreams: events,
      states: new StreamStates(stores.events),
      models,
      jobs,
      access,
      clock,
      projector,
      progress,
      questions,
      close,
    },
    ids: new RandomIds(),
    firstOf: firstOf(questions),
  };
};
