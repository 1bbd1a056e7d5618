import { Controller, Headers, Inject, type MessageEvent, type OnModuleDestroy, Sse } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Observable } from 'rxjs';
import { BadQuestion } from '../../application/errors.js';
import type { Writing } from '../../application/handle.js';
import { Questions } from '../../application/questions.js';
import { WRITING } from '../../application/tokens.js';
import { subjectOf } from '../../domain/events.js';
import type { RecordedEvent } from '../../ports/event-store.js';
import { CallerUntil } from '../auth/caller.js';
import { May } from '../auth/guard.js';

@ApiTags('across plans')
@ApiBearerAuth()
@Controller('stream')
export class StreamController implements OnModuleDestroy {
  private readonly closing = new AbortController();

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
  @ApiOperation({
    summary:
      'What happens from now on, or since Last-Event-ID: server-sent events, one for each event of the log',
  })
  stream(
    @Headers('last-event-id') last: string | undefined,
    @CallerUntil() until: string,
  ): Observable<MessageEvent> {
    if (last !== undefined && !/^\d{20}$/.test(last))
      throw new BadQuestion('Last-Event-ID', 'Last-Event-ID is the id of an event as this stream gave it.');
    const { events } = this.questions;
    return new Observable((subscriber) => {
      const stopping = new AbortController();
      const signal = AbortSignal.any([stopping.signal, this.closing.signal]);
      const follow = async () => {
        const after = last ?? (await events.head());
        for await (const page of events.subscribeAll(after, signal)) {
          // Who asked may have lost the right since; a new token goes on from the last message.
          if (this.writing.clock.now() > until) break;
          for (const event of page) subscriber.next(messageOf(event));
        }
        subscriber.complete();
      };
      follow().catch((error) => subscriber.error(error));
      return () => stopping.abort();
    });
  }
}

const messageOf = ({ id, type, position, stream, metadata }: RecordedEvent): MessageEvent => ({
  id: position,
  type,
  data: {
    eventId: id,
    position,
    type,
    subject: subjectOf(stream),
    planId: metadata.planId,
    recordedAt: metadata.recordedAt,
  },
});
