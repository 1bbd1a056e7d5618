import { setTimeout } from 'node:timers/promises';
import { isCarriedOut } from '../../domain/reorganization/reorganization.js';
import { Busy } from '../errors.js';
import type { Writing } from '../handle.js';
import type { Questions } from '../questions.js';
import { caughtUp } from './affected.js';
import { everyDecree } from './decreed.js';
import { Reorganizer } from './reorganizer.js';

/** How often it is looked whether another has done what is left to do, in milliseconds. */
const POLL_MS = 50;

/** The decrees of which something is still to be done, or to be given back, once the rows hold every event until now. */
const unfinished = async (questions: Questions) => {
  await caughtUp(questions);
  return (await everyDecree(questions)).map(({ state }) => state).filter((state) => !isCarriedOut(state));
};

/**
 * Does what earlier decrees have left to do, as far as it can be done by now: what is decided next is decided on what they
 * make of it.
 */
export const carryOutEarlier = async (writing: Writing, questions: Questions): Promise<void> => {
  await new Reorganizer(writing, questions).sweep().catch((error: unknown) => {
    if (!(error instanceof AggregateError || error instanceof Busy)) throw error;
  });
};

/**
 * Waits until nothing that follows from a decree about one of some agencies is left to do.
 * @throws Busy when something is after the time (milliseconds)
 */
export const carriedOut = async (
  questions: Questions,
  agencies: readonly string[],
  withinMs = 0,
): Promise<void> => {
  for (const deadline = Date.now() + withinMs; ; await setTimeout(POLL_MS)) {
    const about = (await unfinished(questions)).find(({ decree: { predecessors, successors } }) =>
      [...predecessors, ...successors].some((agency) => agencies.includes(agency)),
    );
    if (!about) return;
    if (Date.now() >= deadline)
      throw new Busy(
        `reorganization ${about.decree.reorganizationId} is still being carried out: try again, or revoke it when that goes on`,
      );
  }
};
