import { BadAddress } from '../adapters/bad-address.js';
import { EvictingServer } from '../adapters/bullmq/evicting.js';
import { ForeignDatabase, OtherVersion } from '../adapters/sqlite/database.js';
import { FolderInUse } from '../adapters/sqlite/folder-lock.js';
import { DamagedIssuer, UnusableGrant } from '../api/auth/local-issuer.js';
import { Busy } from '../application/errors.js';
import { BadConfig } from '../config.js';
import { Rejected } from '../domain/decider.js';
import { AccessLogUnavailable } from '../ports/access-log.js';
import { OutcomeUnknown, StoreUnavailable } from '../ports/event-store.js';
import { JobsUnavailable } from '../ports/job-queue.js';
import { LeasesUnavailable } from '../ports/leases.js';
import { ReadModelsUnavailable } from '../ports/read-models.js';
import { say } from './folder.js';
import { Impossible } from './impossible.js';

/** What a server that is away, or too busy, is told by. */
export const AWAY = [
  StoreUnavailable,
  OutcomeUnknown,
  ReadModelsUnavailable,
  LeasesUnavailable,
  JobsUnavailable,
  Busy,
];

const EXPECTED = [
  Impossible,
  Rejected,
  BadConfig,
  BadAddress,
  FolderInUse,
  ForeignDatabase,
  OtherVersion,
  DamagedIssuer,
  UnusableGrant,
  EvictingServer,
  AccessLogUnavailable,
  ...AWAY,
];

/** The operating system's own refusals (no such folder, not permitted, disk full) name the call and the path. */
const isExpected = (error: unknown): error is Error =>
  EXPECTED.some((expected) => error instanceof expected) || (error instanceof Error && 'syscall' in error);

/** Runs what the console asked for; an expected error is one line and exit code 1, any other shows where it came from. */
export const runOrExplain = async (run: () => Promise<void>): Promise<void> => {
  try {
    await run();
  } catch (error) {
    if (!isExpected(error)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
};
