import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  Logger,
  type NestInterceptor,
  SetMetadata,
  UseInterceptors,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { concatMap, type Observable } from 'rxjs';
import type { Access, AccessLog, Reading } from '../../ports/access-log.js';
import type { Clock } from '../../ports/clock.js';
import { ACCESS_LOG, CLOCK } from '../../ports/tokens.js';
import { callerOf } from '../auth/caller.js';
import { CsvFile } from './csv.js';
import { routeOf } from './route.js';

const READING = 'so-cai:reading';

/** Puts on record who is given a route's answer; an `export` is a table alone (CSV), and not a page of it. */
export const OnRecord = (reading: Reading) =>
  applyDecorators(SetMetadata(READING, reading), UseInterceptors(AccessInterceptor));

/** Records who is given what, before it is given: an answer whose reading cannot be recorded is not given. */
@Injectable()
export class AccessInterceptor implements NestInterceptor {
  private readonly logger = new Logger('AccessLog');

  constructor(
    @Inject(ACCESS_LOG) private readonly log: AccessLog,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reading = this.reflector.get<Reading>(READING, context.getHandler());
    return next.handle().pipe(
      concatMap(async (answer: unknown) => {
        if (reading !== 'export' || answer instanceof CsvFile) await this.record(reading, request, answer);
        return answer;
      }),
    );
  }

  /** @throws AccessLogUnavailable */
  private async record(reading: Reading, request: FastifyRequest, answer: unknown): Promise<void> {
    const access = (rows: number | null): Access => ({
      requestId: request.id,
      at: this.clock.now(),
      actor: callerOf(request),
      ...{ reading, route: routeOf(request), rows },
      readAt: readAtOf(answer),
      about: Object.values(request.params as Record<string, string>)[0] ?? null,
      asked: { ...(request.query as Record<string, string>) },
    });
    if (!(answer instanceof CsvFile)) return this.log.record(access(rowsOf(answer)));
    await this.log.record(access(null));
    // What has gone cannot be taken back: that it went is on record, how much of it only when that can be written.
    answer.sent
      .then((rows) => this.log.record(access(rows)))
      .catch((error) => this.logger.error(String(error)));
  }
}

const readAtOf = (answer: unknown): string | null => {
  if (answer instanceof CsvFile) return answer.readAt;
  const { position } = answer as { readonly position?: string | null };
  return position ?? null;
};

const rowsOf = (answer: unknown): number =>
  typeof answer === 'object' && answer !== null && 'items' in answer && Array.isArray(answer.items)
    ? answer.items.length
    : 1;
