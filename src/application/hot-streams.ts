import {
  type Appended,
  collect,
  type EventStore,
  type ExpectedRevision,
  type NewEvent,
  type Position,
  type RecordedEvent,
  RevisionConflict,
  type StreamFrom,
} from '../ports/event-store.js';
import { type KeptCounts, KeptStreams } from './kept-streams.js';

/** Events kept in memory at most, over all streams: about 40 MB. */
const MAX_KEPT_EVENTS = 20_000;

/**
 * An event store that keeps the events of the streams read last. An event never changes, so what is kept cannot be
 * wrong, only short: every read asks the store for what came after it. An append keeps nothing; a conflict or a failed
 * commit has nothing to undo. Only where the log is restored from an older copy meanwhile is more kept than there is: when
 * the store's answers show it, everything is dropped.
 */
export class HotStreams implements EventStore {
  private readonly kept: KeptStreams<readonly RecordedEvent[]>;

  constructor(
    private readonly store: EventStore,
    maxEvents = MAX_KEPT_EVENTS,
  ) {
    this.kept = new KeptStreams(maxEvents);
  }

  get counts(): KeptCounts {
    return this.kept.counts;
  }

  async *read(stream: string, from = 0, limit?: number): AsyncGenerator<RecordedEvent, void> {
    // A few events in the middle say little of a stream: they are not kept.
    if (limit !== undefined) return yield* this.unkept(stream, from, limit);
    const known = this.known(stream, from);
    if (!known) return yield* this.store.read(stream, from);
    const all = this.keep(stream, known, await collect(this.store.read(stream, known.length)));
    yield* from > 0 ? all.slice(from) : all;
  }

  async readMany(streams: readonly StreamFrom[]): Promise<readonly (readonly RecordedEvent[])[]> {
    const asked = streams.map(({ stream, from = 0 }) => ({ stream, from, known: this.known(stream, from) }));
    const found = await this.store.readMany(
      asked.map(({ stream, from, known }) => ({ stream, from: known ? known.length : from })),
    );
    return asked.map(({ stream, from, known }, index) => {
      const since = found[index] ?? [];
      const all = known ? this.keep(stream, known, since) : since;
      return known && from > 0 ? all.slice(from) : all;
    });
  }

  async assertWritable(): Promise<void> {
    await this.store.assertWritable?.();
  }

  append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<Appended> {
    return this.store.append(stream, events, expected).catch((error) => {
      if (error instanceof RevisionConflict && sizeOf(error.actual) < this.sizeKept(stream))
        this.kept.clear();
      throw error;
    });
  }

  readAll(after: Position | null, limit?: number): AsyncIterable<readonly RecordedEvent[]> {
    return this.store.readAll(after, limit);
  }

  subscribeAll(after: Position | null, signal: AbortSignal): AsyncIterable<readonly RecordedEvent[]> {
    return this.store.subscribeAll(after, signal);
  }

  at(position: Position): Promise<RecordedEvent | undefined> {
    return this.store.at(position);
  }

  head(): Promise<Position | null> {
    return this.store.head();
  }

  positionAt(instant: string): Promise<Position | null> {
    return this.store.positionAt(instant);
  }

  close(): Promise<void> {
    this.kept.clear();
    return this.store.close();
  }

  /** Some of a stream as the store has it. */
  private async *unkept(stream: string, from: number, limit: number): AsyncGenerator<RecordedEvent, void> {
    let end = from;
    for await (const event of this.store.read(stream, from, limit)) {
      end = event.revision + 1;
      yield event;
    }
    if (end < from + limit && end < this.sizeKept(stream)) this.kept.clear();
  }

  private sizeKept(stream: string): number {
    return this.kept.get(stream)?.length ?? 0;
  }

  /** What is kept of a stream; null for a place that is none, or beyond what is kept: that is the store's to answer. */
  private known(stream: string, from: number): readonly RecordedEvent[] | null {
    const known = this.kept.get(stream) ?? [];
    if (!(from >= 0 && from <= known.length && Number.isInteger(from))) return null;
    this.kept.count(known.length > 0);
    return known;
  }

  /** Keeps what was known with what came since, and gives all of it. */
  private keep(
    stream: string,
    known: readonly RecordedEvent[],
    since: readonly RecordedEvent[],
  ): readonly RecordedEvent[] {
    if (since.length === 0) return known;
    const events = known.concat(since);
    this.kept.keep(stream, events, events.length);
    return events;
  }
}

/** How many events a stream has whose last one has a revision. */
const sizeOf = (revision: ExpectedRevision): number => (revision === 'none' ? 0 : revision + 1);
