import type { Fact } from '../domain/message.js';
import {
  type Appended,
  collect,
  type EventStore,
  type NewEvent,
  type Position,
} from '../ports/event-store.js';
import { type KeptCounts, KeptStreams } from './kept-streams.js';
import { assertWhole, evolved, type Folded } from './readable.js';

/** Events whose states are kept at most, over all streams: 60 to 90 MB, the more of them came with keys. */
const MAX_KEPT_EVENTS = 225_000;

/** The last event of a stream. */
export interface Last {
  readonly revision: number;
  readonly position: Position;
  readonly recordedAt: string;
}

/** A stream folded up to its last event; `last` is null for one that does not exist. */
export interface StreamState<S> {
  readonly state: S;
  readonly last: Last | null;
  /** Ids of the commands with keys that wrote it, which can come again; also of such that came after `last`. */
  readonly commandIds: ReadonlySet<string>;
}

interface Kept {
  readonly decider: unknown;
  readonly folded: StreamState<unknown>;
}

/**
 * Streams as their deciders fold them, those asked for last kept. A state comes from events that are durable and never
 * changes, so what is kept cannot be wrong, only short: every question asks the store for what came after it. Where the
 * log is restored from an older copy meanwhile, whoever notices drops it.
 */
export class StreamStates {
  private readonly kept: KeptStreams<Kept>;

  constructor(
    private readonly store: Pick<EventStore, 'read'>,
    maxEvents = MAX_KEPT_EVENTS,
  ) {
    this.kept = new KeptStreams(maxEvents);
  }

  get counts(): KeptCounts {
    return this.kept.counts;
  }

  /** A stream as it is now. @throws Unreadable, and what the store throws */
  async of<S, E extends Fact>(stream: string, decider: Folded<S, E>): Promise<StreamState<S>> {
    const known = this.known(stream, decider);
    this.kept.count(known !== undefined);
    const before = known ?? nothing(decider);
    const since = await collect(this.store.read(stream, sizeOf(before.last)));
    const end = since.at(-1);
    if (!end) return before;
    const found = grown(stream, before, decider, since, end);
    // What came to a state that is kept was written by this program a moment ago.
    if (!known) assertWhole(stream, decider, since, found.state);
    return this.keep(stream, decider, found);
  }

  /**
   * Takes in events that whoever appended or read them knows to be durable, so that the next command need not read them;
   * `end` is where the last of them stands. Those that do not follow what is kept teach nothing.
   */
  learn<S, E extends Fact>(
    stream: string,
    decider: Folded<S, E>,
    events: readonly NewEvent[],
    end: Appended,
  ): void {
    const before = this.known(stream, decider) ?? nothing(decider);
    if (sizeOf(before.last) + events.length === end.revision + 1)
      this.keep(stream, decider, grown(stream, before, decider, events, end));
  }

  drop(): void {
    this.kept.clear();
  }

  private known<S, E extends Fact>(stream: string, decider: Folded<S, E>): StreamState<S> | undefined {
    const found = this.kept.get(stream);
    return found?.decider === decider ? (found.folded as StreamState<S>) : undefined;
  }

  private keep<S>(stream: string, decider: unknown, folded: StreamState<S>): StreamState<S> {
    this.kept.keep(stream, { decider, folded }, sizeOf(folded.last));
    return folded;
  }
}

const nothing = <S>({ initial }: Pick<Folded<S, never>, 'initial'>): StreamState<S> => ({
  state: initial,
  last: null,
  commandIds: new Set(),
});

/** A stream with the events that follow. */
const grown = <S, E extends Fact>(
  stream: string,
  before: StreamState<S>,
  decider: Folded<S, E>,
  events: readonly NewEvent[],
  { revision, position }: Appended,
): StreamState<S> => {
  let { state } = before;
  let recordedAt = '';
  const commandIds = before.commandIds as Set<string>;
  for (const event of events) {
    state = evolved(stream, decider, state, event);
    const { metadata } = event;
    recordedAt = metadata.recordedAt;
    if (metadata.fingerprint !== null) commandIds.add(metadata.commandId);
  }
  return { state, last: { revision, position, recordedAt }, commandIds };
};

/** How many events a stream has, by its last. */
const sizeOf = (last: Last | null): number => (last === null ? 0 : last.revision + 1);
