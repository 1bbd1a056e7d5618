import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openLocalIssuer } from '../../src/api/auth/local-issuer.js';
import { ask, Program } from '../support/program.js';
import type { Api } from './clients.js';

export const MAIN = join('dist', 'src', 'main.js');
const PRELOAD = `./${join('test', 'crash', 'often-checkpointed.js')}`;
export const TABLES = join('test', 'crash', 'tables');
const TOKEN_SECONDS = 4 * 3_600;
/** How often the projections are asked how far they are, in milliseconds. */
const POLL_MS = 20;

/** Makes a server be gone as soon as an event of the type that DIES_AFTER names is committed. */
export const DIES_AFTER = `./${join('test', 'crash', 'dies-after-commit.js')}`;

/** Starts the real server on a folder, with the tiny plan to load into an empty one. */
export const startOn = (
  folder: string,
  env: Readonly<Record<string, string>> = {},
  preload = PRELOAD,
): Program =>
  Program.start(['--import', preload, MAIN], {
    DATA_DIR: folder,
    SO_CAI_LOAD: TABLES,
    SO_CAI_LOG: 'error',
    ...env,
  });

/** A token of each person that the local issuer of a folder signs. */
export const tokensOf = async (folder: string): Promise<Api['tokens'] & { readonly admin: string }> => {
  const issuer = await openLocalIssuer(folder);
  const token = (subject: string, role: 'office' | 'admin') =>
    issuer.issueToken(
      { subject, role, name: `Tên của ${subject}`, agency: null, ttlSeconds: TOKEN_SECONDS },
      new Date().toISOString(),
    );
  const [office, colleague, admin] = [token('lan', 'office'), token('tuan', 'office'), token('hoa', 'admin')];
  return { office: await office, colleague: await colleague, admin: await admin };
};

interface ProjectionItem {
  readonly name: string;
  readonly position: string | null;
  readonly faults: readonly unknown[];
}

const projectionsAt = async (url: string, admin: string): Promise<readonly ProjectionItem[]> =>
  (await ask<{ items: readonly ProjectionItem[] }>(`${url}/projections`, admin)).items;

/** Waits until every projection has folded the whole log, and none of it in vain. */
export const caughtUp = async (url: string, admin: string): Promise<void> => {
  for (;;) {
    const { position } = await ask<{ position: string | null }>(`${url}/health/ready`, admin);
    const items = await projectionsAt(url, admin);
    const faults = items.flatMap((item) => item.faults);
    if (faults.length > 0) throw new Error(`projections have faults: ${JSON.stringify(faults)}`);
    if (items.every((item) => item.position === position)) return;
    await pause(POLL_MS);
  }
};

/** Asks for a rebuild of every projection, and does not wait for it. */
export const askRebuilds = async (url: string, admin: string): Promise<void> => {
  for (const { name } of await projectionsAt(url, admin))
    await ask(`${url}/projections/${name}/rebuild`, admin, 'POST', {});
};
