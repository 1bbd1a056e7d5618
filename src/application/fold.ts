import type { Projection, Row, Rows } from '../../projections/projection.js';
import { NotStorable, type Position, type RecordedEvent } from '../ports/event-store.js';
import type { Build } from '../ports/read-models.js';

/** An event that a projection could not fold: its row stands still from there on, other rows go on. */
export interface Fault {
  readonly projection: string;
  readonly key: string;
  readonly position: Position;
  readonly eventId: string;
  readonly error: string;
}

/** Position of a row whose very first event could not be folded: there is nothing in it to read. */
export const NEVER_FOLDED = '';

/** Folds one page of events into a build: rows and checkpoint are written together. */
export const foldPage = async (
  projection: Projection,
  build: Build,
  page: readonly RecordedEvent[],
  onFault: (fault: Fault) => void,
): Promise<void> => {
  const last = page.at(-1);
  if (!last) return;
  const { rows, faults } = await fold(projection, build, page);
  try {
    await build.commit(rows, last.position);
  } catch (error) {
    if (!(error instanceof NotStorable)) throw error;
    if (page.length === 1) return standStill(projection, build, last, error, onFault);
    // One of the events made a row that cannot be stored; folded one by one, it is found.
    for (const event of page) await foldPage(projection, build, [event], onFault);
    return;
  }
  for (const fault of faults) onFault(fault);
};

/** The rows that a page changes, and what could not be folded into them. */
const fold = async (
  projection: Projection,
  build: Build,
  page: readonly RecordedEvent[],
): Promise<{ rows: ReadonlyMap<string, Row>; faults: readonly Fault[] }> => {
  const touched = page.map((event) => projection.keys(event));
  const held = await rowsOf(build, touched.flat());
  const changed = new Map<string, Row>();
  const faults: Fault[] = [];
  const keep = (key: string, row: Row) => {
    held.set(key, row);
    changed.set(key, row);
  };
  /** What one fold has set: kept when it ends, forgotten when it throws. */
  const staged = new Map<string, Row>();
  const rows: Rows<object> = {
    get: (key) => staged.get(key) ?? held.get(key),
    async load(key) {
      if (!held.has(key)) held.set(key, (await rowsOf(build, [key])).get(key));
      return rows.get(key);
    },
    set: (key, row) => staged.set(key, row),
  };
  for (const [index, event] of page.entries()) {
    for (const key of touched[index] ?? []) {
      if (held.get(key)?.staleSince !== undefined) continue;
      try {
        const folding = projection.apply(event, key, rows);
        if (folding instanceof Promise) await folding;
        for (const [at, row] of staged) keep(at, row);
      } catch (error) {
        keep(key, stale(held.get(key), event));
        faults.push(faultOf(projection, key, event, error));
      }
      staged.clear();
    }
  }
  return { rows: changed, faults };
};

/** Passes over an event whose rows cannot be stored. */
const standStill = async (
  projection: Projection,
  build: Build,
  event: RecordedEvent,
  error: NotStorable,
  onFault: (fault: Fault) => void,
): Promise<void> => {
  const keys = projection.keys(event);
  const held = await rowsOf(build, keys);
  await build.commit(new Map(keys.map((key) => [key, stale(held.get(key), event)])), event.position);
  for (const key of keys) onFault(faultOf(projection, key, event, error));
};

const rowsOf = async (build: Build, keys: readonly string[]): Promise<Map<string, Row | undefined>> =>
  new Map(keys.length > 0 ? ((await build.getMany([...new Set(keys)])) as ReadonlyMap<string, Row>) : []);

const stale = (row: Row | undefined, { position }: RecordedEvent): Row => ({
  ...row,
  position: row?.position ?? NEVER_FOLDED,
  staleSince: position,
});

const faultOf = (
  { name }: Projection,
  key: string,
  { id, position }: RecordedEvent,
  error: unknown,
): Fault => ({ projection: name, key, position, eventId: id, error: String(error) });
