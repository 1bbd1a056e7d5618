import { SCHEMA } from '../../src/domain/events.js';
import type { Metadata } from '../../src/domain/message.js';
import type { EventStore, ExpectedRevision, NewEvent } from '../../src/ports/event-store.js';
import { Random } from './random.js';
import type { Written } from './subjects.js';

/** Appends in one turn of the event loop: the store commits them together. */
const GROUP_APPENDS = 2_000;

/** One append as the event store takes it. */
export interface Append {
  readonly stream: string;
  readonly events: readonly NewEvent[];
  readonly expected: ExpectedRevision;
}

/** Names commands, their events and their places in each stream, from a seed. */
export class Appends {
  private readonly revisions = new Map<string, number>();
  private readonly ids: Random;

  constructor(seed: number) {
    this.ids = new Random(seed + 1);
  }

  of({ stream, planId, facts, actor, at }: Written): Append {
    const before = this.revisions.get(stream) ?? -1;
    this.revisions.set(stream, before + facts.length);
    const commandId = this.ids.uuid();
    const metadata: Metadata = {
      ...{ actor, recordedAt: at, correlationId: this.ids.uuid(), causationId: null, commandId },
      ...{ fingerprint: null, planId, schema: SCHEMA },
    };
    const events = facts.map(({ type, data }) => ({ id: this.ids.uuid(), type, data, metadata }));
    return { stream, events, expected: before < 0 ? 'none' : before };
  }
}

/** Writes a history through the event store; gives the number of events. */
export const writeHistory = async (
  store: EventStore,
  quarters: Iterable<readonly Written[]>,
  seed: number,
): Promise<number> => {
  const appends = new Appends(seed);
  let events = 0;
  for (const quarter of quarters) {
    for (let at = 0; at < quarter.length; at += GROUP_APPENDS) {
      const group = quarter.slice(at, at + GROUP_APPENDS).map((written) => appends.of(written));
      await Promise.all(
        group.map(({ stream, events: fresh, expected }) => store.append(stream, fresh, expected)),
      );
      for (const { events: fresh } of group) events += fresh.length;
    }
  }
  return events;
};
