// `npm run test:crash -- --kills 200 --seed 7`
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { crash } from './crash.js';

const DEFAULT_KILLS = '200';
const MAX_SEED = 2 ** 31;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const { values } = parseArgs({ options: { kills: { type: 'string' }, seed: { type: 'string' } } });
const kills = Number(values.kills ?? DEFAULT_KILLS);
const seed = Number(values.seed ?? randomInt(MAX_SEED));
if (!Number.isSafeInteger(kills) || kills < 1 || !Number.isSafeInteger(seed))
  throw new RangeError('--kills and --seed are whole numbers');

const folder = mkdtempSync(join(tmpdir(), 'so-cai-crash-'));
const before = Date.now();
say(`${kills} kills, --seed ${seed}`);
try {
  const counts = await crash({ folder, kills, seed, say });
  rmSync(folder, { recursive: true, force: true });
  say(
    `${JSON.stringify(counts)} in ${Math.round((Date.now() - before) / 1_000)} s: nothing lost, nothing changed`,
  );
} catch (error) {
  say(`failed with --seed ${seed}; the files are left in ${folder}`);
  throw error;
}
