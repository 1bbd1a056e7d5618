/** What the clients are told to do. */
export interface Job {
  readonly kind: 'commands' | 'questions';
  readonly url: string;
  /** Of who writes. */
  readonly token: string;
  /** Of who asks. */
  readonly reader: string;
  /** Indicators that figures are reported for. */
  readonly ids: readonly string[];
  /** Number of the first command: no two commands of one ledger have the same. */
  readonly from: number;
  readonly clients: number;
  readonly seconds: number;
  readonly questions: Readonly<Record<string, string>>;
  readonly times: number;
  readonly warmUp: number;
  readonly writesPerSecond: number;
}

/** Milliseconds from the request's first byte to the answer's last. */
export interface Times {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
}

export type Sent = Times & { readonly perSecond: number; readonly next: number };

/** One round of questions: the time of each answer, and what was written meanwhile. */
export interface Round {
  readonly times: Readonly<Record<string, readonly number[]>>;
  readonly writes: number;
  readonly seconds: number;
  readonly next: number;
}

export const summary = (times: readonly number[]): Times => {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99) };
};
