import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Projection, Row, Rows } from '../../projections/projection.js';
import { type EventStore, NotStorable, type Position, type RecordedEvent } from '../ports/event-store.js';
import type { Build, Fault } from '../ports/read-models.js';

/** Longest text of a fault, in UTF-16 units. */
const MAX_ERROR_LENGTH = 2_000;

/** Position of a row whose very first event could not be folded: there is nothing in it to read. */
export const NEVER_FOLDED = '';

/** Rows that a build in bulk may change before it writes them, and rows that it goes on holding after that. */
export const MAX_CHANGED_ROWS = 5_000;
const MAX_HELD_ROWS = 20_000;
const LONG_PAGE_EVENTS = 100;

let turns: Promise<void> = Promise.resolve();

/** A turn of the event loop of one's own: where several wait for one, others come in between any two of them. */
const ownTurn = (): Promise<void> => {
  turns = turns.then(() => nextTurn());
  return turns;
};

/** Folds one page of events into a build: rows and checkpoint are written together. */
export const foldPage = async (
  projection: Projection,
  build: Build,
  page: readonly RecordedEvent[],
  onFault: (fault: Fault) => void,
): Promise<void> => {
  const folding = new Folding(projection, build);
  // Behind by much, one projection after the other folds a whole page: commands and questions come in between.
  if (page.length >= LONG_PAGE_EVENTS) await ownTurn();
  await folding.add(page);
  try {
    await folding.commit(onFault);
  } catch (error) {
    const last = page.at(-1);
    if (!(error instanceof NotStorable) || !last) throw error;
    if (page.length === 1) return standStill(projection, build, last, error, onFault);
    // One of the events made a row that cannot be stored; folded one by one, it is found.
    for (const event of page) await foldPage(projection, build, [event], onFault);
  }
};

/**
 * Folds the log from a build's checkpoint to the head as it was, in bulk: many events are folded before their rows are
 * written, together with the checkpoint. For a build that nobody reads yet. Gives the number of events; `onPage` is told
 * of each page as it is folded, and ends the work by throwing.
 */
export const foldLog = async (
  projection: Projection,
  build: Build,
  events: Pick<EventStore, 'readAll'>,
  onFault: (fault: Fault) => void,
  onPage: (page: readonly RecordedEvent[]) => Promise<void> = async () => undefined,
  changedRows = MAX_CHANGED_ROWS,
): Promise<number> => {
  const folding = new Folding(projection, build);
  let written = 0;
  let folded = 0;
  const write = async () => {
    await folding.commit(onFault);
    written = folded;
  };
  try {
    for await (const page of events.readAll(await build.checkpoint())) {
      await folding.add(page);
      folded += page.length;
      await onPage(page);
      if (folding.size >= changedRows) await write();
    }
    await write();
    return folded;
  } catch (error) {
    if (!(error instanceof NotStorable)) throw error;
  }
  // One of the events made a row that cannot be stored: page by page, it is found.
  for await (const page of events.readAll(await build.checkpoint())) {
    await foldPage(projection, build, page, onFault);
    written += page.length;
    await onPage(page);
  }
  return written;
};

/** Thrown for a row that is asked for and was not fetched yet. No Error: it is common, and nobody reads its stack. */
class NotAtHand {
  constructor(readonly key: string) {}
}

/** Rows of one build while events are folded into them: those that were asked for, and those that changed. */
class Folding {
  private held = new Map<string, Row | undefined>();
  private changed = new Map<string, Row>();
  private faults: Fault[] = [];
  private last: Position | null = null;
  /** What one fold has set: kept when it ends, forgotten when it throws. */
  private readonly staged = new Map<string, Row>();
  private readonly rows: Rows<object> = {
    get: (key) => this.staged.get(key) ?? this.row(key),
    other: (key) => {
      const row = this.rows.get(key);
      if (row === undefined && !this.held.has(key)) throw new NotAtHand(key);
      return row;
    },
    set: (key, row) => this.staged.set(key, row),
  };

  constructor(
    private readonly projection: Projection,
    private readonly build: Build,
  ) {}

  /** How many rows wait to be written. */
  get size(): number {
    return this.changed.size;
  }

  async add(page: readonly RecordedEvent[]): Promise<void> {
    const touched = page.map((event) => this.projection.keys(event));
    await this.fetch(touched.flat());
    for (const [index, event] of page.entries())
      for (const key of touched[index] ?? []) {
        const waits = this.fold(event, key);
        if (waits) await waits;
      }
    this.last = page.at(-1)?.position ?? this.last;
  }

  /** Writes what changed since the last time. @throws NotStorable when something in it cannot be */
  async commit(onFault: (fault: Fault) => void): Promise<void> {
    if (this.last === null) return;
    await this.build.commit(this.changed, this.last, this.faults);
    for (const fault of this.faults) onFault(fault);
    // What was never asked for is not asked for later either: an entry of the trail is written once.
    for (const [key, row] of this.changed) if (this.held.has(key)) this.held.set(key, row);
    if (this.held.size > MAX_HELD_ROWS) this.held = new Map();
    this.changed = new Map();
    this.faults = [];
    this.last = null;
  }

  private row(key: string): Row | undefined {
    return this.changed.get(key) ?? this.held.get(key);
  }

  private async fetch(keys: readonly string[]): Promise<void> {
    const missing = new Set(keys.filter((key) => !this.held.has(key)));
    if (missing.size === 0) return;
    const found = (await this.build.getMany([...missing])) as ReadonlyMap<string, Row>;
    for (const key of missing) this.held.set(key, found.get(key));
  }

  /** Folds an event into the row of a key; gives a promise only where a row has to be fetched for it. */
  private fold(event: RecordedEvent, key: string): Promise<void> | undefined {
    if (this.row(key)?.staleSince !== undefined) return undefined;
    try {
      this.projection.apply(event, key, this.rows);
      for (const [at, row] of this.staged) this.changed.set(at, row);
    } catch (error) {
      if (error instanceof NotAtHand) {
        this.staged.clear();
        return this.fetch([error.key]).then(() => this.fold(event, key));
      }
      this.changed.set(key, stale(this.row(key), event));
      this.faults.push(faultOf(key, event, error));
    }
    this.staged.clear();
    return undefined;
  }
}

/** Passes over an event whose rows cannot be stored. */
const standStill = async (
  projection: Projection,
  build: Build,
  event: RecordedEvent,
  error: NotStorable,
  onFault: (fault: Fault) => void,
): Promise<void> => {
  const keys = projection.keys(event);
  const held = (await build.getMany([...new Set(keys)])) as ReadonlyMap<string, Row>;
  const faults = keys.map((key) => faultOf(key, event, error));
  await build.commit(new Map(keys.map((key) => [key, stale(held.get(key), event)])), event.position, faults);
  for (const fault of faults) onFault(fault);
};

const stale = (row: Row | undefined, { position }: RecordedEvent): Row => ({
  ...row,
  position: row?.position ?? NEVER_FOLDED,
  staleSince: position,
});

const faultOf = (key: string, { id, position }: RecordedEvent, error: unknown): Fault => ({
  ...{ key, position, eventId: id },
  error: String(error).slice(0, MAX_ERROR_LENGTH),
});
