import type { Fact } from './message.js';

/**
 * A decision is pure: state comes from the stream's own events, everything else comes in with the command.
 * `decide` returns the facts that follow (none when the command asks for what already holds) or throws Rejected.
 */
export interface Decider<Command, State, Event extends Fact> {
  readonly initial: State;
  decide(command: Command, state: State): readonly Event[];
  evolve(state: State, event: Event): State;
}

/** Why a command was refused: a stable code, the field it is about, and plain words. */
export class Rejected extends Error {
  override readonly name = 'Rejected';
  constructor(
    readonly code: string,
    message: string,
    readonly field: string | null = null,
  ) {
    super(message);
  }
}

/** Folds a stream's events, oldest first. */
export const fold = <State, Event extends Fact>(
  decider: Pick<Decider<never, State, Event>, 'initial' | 'evolve'>,
  events: Iterable<Event>,
): State => {
  let state = decider.initial;
  for (const event of events) state = decider.evolve(state, event);
  return state;
};
