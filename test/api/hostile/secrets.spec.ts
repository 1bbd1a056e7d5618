import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { openLocalIssuer } from '../../../src/api/auth/local-issuer.js';
import { Logs } from '../../support/logs.js';
import { built, soCai, startServer } from '../../support/program.js';
import { ADMIN, konTumServer, reporterOf } from '../../support/server.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('the log', () => {
  const server = konTumServer({
    rateLimits: { read: 2, write: 1, 'look-back': 1, dump: 9, export: 1, rebuild: 1 },
  });

  it('says who was not let where, and who asked too often, in one line each and without what they brought', async () => {
    const reporter = reporterOf('so-khcn');
    await server.send('GET', '/events?token=bi-mat%0a', { who: reporter });
    for (let n = 0; n < 3; n += 1) await server.send('GET', '/plans', { who: ADMIN });
    expect(server.logs.lines.filter((line) => line.startsWith('warn'))).toEqual([
      expect.stringMatching(/^warn [0-9a-f-]{36} Forbidden: .* \(reporter-so-khcn: GET \/api\/v1\/events\)/),
      expect.stringMatching(/^warn [0-9a-f-]{36} TooMany: .* \(hoa: GET \/api\/v1\/plans\)/),
    ]);
  });

  it('would be found to leak', () => {
    const logs = new Logs();
    logs.keepsSecret('a.b.signature');
    logs.logger.error('refused', { header: 'Bearer x.y.signature' });
    logs.logger.warn('nothing');
    expect(logs.leaked()).toHaveLength(1);
  });
});

describe('everything that a server prints, at its most talkative', () => {
  const folder = temporaryFolder();
  beforeAll(built, 120_000);

  it('holds no token, no key and no secret of a question', async () => {
    const logs = new Logs();
    const env = { DATA_DIR: folder, SO_CAI_LOG: 'debug', SO_CAI_LOAD: '' };
    const program = startServer(env);
    const url = await program.opened();
    const { out, err } = await soCai(['token', '--role', 'admin'], env);
    const issuer = await openLocalIssuer(folder);
    const grant = { role: 'auditor', subject: 'minh', name: 'Minh', agency: null } as const;
    const late = await issuer.issueToken({ ...grant, ttlSeconds: 1 }, '2020-01-01T00:00:00Z');
    const good = out.trim();
    const forged = `${good.slice(0, -4)}AAAA`;
    const key = (JSON.parse(readFileSync(join(folder, 'issuer.json'), 'utf8')) as { d: string }).d;
    for (const secret of [good, late, forged, key, 'bi-mat-cua-toi']) logs.keepsSecret(secret);
    const asked = (path: string, token: string, init: RequestInit = {}) =>
      fetch(`${url}${path}`, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } });
    const statuses: number[] = [];
    for (const token of [good, late, forged, 'bi-mat-cua-toi', `${good}.x`])
      for (const [path, init] of [
        ['/plans?access_token=bi-mat-cua-toi', {}],
        [`/events?after=${'9'.repeat(20)}`, {}],
        ['/plans/bi-mat-cua-toi', { headers: { cookie: 'session=bi-mat-cua-toi' } }],
        [
          '/plans',
          {
            method: 'POST',
            body: '{"token":"bi-mat-cua-toi"',
            headers: { 'content-type': 'application/json' },
          },
        ],
        [
          '/projections/bi-mat-cua-toi/rebuild',
          { method: 'POST', headers: { 'idempotency-key': 'bi-mat-cua-toi' } },
        ],
        ['/plans', {}],
      ] as const)
        statuses.push((await asked(path, token, init)).status);
    expect(new Set(statuses)).toEqual(new Set([400, 404, 401, 200]));
    const said = await program.stop();
    const lines = `${said.out}\n${said.err}`.split('\n');
    // It does say that tokens were refused, and when.
    const refusals = lines.filter((line) => line.includes('Unauthenticated')).map((line) => JSON.parse(line));
    expect(refusals.length).toBeGreaterThan(15);
    expect(refusals[0]).toMatchObject({ level: 'debug', timestamp: expect.any(Number), context: 'Problem' });
    expect(logs.leaked([...lines, ...err.split('\n')])).toEqual([]);
  });
});
