import { Rejected } from '../../domain/decider.js';
import { turnsBackOn } from '../../domain/reorganization/reorganization.js';
import type { Position } from '../../ports/event-store.js';
import { Unreadable } from '../errors.js';
import type { Writing } from '../handle.js';
import type { Questions } from '../questions.js';
import { Reader } from '../reader.js';
import { caughtUp } from './affected.js';
import { SYSTEM } from './appending.js';
import { Applying } from './applying.js';
import { type Decreed, everyDecree, othersThan } from './decreed.js';
import { TurningBack } from './turning-back.js';

/** How often a sweep looks again at what its own writing leaves to do, before it leaves the rest to the next. */
const MAX_PASSES = 10;

/** Why one decree cannot be completed; the others can be. */
const CANNOT_BE_DONE = [Rejected, Unreadable, AggregateError];

/**
 * Does what follows from decrees: one transfer for each subject and role, then the agencies' own changes, then
 * ReorganizationApplied; and what follows from revocations, then ReorganizationTurnedBack. What is left to do is derived
 * from the log alone, and every event's id from the decree and the subject: whenever it is cut off, the next sweep goes on
 * and repeats nothing.
 */
export class Reorganizer {
  private readonly reader: Reader;

  constructor(
    private readonly writing: Writing,
    private readonly questions: Questions,
  ) {
    this.reader = new Reader(writing.states);
  }

  /**
   * Completes every revocation and then every decree, in the order of their days and, of one day, of the log.
   * @throws AggregateError when one could not be completed; the others are
   */
  async sweep(): Promise<void> {
    const { events } = this.writing;
    for (let pass = 0; pass < MAX_PASSES; pass += 1) {
      const before = await events.head();
      await this.pass();
      if (!(await this.hasActed(before))) return;
    }
  }

  /** Whether a pass that began at a position wrote anything: what others write meanwhile wakes the next sweep. */
  private async hasActed(since: Position | null): Promise<boolean> {
    for await (const page of this.writing.events.readAll(since))
      if (page.some(({ metadata }) => metadata.actor.subject === SYSTEM.subject)) return true;
    return false;
  }

  private async pass(): Promise<void> {
    await caughtUp(this.questions);
    const decreed = await everyDecree(this.questions);
    const failures: unknown[] = [];
    // What is given back is no decree's to move: it goes back first.
    const turns = [
      ...decreed.filter(({ revocation }) => revocation),
      ...decreed.filter(({ revocation }) => !revocation),
    ];
    for (const one of turns)
      await this.complete(one, decreed).catch((error) => {
        if (!CANNOT_BE_DONE.some((reason) => error instanceof reason)) throw error;
        failures.push(error);
      });
    if (failures.length > 0)
      throw new AggregateError(
        failures,
        `what follows from some decrees cannot be done: ${failures.join('; ')}`,
      );
  }

  private async complete({ state, event, revocation }: Decreed, all: readonly Decreed[]): Promise<void> {
    const cause = { event, decree: state.decree };
    const { writing, questions, reader } = this;
    const { revoked } = state;
    const itAndLater = all.slice(all.findIndex((one) => one.event.id === event.id));
    const others = othersThan(itAndLater, all);
    if (!revocation || !revoked)
      return new Applying(writing, questions, reader, cause, others).run(state.applied !== null);
    // First what there is to give back, so that the end says all of it.
    const until = turnsBackOn(state.decree, revoked);
    await new Applying(writing, questions, reader, cause, others, until).complete();
    await new TurningBack(writing, questions, reader, cause, revocation, revoked, all).run();
  }
}
