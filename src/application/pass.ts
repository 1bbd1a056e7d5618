import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventStore } from '../ports/event-store.js';
import { foldLog, type Target } from './fold.js';

interface Waiting {
  readonly target: Target;
  readonly settle: (outcome: PromiseSettledResult<number>) => void;
  /** Whoever waited was told that it failed: what is folded after that is of use to nobody. */
  hasFailed: boolean;
}

/**
 * Reads the log once for all builds that are to be folded from it. Who comes before anything was written is taken along
 * from the beginning; who comes later, in the next pass.
 */
export class Pass {
  private waiting: Waiting[] = [];
  private isGoing = false;

  constructor(private readonly events: Pick<EventStore, 'readAll'>) {}

  /** Folds a build from its checkpoint to the head as it is when the pass begins; gives the number of events. */
  fold(target: Target): Promise<number> {
    return new Promise((resolve, reject) => {
      const settle = (outcome: PromiseSettledResult<number>) =>
        outcome.status === 'fulfilled' ? resolve(outcome.value) : reject(outcome.reason);
      const onFailed = (reason: unknown) => {
        waiting.hasFailed = true;
        // It need not wait for the others.
        reject(reason);
      };
      const waiting: Waiting = { target: { ...target, onFailed }, settle, hasFailed: false };
      this.waiting.push(waiting);
      void this.go();
    });
  }

  /** Does not reject: each build is told of its own failure. */
  private async go(): Promise<void> {
    if (this.isGoing) return;
    this.isGoing = true;
    // What is wanted in one turn is read for together.
    await nextTurn();
    for (let along: Waiting[] = []; along.length + this.waiting.length > 0; ) {
      along = [...along.filter(({ hasFailed }) => !hasFailed), ...this.waiting.splice(0)];
      const outcomes = await this.read(along.map(({ target }) => target));
      if (!outcomes) continue;
      for (const [index, { settle }] of along.entries())
        settle(outcomes[index] as PromiseSettledResult<number>);
      along = [];
    }
    this.isGoing = false;
  }

  private async read(
    targets: readonly Target[],
  ): Promise<readonly PromiseSettledResult<number>[] | undefined> {
    try {
      return await foldLog(targets, this.events, { isOutdated: () => this.waiting.length > 0 });
    } catch (reason) {
      return targets.map(() => ({ status: 'rejected', reason }));
    }
  }
}
