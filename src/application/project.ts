import { setImmediate as nextTurn, setTimeout } from 'node:timers/promises';
import type { Projection } from '../../projections/projection.js';
import type { EventStore, Position, RecordedEvent } from '../ports/event-store.js';
import type { Lease, Leases } from '../ports/leases.js';
import { type Build, BuildGone, type Fault, Fenced, type ReadModels } from '../ports/read-models.js';
import { Anew, CATCH_UP_EVENTS } from './anew.js';
import { collectionOf } from './collection.js';
import { foldPage } from './fold.js';
import { OneByOne } from './one-by-one.js';
import { isOfThisLog, openedBuild } from './opening.js';
import { Pass } from './pass.js';
import type { LocalFolding } from './progress.js';
import type { RebuildProgress } from './reporting.js';

const RETRY_MS = 1_000;
/** How long a stop waits for the leases to be given back. */
const RELEASE_MS = 2_000;
/** How often a lease is renewed within its time, and asked for by who waits for it. */
const BEATS = 4;
/** How many events take so long that others get their turn before each projection folds them. */
const LONG_PAGE_EVENTS = 100;

const LEASES = 'the leases';
const LOG = 'the log';

let turns: Promise<void> = Promise.resolve();

/** A turn of the event loop of one's own: where several wait for one, others come in between any two of them. */
const ownTurn = (): Promise<void> => {
  turns = turns.then(() => nextTurn());
  return turns;
};

interface Live {
  readonly projection: Projection;
  readonly lease: Lease;
  build: Build;
  checkpoint: Position | null;
  /** Whoever folds into the build. */
  readonly turns: OneByOne;
  /** Far behind: it does not follow the log, but catches up with it in bulk. */
  catchingUp: Promise<void> | null;
}

/**
 * The one read loop: follows the log and folds each event into every projection whose lease it holds, from each one's
 * own checkpoint; one that is far behind catches up beside the others. It waits for the leases that others hold. A rebuild runs beside the loop, here or in another process,
 * and is switched in when it has caught up.
 */
export class Projector implements LocalFolding {
  private readonly live = new Map<string, Live>();
  private readonly waiting = new Set<() => void>();
  private readonly stopping = new AbortController();
  /** Aborted when the log has to be followed from another place. */
  private following = new AbortController();
  private running: Promise<unknown> = Promise.resolve();
  /** What failed when it was tried last: `LEASES`, `LOG`, or a projection that catches up. */
  private readonly failing = new Set<string>();
  private readonly pass: Pass;
  private readonly anew: Anew;
  /** Grows whenever something was folded. */
  changes = 0;

  constructor(
    private readonly events: EventStore,
    private readonly models: ReadModels,
    private readonly projections: readonly Projection[],
    private readonly leases: Leases,
    private readonly onError: (error: unknown) => void,
  ) {
    this.pass = new Pass(events);
    this.anew = new Anew(events, models, this.pass, (...all) => this.alone(...all));
  }

  /** Opens every build whose lease is free and starts following the log. */
  async start(): Promise<void> {
    await this.takeLeases();
    this.running = Promise.all([this.follow(), this.keepLeases()]);
  }

  /** Finishes the page in hand, stops, and leaves the leases to others. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.following.abort();
    await this.running;
    await Promise.all([...this.live.values()].map(({ catchingUp }) => catchingUp));
    const released = [...this.live.values()].map(({ lease }) =>
      this.leases.release(lease).catch(this.onError),
    );
    // One that is not given back passes on by itself.
    await Promise.race([Promise.all(released), setTimeout(RELEASE_MS, undefined, { ref: false })]);
    this.live.clear();
    this.wake();
  }

  get stopped(): boolean {
    return this.stopping.signal.aborted;
  }

  /** Whether this process folds a projection. */
  holds(name: string): boolean {
    return this.live.has(name);
  }

  /** Whether something keeps it from folding what there is. */
  get isStuck(): boolean {
    return this.failing.size > 0;
  }

  names(): readonly string[] {
    return this.projections.map(({ name }) => name);
  }

  private async keepLeases(): Promise<void> {
    for (;;) {
      await this.pause(this.leases.ttlMs / BEATS);
      if (this.stopped) return;
      try {
        for (const live of [...this.live.values()])
          if (!(await this.leases.renew(live.lease))) this.lose(live);
        await this.takeLeases();
        await this.reopenLost();
        this.failing.delete(LEASES);
      } catch (error) {
        this.failing.add(LEASES);
        this.onError(error);
      }
    }
  }

  private async takeLeases(): Promise<void> {
    for (const projection of this.projections) {
      if (this.holds(projection.name)) continue;
      const lease = await this.leases.take(projection.name);
      if (!lease) continue;
      try {
        await this.open(projection, lease);
      } catch (error) {
        // A rebuild elsewhere has taken it, or switched in its build: it is asked for again.
        if (!(error instanceof Fenced || error instanceof BuildGone)) throw error;
      }
    }
  }

  private async open(projection: Projection, lease: Lease): Promise<void> {
    try {
      const build = await this.opened(projection, lease.epoch);
      const checkpoint = await build.checkpoint();
      const idle = { turns: new OneByOne(), catchingUp: null };
      this.live.set(projection.name, { projection, lease, build, checkpoint, ...idle });
      this.following.abort();
    } catch (error) {
      await this.leases.release(lease).catch(this.onError);
      throw error;
    }
  }

  private opened(projection: Projection, epoch: number): Promise<Build> {
    return openedBuild(this.models, this.events, collectionOf(projection), epoch, this.onError);
  }

  /** A build that was thrown away (its file was damaged, say) is noticed also where nothing is written to it. */
  private async reopenLost(): Promise<void> {
    const held = [...this.live.values()];
    const found = await this.models.checkpoints(held.map(({ projection }) => collectionOf(projection)));
    for (const [index, live] of held.entries()) {
      if ((found[index] ?? '') >= (live.checkpoint ?? '')) continue;
      // Not waited for: whoever has the turn may have it for longer than a lease holds.
      void live.turns.run(() => this.guarded(live, () => this.reopen(live))).catch(this.onError);
    }
  }

  /** Another process folds this projection now. */
  private lose(live: Live): void {
    const { name } = live.projection;
    if (this.live.get(name) !== live) return;
    this.live.delete(name);
    this.failing.delete(name);
  }

  /**
   * Follows until stopped; after an error (a full disk, say) it goes on from the last checkpoints: what was written
   * without its being told is folded again, and changes nothing.
   */
  private async follow(): Promise<void> {
    while (!this.stopped) {
      try {
        await this.followOnce();
      } catch (error) {
        this.failing.add(LOG);
        this.onError(error);
        await this.pause(RETRY_MS);
      }
    }
  }

  /** Follows the log until the leases held are others, or the place to follow from is another. */
  private async followOnce(): Promise<void> {
    if (this.stopped) return;
    this.following = new AbortController();
    const { signal } = this.following;
    const following = await this.abreast();
    if (following.length === 0) {
      this.failing.delete(LOG);
      return aborted(signal);
    }
    for await (const page of this.events.subscribeAll(slowest(following), signal)) {
      const advancing = following.map((live) =>
        live.turns.run(async () => {
          // One that was opened meanwhile may miss what came before this page.
          if (!signal.aborted) await this.guarded(live, () => this.advance(live, page));
        }),
      );
      const failed = (await Promise.allSettled(advancing)).find(({ status }) => status === 'rejected');
      if (failed) await Promise.all(advancing);
      this.failing.delete(LOG);
      this.wake();
    }
  }

  /** Those that can follow the log from where they are; the others begin to catch up. */
  private async abreast(): Promise<readonly Live[]> {
    const abreast: Live[] = [];
    const isFar = new Map<Position | null, boolean>();
    for (const live of this.live.values()) {
      if (live.catchingUp) continue;
      await live.turns.run(() => this.guarded(live, () => this.leaveLost(live)));
      const { checkpoint } = live;
      const far = isFar.get(checkpoint) ?? (await this.isFarBehind(checkpoint));
      isFar.set(checkpoint, far);
      if (far) live.catchingUp = this.catchUp(live);
      else abreast.push(live);
    }
    return abreast;
  }

  /** The log may have been restored, or moved, since it was followed last: no place in it tells what was lost before. */
  private async leaveLost(live: Live): Promise<void> {
    if (!(await isOfThisLog(live.build, this.events)))
      live.build = await this.opened(live.projection, live.lease.epoch);
    // Also of a commit that went through unheard.
    live.checkpoint = await live.build.checkpoint();
  }

  private async isFarBehind(checkpoint: Position | null): Promise<boolean> {
    let events = 0;
    for await (const page of this.events.readAll(checkpoint, CATCH_UP_EVENTS + 1)) events += page.length;
    return events > CATCH_UP_EVENTS;
  }

  /**
   * Folds what a live build has missed, together with every other that is folded from the log at this time. One that has
   * folded nothing is rebuilt: that is cheaper, and nobody reads it before it is whole.
   */
  private async catchUp(live: Live): Promise<void> {
    const onFault = this.faultOf(live);
    const unlessStopped = () => this.stopping.signal.throwIfAborted();
    try {
      if (live.checkpoint === null)
        await this.anew.build(live.projection, { onFault, onProgress: unlessStopped });
      else
        await live.turns.run(() =>
          this.guarded(live, async () => {
            await this.pass.fold({ ...live, onFault, onPage: async () => unlessStopped() });
            live.checkpoint = await live.build.checkpoint();
          }),
        );
      this.failing.delete(live.projection.name);
    } catch (error) {
      if (this.holds(live.projection.name)) this.failing.add(live.projection.name);
      if (!this.stopped) this.onError(error);
      await this.pause(RETRY_MS);
    }
    live.catchingUp = null;
    this.following.abort();
    this.wake();
  }

  private faultOf({ projection }: Live): (fault: Fault) => void {
    return ({ eventId, key, error }) =>
      this.onError(new Error(`${projection.name} cannot fold ${eventId} into ${key}: ${error}`));
  }

  private async advance(live: Live, page: readonly RecordedEvent[]): Promise<void> {
    const { projection, checkpoint } = live;
    const fresh = checkpoint === null ? page : page.filter(({ position }) => position > checkpoint);
    const last = fresh.at(-1);
    if (!last) return;
    if (fresh.length >= LONG_PAGE_EVENTS) await ownTurn();
    await foldPage(projection, live.build, fresh, this.faultOf(live));
    live.checkpoint = last.position;
  }

  /** Writes to a live build. One that was thrown away is opened anew, one that another process writes by now is left to it. */
  private async guarded(live: Live, write: () => Promise<void>): Promise<void> {
    if (this.live.get(live.projection.name) !== live) return;
    try {
      await write();
    } catch (error) {
      if (error instanceof BuildGone) {
        // What was to be written has to come again, from where the build in its place stands.
        this.following.abort();
        return this.guarded(live, () => this.reopen(live));
      }
      if (!(error instanceof Fenced)) throw error;
      this.lose(live);
    }
  }

  private async reopen(live: Live): Promise<void> {
    live.build = await this.models.live(collectionOf(live.projection), live.lease.epoch);
    const checkpoint = await live.build.checkpoint();
    if ((checkpoint ?? '') < (live.checkpoint ?? '')) this.following.abort();
    live.checkpoint = checkpoint;
  }

  private pause(ms: number): Promise<unknown> {
    return setTimeout(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  private wake(): void {
    this.changes++;
    for (const wake of this.waiting) wake();
  }

  /** Resolves when more was folded than when `changes` was looked at, or after a time (milliseconds). */
  nextChange(seen: number, withinMs: number): Promise<void> {
    if (this.changes !== seen) return Promise.resolve();
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

  /**
   * Builds a projection anew from the whole log beside the live one, and switches when it has caught up; one that is being
   * built is waited for. Whether this process follows the log does not matter.
   * @throws BuildGone when another process has begun to build it anew
   */
  async rebuild(
    name: string,
    onProgress: (progress: RebuildProgress) => void = () => undefined,
  ): Promise<void> {
    const projection = this.projections.find((one) => one.name === name);
    if (!projection) throw new Error(`there is no projection ${name}`);
    await this.anew.build(projection, { onFault: () => undefined, onProgress });
    this.wake();
  }

  /** Does something while nobody folds into the live build: in its turn here, or else with the lease taken from its holder. */
  private async alone(projection: Projection, work: (epoch: number) => Promise<void>): Promise<void> {
    const live = this.live.get(projection.name);
    if (live && (await live.turns.run(() => this.inTurn(live, work)))) return;
    const lease = await this.leases.seize(projection.name);
    // What is left to fold may take longer than a lease is held.
    const renewing = setInterval(
      () => void this.leases.renew(lease).catch(this.onError),
      this.leases.ttlMs / BEATS,
    );
    try {
      // From here on the holder before cannot go on past what is caught up with.
      await this.models.live(collectionOf(projection), lease.epoch);
      await work(lease.epoch);
    } finally {
      clearInterval(renewing);
      await this.leases.release(lease).catch(this.onError);
    }
  }

  /** False when the lease is another's by now. */
  private async inTurn(live: Live, work: (epoch: number) => Promise<void>): Promise<boolean> {
    if (this.live.get(live.projection.name) !== live) return false;
    try {
      await work(live.lease.epoch);
    } catch (error) {
      if (!(error instanceof Fenced)) throw error;
      this.lose(live);
      return false;
    }
    await this.guarded(live, () => this.reopen(live));
    return true;
  }
}

const slowest = (following: readonly Live[]): Position | null => {
  const checkpoints = following.map(({ checkpoint }) => checkpoint ?? '');
  return checkpoints.sort()[0] || null;
};

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
