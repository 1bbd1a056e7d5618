import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { finalize, type Observable } from 'rxjs';
import { InProgress } from '../../application/errors.js';
import { requestOf } from './request.js';

/**
 * Lets one request with an Idempotency-Key through at a time: a second one while the first is being answered is 409, as
 * nothing can be said yet of what became of it. Reads the headers of every POST, so that a malformed one is refused
 * everywhere alike.
 */
@Injectable()
export class OnceInterceptor implements NestInterceptor {
  private readonly running = new Set<string>();

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (request.method !== 'POST') return next.handle();
    const { repeatable } = requestOf(request);
    if (repeatable === null) return next.handle();
    const { commandId } = repeatable;
    if (this.running.has(commandId)) throw new InProgress('a request with this key is being answered');
    this.running.add(commandId);
    return next.handle().pipe(finalize(() => this.running.delete(commandId)));
  }
}
