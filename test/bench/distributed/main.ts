import { join } from 'node:path';
import { measureAppends } from './appends.js';
import { measureJobs } from './jobs.js';
import { measureProjecting } from './projecting.js';
import type { Ratio } from './ratio.js';

/** Each part of the distributed mode is to be at least this fast, compared with its client or driver alone. */
const AIM = 0.7;
/** Enough that what each projection costs once (a build, its indexes, the switch) is what it is in a real log: little. */
const PROJECTED_EVENTS = 50_000;

export interface DistributedResult {
  readonly ratios: readonly (Ratio & { readonly ratio: number; readonly met: boolean })[];
}

/** Measures the adapters of the distributed mode, each against what it is made of. */
export const measureDistributed = async (
  dir: string,
  turns: number,
  say: (line: string) => void,
): Promise<DistributedResult> => {
  const ratios: Ratio[] = [];
  for (const [what, measure] of [
    ['appends', () => measureAppends(turns)],
    ['projecting', () => measureProjecting(join(dir, 'distributed'), turns, PROJECTED_EVENTS)],
    ['jobs', () => measureJobs(turns)],
  ] as const) {
    say(`distributed: ${what}`);
    ratios.push(await measure());
  }
  return {
    ratios: ratios.map((one) => ({ ...one, ratio: one.ours / one.bare, met: one.ours / one.bare >= AIM })),
  };
};

/** The result as a table of Markdown. */
export const printedDistributed = ({ ratios }: DistributedResult): string =>
  [
    '| a second | ours | alone | ratio | at least 0.7 |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...ratios.map(
      ({ what, ours, bare, ratio, met }) =>
        `| ${what} | ${Math.round(ours)} | ${Math.round(bare)} | ${ratio.toFixed(2)} | ${met ? 'yes' : 'no'} |`,
    ),
  ].join('\n');
