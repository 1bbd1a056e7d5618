import { setTimeout } from 'node:timers/promises';
import type { Projection } from '../../projections/projection.js';
import type { EventStore, Position, RecordedEvent } from '../ports/event-store.js';
import type { Build, Collection, ReadModels } from '../ports/read-models.js';
import { Busy } from './errors.js';
import { type Fault, foldLog, foldPage } from './fold.js';

export interface RebuildProgress {
  readonly done: number;
  readonly eventsPerSecond: number;
  /** Estimated from the share of the log that is done; null while unknown. */
  readonly secondsLeft: number | null;
}

const MAX_FAULTS = 100;
const RETRY_MS = 1_000;
/** How many events a rebuild may be behind before it takes the live loop's turn to catch up. */
const CATCH_UP_EVENTS = 1_000;

export const collectionOf = ({ name, fields }: Projection): Collection => ({ name, fields });

interface Live {
  readonly projection: Projection;
  build: Build;
  checkpoint: Position | null;
  /** Whoever folds into the build next waits for this. */
  turn: Promise<void>;
}

/**
 * The one read loop: follows the log and folds each event into every projection, from each one's own checkpoint.
 * A rebuild runs beside it and is switched in when it has caught up.
 */
export class Projector {
  private readonly live = new Map<string, Live>();
  private readonly waiting = new Set<() => void>();
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private readonly faultList: Fault[] = [];
  private readonly rebuilds = new Map<string, RebuildProgress>();

  constructor(
    private readonly events: EventStore,
    private readonly models: ReadModels,
    private readonly projections: readonly Projection[],
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Opens every build and starts following the log. */
  async start(): Promise<void> {
    for (const projection of this.projections) {
      const build = await this.opened(projection);
      const checkpoint = await build.checkpoint();
      this.live.set(projection.name, { projection, build, checkpoint, turn: Promise.resolve() });
    }
    this.running = this.follow();
  }

  /** The live build of a projection. One that is ahead of the log knows of events that are gone, and is begun anew. */
  private async opened(projection: Projection): Promise<Build> {
    const collection = collectionOf(projection);
    const build = await this.models.live(collection);
    const [checkpoint, head] = [await build.checkpoint(), await this.events.head()];
    if ((checkpoint ?? '') <= (head ?? '')) return build;
    this.onError(
      new Error(
        `${projection.name} had folded the log up to ${checkpoint}, which ends at ${head ?? 'nothing'}: it is built anew. ` +
          'Unless the log was restored from an older copy, events are lost.',
      ),
    );
    await this.models.activate(collection, await this.models.fresh(collection));
    return this.models.live(collection);
  }

  /** Finishes the page in hand and stops. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    for (const wake of this.waiting) wake();
  }

  /** Follows until stopped; after an error (a full disk, say) it goes on from the last checkpoints. */
  private async follow(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        for await (const page of this.events.subscribeAll(this.slowest(), signal)) {
          for (const live of this.live.values()) await this.takeTurn(live, () => this.advance(live, page));
          for (const wake of this.waiting) wake();
        }
      } catch (error) {
        this.onError(error);
        await setTimeout(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  private slowest(): Position | null {
    const checkpoints = [...this.live.values()].map(({ checkpoint }) => checkpoint ?? '');
    return checkpoints.sort()[0] || null;
  }

  private async advance(live: Live, page: readonly RecordedEvent[]): Promise<void> {
    const { checkpoint } = live;
    const fresh = checkpoint === null ? page : page.filter(({ position }) => position > checkpoint);
    const last = fresh.at(-1);
    if (!last) return;
    await foldPage(live.projection, live.build, fresh, (fault) => this.addFault(fault));
    live.checkpoint = last.position;
  }

  private takeTurn(live: Live, work: () => Promise<void>): Promise<void> {
    const turn = live.turn.then(work);
    live.turn = turn.catch(() => undefined);
    return turn;
  }

  private addFault(fault: Fault): void {
    this.faultList.push(fault);
    if (this.faultList.length > MAX_FAULTS) this.faultList.shift();
    this.onError(
      new Error(`${fault.projection} cannot fold ${fault.eventId} into ${fault.key}: ${fault.error}`),
    );
  }

  /** Position up to which a projection has folded the log. */
  checkpoint(name: string): Position | null {
    return this.live.get(name)?.checkpoint ?? null;
  }

  names(): readonly string[] {
    return this.projections.map(({ name }) => name);
  }

  faults(name: string): readonly Fault[] {
    return this.faultList.filter(({ projection }) => projection === name);
  }

  /** Progress of a running rebuild, or null. */
  rebuilding(name: string): RebuildProgress | null {
    return this.rebuilds.get(name) ?? null;
  }

  /**
   * Waits until the projections have folded the log up to a position.
   * @throws Busy when they have not within the time (milliseconds)
   */
  async reached(names: readonly string[], position: Position, withinMs: number): Promise<void> {
    const behind = () => names.some((name) => (this.checkpoint(name) ?? '') < position);
    const deadline = Date.now() + withinMs;
    while (behind()) {
      const left = deadline - Date.now();
      if (left <= 0 || this.stopping.signal.aborted) throw new Busy('the read models have not caught up yet');
      await this.nextChange(left);
    }
  }

  private nextChange(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.waiting.delete(wake);
        resolve();
      };
      const timer = globalThis.setTimeout(wake, withinMs);
      this.waiting.add(wake);
    });
  }

  /** Builds a projection anew from the whole log beside the live one, and switches when it has caught up. */
  async rebuild(
    name: string,
    onProgress: (progress: RebuildProgress) => void = () => undefined,
  ): Promise<void> {
    const live = this.live.get(name);
    if (!live) throw new Error(`there is no projection ${name}`);
    const collection = collectionOf(live.projection);
    const build = await this.models.fresh(collection);
    const faults: Fault[] = [];
    const started = Date.now();
    let done = 0;
    const report = async (page: readonly RecordedEvent[]) => {
      done += page.length;
      const seconds = Math.max(1, Date.now() - started) / 1_000;
      const share = Number(page.at(-1)?.position ?? 0) / Number((await this.events.head()) ?? 1);
      const secondsLeft = share > 0 ? Math.ceil((seconds * (1 - share)) / share) : null;
      const progress = { done, eventsPerSecond: Math.round(done / seconds), secondsLeft };
      this.rebuilds.set(name, progress);
      onProgress(progress);
    };
    const catchUp = () => foldLog(live.projection, build, this.events, (fault) => faults.push(fault), report);
    try {
      while ((await catchUp()) > CATCH_UP_EVENTS);
      await this.takeTurn(live, async () => {
        await catchUp();
        await this.models.activate(collection, build);
        live.build = await this.models.live(collection);
        live.checkpoint = await live.build.checkpoint();
        for (const fault of this.faults(name)) this.faultList.splice(this.faultList.indexOf(fault), 1);
        this.faultList.push(...faults);
      });
      for (const wake of this.waiting) wake();
    } finally {
      this.rebuilds.delete(name);
    }
  }
}
