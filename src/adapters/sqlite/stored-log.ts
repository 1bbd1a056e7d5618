import { MAX_PAGE_EVENTS, type Position, type RecordedEvent } from '../../ports/event-store.js';
import { positionNumber, positionText } from './event-log.js';
import { openToRead, type Reading } from './reading.js';

type Row = readonly [
  position: number,
  stream: string,
  revision: number,
  id: string,
  type: string,
  data: string,
  metadata: string,
];

/** The log of a file as it stood at one moment, for who only reads it, also beside the process that writes it. */
export class StoredLog {
  private constructor(private readonly reading: Reading) {}

  /** @throws CannotOpen, or better-sqlite3's SqliteError */
  static open(file: string): StoredLog {
    const reading = openToRead(file);
    reading.database.exec('BEGIN');
    return new StoredLog(reading);
  }

  /** The events after a position up to another, in pages. */
  async *readAll(after: Position | null, upTo: Position): AsyncGenerator<readonly RecordedEvent[], void> {
    const page = this.reading.database
      .prepare<[number, number, number], Row>(
        `SELECT e.position, s.name, e.revision, e.id, e.type, e.data, e.metadata
         FROM events e CROSS JOIN streams s ON s.key = e.stream
         WHERE e.position > ? AND e.position <= ? ORDER BY e.position LIMIT ?`,
      )
      .raw();
    for (let at = after === null ? 0 : positionNumber(after); ; ) {
      const rows = page.all(at, positionNumber(upTo), MAX_PAGE_EVENTS);
      const last = rows.at(-1);
      if (!last) return;
      yield rows.map(recorded);
      [at] = last;
    }
  }

  close(): void {
    this.reading.close();
  }
}

const recorded = ([position, stream, revision, id, type, data, metadata]: Row): RecordedEvent => ({
  ...{ stream, revision, id, type, position: positionText(position) },
  ...{ data: JSON.parse(data), metadata: JSON.parse(metadata) },
});
