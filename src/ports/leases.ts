/**
 * The right to do something that one process at a time may do. Every time that it changes hands its epoch grows, so that
 * what is written can tell a holder from one that slept past its turn.
 */
export interface Lease {
  readonly name: string;
  /** 1 for the first holder ever. */
  readonly epoch: number;
}

export interface Leases {
  /** How long a lease stays with a holder that no longer renews it, in milliseconds. */
  readonly ttlMs: number;
  /**
   * Takes a lease that is free, or whose holder has not renewed it for `ttlMs`, as seen from here: so who wants one asks
   * again and again. Undefined while somebody holds it (the caller included).
   * @throws LeasesUnavailable
   */
  take(name: string): Promise<Lease | undefined>;
  /** Takes a lease from whoever holds it. @throws LeasesUnavailable */
  seize(name: string): Promise<Lease>;
  /** Keeps a lease; false when it has changed hands. @throws LeasesUnavailable */
  renew(lease: Lease): Promise<boolean>;
  /** Gives a lease back; one that has changed hands stays where it is. @throws LeasesUnavailable */
  release(lease: Lease): Promise<void>;
  close(): Promise<void>;
}

/** Nobody can tell now who holds a lease. */
export class LeasesUnavailable extends Error {
  override readonly name = 'LeasesUnavailable';
}
