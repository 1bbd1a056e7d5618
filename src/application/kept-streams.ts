/** What is kept of streams in memory, and how often it was of use. */
export interface KeptCounts {
  readonly streams: number;
  readonly events: number;
  readonly hits: number;
  readonly misses: number;
}

/** What is known of the streams asked for last, bounded by the events that it stands for. */
export class KeptStreams<Known> {
  /** The one asked for longest ago first. */
  private readonly kept = new Map<string, { readonly known: Known; readonly events: number }>();
  private events = 0;
  private hits = 0;
  private misses = 0;

  constructor(private readonly maxEvents: number) {}

  get counts(): KeptCounts {
    return { streams: this.kept.size, events: this.events, hits: this.hits, misses: this.misses };
  }

  get(stream: string): Known | undefined {
    return this.kept.get(stream)?.known;
  }

  /** Counts whether what was kept was of use. */
  count(isHit: boolean): void {
    if (isHit) this.hits += 1;
    else this.misses += 1;
  }

  /** Keeps what is known of a stream by its first events: nothing of none or of too many, nor less than is kept. */
  keep(stream: string, known: Known, events: number): void {
    // Of two that asked at once, the one that ends last may have seen less.
    if (events === 0 || events > this.maxEvents || events < (this.kept.get(stream)?.events ?? 0)) return;
    this.forget(stream);
    this.kept.set(stream, { known, events });
    this.events += events;
    for (const oldest of this.kept.keys()) {
      if (this.events <= this.maxEvents) return;
      this.forget(oldest);
    }
  }

  clear(): void {
    this.kept.clear();
    this.events = 0;
  }

  private forget(stream: string): void {
    this.events -= this.kept.get(stream)?.events ?? 0;
    this.kept.delete(stream);
  }
}
