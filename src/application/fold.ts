import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Projection, Row, Rows } from '../../projections/projection.js';
import { type EventStore, NotStorable, type Position, type RecordedEvent } from '../ports/event-store.js';
import type { Build, Fault } from '../ports/read-models.js';
import { markOf } from './opening.js';

/** Longest text of a fault, in UTF-16 units. */
const MAX_ERROR_LENGTH = 2_000;

/** Key of a fault where the event does not even say which rows it belongs to. */
const NO_KEY = '';

/** Position of a row whose very first event could not be folded: there is nothing in it to read. */
export const NEVER_FOLDED = '';

/** A row whose first event could not be folded says nothing: for readers it is not there. */
export const isFolded = (row: Row | undefined): boolean => row?.position !== NEVER_FOLDED;

/** Rows that a build in bulk may change before it writes them together. */
const MAX_CHANGED_ROWS = 5_000;
/** The same of a build from the beginning, which nobody reads: what changes again before long is written once. */
const MAX_UNREAD_ROWS = 20_000;
/** The same of a journal, whose rows never change again: holding them is only work for the garbage collector. */
const MAX_JOURNAL_ROWS = 1_000;
/** Rows that a build in bulk holds beside those that wait to be written. */
const MAX_HELD_ROWS = 20_000;

/** Folds one page of events into a build: rows and checkpoint are written together. */
export const foldPage = async (
  projection: Projection,
  build: Build,
  page: readonly RecordedEvent[],
  onFault: (fault: Fault) => void,
): Promise<void> => {
  const folding = new Folding(projection, build);
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

/** A build that is folded from the log, alone or beside others. */
export interface Target {
  readonly projection: Projection;
  readonly build: Build;
  readonly onFault: (fault: Fault) => void;
  /** Told of each page once it is folded; ends the work on this build by throwing. */
  readonly onPage?: (page: readonly RecordedEvent[]) => Promise<void>;
  /** Told when the work on this build has failed, and nothing of it is being written any more; others go on. */
  readonly onFailed?: (reason: unknown) => void;
}

interface Bulk {
  /** How many changed rows of one build are written at once, whatever build it is. */
  readonly changedRows?: number;
  /** How many rows of one build are held beside the changed ones. */
  readonly heldRows?: number;
  /** Asked at each page until something is written: true ends the work, of which nothing is left then. */
  readonly isOutdated?: () => boolean;
}

/**
 * Folds the log into several builds in one pass, in bulk: from the checkpoint of each to the head as it was. Many events
 * are folded before the rows of a build are written, together with its checkpoint. Gives for each build how many events
 * it folded, or why it did not: one that fails does not keep the others from going on. Undefined when it was outdated.
 */
export const foldLog = async (
  targets: readonly Target[],
  events: Pick<EventStore, 'readAll'>,
  { changedRows, heldRows = MAX_HELD_ROWS, isOutdated = () => false }: Bulk = {},
): Promise<readonly PromiseSettledResult<number>[] | undefined> => {
  const lines = targets.map((target) => new Line(target, changedRows, heldRows));
  for (const line of lines) await line.open();
  const going = () => lines.filter((line) => line.goesOn);
  const lowest = going().map(({ checkpoint }) => checkpoint ?? '');
  if (lowest.length > 0)
    try {
      for await (const page of events.readAll(lowest.sort()[0] || null)) {
        if (!lines.some(({ hasBegun }) => hasBegun) && isOutdated()) return undefined;
        for (const line of going()) await line.fold(page);
        if (going().length === 0) break;
      }
    } catch (error) {
      // What is being written must not come after what a next attempt writes.
      for (const line of lines) await line.rest();
      throw error;
    }
  await Promise.all(lines.map((line) => line.end(events)));
  return lines.map(({ outcome }) => outcome);
};

/** One build in a pass along the log. */
class Line {
  checkpoint: Position | null = null;
  /** Whether anything of it may be written. */
  hasBegun = false;
  private written = 0;
  private folded = 0;
  /** What is written while more is folded: a server has its share of the work, and others are written meanwhile. */
  private writing: Promise<void> = Promise.resolve();
  private readonly folding: Folding;
  private failed: PromiseRejectedResult | undefined;
  /** One of the events made a row that cannot be stored. */
  private isPicky = false;

  constructor(
    private readonly target: Target,
    private readonly changedRows: number | undefined,
    heldRows: number,
  ) {
    this.folding = new Folding(target.projection, target.build, heldRows);
  }

  get goesOn(): boolean {
    return this.failed === undefined && !this.isPicky;
  }

  get outcome(): PromiseSettledResult<number> {
    return this.failed ?? { status: 'fulfilled', value: this.written };
  }

  open(): Promise<void> {
    return this.trying(async () => {
      this.checkpoint = await this.target.build.checkpoint();
      this.folding.hasAll = this.checkpoint === null;
    });
  }

  fold(page: readonly RecordedEvent[]): Promise<void> {
    return this.trying(async () => {
      const fresh = after(page, this.checkpoint);
      if (fresh.length === 0) return;
      // Many builds fold a whole page, one after the other: commands and questions come in between.
      await nextTurn();
      await this.folding.add(fresh);
      this.folded += fresh.length;
      await this.target.onPage?.(fresh);
      if (this.folding.size >= this.atOnce) await this.write();
    });
  }

  private get atOnce(): number {
    if (this.changedRows !== undefined) return this.changedRows;
    if (this.target.projection.isJournal) return MAX_JOURNAL_ROWS;
    return this.checkpoint === null ? MAX_UNREAD_ROWS : MAX_CHANGED_ROWS;
  }

  async end(events: Pick<EventStore, 'readAll'>): Promise<void> {
    if (this.goesOn)
      await this.trying(async () => {
        await this.write();
        await this.writing;
      });
    else await this.rest();
    if (this.isPicky) await this.trying(() => this.pageByPage(events));
  }

  /** Resolves when nothing is being written. */
  rest(): Promise<void> {
    return this.writing.catch(() => undefined);
  }

  /** Begins to write, once what was begun before is written. */
  private async write(): Promise<void> {
    await this.writing;
    // Where writing is the slower part, this is the only time at which nothing is being written.
    this.folding.letGo();
    this.hasBegun = true;
    const { folded } = this;
    this.writing = this.folding.commit(this.target.onFault).then(() => {
      this.written = folded;
    });
    // Whoever waits for it next is told.
    this.writing.catch(() => undefined);
  }

  /** From what was written last, until the event is found. */
  private async pageByPage(events: Pick<EventStore, 'readAll'>): Promise<void> {
    const { projection, build, onFault, onPage } = this.target;
    for await (const page of events.readAll(await build.checkpoint())) {
      await foldPage(projection, build, page, onFault);
      this.written += page.length;
      await onPage?.(page);
    }
  }

  private async trying(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (reason) {
      if (reason instanceof NotStorable) this.isPicky = true;
      else {
        this.failed = { status: 'rejected', reason };
        void this.rest().then(() => this.target.onFailed?.(reason));
      }
    }
  }
}

const after = (page: readonly RecordedEvent[], checkpoint: Position | null): readonly RecordedEvent[] => {
  const [first] = page;
  if (checkpoint === null || (first && first.position > checkpoint)) return page;
  return page.filter(({ position }) => position > checkpoint);
};

const NONE: ReadonlyMap<string, Row> = new Map();

/** A row while events are folded into it. */
interface Held {
  readonly key: string;
  /** As it is by now; undefined when there is none. */
  row: Row | undefined;
  /** Asked for; what is only ever written (an entry of the trail) is not asked for later either. */
  asked: boolean;
  changed: boolean;
}

/** Rows of one build while events are folded into them: those that were asked for, and those that changed. */
class Folding {
  /** Whether every row that there is is held: what is not held need not be asked for. */
  hasAll = false;
  private held = new Map<string, Held>();
  private changed: Held[] = [];
  private faults: Fault[] = [];
  private last: RecordedEvent | null = null;
  private isWriting = false;
  /** Written, and not asked for until then. */
  private unasked: Held[] = [];
  /** The row that is being folded into, what it becomes, and what is set beside it: kept when the fold ends, forgotten when it throws. */
  private own: Held = { key: '', row: undefined, asked: false, changed: false };
  private next: Row | undefined;
  private readonly beside = new Map<string, Row>();
  private readonly rows: Rows<object> = {
    get: (key) => {
      if (key === this.own.key) return this.next ?? this.own.row;
      return this.beside.get(key) ?? this.held.get(key)?.row;
    },
    set: (key, row) => {
      if (key === this.own.key) this.next = row;
      else this.beside.set(key, row);
    },
  };

  constructor(
    private readonly projection: Projection,
    private readonly build: Build,
    private readonly heldRows = MAX_HELD_ROWS,
  ) {}

  /** How many rows wait to be written. */
  get size(): number {
    return this.changed.length;
  }

  async add(page: readonly RecordedEvent[]): Promise<void> {
    this.letGo();
    const { projection, held } = this;
    const [events, keys]: [RecordedEvent[], string[]] = [[], []];
    const missing = new Set<string>();
    for (const event of page)
      for (const key of this.keysOf(event)) {
        events.push(event);
        keys.push(key);
        if (!projection.isJournal && !held.has(key)) missing.add(key);
      }
    if (missing.size > 0) await this.fetch(missing);
    for (let index = 0; index < events.length; index++)
      this.fold(events[index] as RecordedEvent, keys[index] as string);
    this.last = page.at(-1) ?? this.last;
  }

  /** Writes what changed since the last time; more can be folded meanwhile. @throws NotStorable when something in it cannot be */
  async commit(onFault: (fault: Fault) => void): Promise<void> {
    const { changed, faults, last } = this;
    if (last === null) return;
    this.changed = [];
    this.faults = [];
    this.last = null;
    for (const held of changed) held.changed = false;
    this.isWriting = true;
    const rows = new Map(changed.map(({ key, row }) => [key, row as Row]));
    await this.build.commit(rows, last.position, faults, markOf(last));
    this.isWriting = false;
    for (const fault of faults) onFault(fault);
    for (const held of changed) if (!held.asked && !held.changed) this.unasked.push(held);
  }

  /** Lets go of what is not needed and can be fetched again: what is being written cannot be. */
  letGo(): void {
    if (this.isWriting) return;
    const before = this.held.size;
    for (const { key, asked, changed } of this.unasked) if (!asked && !changed) this.held.delete(key);
    this.unasked = [];
    if (this.held.size > this.heldRows) this.held = new Map(this.changed.map((held) => [held.key, held]));
    if (this.held.size < before) this.hasAll = false;
  }

  private async fetch(keys: ReadonlySet<string>): Promise<void> {
    const found = (this.hasAll ? NONE : await this.build.getMany([...keys])) as ReadonlyMap<string, Row>;
    for (const key of keys) this.held.set(key, { key, row: found.get(key), asked: true, changed: false });
  }

  /** The rows that an event is folded into; of one that does not even say which, no row stands still. */
  private keysOf(event: RecordedEvent): readonly string[] {
    try {
      return this.projection.keys(event);
    } catch (error) {
      this.faults.push(faultOf(NO_KEY, event, error));
      return [];
    }
  }

  /** Folds an event into the row of a key. */
  private fold(event: RecordedEvent, key: string): void {
    const own = this.held.get(key) ?? { key, row: undefined, asked: true, changed: false };
    own.asked = true;
    if (own.row?.staleSince !== undefined) return;
    this.own = own;
    this.next = undefined;
    if (this.beside.size > 0) this.beside.clear();
    try {
      this.projection.apply(event, key, this.rows);
    } catch (error) {
      this.change(own, stale(own.row, event));
      this.faults.push(faultOf(key, event, error));
      return;
    }
    if (this.next) this.change(own, this.next);
    for (const [at, row] of this.beside) {
      const held = this.held.get(at) ?? { key: at, row, asked: false, changed: false };
      this.held.set(at, held);
      this.change(held, row);
    }
  }

  private change(held: Held, row: Row): void {
    held.row = row;
    if (held.changed) return;
    held.changed = true;
    this.changed.push(held);
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
  const rows = new Map(keys.map((key) => [key, stale(held.get(key), event)]));
  await build.commit(rows, event.position, faults, markOf(event));
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
