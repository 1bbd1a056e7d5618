import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { PROJECTIONS } from '../../src/ledger.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const MAX_MS = 240_000;

const folder = temporaryFolder();
const rate = expect.any(Number);
const times = { count: expect.any(Number), p50: rate, p99: rate };
const sent = { ...times, perSecond: rate, next: rate };
const rates = { durable: sent, foldedPerSecond: rate, guarded: sent, bare: sent };
const ofEach = Object.fromEntries(PROJECTIONS.map(({ name }) => [name, rate]));

/** What is measured is not looked at, only that everything is. */
it(
  'a small run comes to its end with every figure of the table',
  async () => {
    const json = join(folder, 'result.json');
    // Not for long: the rows of a small history have so many days that can be reported, and a fast machine uses them up.
    const quick = ['--seconds', '0.2', '--turns', '1', '--warm', '0.5'];
    const small = ['--sizes', '6k', '--times', '5', '--moved', '20', ...quick];
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        ...['--import', './test/support/typescript.js', join('test', 'bench', 'main.ts')],
        ...[...small, '--dir', join(folder, 'data'), '--json', json],
      ],
      { maxBuffer: 16_777_216 },
    );
    const result = JSON.parse(readFileSync(json, 'utf8'));
    expect(result).toMatchObject({
      machine: { cores: rate, processor: expect.any(String), node: process.version },
      appends: { caused: rate, raw: rate, merged: rate },
      sizes: [
        {
          size: 6_000,
          generated: { events: 6_000, bytesPerEvent: rate, perSecond: rate },
          replay: {
            raw: rate,
            kept: rate,
            put: rate,
            memory: rate,
            persisted: rate,
            each: ofEach,
            rebuilt: ofEach,
          },
          serving: {
            ...{ coldStartMs: rate, memoryAtRest: rate, memoryAfter: rate, writesPerSecond: rate },
            asked: { status: times, audit: times, portfolio: times, twoClocks: times },
          },
          commands: { one: rates, many: rates },
        },
      ],
    });
    expect(result.aims.length).toBeGreaterThan(20);
    for (const { what, measured, met } of result.aims) {
      expect([what, Number.isFinite(measured)]).toEqual([what, true]);
      expect(stdout).toContain(`| ${what} |`);
      expect(typeof met).toBe('boolean');
    }
  },
  MAX_MS,
);
