import { dayOf } from '../../domain/time.js';
import {
  type Access,
  type AccessAsked,
  type AccessLog,
  AccessLogUnavailable,
  MAX_ACCESS_LENGTH,
  type RecordedAccess,
} from '../../ports/access-log.js';
import { type Connection, isSqliteError, openDatabase } from './database.js';

/** What `access.db` is. */
export const ACCESS_SHAPE = {
  applicationId: 0x53434163,
  version: 1,
  synchronous: 'FULL',
  checkpointPages: 1_024,
  cacheKiB: 2_000,
  schema: `
    CREATE TABLE readings (
      position INTEGER PRIMARY KEY AUTOINCREMENT,
      day TEXT NOT NULL,
      actor TEXT NOT NULL,
      reading TEXT NOT NULL,
      about TEXT,
      access TEXT NOT NULL
    ) STRICT;
    CREATE INDEX readings_by_day ON readings (day, position);
    CREATE INDEX readings_by_actor ON readings (actor, position);
    CREATE TRIGGER readings_stay BEFORE UPDATE ON readings BEGIN SELECT RAISE(ABORT, 'readings stay as they are'); END;
    CREATE TRIGGER readings_remain BEFORE DELETE ON readings BEGIN SELECT RAISE(ABORT, 'readings remain'); END;`,
} as const;

const POSITION_DIGITS = 20;

interface Row {
  readonly position: number;
  readonly access: string;
}

/** Who read what, in one SQLite file of its own. */
export class SqliteAccessLog implements AccessLog {
  readonly #database: Connection;

  private constructor(database: Connection) {
    this.#database = database;
  }

  /** @throws ForeignDatabase, OtherVersion, AccessLogUnavailable */
  static open(file: string): SqliteAccessLog {
    return unlessSqliteFails(() => new SqliteAccessLog(openDatabase(file, ACCESS_SHAPE)));
  }

  async record(access: Access): Promise<void> {
    const text = JSON.stringify(access);
    if (text.length > MAX_ACCESS_LENGTH) throw new RangeError('a reading is longer than any there is');
    const { at, actor, reading, about } = access;
    this.#ask((database) =>
      database
        .prepare('INSERT INTO readings (day, actor, reading, about, access) VALUES (?, ?, ?, ?, ?)')
        .run(dayOf(at), actor.subject, reading, about, text),
    );
  }

  async find(asked: AccessAsked, after: string | null, limit: number): Promise<readonly RecordedAccess[]> {
    const conditions = CONDITIONS.filter(([field]) => asked[field] !== undefined);
    const where = ['position > ?', ...conditions.map(([, condition]) => condition)].join(' AND ');
    const rows = this.#ask((database) =>
      database
        .prepare(`SELECT position, access FROM readings WHERE ${where} ORDER BY position LIMIT ?`)
        .all(Number(after ?? 0), ...conditions.map(([field]) => asked[field]), limit),
    ) as readonly Row[];
    return rows.map(({ position, access }) => ({
      // Earlier releases did not record it.
      ...{ readAt: null },
      ...(JSON.parse(access) as Access),
      position: String(position).padStart(POSITION_DIGITS, '0'),
    }));
  }

  async close(): Promise<void> {
    this.#database.close();
  }

  #ask<T>(question: (database: Connection) => T): T {
    if (!this.#database.open) throw new AccessLogUnavailable('the log of readings is closed');
    return unlessSqliteFails(() => question(this.#database));
  }
}

const CONDITIONS: readonly (readonly [field: keyof AccessAsked, condition: string])[] = [
  ['from', 'day >= ?'],
  ['to', 'day <= ?'],
  ['actor', 'actor = ?'],
  ['reading', 'reading = ?'],
  ['about', 'about = ?'],
];

const unlessSqliteFails = <T>(work: () => T): T => {
  try {
    return work();
  } catch (cause) {
    if (!isSqliteError(cause)) throw cause;
    throw new AccessLogUnavailable(`the log of readings: ${cause.message}`, { cause });
  }
};
