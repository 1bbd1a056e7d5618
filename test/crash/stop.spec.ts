import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InProcessJobQueue } from '../../src/adapters/in-process/job-queue.js';
import type { Projector } from '../../src/application/project.js';
import { askRebuild, rebuildStatus, workRebuilds } from '../../src/application/rebuild.js';
import type { RebuildProgress } from '../../src/application/reporting.js';
import { built, Program, startServer } from '../support/program.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { Clients } from './clients.js';
import { logOf } from './files.js';
import { askRebuilds, MAIN, startOn, tokensOf } from './server.js';

const MAX_STOP_MS = 10_000;
/** Events of the tables, before any client. */
const LOADED = 21;
/** Makes a server sleep in the middle of its first load. */
const SLEEPS = `./${join('test', 'crash', 'sleeps-while-loading.js')}`;

const root = temporaryFolder();
const running = new Set<Program>();
const started = (folder: string): Program => {
  const server = startOn(folder);
  running.add(server);
  return server;
};
beforeAll(built, 120_000);
afterAll(async () => {
  for (const server of running) await server.stop('SIGKILL');
});

/** A connection of its own, that stays open; `said` is what came back. */
const connection = (url: string) => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const state = { said: '', closed: false };
  socket.on('data', (text) => {
    state.said += String(text);
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    state.closed = true;
  });
  return { socket, state };
};

describe('a server that is told to stop under load', () => {
  it('answers what it accepted, writes nothing that it does not answer, and ends with code 0', async () => {
    const folder = join(root, 'load');
    const tokens = await tokensOf(folder);
    const server = started(folder);
    const url = await server.opened();
    const clients = new Clients(1, 8);

    const idle = connection(url);
    idle.socket.write('GET /api/v1/health/live HTTP/1.1\r\nHost: x\r\n\r\n');
    await until(() => idle.state.said.includes('"up"'));
    const stream = await fetch(`${url}/stream`, { headers: { authorization: `Bearer ${tokens.office}` } });
    expect(stream.status).toBe(200);

    const writing = clients.run({ url, tokens }, 1);
    while (clients.acknowledged.length < 100) await Promise.race([writing, pause(5)]);
    await askRebuilds(url, tokens.admin);
    const before = Date.now();
    const { code } = await server.stop('SIGTERM');
    const took = Date.now() - before;
    await writing;
    await stream.text().catch(() => undefined);

    expect(code).toBe(0);
    expect(took).toBeLessThan(MAX_STOP_MS / 2);
    await until(() => idle.state.closed);
    const log = logOf(join(folder, 'events.db'));
    const answered = clients.acknowledged.flatMap(({ answer }) => answer.body.eventIds);
    const there = log.slice(LOADED).map(({ id }) => id);
    expect([...there].sort()).toEqual([...answered].sort());
  });

  it('does not wait for ever for a request that never comes to its end', async () => {
    const folder = join(root, 'half');
    const server = started(folder);
    const url = await server.opened();
    const tokens = await tokensOf(folder);
    const half = connection(url);
    half.socket.write(
      `POST /api/v1/agencies HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tokens.office}\r\n` +
        'Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"agencyId":',
    );
    await new Promise((resolve) => half.socket.once('connect', resolve));
    // The server has it in hand once a later request was answered.
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    const before = Date.now();
    const { code } = await server.stop('SIGTERM');
    expect(code).toBe(0);
    expect(Date.now() - before).toBeLessThan(MAX_STOP_MS);
  });
});

describe('a first load that is told to stop', () => {
  it('ends with code 0 and what it wrote whole, and is completed at the next start', async () => {
    const env = { DATA_DIR: join(root, 'first') };
    const loading = Program.start(['--import', SLEEPS, MAIN], env);
    running.add(loading);
    await loading.said(/loading \S+: ([1-9]0) %/);
    const stopping = loading.stop('SIGTERM');
    loading.thaw();
    const { code, err } = await stopping;
    expect(code).toBe(0);
    expect(err).not.toMatch(/API: |closed|Error/);
    // A log that is closed has been copied back; whoever looks at it leaves an empty one.
    expect(existsSync(join(env.DATA_DIR, 'events.db-wal'))).toBe(false);
    const written = logOf(join(env.DATA_DIR, 'events.db'));
    const again = startServer(env);
    running.add(again);
    await again.opened();
    expect((await again.stop()).code).toBe(0);
    const whole = logOf(join(env.DATA_DIR, 'events.db'));
    expect(whole.slice(0, written.length)).toEqual(written);
    expect(whole.length).toBeGreaterThan(written.length);
  });
});

describe('a rebuild that is stopped', () => {
  it('ends with its page, and not with the log', async () => {
    const jobs = new InProcessJobQueue();
    let pages = 0;
    const endless = {
      names: () => ['plan-overview.v2'],
      async rebuild(_: string, onProgress: (progress: RebuildProgress) => void): Promise<void> {
        for (;;) {
          pages++;
          onProgress({ done: pages, eventsPerSecond: 1, secondsLeft: null });
          await pause(1);
        }
      },
    };
    workRebuilds(jobs, endless as Partial<Projector> as Projector);
    await askRebuild(jobs, 'plan-overview.v2');
    await until(() => pages >= 3);
    const closing = jobs.close();
    const then = pages;
    await closing;
    expect(pages).toBeLessThanOrEqual(then + 1);
    expect(await rebuildStatus(jobs, 'plan-overview.v2')).toMatchObject({ state: 'failed' });
  });
});
