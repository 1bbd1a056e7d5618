import { parse, v5 as uuidv5 } from 'uuid';
import type { AgencyCommand } from '../../domain/agency/commands.js';
import { agencyDecider } from '../../domain/agency/decider.js';
import { type Decider, fold } from '../../domain/decider.js';
import { SCHEMA, streamOf } from '../../domain/events.js';
import type { Given } from '../../domain/given.js';
import type { Actor, Fact, Metadata } from '../../domain/message.js';
import { collect, type NewEvent, type RecordedEvent, RevisionConflict } from '../../ports/event-store.js';
import { later, type Writing } from '../handle.js';

/** Who does what follows from a decree. */
export const SYSTEM: Actor = Object.freeze({
  ...{ subject: 'so-cai', name: 'Sổ Cái', role: 'system', agencyId: null },
});

const MAX_ATTEMPTS = 10;

const UTF8 = new TextEncoder();

/** A fact to record, and what it is about: from that its id is derived. */
export interface Wanted {
  readonly fact: Fact;
  readonly key: string;
  readonly planId: string | null;
}

type AgencyOrder = {
  readonly [Type in AgencyCommand['type']]: Omit<Extract<AgencyCommand, { type: Type }>, 'given'>;
}[AgencyCommand['type']];

/** Records what follows from one event, each fact once however often it is asked for. */
export class Appending {
  /** How many events it has recorded. */
  recorded = 0;
  private last: Metadata | null = null;
  private readonly namespace: Uint8Array;

  constructor(
    private readonly writing: Writing,
    private readonly cause: RecordedEvent,
  ) {
    this.namespace = parse(cause.id);
  }

  /** Gives one order to an agency. */
  order(agencyId: string, order: AgencyOrder, given: Given, key: string): Promise<number> {
    return this.decided(
      streamOf('agency', agencyId),
      agencyDecider,
      { ...order, given } as AgencyCommand,
      key,
    );
  }

  /** Lets a decider decide, unless what it decided then has been recorded already. */
  decided<C, S, E extends Fact>(
    stream: string,
    decider: Decider<C, S, E>,
    command: C,
    key: string,
  ): Promise<number> {
    const full = `${stream}|${key}`;
    const first = this.idOf(full);
    return this.missing(stream, (history) => {
      if (history.some(({ id }) => id === first)) return [];
      const facts = decider.decide(command, fold(decider, history as unknown as E[]));
      return facts.map((fact) => ({ fact, key: full, planId: null }));
    });
  }

  /**
   * Appends what is still missing of a stream, at the revision that was read; how many events that were. Whoever has
   * read the stream already says so: a conflict tells when that was too early.
   */
  async missing(
    stream: string,
    wantedOf: (history: readonly RecordedEvent[]) => readonly Wanted[],
    read?: readonly RecordedEvent[],
  ): Promise<number> {
    const { events, clock } = this.writing;
    for (let attempt = 1; ; attempt += 1) {
      const history = (attempt === 1 && read) || (await collect(events.read(stream)));
      const wanted = wantedOf(history);
      if (wanted.length === 0) return 0;
      const last = history.at(-1);
      const recordedAt = later(clock.now(), last?.metadata.recordedAt);
      const fresh: NewEvent[] = [];
      const taken = (id: string) =>
        [history, fresh].some((events) => events.some((event) => event.id === id));
      for (const { fact, key, planId } of wanted) {
        // What is about the same can come again: who comes to lead leaves the coordinating agencies, and a predecessor can
        // be named anew for the day of the decree itself.
        let id = this.idOf(key);
        for (let n = 2; taken(id); n += 1) id = this.idOf(`${key}|again ${n}`);
        fresh.push({ id, type: fact.type, data: fact.data, metadata: this.metadata(planId, recordedAt) });
      }
      try {
        await events.append(stream, fresh, last ? last.revision : 'none');
        this.recorded += fresh.length;
        return fresh.length;
      } catch (error) {
        if (!(error instanceof RevisionConflict) || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }

  /** One object for all that is recorded at one instant in one plan, which nobody changes. */
  private metadata(planId: string | null, recordedAt: string): Metadata {
    if (this.last?.planId === planId && this.last.recordedAt === recordedAt) return this.last;
    const { id, metadata } = this.cause;
    this.last = Object.freeze({
      ...{ actor: SYSTEM, recordedAt, correlationId: metadata.correlationId, causationId: id, commandId: id },
      ...{ fingerprint: null, planId, schema: SCHEMA },
    });
    return this.last;
  }

  /** Derived from what caused the event and what it is about. */
  private idOf(key: string): string {
    return uuidv5(UTF8.encode(key), this.namespace);
  }
}
