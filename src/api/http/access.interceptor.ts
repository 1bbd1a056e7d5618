import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  Logger,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { concatMap, type Observable } from 'rxjs';
import type { Access, AccessLog, Reading } from '../../ports/access-log.js';
import type { Clock } from '../../ports/clock.js';
import { ACCESS_LOG, CLOCK } from '../../ports/tokens.js';
import { callerOf } from '../auth/caller.js';
import { CsvFile } from './csv.js';
import { methodOf, routeOf } from './route.js';

/** The routes whose readers are remembered; a table (CSV) is an export wherever it is asked for. */
export const READ: Readonly<Record<string, Reading>> = {
  'GET /plans/:planId/audit': 'trail',
  'GET /indicators/:id/history': 'trail',
  'GET /tasks/:id/history': 'trail',
  'GET /plans/:planId/events': 'events',
  'GET /events': 'events',
  'GET /access-log': 'access-log',
};

/** Records who is given what, before it is given: an answer whose reading cannot be recorded is not given. */
@Injectable()
export class AccessInterceptor implements NestInterceptor {
  private readonly logger = new Logger('AccessLog');

  constructor(
    @Inject(ACCESS_LOG) private readonly log: AccessLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (methodOf(request) !== 'GET') return next.handle();
    return next.handle().pipe(
      concatMap(async (answer: unknown) => {
        await this.record(request, answer);
        return answer;
      }),
    );
  }

  /** @throws AccessLogUnavailable */
  private async record(request: FastifyRequest, answer: unknown): Promise<void> {
    const route = routeOf(request);
    const reading = READ[route] ?? (answer instanceof CsvFile ? 'export' : null);
    if (reading === null) return;
    const access = (rows: number | null): Access => ({
      requestId: request.id,
      at: this.clock.now(),
      actor: callerOf(request),
      ...{ reading, route, rows },
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

const rowsOf = (answer: unknown): number =>
  typeof answer === 'object' && answer !== null && 'items' in answer && Array.isArray(answer.items)
    ? answer.items.length
    : 1;
