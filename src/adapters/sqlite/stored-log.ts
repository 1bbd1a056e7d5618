import { MAX_PAGE_EVENTS, type Position, type RecordedEvent } from '../../ports/event-store.js';
import { type EventRow, PAGE_SQL, positionNumber, recorded } from './event-log.js';
import { openToRead, type Reading } from './reading.js';

/** The log of a file as it stood at one moment, for who only reads it, also beside the process that writes it. */
export class StoredLog {
  private constructor(private readonly reading: Reading) {}

  /** @throws CannotOpen, or better-sqlite3's SqliteError */
  static open(file: string): StoredLog {
    const reading = openToRead(file);
    reading.database.exec('BEGIN');
    return new StoredLog(reading);
  }

  /** The events after a position up to another, in pages. @throws StoreUnavailable for an event that is no JSON */
  async *readAll(after: Position | null, upTo: Position): AsyncGenerator<readonly RecordedEvent[], void> {
    const page = this.reading.database.prepare<[number, number], EventRow>(PAGE_SQL).raw();
    const end = positionNumber(upTo);
    for (let at = after === null ? 0 : positionNumber(after); at < end; at += MAX_PAGE_EVENTS)
      yield page.all(at, Math.min(at + MAX_PAGE_EVENTS, end)).map(recorded);
  }

  close(): void {
    this.reading.close();
  }
}
