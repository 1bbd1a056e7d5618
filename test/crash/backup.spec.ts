import { randomInt } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { diagnose } from '../../src/cli/doctor.js';
import { ask, built, Program, soCai } from '../support/program.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { Clients } from './clients.js';
import { logOf, rowsOf } from './files.js';
import { caughtUp, startOn, tokensOf } from './server.js';

const root = temporaryFolder();
const data = join(root, 'data');
const copies = join(root, 'copies');
const env = { DATA_DIR: data, SO_CAI_LOAD: '' };
const seed = randomInt(2 ** 31);
const clients = new Clients(seed, 4);

let server: Program | null = null;
beforeAll(async () => {
  await built();
  mkdirSync(copies);
}, 120_000);
afterAll(async () => {
  await server?.stop('SIGKILL');
});

describe('so-cai backup', () => {
  it('copies a prefix of the log while writes go on', async () => {
    const tokens = await tokensOf(data);
    server = startOn(data);
    const url = await server.opened();
    const writing = clients.run({ url, tokens }, 1);
    const taken: { file: string; acknowledged: readonly string[] }[] = [];
    const acknowledge = async (more: number) => {
      const enough = clients.acknowledged.length + more;
      while (clients.acknowledged.length < enough) await Promise.race([writing, pause(5)]);
    };
    for (let n = 1; n <= 3; n++) {
      await acknowledge(20);
      const file = join(copies, `${n}.db`);
      const acknowledged = clients.acknowledged.flatMap(({ answer }) => answer.body.eventIds);
      const { code, out, err } = await soCai(['backup', '--to', file], env);
      expect([code, err]).toEqual([0, '']);
      expect(out).toMatch(/: \d+ events\n {2}digest \d{20}:[0-9a-f]{64}\n$/);
      // What is printed is what doctor finds: in the copy, and in the log that has gone on since.
      const digest = /digest (\S+)/.exec(out)?.[1] ?? '';
      for (const args of [[file], []])
        expect(await soCai(['doctor', ...args, '--digest', digest], env)).toMatchObject({ code: 0, err: '' });
      taken.push({ file, acknowledged });
    }
    await acknowledge(20);
    await server.stop('SIGKILL');
    await writing;
    const log = logOf(join(data, 'events.db'));
    for (const { file, acknowledged } of taken) {
      const copy = logOf(file);
      expect(copy).toEqual(log.slice(0, copy.length));
      expect(copy.length).toBeLessThan(log.length);
      const there = new Set(copy.map(({ id }) => id));
      expect(acknowledged.filter((id) => !there.has(id))).toEqual([]);
    }
    expect(readdirSync(copies).sort()).toEqual(['1.db', '2.db', '3.db']);
  }, 120_000);

  it('takes the place of a lost log: read models that know more are begun anew', async () => {
    for (const file of readdirSync(data).filter((name) => name.startsWith('events.db')))
      writeFileSync(join(data, file), '');
    for (const suffix of ['-wal', '-shm']) expect(existsSync(join(data, `events.db${suffix}`))).toBe(true);
    const tokens = await tokensOf(data);
    copyFileSync(join(copies, '2.db'), join(data, 'events.db'));
    const length = logOf(join(copies, '2.db')).length;
    server = startOn(data);
    const url = await server.opened();
    await caughtUp(url, tokens.admin);
    const { position } = await ask<{ position: string }>(`${url}/status`, tokens.office);
    expect(Number(position)).toBe(length);
    // What is written from now on reaches them as well.
    const { acknowledged } = clients;
    const lost = acknowledged.find(({ answer }) => Number(answer.body.position) > length);
    expect(lost).toBeDefined();
    const { position: written } = await ask<{ position: string }>(
      `${url}/agencies/so-a/aliases`,
      tokens.office,
      'POST',
      { alias: 'Sở đã khôi phục' },
    );
    expect(
      await ask<{ aliases: string[] }>(`${url}/agencies/so-a?after=${written}`, tokens.office),
    ).toMatchObject({ aliases: expect.arrayContaining(['Sở đã khôi phục']) });
    const { code, err } = await server.stop();
    expect(code).toBe(0);
    expect(err).toMatch(
      /audit-trail\.v\d had folded the log up to \d{20}, which ends at \d{20}: it is built anew/,
    );
    // As from the log alone.
    const fresh = join(root, 'fresh');
    mkdirSync(fresh);
    for (const file of ['events.db', 'issuer.json']) copyFileSync(join(data, file), join(fresh, file));
    server = startOn(fresh);
    await caughtUp(await server.opened(), tokens.admin);
    await server.stop();
    expect(rowsOf(join(data, 'read.db'))).toEqual(rowsOf(join(fresh, 'read.db')));
  }, 120_000);

  it('never replaces a file, and says in one line what is in its way', async () => {
    const taken = join(copies, '1.db');
    const bytes = readFileSync(taken);
    const refusals: readonly (readonly [dataDir: string, to: string, words: RegExp])[] = [
      [data, taken, /exists already/],
      [data, join(root, 'khong-co', 'a.db'), /no folder/],
      [join(root, 'khong-co'), join(copies, 'new.db'), /There is no .*events\.db/],
    ];
    for (const [dataDir, to, words] of refusals) {
      const { code, out, err } = await soCai(['backup', '--to', to], { ...env, DATA_DIR: dataDir });
      expect([code, out, err]).toEqual([1, '', expect.stringMatching(words)]);
      expect(err).toMatch(/^[^\n]+\n$/);
    }
    expect(readFileSync(taken)).toEqual(bytes);
    expect(existsSync(join(copies, 'new.db'))).toBe(false);
  });

  it('keeps no copy of a damaged log', async () => {
    const damaged = join(root, 'damaged');
    mkdirSync(damaged);
    const bytes = readFileSync(join(copies, '1.db'));
    for (const [from, to] of [
      [5, 7],
      [0, 0],
    ] as const) {
      writeFileSync(join(damaged, 'events.db'), Buffer.from(bytes).fill(0xa5, from * 4_096, to * 4_096));
      if (to === 0) writeFileSync(join(damaged, 'events.db'), bytes.subarray(0, 9 * 4_096));
      const { code, err } = await soCai(['backup', '--to', join(copies, 'bad.db')], {
        ...env,
        DATA_DIR: damaged,
      });
      expect([code, err]).toEqual([1, expect.stringMatching(/^[^\n]+\n$/)]);
    }
    expect(readdirSync(copies).sort()).toEqual(['1.db', '2.db', '3.db']);
  });

  it('leaves a whole file or none when it is killed', async () => {
    const taking = join(root, 'killed');
    mkdirSync(taking);
    const command = ['bin/so-cai.js', 'backup', '--to'];
    const began = Date.now();
    await Program.start([...command, join(taking, 'whole.db')], env).ran();
    const whole = Date.now() - began;
    for (let n = 0; n < 8; n++) {
      const file = join(taking, `${n}.db`);
      const program = Program.start([...command, file], env);
      await pause((whole * (n + 3)) / 12);
      await program.stop('SIGKILL');
      if (existsSync(file)) expect(diagnose(file, null).problems.listed).toEqual([]);
    }
    expect(diagnose(join(taking, 'whole.db'), null).problems.listed).toEqual([]);
  });
});
