import { Rejected } from '../../domain/decider.js';
import { SCHEMA } from '../../domain/events.js';
import type { Actor, Fact, Metadata } from '../../domain/message.js';
import {
  AppendTooLarge,
  collect,
  OutcomeUnknown,
  type RecordedEvent,
  RevisionConflict,
  StoreUnavailable,
} from '../../ports/event-store.js';
import { Busy } from '../errors.js';
import { later, type Writing } from '../handle.js';
import type { Request } from '../request.js';
import { begins, type Planned, type Stream, saying } from './stream.js';

/** How often a stream is read again that others write to at the same time. */
const MAX_CONFLICTS = 10;

/** How a load is known in what it writes. */
export interface Known {
  /** Of a load that may be asked for again, to be answered as the first time. */
  readonly repeatable?: Request['repeatable'];
  /** Of everything that is written; an id of its own where there is none. */
  readonly correlationId?: string;
}

/** Writes what a load that was checked still lacks, one stream after the other. */
export class Completing {
  private readonly told: Omit<Metadata, 'recordedAt' | 'planId'>;
  /** Whether something of this load stands in the log. */
  private isBegun: boolean;

  /** @param first the first event of the load, where this is a repeat of it */
  constructor(
    private readonly writing: Writing,
    actor: Actor,
    { repeatable, correlationId }: Known,
    private readonly first: RecordedEvent | null,
  ) {
    const commandId = repeatable?.commandId ?? writing.ids.next();
    this.told = {
      actor,
      correlationId: correlationId ?? commandId,
      causationId: null,
      commandId,
      fingerprint: repeatable?.fingerprint ?? null,
      schema: SCHEMA,
    };
    this.isBegun = first !== null;
  }

  /**
   * Writes what of a stream is still missing, and counts what of it this load has written, now or in an earlier try.
   * @throws Rejected, Busy, OutcomeUnknown once something is written, and what the store throws
   */
  async complete(stream: Stream<Fact>, planned: readonly Planned<Fact>[]): Promise<number> {
    try {
      return await this.completed(stream, planned);
    } catch (error) {
      // That nothing was written would be untrue.
      if (this.isBegun && error instanceof StoreUnavailable)
        throw new OutcomeUnknown(`a part of the load is written: ${error.message}`, { cause: error });
      throw error;
    }
  }

  private async completed(stream: Stream<Fact>, planned: readonly Planned<Fact>[]): Promise<number> {
    const { events } = this.writing;
    for (let conflicts = 0; ; ) {
      const stored = await collect(events.read(stream.name));
      const ids = new Set(stored.map(({ id }) => id));
      const missing = planned.filter(({ id }) => !ids.has(id));
      this.assertUnchanged(stream, planned, stored, missing);
      // Of two loads at once the store takes the second for a repeat of the first, and only the stream tells whose it was.
      if (missing.length === 0) return this.ownOf(stored, planned).length;
      if (conflicts === MAX_CONFLICTS) throw new Busy(`${stream.name} is being written by others`);
      if (!(await this.append(stream, missing, stored.at(-1)))) conflicts += 1;
    }
  }

  /** Appends what is missing at the revision that was read, or the first half of what is too much; false after a conflict. */
  private async append(
    stream: Stream<Fact>,
    missing: readonly Planned<Fact>[],
    last: RecordedEvent | undefined,
  ): Promise<boolean> {
    const { events, clock } = this.writing;
    const { name, planId } = stream;
    const recordedAt = later(clock.now(), last?.metadata.recordedAt);
    const metadata: Metadata = { ...this.told, recordedAt, planId };
    const fresh = missing.map(({ id, fact: { type, data } }) => ({ id, type, data, metadata }));
    try {
      await events.append(name, fresh, last ? last.revision : 'none');
      this.isBegun = true;
      return true;
    } catch (error) {
      if (error instanceof RevisionConflict) return false;
      if (!(error instanceof AppendTooLarge) || missing.length === 1) throw error;
      return this.append(stream, missing.slice(0, Math.ceil(missing.length / 2)), last);
    }
  }

  private readonly isOwn = ({ metadata }: RecordedEvent): boolean =>
    metadata.commandId === this.told.commandId;

  private ownOf(stored: readonly RecordedEvent[], planned: readonly Planned<Fact>[]): RecordedEvent[] {
    const ids = new Set(planned.map(({ id }) => id));
    return stored.filter((event) => ids.has(event.id) && this.isOwn(event));
  }

  /** Refuses to go on where somebody else wrote what the check did not see. @throws Rejected */
  private assertUnchanged(
    stream: Stream<Fact>,
    planned: readonly Planned<Fact>[],
    stored: readonly RecordedEvent[],
    [next]: readonly Planned<Fact>[],
  ): void {
    const changed = (how: string) => new Rejected('ChangedMeanwhile', `${stream.name} was ${how}.`);
    const others = stored.filter((event) => !this.isOwn(event));
    const facts = new Map(planned.map(({ id, fact }) => [id, fact]));
    for (const event of others) {
      const fact = facts.get(event.id);
      if (fact && saying(fact) !== saying(event)) throw changed('loaded from other tables meanwhile');
    }
    if (!next || others.length === 0) return;
    // What is left of a load that was cut off was checked against the log as it was before.
    const { first } = this;
    if (first && others.some(({ position }) => position > first.position))
      throw changed('changed since this load was cut off');
    if (begins(next, stream)) throw changed('entered by hand meanwhile');
  }
}
