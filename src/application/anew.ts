import type { Projection } from '../../projections/projection.js';
import type { EventStore } from '../ports/event-store.js';
import type { Build, Fault, ReadModels } from '../ports/read-models.js';
import { collectionOf } from './collection.js';
import { foldLog, type Target } from './fold.js';
import type { Pass } from './pass.js';
import { type RebuildProgress, reporting } from './reporting.js';

/** How many events a build may be behind before it catches up in bulk, apart from those that follow the log. */
export const CATCH_UP_EVENTS = 1_000;

/** Whoever waits for a build. */
interface Told {
  readonly onFault: (fault: Fault) => void;
  /** Told of each page; ends the waiting by throwing. */
  readonly onProgress: (progress: RebuildProgress) => void;
}

interface Waiting extends Told {
  readonly leave: (reason: unknown) => void;
}

interface Going {
  readonly waiting: Set<Waiting>;
  readonly done: Promise<void>;
}

/** Does something while nobody folds into the live build of a projection, under the epoch of its lease. */
type Alone = (projection: Projection, work: (epoch: number) => Promise<void>) => Promise<void>;

/**
 * Builds projections anew from the whole log beside their live builds, and switches when they have caught up. Who asks for
 * one that is being built waits for that; it is given up when nobody does any more.
 */
export class Anew {
  private readonly going = new Map<string, Going>();

  constructor(
    private readonly events: EventStore,
    private readonly models: ReadModels,
    private readonly pass: Pass,
    private readonly alone: Alone,
  ) {}

  /** @throws BuildGone when another process has begun to build it anew */
  build(projection: Projection, told: Told): Promise<void> {
    const { waiting, done } = this.going.get(projection.name) ?? this.begin(projection);
    return new Promise((resolve, leave) => {
      waiting.add({ ...told, leave });
      done.then(resolve, leave);
    });
  }

  private begin(projection: Projection): Going {
    const waiting = new Set<Waiting>();
    const done = this.fold(projection, waiting).finally(() => this.going.delete(projection.name));
    const going = { waiting, done };
    this.going.set(projection.name, going);
    return going;
  }

  private async fold(projection: Projection, waiting: Set<Waiting>): Promise<void> {
    const collection = collectionOf(projection);
    const build = await this.models.fresh(collection);
    const target = await this.target(projection, build, waiting);
    for (let folded = await this.pass.fold(target); folded > CATCH_UP_EVENTS; )
      folded = await this.foldAlone(target);
    await this.models.prepare(build);
    // Making indexes takes a while: what came meanwhile is not folded while others wait.
    while ((await this.foldAlone(target)) > CATCH_UP_EVENTS);
    await this.alone(projection, async (epoch) => {
      await this.foldAlone(target);
      await this.models.activate(collection, build, epoch);
    });
  }

  private async target(projection: Projection, build: Build, waiting: Set<Waiting>): Promise<Target> {
    const onPage = await reporting(this.events, (progress) => {
      for (const one of waiting)
        try {
          one.onProgress(progress);
        } catch (reason) {
          waiting.delete(one);
          // The last one is told when nothing is being written any more.
          if (waiting.size === 0) throw reason;
          one.leave(reason);
        }
    });
    const onFault = (fault: Fault) => {
      for (const one of waiting) one.onFault(fault);
    };
    return { projection, build, onPage, onFault };
  }

  private async foldAlone(target: Target): Promise<number> {
    const [outcome] = (await foldLog([target], this.events)) ?? [];
    if (outcome?.status === 'rejected') throw outcome.reason;
    return outcome?.value ?? 0;
  }
}
