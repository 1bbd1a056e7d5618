// `npm run test:fuzz -- --requests 200000 --seed 7`
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.js';

const DEFAULT_REQUESTS = '20000';
const MAX_SEED = 2 ** 30;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const { values } = parseArgs({ options: { requests: { type: 'string' }, seed: { type: 'string' } } });
const requests = Number(values.requests ?? DEFAULT_REQUESTS);
const seed = Number(values.seed ?? randomInt(MAX_SEED));
if (!Number.isSafeInteger(requests) || requests < 1 || !Number.isSafeInteger(seed))
  throw new RangeError('--requests and --seed are whole numbers');

const folder = mkdtempSync(join(tmpdir(), 'so-cai-fuzz-'));
const before = Date.now();
say(`${requests} requests, --seed ${seed}`);
try {
  const { statuses, taken, operations, accepted, events } = await fuzz({ folder, requests, seed, say });
  say(JSON.stringify({ statuses, taken: taken.size, operations, accepted, events }));
  say(
    `in ${Math.round((Date.now() - before) / 1_000)} s: nothing failed, told of the inside, or was written unasked`,
  );
} catch (error) {
  say(`failed with --seed ${seed}`);
  throw error;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
