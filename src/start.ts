import 'reflect-metadata';
import { rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SystemClock } from './adapters/system/clock.js';
import { openLocalIssuer } from './api/auth/local-issuer.js';
import { IMPORTER, loadFolder, say, shown } from './cli/folder.js';
import { Impossible } from './cli/impossible.js';
import { SERVER_FILE } from './cli/server.js';
import { type Config, DEFAULT_DATA_DIR } from './config.js';
import { type Ledger, openLedger } from './ledger.js';
import { API, createServer } from './serve.js';

/** How long answers in hand may take once the process is told to stop, in milliseconds; then they are cut off. */
const GRACE_MS = 5_000;
/** How often a server that stops closes the connections that fell idle, in milliseconds. */
const SWEEP_MS = 50;
/** How long a stop may take before the process ends all the same, in milliseconds. */
const MAX_STOP_MS = 10_000;

/** Opens the ledger, fills an empty one, and serves it until the process is told to stop. */
export const start = async (config: Config): Promise<void> => {
  const ledger = await openLedger(config.dataDir, new SystemClock(), say);
  try {
    await fill(config, ledger);
    await serve(config, ledger);
  } catch (error) {
    await ledger.close();
    throw error;
  }
};

const serve = async (config: Config, ledger: Ledger): Promise<void> => {
  const issuer = config.auth.kind === 'local' ? await openLocalIssuer(config.dataDir) : null;
  const app = await createServer(config, ledger, issuer);
  const url = await listening(app, config);
  const file = join(config.dataDir, SERVER_FILE);
  await writeFile(file, JSON.stringify({ url: `${url}/${API}`, pid: process.pid }));
  welcome(url, config);
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), MAX_STOP_MS).unref();
    await rm(file, { force: true });
    const server = app.getHttpServer();
    // Closing waits for every connection: for those that fall idle after their last answer, and for those that never end.
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
    const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS);
    await app.close();
    clearInterval(sweep);
    clearTimeout(cut);
    await ledger.close();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
};

/** Listens, and gives the address. Nest's own listen() would log what is explained here. @throws Impossible */
const listening = async (app: NestFastifyApplication, { port, host }: Config): Promise<string> => {
  await app.init();
  try {
    return await app.getHttpAdapter().getInstance().listen({ port, host });
  } catch (error) {
    await app.close();
    const { code } = error as NodeJS.ErrnoException;
    throw new Impossible(`Port ${port} of ${host} cannot be had (${code}): set PORT or HOST to another.`);
  }
};

/** An empty ledger is filled from the folder of documents; a load that was cut off is completed. */
const fill = async ({ load }: Config, ledger: Ledger): Promise<void> => {
  if (load === null) return;
  const result = await loadFolder(ledger, load, IMPORTER, { dryRun: false });
  if (result.problems.length > 0 || result.plans.some(({ state }) => state === 'loaded')) shown(result);
};

// In one piece: whoever waits for the address may stop reading once it is there.
const welcome = (url: string, config: Config): void => {
  const lines = [`Sổ Cái is open.  API: ${url}/${API}  Documentation: ${url}/docs`];
  if (config.auth.kind === 'local') {
    const folder = relative(process.cwd(), config.dataDir) || '.';
    const command = `${folder === DEFAULT_DATA_DIR ? '' : `DATA_DIR=${folder} `}npx so-cai token --role auditor`;
    lines.push(`A token to read with:  ${command}`);
    lines.push(`A first question:      curl -H "Authorization: Bearer $(${command})" ${url}/${API}/plans`);
  }
  say(`\n${lines.join('\n')}\n`);
};
