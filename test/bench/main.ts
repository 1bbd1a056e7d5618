// Measures everything, and prints it: see docs/performance.md.
import { rmSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { aimsOf, type Measured, type Result } from './aims.js';
import { measureAppends } from './appends.js';
import { measureDistributed, printedDistributed } from './distributed/main.js';
import { generate } from './generate.js';
import { measureMergers } from './merger.js';
import { measureReplay } from './replay.js';
import { measureCommands, measureServing, type Serving } from './serving.js';
import { printed } from './table.js';

const { values } = parseArgs({
  options: {
    mode: { type: 'string', default: 'embedded' },
    sizes: { type: 'string', default: '10k,100k,1M' },
    seed: { type: 'string', default: '1' },
    dir: { type: 'string', default: join('var', 'bench', 'data') },
    times: { type: 'string', default: '300' },
    seconds: { type: 'string', default: '4' },
    turns: { type: 'string', default: '3' },
    warm: { type: 'string', default: '15' },
    moved: { type: 'string', default: '1000' },
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

/** How often an agency is merged into the next. */
const MERGERS = 9;

const seed = Number(values.seed);
const seconds = Number(values.seconds);
const turns = Number(values.turns);
const warm = Number(values.warm);

const folderOf = (size: number): string => join(values.dir, String(size));

if (values.mode === 'distributed') {
  const result = await measureDistributed(values.dir, turns, say);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
  process.stdout.write(`${printedDistributed(result)}\n`);
  process.exit(values.check && result.ratios.some(({ met }) => !met) ? 1 : 0);
}

say('a merger-sized batch');
const appends = await measureAppends(join(values.dir, 'appends'), seed);
const merged = await measureMergers(join(values.dir, 'merger'), seed, Number(values.moved), MERGERS);
const asked = values.sizes
  .split(',')
  .map(sizeOf)
  .sort((a, b) => a - b);
const replayed: Pick<Measured, 'size' | 'generated' | 'replay'>[] = [];
for (const size of asked) {
  say(`${size}: writing the history`);
  const generated = await generate(folderOf(size), seed, size);
  say(`${size}: replaying`);
  replayed.push({ size, generated, replay: await measureReplay(folderOf(size), say) });
}
say(`asking each size ${values.times} times four questions while others write`);
const serving = await measureServing(asked.map(folderOf), Number(values.times));
const sizes: Measured[] = [];
for (const [index, measured] of replayed.entries()) {
  say(`${measured.size}: commands`);
  const folder = folderOf(measured.size);
  const commands = await measureCommands(folder, { seconds, turns, warm });
  sizes.push({ ...measured, serving: serving[index] as Serving, commands });
  rmSync(folder, { recursive: true, force: true });
}
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
