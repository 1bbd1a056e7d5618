import { LRUCache } from 'lru-cache';

/** What is kept of streams in memory, and how often it was of use. */
export interface KeptCounts {
  readonly streams: number;
  readonly events: number;
  readonly hits: number;
  readonly misses: number;
}

interface Kept<Known> {
  readonly known: Known;
  readonly events: number;
}

/** What is known of the streams asked for last, bounded by the events that it stands for. */
export class KeptStreams<Known> {
  private readonly kept: LRUCache<string, Kept<Known>>;
  private hits = 0;
  private misses = 0;

  constructor(maxEvents: number) {
    this.kept = new LRUCache({ maxSize: maxEvents, sizeCalculation: ({ events }) => events });
  }

  get counts(): KeptCounts {
    const { size: streams, calculatedSize: events } = this.kept;
    return { streams, events, hits: this.hits, misses: this.misses };
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
    if (events === 0 || events > this.kept.maxSize || events < (this.kept.peek(stream)?.events ?? 0)) return;
    this.kept.set(stream, { known, events });
  }

  clear(): void {
    this.kept.clear();
  }
}
