import type { Projection } from '../../projections/projection.js';
import type { Problems } from '../adapters/sqlite/examine.js';
import { type LiveBuild, LiveRows } from '../adapters/sqlite/live-rows.js';
import { StoredLog } from '../adapters/sqlite/stored-log.js';
import { collectionOf } from '../application/collection.js';
import { foldLog } from '../application/fold.js';
import { assertJson } from '../domain/canonical.js';
import type { Position } from '../ports/event-store.js';
import type { Build, Row } from '../ports/read-models.js';

/**
 * Holds the rows of read models against a fresh fold of the log in memory, up to where each of them stands, and names
 * those that differ. One projection after the other: the rows of one are in memory at a time.
 * @throws CannotOpen, or better-sqlite3's SqliteError
 */
export const compareRows = async (
  files: { readonly read: string; readonly events: string },
  projections: readonly Projection[],
  problems: Problems,
): Promise<void> => {
  const rows = LiveRows.open(files.read);
  try {
    // After the rows: it holds whatever they were folded from.
    const log = StoredLog.open(files.events);
    try {
      for (const projection of projections) {
        const live = rows.of(collectionOf(projection));
        if (live) await compare(projection, live, log, problems);
      }
    } finally {
      log.close();
    }
  } finally {
    rows.close();
  }
};

const compare = async (
  projection: Projection,
  live: LiveBuild,
  log: StoredLog,
  problems: Problems,
): Promise<void> => {
  const { checkpoint } = live;
  if (checkpoint === null) return;
  const wrong = (what: string) => problems.add(`${projection.name}: ${what}`);
  const build = new FreshBuild((key, row) => {
    const fault = live.fault(key, row);
    if (fault !== null) wrong(fault);
  }, !!projection.isJournal);
  const readAll = (after: Position | null) => log.readAll(after, checkpoint);
  const [outcome] = (await foldLog([{ projection, build, onFault: () => undefined }], { readAll })) ?? [];
  if (outcome?.status === 'rejected') throw outcome.reason;
  build.end();
  for (const key of live.keys()) if (!build.has(key)) wrong(`its row ${key} is of nothing in the log`);
};

/** A build in memory, as texts; the rows of a journal never change again, and are told as soon as they are folded. */
class FreshBuild implements Build {
  private readonly rows = new Map<string, string>();
  private last: Position | null = null;

  constructor(
    private readonly tell: (key: string, row: Row) => void,
    private readonly isJournal: boolean,
  ) {}

  has(key: string): boolean {
    return this.rows.has(key);
  }

  /** Tells what has not been told yet. */
  end(): void {
    if (!this.isJournal) for (const [key, json] of this.rows) this.tell(key, JSON.parse(json));
  }

  async checkpoint(): Promise<Position | null> {
    return this.last;
  }

  async mark(): Promise<null> {
    return null;
  }

  async getMany(keys: readonly string[]): Promise<ReadonlyMap<string, Row>> {
    const found = keys.flatMap((key): [string, Row][] => {
      const json = this.isJournal ? undefined : this.rows.get(key);
      return json === undefined ? [] : [[key, JSON.parse(json)]];
    });
    return new Map(found);
  }

  async commit(rows: ReadonlyMap<string, Row>, checkpoint: Position): Promise<void> {
    for (const [key, row] of rows) assertJson(row, key);
    for (const [key, row] of rows) {
      if (this.isJournal) this.tell(key, row);
      this.rows.set(key, this.isJournal ? '' : JSON.stringify(row));
    }
    this.last = checkpoint;
  }
}
