import type { Appending } from './appends.js';
import type { Generated } from './generate.js';
import type { Replay } from './replay.js';
import { type Rates, type Serving, WRITES_PER_SECOND } from './serving.js';

/** Everything measured at one size. */
export interface Measured {
  readonly size: number;
  readonly generated: Generated;
  readonly replay: Replay;
  readonly serving: Serving;
  readonly commands: Readonly<Record<'one' | 'many', Rates>>;
}

export interface Result {
  readonly machine: Readonly<Record<string, string | number>>;
  readonly seed: number;
  /** `merged`: assignments a second that one decree moves, with everything that the product does around it. */
  readonly appends: Appending & { readonly merged: number };
  readonly sizes: readonly Measured[];
}

/** What was aimed at, and what was measured; `met` also when it is exactly reached. */
export interface Aim {
  readonly what: string;
  readonly measured: number;
  readonly aim: string;
  readonly met: boolean;
}

const MEMORY_REPLAY = 0.6;
const PERSISTED_REPLAY = 0.35;
const DURABLE = 0.5;
const MERGER = 1 / 3;
const WRITES = 0.95;
const FLAT = 1.5;
const TWO_CLOCKS_MS = 50;
const COLD_START_MS = 5_000;

const rounded = (aim: number): number => Number(aim.toFixed(3));

const atLeast = (what: string, measured: number, aim: number): Aim => ({
  ...{ what, measured, aim: `≥ ${rounded(aim)}`, met: measured >= aim },
});
const atMost = (what: string, measured: number, aim: number): Aim => ({
  ...{ what, measured, aim: `≤ ${aim}`, met: measured <= aim },
});

/** The aims that can be held against the sizes that were measured: those about growth need more than one. */
export const aimsOf = ({ sizes, appends }: Result): Aim[] => {
  const [first, last] = [sizes[0], sizes.at(-1)];
  if (!first || !last) return [];
  const { replay, commands, serving } = last;
  const p99 = (at: Measured, name: string) => at.serving.asked[name]?.p99 ?? Number.NaN;
  const flat = ['status', 'audit'].map((name) =>
    atMost(`${name}: p99 at ${last.size} to p99 at ${first.size}`, p99(last, name) / p99(first, name), FLAT),
  );
  return [
    atLeast('replay of all projections in memory to raw', replay.memory / replay.raw, MEMORY_REPLAY),
    ...Object.entries(replay.each).map(([name, rate]) =>
      atLeast(`  in memory, ${name} alone`, rate / replay.raw, MEMORY_REPLAY),
    ),
    atLeast('rebuild of all projections to raw', replay.persisted / replay.raw, PERSISTED_REPLAY),
    ...Object.entries(replay.rebuilt).map(([name, rate]) =>
      atLeast(`  rebuilt, ${name} alone`, rate / replay.raw, PERSISTED_REPLAY),
    ),
    atLeast(
      'durable commands, 64 clients, to storing nothing',
      commands.many.durable.perSecond / commands.many.guarded.perSecond,
      DURABLE,
    ),
    atLeast('1,000 appends caused at once to raw inserts', appends.caused / appends.raw, MERGER),
    atLeast('1,000 assignments moved by one decree to raw inserts', appends.merged / appends.raw, MERGER),
    atLeast(
      '1,000 assignments moved by one decree to 1,000 appends at once',
      appends.merged / appends.caused,
      MERGER,
    ),
    atLeast(
      'writes a second while questions are asked, to those meant',
      serving.writesPerSecond / WRITES_PER_SECOND,
      WRITES,
    ),
    ...(sizes.length > 1 ? flat : []),
    atMost('two-clock status p99, ms', p99(last, 'twoClocks'), TWO_CLOCKS_MS),
    atMost('cold start to first write, ms', serving.coldStartMs, COLD_START_MS),
  ];
};
