import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FolderInUse } from '../adapters/sqlite/folder-lock.js';
import { SystemClock } from '../adapters/system/clock.js';
import { openLocalIssuer } from '../api/auth/local-issuer.js';
import type { Config } from '../config.js';
import { type Ledger, openConfigured } from '../ledger.js';
import { say } from './folder.js';
import { Impossible } from './impossible.js';

/** Where a running server says how it is reached, for the command line. */
export const SERVER_FILE = 'server.json';
const TOKEN_SECONDS = 600;

/** Asks the running server of a data folder. */
export type Ask = (method: 'GET' | 'POST', path: string, body?: unknown) => Promise<unknown>;

/**
 * Does something with the ledger: on the servers that the configuration names; with the files of the data folder when
 * nobody has them open, else by asking the server that does.
 */
export const withLedger = async (
  config: Config,
  openHere: (ledger: Ledger) => Promise<void>,
  askServer: (ask: Ask) => Promise<void>,
): Promise<void> => {
  let ledger: Ledger;
  try {
    // On servers others fold and do the jobs; with files nobody else does.
    const roles = config.stores.kind === 'distributed' ? [] : config.roles;
    ledger = await openConfigured({ ...config, roles }, new SystemClock(), say);
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw error;
    return askServer(await serverOf(config, error));
  }
  try {
    await openHere(ledger);
  } finally {
    await ledger.close();
  }
};

const serverOf = async ({ dataDir, auth }: Config, inUse: FolderInUse): Promise<Ask> => {
  const file = await readFile(join(dataDir, SERVER_FILE), 'utf8').catch(() => null);
  if (file === null) throw inUse;
  if (auth.kind !== 'local')
    throw new Impossible(`${inUse.message}; ask the server there, with a token of your issuer`);
  const { url } = JSON.parse(file) as { url: string };
  const issuer = await openLocalIssuer(dataDir);
  const grant = {
    role: 'admin',
    agency: null,
    subject: 'so-cai',
    name: 'Command line at the server',
    ttlSeconds: TOKEN_SECONDS,
  } as const;
  return async (method, path, body) => {
    // A new one each time: a rebuild may take longer than a token holds.
    const token = await issuer.issueToken(grant, new SystemClock().now());
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as { detail?: string };
    if (!response.ok) throw new Impossible(`the server refused: ${answer.detail ?? response.statusText}`);
    return answer;
  };
};
