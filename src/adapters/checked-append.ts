import { NotStorable, storableText, textFault } from '../domain/canonical.js';
import {
  AppendTooLarge,
  type ExpectedRevision,
  MAX_APPEND_BYTES,
  MAX_APPEND_EVENTS,
  MAX_METADATA_BYTES,
  MAX_NAME_LENGTH,
  type NewEvent,
} from '../ports/event-store.js';

/** An event as every store writes it: canonical texts, taken before anything else can change the objects. */
export interface CheckedEvent {
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
  readonly recordedAt: string;
}

export interface CheckedAppend {
  readonly stream: string;
  readonly events: readonly CheckedEvent[];
  readonly expected: ExpectedRevision;
  /** Bytes of data and metadata. */
  readonly bytes: number;
}

/**
 * What every event store refuses before it asks its database, so that all refuse the same.
 * @throws NotStorable, AppendTooLarge, RangeError (no events, or an expected revision that is none)
 */
export const checkedAppend = (
  stream: string,
  events: readonly NewEvent[],
  expected: ExpectedRevision,
): CheckedAppend => {
  assertName(stream, 'stream');
  if (expected !== 'none') assertRevision(expected);
  if (events.length === 0) throw new RangeError('an append needs at least one event');
  if (events.length > MAX_APPEND_EVENTS) {
    throw new AppendTooLarge(`${events.length} events, of at most ${MAX_APPEND_EVENTS}`);
  }
  const checked = events.map(checkedEvent);
  if (events.length > 1 && new Set(checked.map(({ id }) => id)).size < events.length)
    throw new NotStorable('an id stands twice in one append');
  const dataBytes = bytesOf(checked, 'data');
  if (dataBytes > MAX_APPEND_BYTES) {
    throw new AppendTooLarge(`${dataBytes} bytes of data, of at most ${MAX_APPEND_BYTES}`);
  }
  return { stream, events: checked, expected, bytes: dataBytes + bytesOf(checked, 'metadata') };
};

const bytesOf = (events: readonly CheckedEvent[], part: 'data' | 'metadata'): number =>
  events.reduce((bytes, event) => bytes + Buffer.byteLength(event[part]), 0);

/** @throws RangeError for what is not 0, 1, 2 … */
export const assertRevision = (value: number): void => {
  if (!isCount(value)) throw new RangeError(`${value} is not a revision`);
};

/** @throws RangeError for what is neither left out nor 0, 1, 2 … */
export const assertLimit = (value: number | undefined): void => {
  if (value !== undefined && !isCount(value)) throw new RangeError(`${value} is not a limit`);
};

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const NIL_UUID = '00000000-0000-0000-0000-000000000000';
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

const checkedEvent = (event: NewEvent): CheckedEvent => {
  if (!UUID.test(event.id) || event.id === NIL_UUID) throw new NotStorable(`id ${event.id} is not a UUID`);
  assertName(event.type, 'type');
  const metadata = metadataText(event.metadata);
  // A UTF-16 unit takes at most three bytes: only what is nearly too large has to be measured.
  if (metadata.length * 3 > MAX_METADATA_BYTES && Buffer.byteLength(metadata) > MAX_METADATA_BYTES) {
    throw new AppendTooLarge(`metadata of ${event.type} has more than ${MAX_METADATA_BYTES} bytes`);
  }
  const { recordedAt } = event.metadata;
  if (!INSTANT.test(recordedAt))
    throw new NotStorable(`metadata.recordedAt: ${recordedAt} is not an instant`);
  return { id: event.id, type: event.type, data: objectText(event.data, 'data'), metadata, recordedAt };
};

const lasting = new WeakMap<object, string>();

/** Metadata that nobody can change any more, as everything that one decree causes shares it, is written once. */
const metadataText = (metadata: object): string => {
  const known = lasting.get(metadata);
  if (known !== undefined) return known;
  const text = objectText(metadata, 'metadata');
  if (isFrozen(metadata)) lasting.set(metadata, text);
  return text;
};

const isFrozen = (value: unknown): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (Object.isFrozen(value) && Object.values(value).every(isFrozen));

const objectText = (value: unknown, path: string): string => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new NotStorable(`${path}: only an object can be stored here`);
  }
  return storableText(value, path);
};

const assertName = (name: string, what: string): void => {
  if (name === '' || name.length > MAX_NAME_LENGTH) {
    throw new NotStorable(`a ${what} has 1 to ${MAX_NAME_LENGTH} characters`);
  }
  // A server's own streams and events begin with $, and readers of the whole log leave those out.
  if (name.startsWith('$')) throw new NotStorable(`${what} ${name} begins with $`);
  const why = textFault(name);
  if (why !== null) throw new NotStorable(`a ${what} with ${why} cannot be stored`);
};
