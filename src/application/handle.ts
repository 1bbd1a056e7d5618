import { v5 as uuidv5 } from 'uuid';
import { type Decider, fold, Rejected } from '../domain/decider.js';
import { SCHEMA } from '../domain/events.js';
import type { Fact, Metadata } from '../domain/message.js';
import type { Trace } from '../domain/trail.js';
import type { Clock } from '../ports/clock.js';
import {
  collect,
  type EventStore,
  type NewEvent,
  OutcomeUnknown,
  type RecordedEvent,
  RevisionConflict,
} from '../ports/event-store.js';
import type { Ids } from '../ports/ids.js';
import type { FirstOf } from './commands/first.js';
import { Busy, Forbidden, KeyReused, Stale } from './errors.js';
import { authorise, mayAtAll, type Relations } from './policy.js';
import type { Answer, Request } from './request.js';
import type { Last, StreamState, StreamStates } from './stream-states.js';

/** How often a command is decided at most when others write to its stream at the same time. */
export const MAX_ATTEMPTS = 4;

export interface Writing {
  readonly events: EventStore;
  readonly states: StreamStates;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly firstOf: FirstOf;
}

/** One command to one stream: how it is decided, and what it needs before that. */
export interface Execution<C, S, E extends Fact> {
  readonly decider: Decider<C, S, E>;
  readonly trace: (before: S, event: E, after: S) => Trace;
  readonly stream: string;
  readonly planId: string | null;
  /** Whether the body names the stream, and not the address: the same key with another body is then found elsewhere. */
  readonly begins: boolean;
  /** What is done, by its name in the table of rights. */
  readonly action: string;
  /** How the actor stands to what is written, as the log says it now; null where no right depends on it. */
  readonly relations: ((state: S, now: string) => Relations) | null;
  /** Id of the figure that the command is about, where that is one that is there already. */
  readonly figure?: (state: S) => string | null;
  /** Reads what the decision needs of other streams. */
  readonly prepare: (state: S, now: string) => Promise<C>;
}

/**
 * The one write path: fold the stream, authorise, decide, append at the revision that was read. What was decided on a stream
 * that does not end there any more is decided anew, as others wrote to it or the log was restored from an older copy: a
 * conflict, a refusal, and that there is nothing to do.
 * @throws Rejected, Forbidden, Stale, KeyReused, Busy, Unreadable, and what the store throws
 */
export const handle = async <C, S, E extends Fact>(
  writing: Writing,
  execution: Execution<C, S, E>,
  request: Request,
): Promise<Answer> => {
  mayAtAll(request.actor, [execution.action]);
  const { events: store, states } = writing;
  const { stream, decider } = execution;
  for (let attempt = 1; ; attempt += 1) {
    const kept = await states.of(stream, decider);
    const decided = await once(writing, execution, request, kept).catch((error: unknown) => {
      if (DECIDED.some((kind) => error instanceof kind)) return error as Error;
      throw error;
    });
    if (!(decided instanceof Error) && decided.eventIds.length > 0) return decided;
    const end = await endOf(store, stream, kept.last);
    if (end === 'gone') states.drop();
    const isLast = attempt === MAX_ATTEMPTS;
    if (decided instanceof RevisionConflict) {
      if (isLast) throw new Busy('many writers at once: try again');
    } else if (isLast || end === 'same') {
      if (decided instanceof Error) throw decided;
      return decided;
    }
  }
};

/** What is thrown by who looked at the state of the stream. */
const DECIDED = [Rejected, Forbidden, Stale, RevisionConflict];

/** Whether a stream still ends where it ended when it was folded, goes on from there, or no longer comes to it. */
const endOf = async (
  store: Pick<EventStore, 'read'>,
  stream: string,
  last: Last | null,
): Promise<'same' | 'on' | 'gone'> => {
  const [then, ...more] = await collect(store.read(stream, last?.revision ?? 0, 2));
  if (last === null) return then ? 'on' : 'same';
  if (then?.position !== last.position) return 'gone';
  return more.length > 0 ? 'on' : 'same';
};

const once = async <C, S, E extends Fact>(
  { events: store, states, clock, ids, firstOf }: Writing,
  execution: Execution<C, S, E>,
  request: Request,
  { state, last, commandIds }: StreamState<S>,
): Promise<Answer> => {
  const { stream, decider, begins } = execution;
  const { repeatable } = request;
  const isRepeat = async (id: string) => commandIds.has(id) || (begins && (await began(firstOf, stream, id)));
  if (repeatable && (await isRepeat(repeatable.commandId))) {
    // From the store itself, whatever is kept of it.
    const history = await collect(store.read(stream, 0, Number.MAX_SAFE_INTEGER));
    const first = answered(execution, decider.initial, history, repeatable);
    if (first) return first;
  }
  const now = later(clock.now(), last?.recordedAt);
  const { relations } = execution;
  await authorise(request.actor, execution.action, relations && (() => relations(state, now)));
  if (request.ifMatch !== null && request.ifMatch !== last?.revision) throw new Stale(last?.revision ?? null);
  const facts = decider.decide(await execution.prepare(state, now), state);
  if (facts.length === 0) return unchanged(stream, last, execution.figure?.(state) ?? null);
  const commandId = repeatable?.commandId ?? ids.next();
  const metadata: Metadata = {
    actor: request.actor,
    recordedAt: now,
    correlationId: request.correlationId,
    causationId: null,
    commandId,
    fingerprint: repeatable?.fingerprint ?? null,
    planId: execution.planId,
    schema: SCHEMA,
  };
  const fresh: NewEvent[] = facts.map(({ type, data }, n) => ({
    // A repeat writes the same ids; nobody can repeat what has no key.
    id: repeatable ? uuidv5(String(n), commandId) : ids.next(),
    type,
    data,
    metadata,
  }));
  const appended = await store.append(stream, fresh, last ? last.revision : 'none');
  if (repeatable) {
    // Of two at once with one key the store takes the second for a repeat, whatever it holds: the stream tells whose it was.
    const since = await collect(store.read(stream, last ? last.revision + 1 : 0)).catch((cause) => {
      // It is written, by this request or by the other: "nothing was written" would be untrue.
      throw new OutcomeUnknown('written, and not read again', { cause });
    });
    states.learn(stream, decider, since, since.at(-1) ?? appended);
    const repeated = answered(execution, state, since, repeatable);
    if (repeated) return repeated;
  }
  // No other command has these ids: what stands under them is what was appended here.
  else states.learn(stream, decider, fresh, appended);
  return answer(execution, state, facts, { ...appended, eventIds: fresh.map(({ id }) => id) });
};

/** Within a stream, recordedAt never goes back. */
export const later = (now: string, last: string | undefined): string =>
  last !== undefined && last > now ? last : now;

const unchanged = (stream: string, last: Last | null, measurementId: string | null): Answer => ({
  stream,
  revision: last?.revision ?? -1,
  position: last?.position ?? '',
  eventIds: [],
  warnings: [],
  laterEntries: [],
  measurementId,
});

const reused = (): KeyReused => new KeyReused('this Idempotency-Key was used with another body');

/**
 * Whether a command began this stream: the log may have got it since the stream was read, and the trail knows.
 * @throws KeyReused when it began another
 */
const began = async (firstOf: FirstOf, stream: string, commandId: string): Promise<boolean> => {
  const first = await firstOf(commandId);
  if (first && first.stream !== stream) throw reused();
  return first !== null;
};

/**
 * The first answer to a repeated command, derived from its events among those that came after a state; nothing is stored
 * beside them.
 */
const answered = <C, S, E extends Fact>(
  execution: Execution<C, S, E>,
  state: S,
  since: readonly RecordedEvent[],
  { commandId, fingerprint }: NonNullable<Request['repeatable']>,
): Answer | null => {
  const own = since.filter(({ metadata }) => metadata.commandId === commandId);
  const [first, last] = [own[0], own.at(-1)];
  if (!first || !last) return null;
  if (first.metadata.fingerprint !== fingerprint) throw reused();
  const earlier = since.slice(0, since.indexOf(first)) as unknown as E[];
  const before = fold({ ...execution.decider, initial: state }, earlier);
  const { revision, position } = last;
  return answer(execution, before, own as unknown as E[], {
    revision,
    position,
    eventIds: own.map(({ id }) => id),
  });
};

const answer = <C, S, E extends Fact>(
  execution: Execution<C, S, E>,
  before: S,
  facts: readonly E[],
  appended: Pick<Answer, 'revision' | 'position' | 'eventIds'>,
): Answer => {
  const laterEntries: string[] = [];
  let state = before;
  for (const fact of facts) {
    const after = execution.decider.evolve(state, fact);
    laterEntries.push(...execution.trace(state, fact, after).laterEntries);
    state = after;
  }
  const about = facts.map(({ data }) => data as { warnings?: readonly string[]; measurementId?: string });
  return {
    stream: execution.stream,
    ...appended,
    warnings: about.flatMap(({ warnings }) => warnings ?? []),
    laterEntries,
    measurementId: about.find(({ measurementId }) => measurementId)?.measurementId ?? null,
  };
};
