import { fold } from '../../domain/decider.js';
import { streamOf } from '../../domain/events.js';
import { reorganizationDecider } from '../../domain/reorganization/decider.js';
import type { ReorganizationEvent } from '../../domain/reorganization/events.js';
import type { Others } from '../../domain/reorganization/places.js';
import { type Reorganization, turnsBackOn } from '../../domain/reorganization/reorganization.js';
import type { RecordedEvent } from '../../ports/event-store.js';
import type { Questions } from '../questions.js';

/** A decree with the events that what follows is caused by. */
export interface Decreed {
  readonly state: Reorganization;
  readonly event: RecordedEvent;
  readonly revocation: RecordedEvent | undefined;
}

/** A revoked decree: the events that what it did and what its revocation did are caused by, and from when it is undone. */
export interface Revocation {
  readonly decree: string;
  readonly revocation: string;
  readonly day: string;
}

/** Every decree there is, in the order of their days and, of one day, of the log. */
export const everyDecree = async ({ facts, events }: Questions): Promise<readonly Decreed[]> => {
  const rows = await facts.reorganizations({ known: undefined });
  const streams = rows.map(({ id }) => ({ stream: streamOf('reorganization', id) }));
  return (await events.readMany(streams)).flatMap(decreedIn).sort(inOrder);
};

export const revocationsOf = (all: readonly Decreed[]): readonly Revocation[] =>
  all.flatMap(({ state, event, revocation }) =>
    revocation && state.revoked
      ? [{ decree: event.id, revocation: revocation.id, day: turnsBackOn(state.decree, state.revoked) }]
      : [],
  );

/** What decrees are to one, of which some are later or that one itself. */
export const othersThan = (later: readonly Decreed[], all: readonly Decreed[]): Others => ({
  later: new Set(later.map(({ event }) => event.id)),
  undone: new Map(
    revocationsOf(all).flatMap(({ decree, revocation, day }) =>
      [decree, revocation].map((event) => [event, day] as const),
    ),
  ),
});

const decreedIn = (history: readonly RecordedEvent[]): readonly Decreed[] => {
  const state = fold(reorganizationDecider, history as unknown as ReorganizationEvent[]);
  const event = history.find(({ type }) => type === 'ReorganizationDecreed');
  const revocation = history.find(({ type }) => type === 'ReorganizationRevoked');
  return state && event ? [{ state, event, revocation }] : [];
};

const placeOf = ({ state, event }: Decreed): string => `${state.decree.effectiveOn}|${event.position}`;

const inOrder = (one: Decreed, other: Decreed): number => (placeOf(one) < placeOf(other) ? -1 : 1);
