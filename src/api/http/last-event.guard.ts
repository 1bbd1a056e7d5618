import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { BadQuestion } from '../../application/errors.js';
import { Questions } from '../../application/questions.js';
import { POSITION } from '../../ports/event-store.js';

/**
 * Lets through who asks for what comes after an event of the log, or from now on, as long as the log can be read. A stream
 * has said 200 before it reads anything: what is asked amiss is told before.
 */
@Injectable()
export class LastEventGuard implements CanActivate {
  constructor(@Inject(Questions) private readonly questions: Questions) {}

  /** @throws BadQuestion, StoreUnavailable */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const last = context.switchToHttp().getRequest<FastifyRequest>().headers['last-event-id'];
    const { events } = this.questions;
    if (last === undefined) await events.head();
    else if (typeof last !== 'string' || !POSITION.test(last)) throw unknownId();
    else
      try {
        // The store knows its own positions, and refuses one that it has not given.
        for await (const _ of events.readAll(last, 1)) break;
      } catch (error) {
        throw error instanceof RangeError ? unknownId() : error;
      }
    return true;
  }
}

const unknownId = (): BadQuestion =>
  new BadQuestion('Last-Event-ID', 'Last-Event-ID is the id of an event as this stream gave it.');
