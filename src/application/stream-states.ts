import type { Decider } from '../domain/decider.js';
import type { Fact } from '../domain/message.js';
import type { EventStore, Position } from '../ports/event-store.js';
import { type KeptCounts, KeptStreams } from './kept-streams.js';

/** Events whose states are kept at most, over all streams: about 75 MB. */
const MAX_KEPT_EVENTS = 150_000;

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
  /** Ids of the commands that wrote it; it may hold ids of events that came after `last`. */
  readonly commandIds: ReadonlySet<string>;
}

interface Kept extends StreamState<unknown> {
  readonly decider: unknown;
  readonly commandIds: Set<string>;
}

type Folded<S, E extends Fact> = Pick<Decider<never, S, E>, 'initial' | 'evolve'>;

/**
 * Streams as their deciders fold them, those asked for last kept. A state comes from events that were read and never
 * changes, so what is kept cannot be wrong, only short: every question asks the store for what came after it. What is
 * appended is not learnt from the append, so that a conflict or a failed commit has nothing to undo.
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

  /** A stream as it is now. @throws what the store throws */
  async of<S, E extends Fact>(stream: string, decider: Folded<S, E>): Promise<StreamState<S>> {
    const found = this.kept.get(stream);
    const known = found?.decider === decider ? (found as Kept & StreamState<S>) : undefined;
    this.kept.count(known !== undefined);
    const commandIds = known?.commandIds ?? new Set<string>();
    let state = known ? known.state : decider.initial;
    let last = known?.last ?? null;
    for await (const event of this.store.read(stream, sizeOf(last))) {
      state = decider.evolve(state, event as unknown as E);
      const { revision, position, metadata } = event;
      last = { revision, position, recordedAt: metadata.recordedAt };
      commandIds.add(metadata.commandId);
    }
    const folded = { decider, state, last, commandIds };
    this.kept.keep(stream, folded, sizeOf(last));
    return folded;
  }
}

/** How many events a stream has, by its last. */
const sizeOf = (last: Last | null): number => (last === null ? 0 : last.revision + 1);
