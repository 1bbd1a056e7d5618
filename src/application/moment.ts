import { dayOf, instant, isDate } from '../domain/time.js';
import type { Clock } from '../ports/clock.js';
import { type EventStore, POSITION, type Position } from '../ports/event-store.js';
import { BadQuestion } from './errors.js';

/** What a question says of time: which day, and as the system knew it when. */
export interface When {
  /** ISO day; today when left out. */
  readonly asOf?: string | undefined;
  /** ISO instant, or `@<position>` as an answer states it; now when left out. */
  readonly knownAt?: string | undefined;
}

/** A question's two clocks, resolved. */
export interface Moment {
  readonly asOf: string;
  readonly today: string;
  /** The end of the prefix of the log that was known; undefined for everything, null for nothing yet. */
  readonly known: Position | null | undefined;
  readonly knownAt: string | null;
}

/** A moment, and the position that an answer is read at: what was known then, or what all of the projections have folded. */
export interface Placed extends Moment {
  readonly position: Position | null;
}

/**
 * How far the log is known: a prefix of it (`known`), or all of it; then what an answer states (`position`) bounds what it
 * tells.
 */
export type Known = Pick<Moment, 'known'> & Partial<Pick<Placed, 'position'>>;

/** Resolves the two clocks of a question. @throws BadQuestion */
export const momentOf = async (
  { asOf, knownAt }: When,
  clock: Clock,
  events: EventStore,
): Promise<Moment> => {
  const today = dayOf(clock.now());
  if (asOf !== undefined && !isDate(asOf))
    throw new BadQuestion('asOf', 'asOf is a day, such as 2025-12-31.');
  const common = { asOf: asOf ?? today, today };
  if (knownAt === undefined) return { ...common, known: undefined, knownAt: null };
  const asked = knownAt.slice(1);
  if (knownAt.startsWith('@') && POSITION.test(asked)) {
    const head = await events.head();
    return { ...common, known: head !== null && asked > head ? head : asked, knownAt };
  }
  const at = instant(knownAt);
  if (at === null)
    throw new BadQuestion(
      'knownAt',
      'knownAt is an instant with its offset, such as 2025-12-31T17:00:00Z, or @<position>.',
    );
  return { ...common, known: await events.positionAt(at), knownAt: at };
};
