import type { AllStreamResolvedEvent, ResolvedEvent } from '@eventstore/db-client';
import {
  POSITION,
  POSITION_DIGITS,
  type Position,
  type RecordedEvent,
  StoreUnavailable,
} from '../../ports/event-store.js';

/** The server's positions are signed. */
const MAX_POSITION = 2n ** 63n - 1n;

/** A commit position, zero-padded, so that positions order as plain strings. */
export const positionText = (commit: bigint): Position => commit.toString().padStart(POSITION_DIGITS, '0');

export const isPosition = (position: Position): boolean =>
  POSITION.test(position) && BigInt(position) <= MAX_POSITION;

/** @throws RangeError for what is no position of this store */
export const commitOf = (position: Position): bigint => {
  if (!isPosition(position)) throw new RangeError(`${position} is not a position of this store`);
  return BigInt(position);
};

/** An event as the client gives it: of one stream, or of the whole log. */
export type Resolved = ResolvedEvent | AllStreamResolvedEvent;

/** Whether an event is the ledger's. Those of the server itself (metadata, statistics) begin with $. */
export const isOwn = ({ event }: Resolved): boolean => event?.type.startsWith('$') === false;

/** Where an event of the whole log stands. */
export const placeOf = ({ event }: Resolved): bigint => {
  if (event?.position === undefined)
    throw new StoreUnavailable('KurrentDB gave an event without its position');
  return event.position.commit;
};

/** @throws StoreUnavailable for an event that no ledger has written */
export const recorded = (resolved: Resolved): RecordedEvent => {
  const position = positionText(placeOf(resolved));
  const { event } = resolved;
  if (!event?.isJson || !isObject(event.data) || !isMetadata(event.metadata))
    throw new StoreUnavailable(`the event at ${position} is damaged, or not one of a ledger`);
  const { id, streamId: stream, type, data, metadata } = event;
  return { id, stream, revision: Number(event.revision), position, type, data, metadata };
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isMetadata = (value: unknown): value is RecordedEvent['metadata'] =>
  isObject(value) && typeof value['recordedAt'] === 'string';
