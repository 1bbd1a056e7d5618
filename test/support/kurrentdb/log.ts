import { randomUUID } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
} from 'node:fs';

/** An event as the log keeps it. */
export interface Stored {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
  /** Ticks of 100 ns since 1970, as text. */
  readonly created: string;
}

export type Proposed = Pick<Stored, 'id' | 'type' | 'contentType' | 'data' | 'metadata'>;

export type Expected = number | 'none' | 'any' | 'exists';

export interface AppendCall {
  readonly stream: string;
  readonly expected: Expected;
  readonly events: readonly Proposed[];
}

export type AppendOutcome =
  /** `revision` is null for a stream that is still missing. */
  | {
      readonly kind: 'written';
      readonly revision: number | null;
      readonly position: number;
      readonly repeated: boolean;
    }
  /** `current` is null for a missing stream. */
  | { readonly kind: 'wrong'; readonly current: number | null };

/** How much of the log an event takes beside its data; any number but 1 will do, as positions are places in a file. */
const RECORD_BYTES = 137;

interface Line {
  readonly position: number;
  readonly stream: string;
  readonly created: string;
  readonly events: readonly (Omit<Proposed, 'data' | 'metadata'> & {
    readonly revision: number;
    readonly position: number;
    readonly data: string;
    readonly metadata: string;
  })[];
}

/** The log of the test server: all in memory, and in a file when it is given one. */
export class Log {
  readonly events: Stored[] = [];
  readonly #streams = new Map<string, Stored[]>();
  /** Every position that was given out, also to an append of nothing. */
  readonly #given = new Set<number>();
  /** Of this run only: a restart forgets what an append at ANY looks at. */
  readonly #recentIds = new Map<string, Stored>();
  #end = RECORD_BYTES;
  readonly #file: number | null;

  constructor(file: string | null) {
    if (file !== null && existsSync(file)) this.#load(file);
    this.#file = file === null ? null : openSync(file, 'a');
  }

  /** Does appends in order and makes them durable together; the events written can be read when it returns. */
  appendAll(calls: readonly AppendCall[]): readonly AppendOutcome[] {
    const lines: string[] = [];
    const outcomes = calls.map((call) => this.#append(call, lines));
    if (this.#file !== null && lines.length > 0) {
      appendFileSync(this.#file, lines.join(''));
      fsyncSync(this.#file);
    }
    return outcomes;
  }

  stream(name: string): readonly Stored[] | undefined {
    return this.#streams.get(name);
  }

  /** First revision of a stream that can still be read. */
  firstRevision(name: string): number {
    const events = this.#streams.get(name) ?? [];
    const { $maxCount, $tb } = name.startsWith('$$') ? { $maxCount: 1, $tb: 0 } : this.#metadataOf(name);
    return Math.max(0, $tb ?? 0, $maxCount === undefined ? 0 : events.length - $maxCount);
  }

  /** Place in `events` of the first one at or after a position. */
  indexAt(position: number): number {
    let [low, high] = [0, this.events.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.events[middle]?.position ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Takes the metadata of streams that later metadata replaced out of the log: where it stood is nobody's place. */
  scavenge(): void {
    const gone = this.events.filter(
      ({ stream, revision }) => stream.startsWith('$$') && revision < this.firstRevision(stream),
    );
    for (const event of gone) {
      this.#given.delete(event.position);
      this.events.splice(this.events.indexOf(event), 1);
    }
  }

  /** Puts another event in the place of the last one, as in a log that was restored and written on. */
  replaceLast(): void {
    const last = this.events.pop() as Stored;
    this.#streams.get(last.stream)?.pop();
    this.#keep({ ...last, id: randomUUID() });
  }

  /** Whether a position lies within the log and is nobody's. */
  isNobodys(position: number): boolean {
    return position < this.#end && !this.#given.has(position);
  }

  #append({ stream, expected, events }: AppendCall, lines: string[]): AppendOutcome {
    const there = this.#streams.get(stream);
    const current = there === undefined ? null : there.length - 1;
    const before = this.#check(stream, current ?? -1, expected, events);
    if (before === 'wrong') return { kind: 'wrong', current };
    if (before !== 'new') {
      const { revision, position } = before;
      return { kind: 'written', revision, position, repeated: true };
    }
    const created = String(BigInt(Date.now()) * 10_000n);
    let revision = current ?? -1;
    const stored = events.map((event) => ({
      ...event,
      stream,
      created,
      revision: ++revision,
      position: this.#next(event.data.length),
    }));
    const position = stored.at(-1)?.position ?? this.#next(0);
    for (const event of stored) this.#keep(event);
    lines.push(`${JSON.stringify(lineOf(stream, position, created, stored))}\n`);
    return { kind: 'written', revision: revision < 0 ? null : revision, position, repeated: false };
  }

  /** Whether an append is new, the last event of one that is a repeat, or at a wrong revision. */
  #check(
    stream: string,
    current: number,
    expected: Expected,
    events: readonly Proposed[],
  ): 'new' | 'wrong' | Stored {
    if (expected === 'exists' && current < 0) return 'wrong';
    if (expected === 'any' || expected === 'exists') {
      const known = events
        .map(({ id }) => this.#recentIds.get(id))
        .map((one) => (one?.stream === stream ? one : null));
      if (!known[0]) return 'new';
      return known.every((one) => one !== null) ? (known.at(-1) ?? 'wrong') : 'wrong';
    }
    const revision = expected === 'none' ? -1 : expected;
    if (revision === current) return 'new';
    if (revision > current || events.length === 0) return 'wrong';
    const there = this.#streams.get(stream)?.slice(revision + 1, revision + 1 + events.length) ?? [];
    return events.every(({ id }, index) => there[index]?.id === id) ? (there.at(-1) ?? 'wrong') : 'wrong';
  }

  #next(bytes: number): number {
    const position = this.#end;
    this.#given.add(position);
    this.#end += RECORD_BYTES + bytes;
    return position;
  }

  #keep(event: Stored): void {
    this.events.push(event);
    const there = this.#streams.get(event.stream);
    if (there) there.push(event);
    else this.#streams.set(event.stream, [event]);
    this.#recentIds.set(event.id, event);
  }

  #metadataOf(name: string): { readonly $maxCount?: number; readonly $tb?: number } {
    const last = this.#streams.get(`$$${name}`)?.at(-1);
    return last ? JSON.parse(Buffer.from(last.data).toString('utf8')) : {};
  }

  #load(file: string): void {
    const bytes = readFileSync(file);
    // A line that has no end was cut off by a kill, and nobody was told of it.
    const whole = bytes.lastIndexOf('\n') + 1;
    for (const text of bytes.subarray(0, whole).toString('utf8').split('\n').slice(0, -1))
      this.#keepLine(JSON.parse(text));
    this.#recentIds.clear();
    const writable = openSync(file, 'r+');
    ftruncateSync(writable, whole);
    closeSync(writable);
  }

  #keepLine({ position, stream, created, events }: Line): void {
    for (const { data, metadata, ...event } of events) {
      const [dataBytes, metadataBytes] = [Buffer.from(data, 'base64'), Buffer.from(metadata, 'base64')];
      this.#given.add(event.position);
      this.#keep({ ...event, stream, created, data: dataBytes, metadata: metadataBytes });
      this.#end = event.position + RECORD_BYTES + dataBytes.length;
    }
    this.#given.add(position);
    if (events.length === 0) this.#end = position + RECORD_BYTES;
  }
}

const lineOf = (stream: string, position: number, created: string, events: readonly Stored[]): Line => ({
  ...{ position, stream, created },
  events: events.map(({ id, type, contentType, revision, position: at, data, metadata }) => ({
    ...{ id, type, contentType, revision, position: at },
    data: Buffer.from(data).toString('base64'),
    metadata: Buffer.from(metadata).toString('base64'),
  })),
});
