import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import type { AppendReq, AppendResp, ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { handleClientStreamingCall, handleServerStreamingCall, sendUnaryData } from '@grpc/grpc-js';
import type { AppendCall, Log, Stored } from './log.js';
import {
  appendCallOf,
  appendResponse,
  confirmation,
  copyInFlight,
  eventResponse,
  filterOf,
  nameOf,
  notFoundResponse,
  Refused,
  stopping,
  thrown,
} from './messages.js';
import { CallEnded, ReadCall } from './read-call.js';
import { type Source, Subscription } from './subscription.js';

/** How the server behaves until it is told otherwise. */
export interface Manners {
  /** So many calls it refuses, as a server that is starting. */
  unready: number;
  /** Accepts every call and never answers one. */
  mute: boolean;
  /** Confirms a subscription and gives it nothing ever after. */
  forgetful: boolean;
  /** Milliseconds before an answer. */
  slowMs: number;
  /** Ends its own process with the next append, between writing it down and answering. */
  diesUnanswered: boolean;
}

/** How long a copy of an append that is being written waits before it is told that it timed out. */
const COPY_TIMEOUT_MS = 2_500;
/** Events handed to live subscribers in one turn of the event loop. */
const PUBLISHED_AT_ONCE = 16;

interface Waiting {
  readonly call: AppendCall;
  readonly answer: sendUnaryData<AppendResp>;
}

/** The calls of the Streams service that the ledger makes: Append and Read (streams, $all, subscriptions, filters). */
export class StreamsService {
  readonly manners: Manners = {
    unready: 0,
    mute: false,
    forgetful: false,
    slowMs: 0,
    diesUnanswered: false,
  };
  readonly #waiting: Waiting[] = [];
  readonly #reading = new Set<ReadCall>();
  readonly #subscriptions = new Map<Subscription, ReadCall>();
  #published = 0;
  #publishing = false;

  constructor(private readonly log: Log) {
    this.#published = log.events.length;
  }

  readonly append: handleClientStreamingCall<AppendReq, AppendResp> = (call, answer) => {
    const requests: AppendReq[] = [];
    call.on('data', (request: AppendReq) => requests.push(request));
    call.on('error', () => undefined);
    call.on('end', () => {
      this.#admitted()
        .then(() => this.#enqueue({ call: appendCallOf(requests), answer }))
        .catch((error) => answer(failureOf(error)));
    });
  };

  readonly read: handleServerStreamingCall<ReadReq, ReadResp> = (call) => {
    const reading = new ReadCall(call);
    this.#reading.add(reading);
    const over = () => this.#reading.delete(reading);
    reading.ended.then(over);
    this.#admitted()
      .then(() => this.#read(reading))
      .catch((error) => {
        if (!(error instanceof CallEnded)) reading.fail(failureOf(error));
      })
      .finally(over);
  };

  /** Reads and subscriptions that are being answered. */
  get openReads(): number {
    return this.#reading.size;
  }

  /** Takes what the server keeps no longer out of the log. */
  scavenge(): void {
    this.log.scavenge();
    this.#published = this.log.events.length;
  }

  get liveSubscribers(): readonly Subscription[] {
    return [...this.#subscriptions.keys()].filter(({ isLive }) => isLive);
  }

  /** Drops every live subscriber as too slow. */
  dropSubscribers(): void {
    for (const subscription of this.liveSubscribers) subscription.drop();
  }

  /** Ends every subscription as a server that stops. */
  endSubscriptions(): void {
    for (const call of this.#subscriptions.values()) call.fail(stopping().failure);
  }

  async #admitted(): Promise<void> {
    if (this.manners.mute) await new Promise(() => undefined);
    if (this.manners.slowMs > 0) await delay(this.manners.slowMs);
    if (this.manners.unready-- > 0) throw thrown('Server Is Not Ready');
  }

  #enqueue(waiting: Waiting): void {
    if (this.#waiting.length === 0) setImmediate(() => this.#commit());
    this.#waiting.push(waiting);
  }

  #commit(): void {
    const group = this.#waiting.splice(0);
    const outcomes = this.log.appendAll(group.map(({ call }) => call));
    if (this.manners.diesUnanswered) process.kill(process.pid, 'SIGKILL');
    const written = new Set<string>();
    group.forEach(({ call, answer }, index) => {
      const outcome = outcomes[index];
      const key = keyOf(call);
      // The first was being written when this copy came.
      if (written.has(key)) setTimeout(() => answer(copyInFlight().failure), COPY_TIMEOUT_MS);
      else if (outcome) answer(null, appendResponse(outcome, call.expected));
      if (outcome?.kind === 'written' && !outcome.repeated) written.add(key);
    });
    void this.#publish();
  }

  async #publish(): Promise<void> {
    if (this.#publishing) return;
    this.#publishing = true;
    while (this.#published < this.log.events.length) {
      const events = this.log.events.slice(this.#published, this.#published + PUBLISHED_AT_ONCE);
      this.#published += events.length;
      for (const event of events)
        for (const subscription of this.#subscriptions.keys()) subscription.publish(event);
      await nextTurn();
    }
    this.#publishing = false;
  }

  async #read(call: ReadCall): Promise<void> {
    const options = call.request.getOptions();
    if (!options) throw thrown('no options');
    if (options.hasSubscription()) return this.#subscribe(call, sourceOf(options, this.log));
    const { events, endless } = options.hasStream()
      ? streamEvents(options, this.log)
      : allEvents(options, this.log);
    if (events === null) await call.send(notFoundResponse(streamOf(options)));
    for (const event of events ?? []) await call.send(eventResponse(event));
    if (!endless) call.end();
  }

  async #subscribe(call: ReadCall, source: Source): Promise<void> {
    if (this.manners.forgetful) {
      await call.send(confirmation('forgotten'));
      await call.ended;
    }
    const subscription = new Subscription(call, this.log, source);
    this.#subscriptions.set(subscription, call);
    call.ended.then(() => this.#subscriptions.delete(subscription));
    await subscription.run();
  }
}

const failureOf = (error: unknown) =>
  error instanceof Refused ? error.failure : thrown(String(error)).failure;

/** Copies of one append have the same key. */
const keyOf = ({ stream, expected, events }: AppendCall): string =>
  JSON.stringify([stream, expected, events.length > 0 ? events.map(({ id }) => id) : Math.random()]);

const streamOf = (options: ReadReq.Options): string =>
  nameOf(options.getStream()?.getStreamIdentifier()?.getStreamName_asU8());

const BACKWARDS = 1;
const isBackwards = (options: ReadReq.Options): boolean => options.getReadDirection() === BACKWARDS;

interface Found {
  /** Null for a stream that is missing. */
  readonly events: Iterable<Stored> | null;
  readonly endless: boolean;
}

const streamEvents = (options: ReadReq.Options, log: Log): Found => {
  const name = streamOf(options);
  const where = options.getStream();
  const count = Number(options.getCount());
  if (count === 0) throw thrown('a count is positive');
  if (where?.hasEnd() && !isBackwards(options)) throw thrown('there is nothing after the end');
  const stream = log.stream(name);
  if (!stream) return { events: null, endless: false };
  const first = log.firstRevision(name);
  const from = where?.hasEnd() ? stream.length - 1 : Number(where?.getRevision() || 0);
  return {
    endless: false,
    events: isBackwards(options)
      ? taken(stream, Math.min(from, stream.length - 1), first, -1, count)
      : taken(stream, Math.max(from, first), stream.length - 1, 1, count),
  };
};

const allEvents = (options: ReadReq.Options, log: Log): Found => {
  const count = Number(options.getCount());
  const where = options.getAll();
  const backwards = isBackwards(options);
  const end = log.events.length;
  const position = where?.hasPosition() ? Number(where.getPosition()?.getCommitPosition()) : null;
  if (position !== null && log.isNobodys(position)) throw thrown('that position is no record');
  const from = position !== null ? log.indexAt(position) : where?.hasEnd() ? end : 0;
  return {
    endless: count === 0,
    events: backwards
      ? taken(log.events, from - 1, 0, -1, count)
      : taken(log.events, from, end - 1, 1, count),
  };
};

function* taken(events: readonly Stored[], from: number, to: number, step: 1 | -1, count: number) {
  for (let at = from, left = count; step > 0 ? at <= to : at >= to; at += step) {
    const event = events[at];
    if (!event || left-- <= 0) return;
    yield event;
  }
}

const sourceOf = (options: ReadReq.Options, log: Log): Source => {
  const filter = filterOf(options);
  if (options.hasStream()) {
    const stream = streamOf(options);
    const where = options.getStream();
    const last = (log.stream(stream)?.length ?? 0) - 1;
    const after = where?.hasEnd() ? last : where?.hasRevision() ? Number(where.getRevision()) : -1;
    return { stream, after, filter, waitsForStream: last < 0 && !where?.hasEnd() };
  }
  const where = options.getAll();
  const position = where?.hasPosition() ? Number(where.getPosition()?.getCommitPosition()) : null;
  if (position !== null && log.isNobodys(position)) throw thrown('that position is no record');
  const after = position ?? (where?.hasEnd() ? (log.events.at(-1)?.position ?? 0) : -1);
  return { stream: null, after, filter, waitsForStream: false };
};
