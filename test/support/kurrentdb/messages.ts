import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams, {
  type AppendReq,
  type AppendResp,
  type ReadReq,
  type ReadResp,
} from '@eventstore/db-client/generated/streams_pb.js';
import { Metadata, type StatusObject, status } from '@grpc/grpc-js';
import type { AppendCall, AppendOutcome, Expected, Proposed, Stored } from './log.js';

/** Bytes of data that one append may hold; metadata and type are not counted. */
export const MAX_APPEND_BYTES = 1_048_576;

/** How a call ends when not well. */
export type Failure = Pick<StatusObject, 'code' | 'details'> & { readonly metadata?: Metadata };

/** A call that the server answers with a status of its own. */
export class Refused extends Error {
  constructor(readonly failure: Failure) {
    super(failure.details);
  }
}

const refusal = (code: status, details: string, trailers: Readonly<Record<string, string>> = {}): Refused => {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(trailers)) metadata.set(key, value);
  return new Refused({ code, details, metadata });
};

/** What the real server says when one of its handlers throws. */
export const thrown = (what: string): Refused =>
  refusal(status.UNKNOWN, `Exception was thrown by handler. ${what}`);
export const tooSlow = (): Refused =>
  refusal(
    status.ABORTED,
    'Operation timed out: Consumer too slow to handle event while live. Client resubscription required.',
  );
export const copyInFlight = (): Refused => refusal(status.ABORTED, 'Operation timed out: WriteEvents');
export const stopping = (): Refused => refusal(status.INTERNAL, 'Received RST_STREAM with code 2');
const tooLarge = (): Refused =>
  refusal(status.INVALID_ARGUMENT, `Maximum Append Size of ${MAX_APPEND_BYTES} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(MAX_APPEND_BYTES),
  });

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const NIL_UUID = '00000000-0000-0000-0000-000000000000';

/** What a client asks to append. @throws Refused for what the server does not take */
export const appendCallOf = (requests: readonly AppendReq[]): AppendCall => {
  const options = requests.find((request) => request.hasOptions())?.getOptions();
  if (!options) throw thrown('no options');
  const stream = nameOf(options.getStreamIdentifier()?.getStreamName_asU8());
  const events = requests.flatMap((request) => request.getProposedMessage() ?? []).map(proposedOf);
  if (events.reduce((bytes, { data }) => bytes + data.length, 0) > MAX_APPEND_BYTES) throw tooLarge();
  return { stream, events, expected: expectedOf(options) };
};

const expectedOf = (options: AppendReq.Options): Expected => {
  if (options.hasNoStream()) return 'none';
  if (options.hasStreamExists()) return 'exists';
  return options.hasRevision() ? Number(options.getRevision()) : 'any';
};

const proposedOf = (message: AppendReq.ProposedMessage): Proposed => {
  const id = (message.getId()?.getString() ?? '').toLowerCase();
  if (!UUID.test(id) || id === NIL_UUID) throw thrown(`${id} is not an event id`);
  const type = message.getMetadataMap().get('type') ?? '';
  if (type === '') throw thrown('an event has no type');
  return {
    id,
    type,
    contentType: message.getMetadataMap().get('content-type') ?? '',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
};

/** @throws Refused for an empty name */
export const nameOf = (bytes: Uint8Array | undefined): string => {
  const name = Buffer.from(bytes ?? []).toString('utf8');
  if (name === '') throw thrown('a stream has a name');
  return name;
};

export const appendResponse = (outcome: AppendOutcome, expected: Expected): AppendResp => {
  const response = new streams.AppendResp();
  if (outcome.kind === 'wrong') return response.setWrongExpectedVersion(wrong(outcome.current, expected));
  const success = new streams.AppendResp.Success();
  if (outcome.revision === null) success.setNoStream(new shared.Empty());
  else success.setCurrentRevision(String(outcome.revision));
  const position = new streams.AppendResp.Position()
    .setCommitPosition(String(outcome.position))
    .setPreparePosition(String(outcome.position));
  return response.setSuccess(success.setPosition(position));
};

const wrong = (current: number | null, expected: Expected): AppendResp.WrongExpectedVersion => {
  const answer = new streams.AppendResp.WrongExpectedVersion();
  if (current === null) answer.setCurrentNoStream(new shared.Empty());
  else answer.setCurrentRevision(String(current));
  if (expected === 'any') return answer.setExpectedAny(new shared.Empty());
  if (expected === 'exists') return answer.setExpectedStreamExists(new shared.Empty());
  if (expected === 'none') return answer.setExpectedNoStream(new shared.Empty());
  return answer.setExpectedRevision(String(expected));
};

export const eventResponse = (event: Stored): ReadResp => {
  const record = new streams.ReadResp.ReadEvent.RecordedEvent()
    .setId(new shared.UUID().setString(event.id))
    .setStreamIdentifier(identifier(event.stream))
    .setStreamRevision(String(event.revision))
    .setPreparePosition(String(event.position))
    .setCommitPosition(String(event.position))
    .setData(event.data)
    .setCustomMetadata(event.metadata);
  const system = record.getMetadataMap();
  system.set('type', event.type);
  system.set('content-type', event.contentType);
  system.set('created', event.created);
  const read = new streams.ReadResp.ReadEvent().setEvent(record).setCommitPosition(String(event.position));
  return new streams.ReadResp().setEvent(read);
};

export const notFoundResponse = (stream: string): ReadResp =>
  new streams.ReadResp().setStreamNotFound(
    new streams.ReadResp.StreamNotFound().setStreamIdentifier(identifier(stream)),
  );

export const confirmation = (id: string): ReadResp =>
  new streams.ReadResp().setConfirmation(
    new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(id),
  );

export const caughtUp = (): ReadResp => new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp());

export const checkpoint = (position: number): ReadResp =>
  new streams.ReadResp().setCheckpoint(
    new streams.ReadResp.Checkpoint()
      .setCommitPosition(String(position))
      .setPreparePosition(String(position)),
  );

const identifier = (stream: string) =>
  new shared.StreamIdentifier().setStreamName(new Uint8Array(Buffer.from(stream, 'utf8')));

/** Which events a subscription to the whole log is given, and after how many looked at it is told where it is. */
export interface Filter {
  readonly matches: (event: Stored) => boolean;
  readonly checkpointEvery: number;
}

const DEFAULT_WINDOW = 32;

export const filterOf = (options: ReadReq.Options): Filter | null => {
  const filter = options.getFilter();
  if (!filter) return null;
  const byStream = filter.hasStreamIdentifier();
  const expression = byStream ? filter.getStreamIdentifier() : filter.getEventType();
  const prefixes = expression?.getPrefixList() ?? [];
  const pattern = new RegExp(expression?.getRegex() ?? '', 'u');
  const fits = (text: string) =>
    prefixes.length > 0 ? prefixes.some((prefix) => text.startsWith(prefix)) : pattern.test(text);
  const window = filter.hasMax() ? filter.getMax() : DEFAULT_WINDOW;
  return {
    matches: ({ stream, type }) => fits(byStream ? stream : type),
    checkpointEvery: window * filter.getCheckpointintervalmultiplier(),
  };
};
