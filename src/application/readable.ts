import { agencyDecider } from '../domain/agency/decider.js';
import { assertJson } from '../domain/canonical.js';
import type { Decider } from '../domain/decider.js';
import { type Noun, subjectOf } from '../domain/events.js';
import { indicatorDecider } from '../domain/indicator/decider.js';
import type { Fact } from '../domain/message.js';
import { planDecider } from '../domain/plan/decider.js';
import { reorganizationDecider } from '../domain/reorganization/decider.js';
import { taskDecider } from '../domain/task/decider.js';
import { Unreadable } from './errors.js';

/** How a noun is folded from its events. */
export type Folded<S, E extends Fact> = Pick<Decider<never, S, E>, 'initial' | 'evolve'>;

type Read = Fact & { readonly id: string };

/**
 * A state with one more event of its stream.
 * @throws Unreadable for one that cannot be folded, that the noun does not know of, or that comes before the noun does
 */
export const evolved = <S, E extends Fact>(
  stream: string,
  decider: Folded<S, E>,
  state: S,
  event: Read,
): S => {
  let next: S | null | undefined;
  try {
    next = decider.evolve(state, event as unknown as E);
  } catch (cause) {
    throw new Unreadable(stream, event.id, { cause });
  }
  if (next === undefined || next === null) throw new Unreadable(stream, event.id);
  return next;
};

/**
 * Refuses a state, folded from the first event on, that nobody could decide on: an event lacks what it should say.
 * @throws Unreadable for the first event that made it so
 */
export const assertWhole = <S, E extends Fact>(
  stream: string,
  decider: Folded<S, E>,
  events: readonly Read[],
  end: S,
): void => {
  if (jsonFault(end) === null) return;
  let state = decider.initial;
  for (const event of events) {
    state = evolved(stream, decider, state, event);
    const cause = jsonFault(state);
    if (cause !== null) throw new Unreadable(stream, event.id, { cause });
  }
};

const jsonFault = (state: unknown): unknown => {
  try {
    assertJson(state, 'state');
    return null;
  } catch (error) {
    return error;
  }
};

/** An event that the program cannot read, and why. */
export interface Unread {
  readonly id: string;
  readonly why: string;
}

/** The first event of a stream that the program cannot read, as it would fold it; null where it reads all of them. */
export const unreadIn = (stream: string, events: readonly Read[]): Unread | null => {
  const [first] = events;
  if (!first) return null;
  const noun = subjectOf(stream)?.kind;
  if (!noun) return { id: first.id, why: `nothing reads the stream ${stream}` };
  const decider = DECIDERS[noun];
  try {
    let state = decider.initial;
    for (const event of events) state = evolved(stream, decider, state, event);
    assertWhole(stream, decider, events, state);
    return null;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const type = events.find(({ id }) => id === error.eventId)?.type;
    const because = error.cause === undefined ? '' : `: ${error.cause}`;
    return { id: error.eventId, why: `as ${type} it cannot be read in ${stream}${because}` };
  }
};

const DECIDERS = {
  plan: planDecider,
  indicator: indicatorDecider,
  task: taskDecider,
  agency: agencyDecider,
  reorganization: reorganizationDecider,
} as Readonly<Record<Noun, Folded<unknown, never>>>;
