import type { Clock } from '../ports/clock.js';
import { type EventStore, POSITION, type Position } from '../ports/event-store.js';
import type { ReadModels } from '../ports/read-models.js';
import { BadQuestion } from './errors.js';
import { Facts } from './facts.js';
import { type Moment, momentOf, type Placed, type When } from './moment.js';
import type { Progress } from './progress.js';

/** How long a question waits for `after` to be folded in, in milliseconds. */
export const MAX_WAIT_MS = 5_000;

/** What every question needs: the facts, and the moment it is about. */
export class Questions {
  readonly facts: Facts;

  constructor(
    readonly events: EventStore,
    readonly models: ReadModels,
    private readonly clock: Clock,
    readonly progress: Progress,
  ) {
    this.facts = new Facts(events, models);
  }

  /**
   * The moment a question is about, answered from some projections; first waits until they hold the caller's own write,
   * when it names one, and until none of them is empty beside a log that is not.
   * @throws BadQuestion, Busy
   */
  async moment(when: When, projections: readonly string[], after: string | undefined): Promise<Placed> {
    if (after !== undefined) {
      if (!POSITION.test(after))
        throw new BadQuestion('after', 'after is a position as an answer states it.');
      await this.reached(projections, after);
    }
    const moment = await momentOf(when, this.clock, this.events);
    // What was known then is found by rows of today, so these must have come as far.
    if (moment.known) await this.progress.reached(projections, moment.known, MAX_WAIT_MS);
    return { ...moment, position: await this.position(moment, projections) };
  }

  /** Waits for a position that the caller has been told. @throws BadQuestion for one that nobody can have been told yet, Busy */
  private async reached(projections: readonly string[], after: Position): Promise<void> {
    const checkpoints = await this.progress.checkpoints(projections);
    if (checkpoints.every((checkpoint) => (checkpoint ?? '') >= after)) return;
    // A write is told once the store has it: what is beyond the store's end has been told to nobody.
    if (((await this.events.head()) ?? '') < after)
      throw new BadQuestion('after', 'after is a position that the log has not come to.');
    await this.progress.reached(projections, after, MAX_WAIT_MS);
  }

  /** Waits until projections hold every event until now. @throws Busy */
  async caughtUp(projections: readonly string[]): Promise<void> {
    const head = await this.events.head();
    if (head !== null) await this.progress.reached(projections, head, MAX_WAIT_MS);
  }

  private async position({ known }: Moment, projections: readonly string[]): Promise<Position | null> {
    if (known !== undefined) return known;
    const checkpoints = await this.progress.checkpoints(projections);
    const least = checkpoints.reduce((one, other) => ((one ?? '') < (other ?? '') ? one : other));
    if (least !== null) return least;
    // What was not folded yet is empty, which is no answer while the log is not.
    const head = await this.events.head();
    if (head !== null) await this.progress.reached(projections, head, MAX_WAIT_MS);
    return head;
  }
}
