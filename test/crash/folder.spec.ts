import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ask, built, type Program } from '../support/program.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { rowsOf } from './files.js';
import { caughtUp, startOn, tokensOf } from './server.js';

/** A refusal takes no longer than a start, in milliseconds, on a busy machine too. */
const MAX_REFUSAL_MS = 10_000;

const data = join(temporaryFolder(), 'data');
const read = join(data, 'read.db');
const running = new Set<Program>();
let tokens: Awaited<ReturnType<typeof tokensOf>>;

const started = async (): Promise<{ server: Program; url: string }> => {
  const server = startOn(data);
  running.add(server);
  const url = await server.opened();
  await caughtUp(url, tokens.admin);
  return { server, url };
};

let rows: ReadonlyMap<string, string>;
beforeAll(async () => {
  await built();
  tokens = await tokensOf(data);
  expect((await (await started()).server.stop()).code).toBe(0);
  rows = rowsOf(read);
  expect(rows.size).toBeGreaterThan(10);
}, 120_000);
afterAll(async () => {
  for (const server of running) await server.stop('SIGKILL');
});

describe('a second server on one folder', () => {
  it('is refused at once, and the first goes on', async () => {
    const { server, url } = await started();
    const before = Date.now();
    const { code, err } = await startOn(data).ran();
    expect([code, err]).toEqual([1, `${data} is in use by another process\n`]);
    expect(Date.now() - before).toBeLessThan(MAX_REFUSAL_MS);
    const written = await ask<{ eventIds: string[] }>(`${url}/agencies/so-b/aliases`, tokens.office, 'POST', {
      alias: 'Sở thứ hai',
    });
    expect(written.eventIds).toHaveLength(1);
    await caughtUp(url, tokens.admin);
    expect((await server.stop()).code).toBe(0);
    rows = rowsOf(read);
  });
});

describe('a read.db that is lost', () => {
  const damages: readonly (readonly [what: string, damage: (bytes: Buffer) => void, warns: boolean])[] = [
    ['missing', () => rmSync(read), false],
    ['empty', () => writeFileSync(read, ''), false],
    ['cut off', (bytes) => writeFileSync(read, bytes.subarray(0, bytes.length / 2)), true],
    ['text', () => writeFileSync(read, 'Kế hoạch '.repeat(1_000)), true],
    ['overwritten', (bytes) => writeFileSync(read, bytes.fill(0xa5, 3 * 4_096, 9 * 4_096)), true],
  ];

  it.each(damages)(
    '%s: is built anew from the log, and says so when it was there',
    async (_, damage, warns) => {
      damage(readFileSync(read));
      const { server } = await started();
      const { code, err } = await server.stop();
      expect(code).toBe(0);
      expect(/read\.db was damaged \([\s\S]*\) and is being rebuilt from the log\n/.test(err)).toBe(warns);
      expect(rowsOf(read)).toEqual(rows);
    },
  );
});
