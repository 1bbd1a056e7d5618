import { type Lease, type Leases, LeasesUnavailable } from '../../ports/leases.js';

interface Held {
  readonly epoch: number;
  /** When it was last renewed, or null when it is free. */
  readonly renewedAt: number | null;
}

/** Leases among the parts of a single process. */
export class InProcessLeases implements Leases {
  readonly #held = new Map<string, Held>();
  #closed = false;

  /** @param now milliseconds that only grow */
  constructor(
    readonly ttlMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  async take(name: string): Promise<Lease | undefined> {
    const { renewedAt } = this.#of(name);
    return renewedAt !== null && this.now() - renewedAt < this.ttlMs ? undefined : this.seize(name);
  }

  async seize(name: string): Promise<Lease> {
    const epoch = this.#of(name).epoch + 1;
    this.#held.set(name, { epoch, renewedAt: this.now() });
    return { name, epoch };
  }

  async renew(lease: Lease): Promise<boolean> {
    if (!this.#isHeld(lease)) return false;
    this.#held.set(lease.name, { epoch: lease.epoch, renewedAt: this.now() });
    return true;
  }

  async release(lease: Lease): Promise<void> {
    if (this.#isHeld(lease)) this.#held.set(lease.name, { epoch: lease.epoch, renewedAt: null });
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #of(name: string): Held {
    if (this.#closed) throw new LeasesUnavailable('the leases are closed');
    return this.#held.get(name) ?? { epoch: 0, renewedAt: null };
  }

  #isHeld({ name, epoch }: Lease): boolean {
    const held = this.#of(name);
    return held.epoch === epoch && held.renewedAt !== null;
  }
}
