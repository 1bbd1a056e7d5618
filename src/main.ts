import 'reflect-metadata';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FolderInUse } from './adapters/sqlite/folder-lock.js';
import { SystemClock } from './adapters/system/clock.js';
import { openLocalIssuer } from './api/auth/local-issuer.js';
import { IMPORTER, loadFolder, say } from './cli/folder.js';
import { BadConfig, type Config, readConfig } from './config.js';
import { type Ledger, openLedger } from './ledger.js';
import { API, createServer } from './serve.js';

/** Where a running server says how it is reached, for the command line. */
export const SERVER_FILE = 'server.json';
/** How long a stop may take before the process ends all the same, in milliseconds. */
const MAX_STOP_MS = 10_000;

const start = async (config: Config): Promise<void> => {
  const ledger = await openLedger(config.dataDir, new SystemClock(), (message) => say(message));
  await fill(config, ledger);
  const issuer = config.auth.kind === 'local' ? await openLocalIssuer(config.dataDir) : null;
  const app = await createServer(config, ledger, issuer);
  await app.listen(config.port, config.host);
  const url = await app.getUrl();
  const file = join(config.dataDir, SERVER_FILE);
  await writeFile(file, JSON.stringify({ url, pid: process.pid }));
  welcome(url, config);
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      setTimeout(() => process.exit(1), MAX_STOP_MS).unref();
      void stop(app, ledger, file);
    });
};

/** Answers what was accepted, finishes what is in hand, and closes. */
const stop = async (app: { close(): Promise<void> }, ledger: Ledger, file: string): Promise<void> => {
  await rm(file, { force: true });
  await app.close();
  await ledger.close();
};

/** An empty ledger is filled from the folder of documents; one that a load was cut off from is completed. */
const fill = async (config: Config, ledger: Ledger): Promise<void> => {
  if (config.load === null) return;
  const result = await loadFolder(ledger, config.load, IMPORTER, { dryRun: false });
  const loaded = result.plans.filter(({ state }) => state === 'loaded');
  for (const plan of loaded) say(`loaded ${plan.planId}: ${plan.indicators} indicators, ${plan.tasks} tasks`);
  for (const { file, row, column, message } of result.problems)
    say(`${file} ${row ?? ''} ${column ?? ''}: ${message}`);
};

const welcome = (url: string, config: Config): void => {
  say(`\nSổ Cái is open: ${url}/docs  (API: ${url}/${API})`);
  if (config.auth.kind === 'remote') return;
  say('Get a token:  npx so-cai token --role auditor');
  say('Then:         curl -H "Authorization: Bearer $(npx so-cai token --role auditor)" \\');
  say(`                ${url}/${API}/plans/kh-1570-2025/status`);
};

try {
  await start(readConfig(process.env));
} catch (error) {
  if (!(error instanceof BadConfig || error instanceof FolderInUse)) throw error;
  say(error.message);
  process.exitCode = 1;
}
