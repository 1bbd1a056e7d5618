import 'reflect-metadata';
import { rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SystemClock } from './adapters/system/clock.js';
import { openLocalIssuer } from './api/auth/local-issuer.js';
import { NotEmpty } from './application/load/load.js';
import { AWAY } from './cli/explain.js';
import { IMPORTER, loadFolder, say, shown } from './cli/folder.js';
import { Impossible } from './cli/impossible.js';
import { SERVER_FILE } from './cli/server.js';
import { takeEvery } from './closing.js';
import { type Config, DEFAULT_DATA_DIR } from './config.js';
import { type Ledger, openConfigured } from './ledger.js';
import { API, createServer } from './serve.js';
import { onAbort, stopSignal } from './stopping.js';

/** How long answers in hand may take once the process is told to stop, in milliseconds; then they are cut off. */
const GRACE_MS = 5_000;
/** How often a server that stops closes the connections that fell idle, in milliseconds. */
const SWEEP_MS = 50;

/** How long a start waits for servers that are away, in milliseconds; whoever supervises the process starts it again. */
const MAX_WAIT_MS = 60_000;
const RETRY_MS = 1_000;

/** Opens the ledger, fills an empty one, and serves it until the process is told to stop. */
export const start = async (config: Config, stopping = stopSignal()): Promise<void> => {
  let closing: Promise<void> | undefined;
  let ledger: Ledger | undefined;
  const close = () => {
    closing ??= ledger?.close();
    return closing;
  };
  try {
    ledger = await patiently(config, stopping, () => openConfigured(config, new SystemClock(), say));
    await filled(config, ledger, stopping, close);
    if (stopping.aborted) await close();
    else await serve(config, ledger, stopping);
  } catch (error) {
    await close();
    // What a stop cuts off fails, and is gone on with at the next start.
    if (!stopping.aborted) throw error;
  }
};

/** A load is cut off by closing the ledger that it writes to. */
const filled = async (
  config: Config,
  ledger: Ledger,
  stopping: AbortSignal,
  close: () => Promise<void> | undefined,
): Promise<void> => {
  if (!config.roles.includes('worker')) return;
  const onStop = () => void close()?.catch(({ message }: Error) => say(message));
  onAbort(stopping, onStop);
  await patiently(config, stopping, () => fill(config, ledger));
  stopping.removeEventListener('abort', onStop);
};

/** Does what needs the servers; while one of them is away it is tried again. A file that cannot be had is not waited for. */
const patiently = async <T>(
  { stores }: Config,
  stopping: AbortSignal,
  work: () => Promise<T>,
): Promise<T> => {
  const until = Date.now() + (stores.kind === 'distributed' ? MAX_WAIT_MS : 0);
  for (let told = ''; ; ) {
    try {
      return await work();
    } catch (error) {
      const isAway = AWAY.some((away) => error instanceof away);
      if (!isAway || stopping.aborted || Date.now() > until) throw error;
      const { message } = error as Error;
      if (message !== told) say(`Waiting: ${message}`);
      told = message;
      await setTimeout(RETRY_MS, undefined, { signal: stopping });
    }
  }
};

const serve = async (config: Config, ledger: Ledger, stopping: AbortSignal): Promise<void> => {
  const counters = await countersOf(config);
  const file = join(config.dataDir, SERVER_FILE);
  const app = await opened(config, ledger, counters, file);
  const stop = () =>
    takeEvery([
      () => (config.stores.kind === 'embedded' ? rm(file, { force: true }) : undefined),
      () => closed(app),
      () => counters?.disconnect(),
      () => ledger.close(),
    ]);
  onAbort(stopping, () => {
    stop().catch(({ message }: Error) => {
      say(message);
      process.exitCode = 1;
    });
  });
};

/** A server that listens; its address is in a file. One that cannot be had leaves nothing that would go on. */
const opened = async (
  config: Config,
  ledger: Ledger,
  counters: Awaited<ReturnType<typeof countersOf>>,
  file: string,
): Promise<NestFastifyApplication> => {
  let app: NestFastifyApplication | undefined;
  try {
    const issuer = config.auth.kind === 'local' ? await openLocalIssuer(config.dataDir) : null;
    app = await createServer(config, ledger, issuer, counters);
    const url = await listening(app, config);
    // On servers that several processes share the command line works by itself, and the folder may be shared too.
    if (config.stores.kind === 'embedded')
      await writeFile(file, JSON.stringify({ url: `${url}/${API}`, pid: process.pid }));
    welcome(url, config);
    return app;
  } catch (error) {
    await app?.close().catch(() => undefined);
    counters?.disconnect();
    throw error;
  }
};

/** Closing waits for every connection: for those that fall idle after their last answer, and for those that never end. */
const closed = async (app: NestFastifyApplication): Promise<void> => {
  const server = app.getHttpServer();
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  const cut = globalThis.setTimeout(() => server.closeAllConnections(), GRACE_MS);
  try {
    await app.close();
  } finally {
    clearInterval(sweep);
    clearTimeout(cut);
  }
};

/** Where requests are counted that come to several processes; in one process they are counted in memory. */
const countersOf = async ({ stores, roles, rateLimits }: Config) => {
  if (stores.kind === 'embedded' || !roles.includes('api') || rateLimits === null) return undefined;
  const { openCounters } = await import('./adapters/redis/counters.js');
  return openCounters(stores.redisUrl);
};

/** Listens, and gives the address. Nest's own listen() would log what is explained here. @throws Impossible */
const listening = async (app: NestFastifyApplication, { port, host }: Config): Promise<string> => {
  await app.init();
  try {
    return await app.getHttpAdapter().getInstance().listen({ port, host });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Impossible(`Port ${port} of ${host} cannot be had (${code}): set PORT or HOST to another.`);
  }
};

/**
 * An empty ledger is filled from the folder of documents, and a load that was cut off is completed; one that holds something
 * else is left alone.
 */
const fill = async ({ load }: Config, ledger: Ledger): Promise<void> => {
  if (load === null) return;
  try {
    const result = await loadFolder(ledger, load, IMPORTER, { dryRun: false, onlyFill: true });
    if (result.problems.length > 0 || result.plans.some(({ state }) => state === 'loaded')) shown(result);
  } catch (error) {
    if (!(error instanceof NotEmpty)) throw error;
    say(`Nothing was loaded from ${load}: ${error.message}. "so-cai import" adds them.`);
  }
};

// In one piece: whoever waits for the address may stop reading once it is there.
const welcome = (url: string, { roles, auth, dataDir }: Config): void => {
  const lines = roles.includes('api')
    ? [`Sổ Cái is open.  API: ${url}/${API}  Documentation: ${url}/docs`]
    : [`Sổ Cái: ${roles.join(' and ')} at work.  Health: ${url}/health/ready`];
  if (roles.includes('api') && auth.kind === 'local') {
    const folder = relative(process.cwd(), dataDir) || '.';
    const command = `${folder === DEFAULT_DATA_DIR ? '' : `DATA_DIR=${folder} `}npx so-cai token --role auditor`;
    lines.push(`A token to read with:  ${command}`);
    lines.push(`A first question:      curl -H "Authorization: Bearer $(${command})" ${url}/${API}/plans`);
  }
  say(`\n${lines.join('\n')}\n`);
};
