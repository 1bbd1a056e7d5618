import { assertStorable, canonicalText, envelopeText } from '../../domain/canonical.js';
import { instant } from '../../domain/time.js';
import type { Position, RecordedEvent } from '../../ports/event-store.js';
import { type Connection, isSqliteError, type Shape } from './database.js';
import { EVENTS_SHAPE, positionText } from './event-log.js';
import { openToRead, type Reading } from './reading.js';

/** Problems that are put into words; the others are counted. */
export const MAX_PROBLEMS = 20;

/** What is wrong, in words for a person: the first of them, and how many there are in all. */
export class Problems {
  readonly listed: string[] = [];
  count = 0;

  add(problem: string): void {
    this.count++;
    if (this.listed.length < MAX_PROBLEMS) this.listed.push(problem);
  }
}

/** What was found in a file of events. */
export interface Examined {
  readonly problems: Problems;
  readonly events: number;
  readonly streams: number;
  readonly head: Position | null;
}

/** Told each event in order: its envelope as canonical text (RFC 8785). */
export type OnEvent = (envelope: string, position: Position) => void;

/** Given the events of one stream, oldest first: the id of one that the program cannot read, and why; null where it reads all. */
export type ReadStream = (
  stream: string,
  events: readonly RecordedEvent[],
) => { readonly id: string; readonly why: string } | null;

/**
 * Reads the whole log of a file, from one snapshot and without writing, and names what is wrong with it: the pages, the
 * version, gaps in positions and revisions, texts that are not canonical JSON, what does not fit together, and what the
 * program cannot read. A bit that flipped within a text and left something to be read is seen only by whoever compares the
 * envelopes.
 */
export const examineLog = (file: string, onEvent: OnEvent, readStream: ReadStream): Examined => {
  const problems = new Problems();
  const found = { events: 0, streams: 0, head: null as Position | null };
  readOnly(file, EVENTS_SHAPE, problems, (database) => {
    for (const line of pageFaults(database)) problems.add(line);
    const walk = new Walk(database, problems, onEvent);
    walk.events();
    walk.rest();
    walk.streams(readStream);
    Object.assign(found, walk.summary());
  });
  return { problems, ...found };
};

/**
 * Opens a file to read it in one transaction; what SQLite itself finds wrong is one of the problems.
 * @throws CannotOpen
 */
export const readOnly = (
  file: string,
  shape: Shape,
  problems: Problems,
  read: (database: Connection) => void,
): void => {
  let reading: Reading | undefined;
  try {
    reading = openToRead(file);
    const { database } = reading;
    database.exec('BEGIN');
    const fault = shapeFault(database, shape);
    if (fault === null) read(database);
    else problems.add(fault);
  } catch (error) {
    if (!isSqliteError(error)) throw error;
    problems.add(`it cannot be read to its end: ${error.message} (${error.code})`);
  } finally {
    reading?.close();
  }
};

/** What SQLite's own check says of pages and indexes; nothing when they are sound. */
export const pageFaults = (database: Connection): string[] =>
  database
    .prepare<[], string>(`PRAGMA integrity_check(${MAX_PROBLEMS})`)
    .pluck()
    .all()
    .flatMap((text) => text.split('\n'))
    .filter((line) => line !== 'ok');

const shapeFault = (database: Connection, { applicationId, version }: Shape): string | null => {
  const pragma = (name: string) => database.pragma(name, { simple: true });
  if (database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0)
    return 'it is empty: it holds no tables at all';
  if (pragma('application_id') !== applicationId) return 'it is a database of something else';
  const found = pragma('user_version');
  return found === version
    ? null
    : `it has tables of version ${found}; this program knows version ${version}`;
};

type Row = readonly [
  position: number,
  key: number,
  stream: string | null,
  revision: number,
  id: unknown,
  type: unknown,
  data: unknown,
  dataBytes: number,
  metadata: unknown,
  metadataBytes: number,
];

interface StreamEnd {
  readonly revision: number;
  readonly recordedAt: string;
}

type StoredRow = readonly [
  stream: string,
  position: number,
  revision: number,
  id: string,
  type: string,
  data: string,
  metadata: string,
];

/** The events of a stream; null where one of its texts is no JSON, which is a problem of its own. */
const recordedIn = (rows: readonly StoredRow[]): readonly RecordedEvent[] | null => {
  try {
    return rows.map(([stream, position, revision, id, type, data, metadata]) => ({
      ...{ stream, revision, id, type, position: positionText(position) },
      ...{ data: JSON.parse(data), metadata: JSON.parse(metadata) },
    }));
  } catch {
    return null;
  }
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** One pass along the log. */
class Walk {
  readonly #ends = new Map<number, StreamEnd>();
  #events = 0;
  #last = 0;
  /** Highest recordedAt so far. */
  #high = '';

  constructor(
    private readonly database: Connection,
    private readonly problems: Problems,
    private readonly onEvent: OnEvent,
  ) {}

  events(): void {
    const clock = new Map(
      this.database
        .prepare<[], [position: number, high: string]>('SELECT position, high FROM clock')
        .raw()
        .all(),
    );
    const rows = this.database
      .prepare<[], Row>(
        `SELECT e.position, e.stream, s.name, e.revision, e.id, e.type,
           e.data, octet_length(e.data), e.metadata, octet_length(e.metadata)
         FROM events e LEFT JOIN streams s ON s.key = e.stream ORDER BY e.position`,
      )
      .raw()
      .iterate();
    for (const row of rows) {
      this.#event(row);
      const high = clock.get(row[0]);
      if (high !== undefined && high !== this.#high)
        this.problems.add(`${at(row[0])}: the clock says ${high}, the events say ${this.#high}`);
      clock.delete(row[0]);
    }
    for (const position of clock.keys())
      this.problems.add(`the clock speaks of ${positionText(position)}, where no event is`);
  }

  /** What is there beside the events. */
  rest(): void {
    const silent = this.database
      .prepare<[], string>(
        'SELECT name FROM streams WHERE NOT EXISTS (SELECT 1 FROM events WHERE stream = streams.key)',
      )
      .pluck()
      .iterate();
    for (const name of silent) this.problems.add(`stream ${name} has lost its events`);
  }

  /** Reads stream after stream, so that no more than one is held in memory. */
  streams(readStream: ReadStream): void {
    const rows = this.database
      .prepare<[], StoredRow>(
        `SELECT s.name, e.position, e.revision, e.id, e.type, e.data, e.metadata
         FROM events e JOIN streams s ON s.key = e.stream ORDER BY e.stream, e.revision`,
      )
      .raw()
      .iterate();
    let [name, stored]: [string, StoredRow[]] = ['', []];
    const end = () => {
      const events = recordedIn(stored);
      const unread = events && readStream(name, events);
      const event = unread && events.find(({ id }) => id === unread.id);
      if (event) this.problems.add(`event ${event.position}: ${unread.why}`);
    };
    for (const row of rows) {
      if (row[0] !== name) {
        end();
        [name, stored] = [row[0], []];
      }
      stored.push(row);
    }
    end();
  }

  summary(): Omit<Examined, 'problems'> {
    const head = this.#last > 0 ? positionText(this.#last) : null;
    return { events: this.#events, streams: this.#ends.size, head };
  }

  #event([position, key, stream, revision, id, type, data, dataBytes, metadata, metadataBytes]: Row): void {
    const wrong = (what: string) => this.problems.add(`${at(position)}: ${what}`);
    if (position !== this.#last + 1) wrong(`the event before it is ${this.#last}: there is a gap`);
    this.#last = position;
    this.#events++;
    if (stream === null) wrong(`it names stream number ${key}, which is not there`);
    const before = this.#ends.get(key);
    if (revision !== (before?.revision ?? -1) + 1)
      wrong(`revision ${revision} of ${stream} follows ${before?.revision ?? 'nothing'}`);
    if (typeof id !== 'string' || !UUID.test(id)) wrong(`its id ${id} is not a UUID`);
    if (typeof type !== 'string' || type === '') wrong('it has no type');
    for (const fault of [textFault('data', data, dataBytes), textFault('metadata', metadata, metadataBytes)])
      if (fault !== null) wrong(fault);
    const recordedAt = recordedAtOf(metadata);
    if (recordedAt === null) wrong('its metadata has no recordedAt that is an instant');
    else if (before && recordedAt < before.recordedAt)
      wrong(`recorded at ${recordedAt}, before the event that it follows in ${stream}`);
    if (recordedAt !== null && recordedAt > this.#high) this.#high = recordedAt;
    this.#ends.set(key, { revision, recordedAt: recordedAt ?? before?.recordedAt ?? '' });
    const parts = { data: String(data), id: String(id), metadata: String(metadata), type: String(type) };
    const envelope = { ...parts, position: positionText(position), revision, stream: String(stream) };
    this.onEvent(envelopeText(envelope), envelope.position);
  }
}

const at = (position: number): string => `event ${positionText(position)}`;

/** Why a stored text is not what the store writes, or null. */
const textFault = (name: string, text: unknown, bytes: number): string | null => {
  if (typeof text !== 'string') return `its ${name} is not text`;
  // What is no UTF-8 is read as U+FFFD, which has another length.
  if (Buffer.byteLength(text) !== bytes) return `its ${name} is not UTF-8`;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return `its ${name} is not an object`;
    assertStorable(value, name);
    return canonicalText(value) === text ? null : `its ${name} is not the canonical text of what it says`;
  } catch (error) {
    return `its ${name} is damaged: ${error instanceof Error ? error.message : error}`;
  }
};

const recordedAtOf = (metadata: unknown): string | null => {
  try {
    const { recordedAt } = JSON.parse(String(metadata)) as { recordedAt?: unknown };
    return typeof recordedAt === 'string' && instant(recordedAt) === recordedAt ? recordedAt : null;
  } catch {
    return null;
  }
};
