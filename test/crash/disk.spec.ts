import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { built, type Program } from '../support/program.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { canFail, type Fault, FaultyDisk } from './faulty-disk.js';
import { copyAsLeft, logOf, type StoredEvent } from './files.js';
import { caughtUp, startOn, tokensOf } from './server.js';

const able = canFail();
if (!able && process.env['CI'] === 'true')
  throw new Error('the failing disk needs Linux and cc: install a C compiler');
if (!able) process.stderr.write('NOT RUN: the failing disk, which needs Linux and a C compiler (cc)\n');

interface Reply {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: {
    readonly type?: string;
    readonly detail?: string;
    readonly position: string;
    readonly revision: number;
    readonly eventIds: readonly string[];
    readonly aliases?: readonly string[];
    readonly parts?: Readonly<Record<string, string>>;
  };
}

const root = temporaryFolder();
const running = new Set<Program>();
if (able) beforeAll(built, 120_000);
afterAll(async () => {
  for (const server of running) await server.stop('SIGKILL');
});

let made = 0;

/** A server with 21 events on a disk of its own. */
const opened = async () => {
  const folder = join(root, String(++made));
  mkdirSync(folder);
  const disk = new FaultyDisk(folder);
  const data = join(folder, 'data');
  const tokens = await tokensOf(data);
  const server = { program: startOn(data, disk.env), url: '' };
  running.add(server.program);
  server.url = await server.program.opened();
  await caughtUp(server.url, tokens.admin);
  const ask = async (method: 'GET' | 'POST', path: string, body?: object, key?: string): Promise<Reply> => {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${tokens.office}`,
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return {
      status: response.status,
      retryAfter: response.headers.get('retry-after'),
      body: (await response.json()) as Reply['body'],
    };
  };
  return {
    disk,
    data,
    ask,
    alias: (name: string, agency = 'so-a') =>
      ask('POST', `/agencies/${agency}/aliases`, { alias: name }, encodeURIComponent(name)),
    /** The log as a kill now would leave it. */
    log: (): readonly StoredEvent[] => logOf(copyAsLeft(data, 'events.db', join(folder, 'as-left'))),
    /** Lets the server forget the pages of a file that it holds: another connection has written. */
    forget(file: string, sql: string): void {
      const database = new Database(join(data, file));
      database.exec(sql);
      database.close();
    },
    /** Kills the server, and starts it on a disk that works. */
    async restart(): Promise<void> {
      await server.program.stop('SIGKILL');
      disk.recover();
      server.program = startOn(data, disk.env);
      running.add(server.program);
      server.url = await server.program.opened();
    },
    stop: () => server.program.stop(),
  };
};

type Opened = Awaited<ReturnType<typeof opened>>;

const expectUnavailable = ({ status, retryAfter, body }: Reply, type: string): void => {
  expect([status, retryAfter, body.type]).toEqual([503, '1', `urn:so-cai:problem:${type}`]);
  expect(body.eventIds).toBeUndefined();
};

/** Everything is there once and in order, and new commands go on where the log ends. */
const expectGoesOn = async (
  { alias, ask, log }: Opened,
  refused: readonly string[],
  before = log(),
): Promise<void> => {
  let position = '';
  for (const [n, name] of refused.entries()) {
    const { status, body } = await alias(name, n % 2 === 0 ? 'so-a' : 'so-b');
    expect([name, status, body.eventIds.length]).toEqual([name, 201, 1]);
    position = body.position;
  }
  const after = log();
  expect(after.slice(0, before.length)).toEqual(before);
  expect(after.map((event) => event.position)).toEqual(after.map((_, index) => index + 1));
  expect(Number(position)).toBe(after.length);
  const heads = new Map<string, number>();
  for (const { stream, revision } of after) {
    expect(revision).toBe((heads.get(stream) ?? -1) + 1);
    heads.set(stream, revision);
  }
  for (const name of refused) expect(after.filter(({ data }) => data.includes(`"${name}"`))).toHaveLength(1);
  const { status, body } = await ask('GET', `/agencies/so-a?after=${position}`);
  expect([status, body.aliases]).toEqual([200, expect.arrayContaining([refused[0]])]);
};

const describeFaults = able
  ? describe
  : (name: string, _: () => void) =>
      describe.skip(`${name}: not run, no cc on Linux here`, () => it('is not run', () => undefined));

describeFaults('a disk that fails under the log', () => {
  const writing: readonly (readonly [Fault, string, string])[] = [
    ['no space', 'events.db', 'store-unavailable'],
    ['write', 'events.db', 'store-unavailable'],
    ['fsync', 'events.db-wal', 'outcome-unknown'],
  ];
  it.each(writing)(
    '%s of %s: commands are refused, reads go on, and it recovers',
    async (fault, file, type) => {
      const server = await opened();
      const written = await server.alias('trước');
      expect(written.status).toBe(201);
      const before = server.log();
      server.disk.fail(fault, file);
      const refused = Array.from({ length: 6 }, (_, n) => `khi hỏng ${n}`);
      for (let again = 0; again < 2; again++)
        for (const reply of await Promise.all(
          refused.map((name, n) => server.alias(name, n % 2 ? 'so-b' : 'so-a')),
        ))
          expectUnavailable(reply, type);
      expect(server.disk.failures).toBeGreaterThan(0);
      const { aliases } = (await server.ask('GET', `/agencies/so-a?after=${written.body.position}`)).body;
      expect(aliases).toContain('trước');
      expect((await server.ask('GET', '/plans')).status).toBe(200);
      expect((await server.ask('GET', '/health/live')).status).toBe(200);
      // What was acknowledged is answered again although nothing can be written.
      expect((await server.alias('trước')).status).toBe(201);
      const ready = await server.ask('GET', '/health/ready');
      expect([ready.status, ready.body.parts]).toEqual([
        503,
        { events: 'down', readModels: 'up', jobs: 'up' },
      ]);
      expect(Number(ready.body.position)).toBe(before.length);
      if (fault !== 'fsync') expect(server.log()).toEqual(before);
      server.disk.recover();
      // Nobody need write for it to be seen that writing goes on.
      expect((await server.ask('GET', '/health/ready')).status).toBe(200);
      await expectGoesOn(server, refused, before);
      expect((await server.stop()).code).toBe(0);
    },
  );

  it.each(writing)('%s of %s, then a kill: the same keys are done once', async (fault, file, type) => {
    const server = await opened();
    server.disk.fail(fault, file);
    expectUnavailable(await server.alias('không chắc'), type);
    await server.restart();
    await expectGoesOn(server, ['không chắc', 'sau đó', 'sau nữa']);
  });

  it('read: questions of the log and commands are refused, and it recovers', async () => {
    const server = await opened();
    server.forget('events.db', 'UPDATE streams SET name = name');
    server.disk.fail('read', 'events.db');
    expectUnavailable(await server.alias('khi hỏng'), 'store-unavailable');
    expect(server.disk.failures).toBeGreaterThan(0);
    expect((await server.ask('GET', '/health/live')).status).toBe(200);
    server.disk.recover();
    await expectGoesOn(server, ['khi hỏng', 'sau đó']);
  });
});

describeFaults('a disk that fails under the read models', () => {
  it.each(['no space', 'write'] as const)(
    '%s: commands are done, what was folded is read, and the rest follows when it recovers',
    async (fault) => {
      const server = await opened();
      server.disk.fail(fault, 'read.db');
      const { status, body } = await server.alias('khi hỏng');
      expect(status).toBe(201);
      expectUnavailable(await server.ask('GET', `/agencies/so-a?after=${body.position}`), 'busy');
      expect((await server.ask('GET', '/agencies/so-a')).status).toBe(200);
      expect(server.disk.failures).toBeGreaterThan(0);
      server.disk.recover();
      await expectGoesOn(server, ['sau đó']);
    },
  );

  it('read: questions are refused, commands are done, and it recovers', async () => {
    const server = await opened();
    server.forget('read.db', 'UPDATE builds SET live = live');
    server.disk.fail('read', 'read.db');
    expectUnavailable(await server.ask('GET', '/agencies/so-a'), 'read-models-unavailable');
    expect(server.disk.failures).toBeGreaterThan(0);
    expect((await server.alias('khi hỏng')).status).toBe(201);
    server.disk.recover();
    await expectGoesOn(server, ['sau đó']);
  });
});

describeFaults('a disk that is full at a start', () => {
  it.each(['events.db', 'access.db', 'read.db'])('is named with the file: %s', async (file) => {
    const folder = join(root, String(++made));
    mkdirSync(folder);
    const disk = new FaultyDisk(folder);
    const data = join(folder, 'data');
    disk.fail('no space', file);
    const { code, err } = await startOn(data, disk.env).ran();
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(
        new RegExp(`^[^\\n]*${data}/${file} cannot be written \\([^\\n]*\\): the disk is full\\n$`),
      ),
    ]);
  });
});
