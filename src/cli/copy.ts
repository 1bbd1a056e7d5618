import { createHash, type Hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isKurrentAddress } from '../adapters/kurrentdb/address.js';
import { KurrentEventStore } from '../adapters/kurrentdb/event-store.js';
import { SqliteEventStore } from '../adapters/sqlite/event-store.js';
import { canonicalText, envelopeText } from '../domain/canonical.js';
import {
  type EventStore,
  MAX_APPEND_BYTES,
  MAX_APPEND_EVENTS,
  OutcomeUnknown,
  type Position,
  type RecordedEvent,
  RevisionConflict,
  StoreUnavailable,
} from '../ports/event-store.js';
import { EVENTS_FILE } from './doctor.js';
import { Impossible } from './impossible.js';

/** What was copied, and is the same in both stores. */
export interface Copied {
  readonly events: number;
  /** How many of them were there already. */
  readonly before: number;
  /** SHA-256 of every event's canonical envelope without its position, each followed by a line feed. */
  readonly sha256: string;
}

/** Told now and then how many events are in the new store. */
export type OnProgress = (done: number) => void;

/** Opens the store that a text names: `esdb://…`, or a data folder. @throws Impossible when a folder to read has no log */
export const openStore = (name: string, { mustExist }: { readonly mustExist: boolean }): EventStore => {
  if (isKurrentAddress(name)) return KurrentEventStore.open(name);
  const file = join(resolve(name), EVENTS_FILE);
  if (mustExist && !existsSync(file)) throw new Impossible(`There is no ${file}.`);
  return SqliteEventStore.open(file);
};

/**
 * Copies a ledger into a store that is empty or holds the beginning of it (a copy that was cut off), in the order of its
 * log; then reads both from their beginning and holds them against each other.
 * @throws Impossible when the new store holds something else, is written to by others, or cannot be reached
 */
export const copy = async (from: EventStore, to: EventStore, onProgress: OnProgress): Promise<Copied> => {
  const end = await from.head();
  if (end === null) throw new Impossible('There is nothing to copy: the log is empty.');
  const before = await compared(from, to, end);
  let done = before.events;
  let told = done;
  for await (const page of from.readAll(before.end)) {
    for (const run of runsOf(page.filter(({ position }) => position <= end))) {
      await append(to, run);
      done += run.length;
    }
    if (done - told < PROGRESS_EVENTS) continue;
    told = done;
    onProgress(done);
  }
  const after = await compared(from, to, end);
  if (after.end !== end) throw new Impossible(`The copy lacks what follows ${after.end}: copy again.`);
  return { events: after.events, before: before.events, sha256: after.hash.digest('hex') };
};

const PROGRESS_EVENTS = 10_000;

interface Compared {
  readonly events: number;
  /** Where the old log is when the new one ends, or the end up to which it was to be copied. */
  readonly end: Position | null;
  readonly hash: Hash;
}

/** How far the new store holds what the old one does. @throws Impossible when it holds anything else */
const compared = async (from: EventStore, to: EventStore, upTo: Position): Promise<Compared> => {
  const hash = createHash('sha256');
  const originals = eventsOf(from);
  let events = 0;
  let end: Position | null = null;
  for await (const copied of eventsOf(to)) {
    const original: RecordedEvent | null = end === upTo ? null : await nextOf(originals);
    const text = textOf(copied);
    if (original === null || text !== textOf(original))
      throw new Impossible(
        `The store to copy to holds something else: its event ${copied.position} (${copied.type} of ${copied.stream}) is not what the log to copy has there.`,
      );
    hash.update(`${text}\n`);
    events++;
    end = original.position;
  }
  return { events, end, hash };
};

async function* eventsOf(store: EventStore): AsyncGenerator<RecordedEvent, void> {
  for await (const page of store.readAll(null)) yield* page;
}

const nextOf = async (events: AsyncGenerator<RecordedEvent, void>): Promise<RecordedEvent | null> =>
  (await events.next()).value ?? null;

/** Everything of an event but its position, which is each store's own. */
const textOf = ({ data, id, metadata, revision, stream, type }: RecordedEvent): string =>
  envelopeText({ data: canonicalText(data), id, metadata: canonicalText(metadata), revision, stream, type });

/** Neighbours of one stream, as many as one append takes. Only neighbours: the order across streams is kept. */
function* runsOf(page: readonly RecordedEvent[]): Generator<readonly RecordedEvent[]> {
  let run: RecordedEvent[] = [];
  let bytes = 0;
  for (const event of page) {
    const size = Buffer.byteLength(canonicalText(event.data));
    const fits =
      run[0]?.stream === event.stream && run.length < MAX_APPEND_EVENTS && bytes + size <= MAX_APPEND_BYTES;
    if (!fits && run.length > 0) yield run;
    [run, bytes] = fits ? [[...run, event], bytes + size] : [[event], size];
  }
  if (run.length > 0) yield run;
}

const append = async (to: EventStore, run: readonly RecordedEvent[]): Promise<void> => {
  const [{ stream, revision }] = run as readonly [RecordedEvent];
  try {
    await to.append(stream, run, revision === 0 ? 'none' : revision - 1);
  } catch (error) {
    if (error instanceof RevisionConflict)
      throw new Impossible(`Somebody else writes to the store to copy to: ${error.message}.`);
    if (error instanceof StoreUnavailable || error instanceof OutcomeUnknown)
      throw new Impossible(`${error.message}. The same command goes on where this one stopped.`);
    throw error;
  }
};
