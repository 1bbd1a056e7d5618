import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { PROJECTIONS } from '../../src/ledger.js';
import { ask, built, type Program, soCai, startServer } from '../support/program.js';
import type { Listed } from '../support/server.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const root = temporaryFolder();
const env = { DATA_DIR: join(root, 'ledger'), SO_CAI_LOAD: '' };
const KON_TUM = join('data', 'kon-tum');
/** The tables with a target that no milestone of the plan asks for. */
const faulty = join(root, 'faulty');

beforeAll(async () => {
  await built();
  await cp(KON_TUM, faulty, { recursive: true });
  const file = join(faulty, 'kh-1570-2025', 'targets.csv');
  await writeFile(file, (await readFile(file, 'utf8')).replace('7.1,2030', '7.1,2031'));
}, 120_000);

let server: Program | null = null;
afterAll(async () => {
  await server?.stop('SIGKILL');
});

describe('so-cai', () => {
  it('says which version it is', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    expect(await soCai(['--version'], env)).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });
});

describe('so-cai token', () => {
  it('prints the token and nothing else, and says beside it when it made the key', async () => {
    const asked = ['token', '--role', 'reporter', '--agency', 'so-khcn', '--hours', '2'];
    const first = await soCai(asked, env);
    expect([first.code, first.err]).toEqual([
      0,
      expect.stringMatching(/^A new key was made, [^\n]*ledger[^\n]*\n$/),
    ]);
    const { code, out, err } = await soCai(asked, env);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const { sub, role, agency, iat = 0, exp = 0 } = decodeJwt(out.trim());
    expect([sub, role, agency, exp - iat]).toEqual(['reporter-so-khcn', 'reporter', 'so-khcn', 7_200]);
  });

  it.each([
    [['--role', 'reporter'], /needs? .*agency|--agency/],
    [['--role', 'vua'], /choices/],
    [[], /--role/],
    [['--role', 'admin', '--hours', '-1'], /hours/],
    [['--role', 'reporter', '--agency', 'So KHCN'], /no such token can be used: .*agency/],
    [['--role', 'admin', '--subject', ''], /no such token can be used/],
  ])('refuses %j', async (args, words) => {
    const { code, out, err } = await soCai(['token', ...args], env);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(words);
    expect(err).not.toMatch(/^\s+at /m);
  });
});

describe('with files that nobody has open', () => {
  it('import --dry-run checks everything and writes nothing', async () => {
    const { code, out, err } = await soCai(['import', '--dry-run', KON_TUM], env);
    expect([code, out]).toEqual([0, '']);
    expect(err).toMatch(/kh-419-2024: checked, 128 indicators, 0 tasks, would write \d+ events/);
    const bad = await soCai(['import', '--dry-run', faulty], env);
    expect(bad.code).toBe(1);
    expect(bad.err).toMatch(/kh-1570-2025\/targets\.csv row \d+.*2031/);
  });

  it('import loads what has no fault, and a second time changes nothing', async () => {
    const first = await soCai(['import', faulty], env);
    expect(first.code).toBe(1);
    expect(first.err).toMatch(/kh-484-2025: loaded, 13 indicators, 43 tasks, \d+ events/);
    expect(first.err).toMatch(/kh-1570-2025: refused, .*, would write \d+ events/);
    const second = await soCai(['import', KON_TUM], env);
    expect(second.code).toBe(0);
    expect(second.err).toMatch(/kh-484-2025: unchanged/);
    expect(second.err).toMatch(/kh-1570-2025: loaded, 36 indicators/);
    expect((await soCai(['import', join(root, 'khong-co')], env)).err).toMatch(/khong-co.*\n$/);
  });

  it('rebuild builds anew', async () => {
    const { code, err } = await soCai(['rebuild', 'plan-overview.v2', 'task-status'], env);
    expect(code).toBe(0);
    expect(err).toMatch(/plan-overview\.v2: done[\s\S]*task-status\.v1: done\n$/);
    for (const name of ['khong-co', 'task', 'plan-overview.v0']) {
      const unknown = await soCai(['rebuild', name], env);
      expect([unknown.code, unknown.err]).toEqual([
        1,
        expect.stringMatching(new RegExp(`^There is no projection ${name}\\. .*plan-overview\\.v2.*\\n$`)),
      ]);
    }
  });
});

describe('while a server runs', () => {
  it('import and rebuild ask it', async () => {
    server = startServer(env);
    const url = await server.opened();
    const imported = await soCai(['import', KON_TUM], env);
    expect([imported.code, imported.out]).toEqual([0, '']);
    expect(imported.err).toMatch(/kh-484-2025: unchanged, 13 indicators, 43 tasks, 0 events/);
    const dry = await soCai(['import', '--dry-run', faulty], env);
    expect(dry.code).toBe(1);
    expect(dry.err).toMatch(/kh-1570-2025\/targets\.csv row \d+.*2031/);
    const rebuilt = await soCai(['rebuild'], env);
    expect(rebuilt.code).toBe(0);
    for (const { name } of PROJECTIONS) expect(rebuilt.err).toContain(`${name}: done`);
    const token = (await soCai(['token', '--role', 'auditor'], env)).out.trim();
    const { items } = await ask<Listed<{ rebuild: { state: string } | null }>>(`${url}/projections`, token);
    expect(items.map(({ rebuild }) => rebuild?.state)).toEqual(PROJECTIONS.map(() => 'done'));
    expect((await server.stop()).code).toBe(0);
    server = null;
  });
});
