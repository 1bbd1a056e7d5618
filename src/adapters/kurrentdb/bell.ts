import { setTimeout as delay } from 'node:timers/promises';
import { END, type EventStoreDBClient, excludeSystemEvents } from '@eventstore/db-client';

/** Waits before it listens again, in milliseconds. */
const RECONNECT_MS = 200;

/**
 * Says that something may have been appended. It listens at the end of the log and throws away what it hears: events are
 * read in bounded pages by whoever was woken. So a subscription that the server drops, ends or forgets costs a ring, and
 * never an event.
 */
export class Bell {
  #rings = 0;
  readonly #sleepers = new Set<() => void>();
  readonly #closing = new AbortController();
  #listening = false;
  #hangUp: () => void = () => undefined;

  constructor(private readonly client: EventStoreDBClient) {}

  /** How often it has rung. */
  get rings(): number {
    return this.#rings;
  }

  /** Waits until it has rung more often than that, the signal aborts, or the time (milliseconds) is over. Whether it rang. */
  async next(rings: number, signal: AbortSignal, withinMs: number): Promise<boolean> {
    if (!this.#listening) void this.#listen();
    if (this.#rings === rings && !signal.aborted) await this.#rung(signal, withinMs);
    return this.#rings !== rings;
  }

  /** Told that something was appended and it did not ring: the server may have forgotten its listener. */
  distrust(): void {
    this.#hangUp();
  }

  close(): void {
    this.#closing.abort();
    this.#hangUp();
    this.#ring();
  }

  #rung(signal: AbortSignal, withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        this.#sleepers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, withinMs);
      signal.addEventListener('abort', wake);
      this.#sleepers.add(wake);
    });
  }

  async #listen(): Promise<void> {
    this.#listening = true;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await this.#untilItEnds();
      await delay(RECONNECT_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  #untilItEnds(): Promise<void> {
    return new Promise((resolve) => {
      const subscription = this.client.subscribeToAll({ fromPosition: END, filter: excludeSystemEvents() });
      this.#hangUp = () => {
        // Waits for a connection, which a server that is mute never gives.
        subscription.unsubscribe().catch(() => undefined);
        resolve();
      };
      // Before it listened, something may have come.
      subscription.on('confirmation', () => this.#ring());
      subscription.on('data', () => this.#ring());
      // They stay: an error that comes late, and is heard by nobody, would end the process.
      for (const end of ['error', 'end', 'close'] as const) subscription.on(end, this.#hangUp);
    });
  }

  #ring(): void {
    this.#rings++;
    for (const wake of [...this.#sleepers]) wake();
  }
}
