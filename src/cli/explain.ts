import { ForeignDatabase, OtherVersion } from '../adapters/sqlite/database.js';
import { FolderInUse } from '../adapters/sqlite/folder-lock.js';
import { DamagedIssuer } from '../api/auth/local-issuer.js';
import { BadConfig } from '../config.js';
import { say } from './folder.js';
import { Impossible } from './impossible.js';

const EXPECTED = [Impossible, BadConfig, FolderInUse, ForeignDatabase, OtherVersion, DamagedIssuer];

/** Runs what the console asked for; an expected error is one line and exit code 1, any other shows where it came from. */
export const runOrExplain = async (run: () => Promise<void>): Promise<void> => {
  try {
    await run();
  } catch (error) {
    if (!EXPECTED.some((expected) => error instanceof expected)) throw error;
    say((error as Error).message);
    process.exitCode = 1;
  }
};
