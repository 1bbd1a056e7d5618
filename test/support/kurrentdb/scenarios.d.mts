/** What a step gave: what the call returned, or what it threw. */
export interface Step {
  readonly step: string;
  readonly outcome: unknown;
}

export interface Transcript {
  readonly name: string;
  readonly steps: readonly Step[];
}

export interface Difference {
  readonly step: string;
  readonly recorded: unknown;
  readonly observed: unknown;
}

/** Those that `record` runs, in order. */
export const scenarios: { readonly name: string }[];

/** Runs the scenarios on the server of a connection string. */
export function record(connectionString: string): Promise<Transcript[]>;

export function compare(recorded: readonly Transcript[], observed: readonly Transcript[]): Difference[];
