import { fold, Rejected } from '../../domain/decider.js';
import { streamOf } from '../../domain/events.js';
import { reorganizationDecider } from '../../domain/reorganization/decider.js';
import type { ReorganizationEvent } from '../../domain/reorganization/events.js';
import { type Reorganization, turnsBackOn } from '../../domain/reorganization/reorganization.js';
import type { Position, RecordedEvent } from '../../ports/event-store.js';
import type { Writing } from '../handle.js';
import type { Questions } from '../questions.js';
import { Reader } from '../reader.js';
import { caughtUp } from './affected.js';
import { SYSTEM } from './appending.js';
import { Applying } from './applying.js';
import { type Revocation, TurningBack } from './turning-back.js';

/** How often a sweep looks again at what its own writing leaves to do, before it leaves the rest to the next. */
const MAX_PASSES = 10;

interface Decreed {
  readonly state: Reorganization;
  readonly event: RecordedEvent;
  readonly revocation: RecordedEvent | undefined;
}

/**
 * Does what follows from decrees: one transfer for each subject and role, then the agencies' own changes, then
 * ReorganizationApplied. What is left to do is derived from the log alone, and every event's id from the decree and the
 * subject: whenever it is cut off, the next sweep goes on and repeats nothing.
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
   * Completes every decree and every revocation, in the order of their days and, of one day, of the log.
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
    const rows = await this.questions.facts.reorganizations({ known: undefined });
    const streams = rows.map(({ id }) => ({ stream: streamOf('reorganization', id) }));
    const decreed = (await this.writing.events.readMany(streams)).flatMap(decreedIn).sort(inOrder);
    const failures: unknown[] = [];
    for (const [index, one] of decreed.entries())
      await this.complete(one, decreed, index).catch((error) => {
        if (!(error instanceof Rejected || error instanceof AggregateError)) throw error;
        failures.push(error);
      });
    if (failures.length > 0)
      throw new AggregateError(
        failures,
        `what follows from some decrees cannot be done: ${failures.join('; ')}`,
      );
  }

  private complete(
    { state, event, revocation }: Decreed,
    all: readonly Decreed[],
    index: number,
  ): Promise<void> {
    const cause = { event, decree: state.decree };
    const { writing, questions, reader } = this;
    const revocations = all.flatMap(revocationOf);
    if (revocation && state.revoked)
      return new TurningBack(writing, questions, reader, cause, revocation, state.revoked, revocations).run();
    const later = new Set(all.slice(index + 1).map((one) => one.event.id));
    const undone = new Set(revocations.flatMap((one) => [one.decree, one.revocation]));
    return new Applying(writing, questions, reader, cause, { later, undone }).run(state.applied !== null);
  }
}

const decreedIn = (history: readonly RecordedEvent[]): readonly Decreed[] => {
  const state = fold(reorganizationDecider, history as unknown as ReorganizationEvent[]);
  const event = history.find(({ type }) => type === 'ReorganizationDecreed');
  const revocation = history.find(({ type }) => type === 'ReorganizationRevoked');
  return state && event ? [{ state, event, revocation }] : [];
};

const revocationOf = ({ state, event, revocation }: Decreed): readonly Revocation[] =>
  revocation && state.revoked
    ? [{ decree: event.id, revocation: revocation.id, day: turnsBackOn(state.decree, state.revoked) }]
    : [];

const placeOf = ({ state, event }: Decreed): string => `${state.decree.effectiveOn}|${event.position}`;

const inOrder = (one: Decreed, other: Decreed): number => (placeOf(one) < placeOf(other) ? -1 : 1);
