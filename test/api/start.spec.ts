import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startChild } from '../support/child.js';
import type { Order } from '../support/issuer.js';
import { ask, built, type Program, soCai, startServer } from '../support/program.js';
import type { Listed } from '../support/server.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const root = temporaryFolder();
const env = { DATA_DIR: join(root, 'ledger') };

const running = new Set<Program>();
const started = (with_: Readonly<Record<string, string>>): Program => {
  const program = startServer(with_);
  running.add(program);
  return program;
};
beforeAll(built, 120_000);
afterAll(async () => {
  for (const program of running) await program.stop('SIGKILL');
});

const tokens = new Map<string, string>();
const token = async (role: string): Promise<string> => {
  const known = tokens.get(role) ?? (await soCai(['token', '--role', role], env)).out.trim();
  tokens.set(role, known);
  return known;
};

describe('the server', () => {
  let head = '';

  it('fills an empty folder with the five documents, and says what to open', async () => {
    const server = started(env);
    const url = await server.opened();
    const { items } = await ask<Listed<{ id: string; indicators: number }>>(
      `${url}/plans`,
      await token('auditor'),
    );
    expect(items.map(({ id, indicators }) => [id, indicators])).toEqual([
      ['kh-4465-2022', 31],
      ['kh-419-2024', 128],
      ['lo-trinh-2025-2045', 52],
      ['kh-484-2025', 13],
      ['kh-1570-2025', 36],
    ]);
    head = (await ask<Listed<unknown>>(`${url}/status`, await token('auditor'))).position;
    const { code, out, err } = await server.stop();
    expect(code).toBe(0);
    expect(out).toBe('');
    expect(err).toMatch(/kh-484-2025: loaded, 13 indicators, 43 tasks, \d+ events/);
    expect(err).toMatch(/Documentation: http:\/\/127\.0\.0\.1:\d+\/docs/);
    expect(err).toMatch(/DATA_DIR=\S+ npx so-cai token --role auditor/);
  });

  it('loads nothing again when it is started on the same folder', async () => {
    const server = started(env);
    const url = await server.opened();
    expect((await ask<Listed<unknown>>(`${url}/status`, await token('auditor'))).position).toBe(head);
    const { code, err } = await server.stop('SIGINT');
    expect(code).toBe(0);
    expect(err).not.toContain('loaded');
  });

  it('serves its documentation, and ends what somebody follows when it stops', async () => {
    const server = started(env);
    const url = await server.opened();
    const docs = url.replace('/api/v1', '/docs');
    const kept: [string, string | null][] = [];
    for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js', 'swagger-ui-init.js']) {
      const answer = await fetch(`${docs}/${file}`);
      expect((await answer.text()).length).toBeGreaterThan(1_000);
      kept.push([file, answer.headers.get('cache-control')]);
    }
    // The files of the page hold no data; what is made for it is as any other answer.
    expect(kept).toEqual([
      ['swagger-ui.css', 'public, max-age=0'],
      ['swagger-ui-bundle.js', 'public, max-age=0'],
      ['swagger-ui-init.js', 'no-store'],
    ]);
    const stream = await fetch(`${url}/stream`, {
      headers: { authorization: `Bearer ${await token('office')}` },
    });
    expect(stream.status).toBe(200);
    const { code } = await server.stop();
    expect(code).toBe(0);
    // It was brought to its end: one that is cut, when there is no more time, is a failure to who reads it.
    expect(await stream.text()).toMatch(/^id: \d{20}\n/m);
  });

  it('finds everything again after a kill', async () => {
    const first = started(env);
    const url = await first.opened();
    const path = `${encodeURIComponent('kh-1570-2025/7.1')}/measurements`;
    const { position } = await ask<{ position: string }>(
      `${url}/indicators/${path}`,
      await token('office'),
      'POST',
      { period: '2026-Q1', value: '61.5' },
    );
    await first.stop('SIGKILL');
    const second = started(env);
    const again = await second.opened();
    const { items } = await ask<Listed<{ value: string }>>(
      `${again}/measurements?period=2026-Q1&after=${position}`,
      await token('auditor'),
    );
    expect(items.map(({ value }) => value)).toEqual(['61.5']);
    expect((await second.stop()).code).toBe(0);
  });

  it('loads nothing where it is told so', async () => {
    const server = started({ DATA_DIR: join(root, 'empty'), SO_CAI_LOAD: '' });
    const url = await server.opened();
    const { out } = await soCai(['token', '--role', 'admin'], { DATA_DIR: join(root, 'empty') });
    expect((await ask<Listed<unknown>>(`${url}/plans`, out.trim())).items).toEqual([]);
    expect((await server.stop()).code).toBe(0);
  });

  it('loads nothing into a ledger that holds something else, and says so', async () => {
    const other = { DATA_DIR: join(root, 'other') };
    const first = started({ ...other, SO_CAI_LOAD: join('test', 'crash', 'tables') });
    await first.opened();
    await first.stop();
    const second = started(other);
    const url = await second.opened();
    const { out } = await soCai(['token', '--role', 'admin'], other);
    const { items } = await ask<Listed<{ id: string }>>(`${url}/plans`, out.trim());
    expect(items.map(({ id }) => id)).toEqual(['kh-nho-2025']);
    const { code, err } = await second.stop();
    expect(code).toBe(0);
    expect(err).toMatch(
      /^Nothing was loaded from \S+kon-tum: the ledger is not empty, .*"so-cai import" adds them\.$/m,
    );
    expect(err).not.toContain('kh-1570-2025');
  });
});

describe('what stands in the way is said in one line', () => {
  const refusal = async (with_: Readonly<Record<string, string>>) => {
    const { code, out, err } = await started(with_).ran();
    expect(out).toBe('');
    expect(err).not.toMatch(/^\s+at |Error:/m);
    return { code, err };
  };

  it('another server has the folder', async () => {
    const first = started(env);
    await first.opened();
    const { code, err } = await refusal(env);
    expect(code).toBe(1);
    expect(err).toMatch(/^.*in use.*\n$/);
    expect(err).toContain(env.DATA_DIR);
    const { url } = JSON.parse(await readFile(join(env.DATA_DIR, 'server.json'), 'utf8')) as { url: string };
    expect(url).toBe(await first.opened());
    expect((await first.stop()).code).toBe(0);
    await expect(readFile(join(env.DATA_DIR, 'server.json'))).rejects.toThrow('ENOENT');
  });

  it('another program has the port', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const { code, err } = await refusal({ ...env, PORT: String(port) });
    expect(code).toBe(1);
    expect(err).toMatch(new RegExp(`^.*${port}.*\\n$`));
    other.close();
  });

  it('the file that names the address, at the start and at the end', async () => {
    const DATA_DIR = join(root, 'address');
    const file = join(DATA_DIR, 'server.json');
    await mkdir(file, { recursive: true });
    const { code, err } = await refusal({ DATA_DIR, SO_CAI_LOAD: '' });
    expect([code, err]).toEqual([1, expect.stringMatching(/^EISDIR.*server\.json'\n$/)]);

    await rm(file, { recursive: true });
    const server = started({ DATA_DIR, SO_CAI_LOAD: '' });
    await server.opened();
    await rm(file);
    await mkdir(join(file, 'full'), { recursive: true });
    const stopped = await server.stop();
    expect(stopped.code).toBe(1);
    expect(stopped.err.trimEnd().split('\n').at(-1)).toMatch(/server\.json/);
    // Left behind by a log that was not closed.
    expect(await readdir(DATA_DIR)).not.toContain('events.db-wal');
  });

  it('a setting that cannot be', async () => {
    const file = join(root, 'a-file');
    await writeFile(file, 'no folder');
    await mkdir(join(root, 'foreign'));
    await writeFile(join(root, 'foreign', 'events.db'), 'This is no database, whatever its name says.');
    const settings: readonly (readonly [setting: Readonly<Record<string, string>>, words: RegExp])[] = [
      [{ NODE_ENV: 'production' }, /^An issuer is needed: set SO_CAI_AUTH_ISSUER/],
      [{ PORT: 'ba nghìn' }, /^PORT is a number/],
      [{ SO_CAI_METRICS: 'mở' }, /^SO_CAI_METRICS is one of/],
      [{ SO_CAI_LOGS: 'debug' }, /^SO_CAI_LOGS is not a setting/],
      [{ DATA_DIR: file }, /mkdir '\S+a-file'/],
      [{ DATA_DIR: join(root, 'foreign') }, /not a database/],
      [{ SO_CAI_LOAD: '/khong/co' }, /^\/khong\/co is no folder/],
    ];
    await Promise.all(
      settings.map(async ([setting, words], n) => {
        const { code, err } = await refusal({ DATA_DIR: join(root, `setting-${n}`), ...setting });
        expect([code, err]).toEqual([1, expect.stringMatching(words)]);
        expect(err.split('\n').length).toBe(2);
      }),
    );
  });
});

describe('in production, with an issuer on the network', () => {
  it('lets in whom the issuer names, also when the issuer is gone, and nobody whom it does not', async () => {
    const issuer = startChild('issuer.ts', []);
    await issuer.printed(1);
    const at = `http://127.0.0.1:${issuer.lines[0]}`;
    const told = async (order: Order) =>
      (await (await fetch(at, { method: 'POST', body: JSON.stringify(order) })).json()) as string;
    const kid = await told({ do: 'rotate', alg: 'ES256' });
    const [iss, aud] = ['https://sso.example.vn', 'so-cai-api'];
    const claims = { iss, aud, sub: 'minh', name: 'Minh', role: 'auditor', exp: 4_102_444_800 };
    const good = await told({ do: 'sign', kid, claims });
    const bad = await told({ do: 'sign', kid, claims: { ...claims, aud: 'other' } });
    const server = started({
      ...{ NODE_ENV: 'production', DATA_DIR: join(root, 'production'), SO_CAI_LOAD: '' },
      ...{ SO_CAI_AUTH_ISSUER: iss, SO_CAI_AUTH_AUDIENCE: aud, SO_CAI_AUTH_JWKS_URL: `${at}/keys` },
    });
    const url = await server.opened();
    const statusOf = async (bearer: string) =>
      (await fetch(`${url}/plans`, { headers: { authorization: `Bearer ${bearer}` } })).status;
    const local = (await soCai(['token', '--role', 'admin'], env)).out.trim();
    try {
      expect([await statusOf(good), await statusOf(bad), await statusOf(local)]).toEqual([200, 401, 401]);
      issuer.process.kill('SIGKILL');
      await issuer.ended();
      expect([await statusOf(good), await statusOf(bad)]).toEqual([200, 401]);
    } finally {
      issuer.process.kill('SIGKILL');
      await server.stop();
    }
  });
});
