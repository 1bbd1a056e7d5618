import { setTimeout } from 'node:timers/promises';
import type { Projection } from '../../projections/projection.js';
import type { Position } from '../ports/event-store.js';
import type { Fault, ReadModels } from '../ports/read-models.js';
import { collectionOf } from './collection.js';
import { Busy } from './errors.js';

/** How often the read models are asked whether another process has folded more, in milliseconds. */
const POLL_MS = 20;

/** What is folded in this very process tells when there is more of it. */
export interface LocalFolding {
  readonly changes: number;
  readonly stopped: boolean;
  readonly isStuck: boolean;
  holds(name: string): boolean;
  nextChange(seen: number, withinMs: number): Promise<void>;
}

/** How far the projections have come, whichever process folds them. */
export class Progress {
  private readonly projections: ReadonlyMap<string, Projection>;

  constructor(
    private readonly models: ReadModels,
    projections: readonly Projection[],
    private readonly here: LocalFolding,
  ) {
    this.projections = new Map(projections.map((projection) => [projection.name, projection]));
  }

  names(): readonly string[] {
    return [...this.projections.keys()];
  }

  /** Position up to which a projection has folded the log; null before the first event. */
  async checkpoint(name: string): Promise<Position | null> {
    const [checkpoint] = await this.checkpoints([name]);
    return checkpoint ?? null;
  }

  /** Positions up to which projections have folded the log, in their order. */
  checkpoints(names: readonly string[]): Promise<readonly (Position | null)[]> {
    return this.models.checkpoints(names.map((name) => collectionOf(this.named(name))));
  }

  /** Whether something keeps this process from folding what there is. */
  get isStuck(): boolean {
    return this.here.isStuck;
  }

  /** What a projection could not fold, oldest first. */
  async faults(name: string): Promise<readonly (Fault & { readonly projection: string })[]> {
    const faults = await this.models.faults(collectionOf(this.named(name)));
    return faults.map((fault) => ({ projection: name, ...fault }));
  }

  /**
   * Waits until the projections have folded the log up to a position.
   * @throws Busy when they have not within the time (milliseconds)
   */
  async reached(names: readonly string[], position: Position, withinMs: number): Promise<void> {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const { changes } = this.here;
      const checkpoints = await this.checkpoints(names);
      if (checkpoints.every((checkpoint) => (checkpoint ?? '') >= position)) return;
      const left = deadline - Date.now();
      if (left <= 0 || this.here.stopped) throw new Busy('the read models have not caught up yet');
      if (names.every((name) => this.here.holds(name))) await this.here.nextChange(changes, left);
      else await setTimeout(Math.min(POLL_MS, left));
    }
  }

  private named(name: string): Projection {
    const projection = this.projections.get(name);
    if (!projection) throw new Error(`there is no projection ${name}`);
    return projection;
  }
}
