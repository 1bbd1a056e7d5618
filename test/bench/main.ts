// Measures everything, and prints it: see docs/performance.md.
import { rmSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { aimsOf, type Measured, type Result } from './aims.js';
import { measureAppends } from './appends.js';
import { generate } from './generate.js';
import { measureMergers } from './merger.js';
import { measureReplay } from './replay.js';
import { measureCommands, measureServing } from './serving.js';
import { printed } from './table.js';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '10k,100k,1M' },
    seed: { type: 'string', default: '1' },
    dir: { type: 'string', default: join('var', 'bench', 'data') },
    times: { type: 'string', default: '300' },
    seconds: { type: 'string', default: '4' },
    turns: { type: 'string', default: '3' },
    json: { type: 'string' },
    check: { type: 'boolean', default: false },
  },
});

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1_000, M: 1_000_000 };

const sizeOf = (text: string): number => {
  const [, digits, unit = ''] = /^(\d+)([kM]?)$/.exec(text.trim()) ?? [];
  if (digits === undefined) throw new RangeError(`${text} is no size: write 10k, 100k or 1M`);
  return Number(digits) * (UNITS[unit] ?? 1);
};

const say = (line: string): void => {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
};

/** Assignments that one decree moves, and how often. */
const MOVED = 1_000;
const MERGERS = 5;

const seed = Number(values.seed);

const measure = async (size: number): Promise<Measured> => {
  const folder = join(values.dir, String(size));
  say(`${size}: writing the history`);
  const generated = await generate(folder, seed, size);
  say(`${size}: replaying`);
  const replay = await measureReplay(folder, say);
  say(`${size}: asking while ${values.times} times four questions are written past`);
  const { next: _, ...serving } = await measureServing(folder, Number(values.times));
  say(`${size}: commands`);
  const commands = await measureCommands(folder, Number(values.seconds), Number(values.turns));
  rmSync(folder, { recursive: true, force: true });
  return { size, generated, replay, serving, commands };
};

say('a merger-sized batch');
const appends = await measureAppends(join(values.dir, 'appends'), seed);
const merged = await measureMergers(join(values.dir, 'merger'), seed, MOVED, MERGERS);
const sizes: Measured[] = [];
for (const size of values.sizes
  .split(',')
  .map(sizeOf)
  .sort((a, b) => a - b))
  sizes.push(await measure(size));
const [cpu] = cpus();
const machine = {
  cores: cpus().length,
  processor: cpu?.model.trim() ?? 'unknown',
  memory: `${Math.round(totalmem() / 1_073_741_824)} GB`,
  system: `${type()} ${release()}`,
  node: process.version,
};
const result: Result = { machine, seed, appends: { ...appends, merged }, sizes };
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify({ ...result, aims: aimsOf(result) }, null, 2)}\n`);
process.stdout.write(`${printed(result)}\n`);
if (values.check && aimsOf(result).some(({ met }) => !met)) process.exitCode = 1;
