import {
  Controller,
  Headers,
  Inject,
  Logger,
  type MessageEvent,
  MethodNotAllowedException,
  type OnModuleDestroy,
  Req,
  Res,
  Sse,
  UseGuards,
} from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Observable } from 'rxjs';
import type { Writing } from '../../application/handle.js';
import { Questions } from '../../application/questions.js';
import { WRITING } from '../../application/tokens.js';
import { subjectOf } from '../../domain/events.js';
import type { Actor } from '../../domain/message.js';
import { POSITION, type RecordedEvent } from '../../ports/event-store.js';
import type { StreamMessage } from '../answers/trail.js';
import { Caller, CallerUntil } from '../auth/caller.js';
import { May } from '../auth/guard.js';
import { LastEventGuard } from '../http/last-event.guard.js';
import { TooMany } from '../http/rates.js';

/** Most streams that are open at once, and most of one caller. */
export const MAX_STREAMS = 500;
export const MAX_STREAMS_OF_ONE = 10;
/** When one that is refused may come again, in seconds. */
const RETRY_AFTER = 30;
/** Longest delay of a timer, in milliseconds. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** Counts the streams that are open, by caller. */
class Open {
  private readonly counts = new Map<string, number>();
  private all = 0;

  /** @returns what to call when the stream ends. @throws TooMany */
  enter(subject: string): () => void {
    const own = this.counts.get(subject) ?? 0;
    if (own >= MAX_STREAMS_OF_ONE)
      throw new TooMany(`You have ${own} streams open already: close one.`, RETRY_AFTER);
    if (this.all >= MAX_STREAMS)
      throw new TooMany('Too many streams are open: come again later.', RETRY_AFTER);
    this.add(subject, 1);
    return () => this.add(subject, -1);
  }

  private add(subject: string, change: 1 | -1): void {
    this.all += change;
    const own = (this.counts.get(subject) ?? 0) + change;
    if (own === 0) this.counts.delete(subject);
    else this.counts.set(subject, own);
  }
}

@ApiTags('across plans')
@ApiBearerAuth()
@Controller('stream')
export class StreamController implements OnModuleDestroy {
  private readonly logger = new Logger('Stream');
  private readonly closing = new AbortController();
  private readonly open = new Open();

  constructor(
    @Inject(Questions) private readonly questions: Questions,
    @Inject(WRITING) private readonly writing: Writing,
  ) {}

  /** A stream has no end of its own, and the server waits for every answer's end. */
  onModuleDestroy(): void {
    this.closing.abort();
  }

  @Sse()
  @May('FollowStream')
  @UseGuards(LastEventGuard)
  @ApiOperation({
    summary:
      'What happens from now on, or since Last-Event-ID: server-sent events, one for each event of the log',
    description:
      'Ends when the token does, or the store is away: who comes again with Last-Event-ID misses nothing.',
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'The id of the last message that arrived: goes on after it',
    schema: { type: 'string', pattern: POSITION.source },
  })
  @ApiOkResponse({
    description:
      'Messages, each with the position of its event as `id`, the type of it as `event`, and a `StreamMessage` as `data`',
    content: { 'text/event-stream': { schema: { type: 'string' } } },
  })
  stream(
    @Headers('last-event-id') last: string | undefined,
    @CallerUntil() until: string,
    @Caller() { subject }: Actor,
    @Req() { method }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Observable<MessageEvent> {
    if (method === 'HEAD') {
      // What is told has no end, and so it has no head either.
      void reply.header('allow', 'GET');
      throw new MethodNotAllowedException();
    }
    const { events } = this.questions;
    return new Observable((subscriber) => {
      const left = this.open.enter(subject);
      const stopping = new AbortController();
      const signal = AbortSignal.any([stopping.signal, this.closing.signal]);
      let ending: NodeJS.Timeout | undefined;
      const endInTime = () => {
        const more = Date.parse(until) - Date.parse(this.writing.clock.now());
        if (more < 0) return stopping.abort();
        ending = setTimeout(endInTime, Math.min(more + 1, MAX_DELAY_MS));
      };
      endInTime();
      const follow = async () => {
        const after = last ?? (await events.head());
        // No message, but a place to go on from for who is cut off before the first one.
        if (last === undefined && after !== null) subscriber.next({ id: after, comment: '' });
        for await (const page of events.subscribeAll(after, signal)) {
          // Who asked may have lost the right since; a new token goes on from the last message.
          if (this.writing.clock.now() > until) break;
          for (const event of page) subscriber.next(messageOf(event));
        }
        subscriber.complete();
      };
      follow().catch((error) => {
        // Nest would tell of it under an id of its own making, from which nobody can go on.
        this.logger.warn(`a stream breaks off: ${error}`);
        subscriber.complete();
      });
      return () => {
        stopping.abort();
        clearTimeout(ending);
        left();
      };
    });
  }
}

const messageOf = ({ id, type, position, stream, metadata }: RecordedEvent): MessageEvent => {
  const { planId, recordedAt } = metadata;
  const data: StreamMessage = { eventId: id, position, type, subject: subjectOf(stream), planId, recordedAt };
  return { id: position, type, data };
};
