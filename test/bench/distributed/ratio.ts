/** How fast something is, and how fast the same would be with nothing of ours around it; a second. */
export interface Ratio {
  readonly what: string;
  readonly ours: number;
  readonly bare: number;
}

/** Takes turns between the two, and gives the median of each. */
export const ratio = async (
  what: string,
  turns: number,
  count: number,
  ours: (turn: number) => Promise<unknown>,
  bare: (turn: number) => Promise<unknown>,
): Promise<Ratio> => {
  const [oursTaken, bareTaken]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < turns; turn++) {
    oursTaken.push(await perSecond(count, () => ours(turn)));
    bareTaken.push(await perSecond(count, () => bare(turn)));
  }
  return { what, ours: median(oursTaken), bare: median(bareTaken) };
};

const perSecond = async (count: number, work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now();
  await work();
  return (count * 1_000) / (performance.now() - started);
};

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
