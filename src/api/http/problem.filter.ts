import { types } from 'node:util';
import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Forbidden } from '../../application/errors.js';
import { callerOf } from '../auth/caller.js';
import { Unauthenticated } from '../auth/errors.js';
import { addressedBy } from './addressed.js';
import { problemOf } from './problem.js';
import { TooMany } from './rates.js';
import { PROBLEM_TYPE, problemText } from './statuses.js';

/** Answers every error as problem details; what the client is not told is logged under the request's id. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Problem');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const [request, reply] = [http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>()];
    const problem = problemOf(error, addressedBy(request.routeOptions?.url));
    this.log(error, problem.status, request);
    if (reply.raw.headersSent) {
      // Half an answer is out: the client notices only when the connection breaks off.
      reply.raw.destroy();
      return;
    }
    // Set on the way to an answer that is not given: they would speak of another body.
    for (const name of ['content-disposition', 'content-length', 'etag']) reply.removeHeader(name);
    void reply
      .code(problem.status)
      .headers({ ...problem.headers, 'content-type': PROBLEM_TYPE })
      .send(problemText(problem, request.id));
  }

  private log(error: unknown, status: number, request: FastifyRequest): void {
    const line = printable(`${request.id} ${wordsOf(error)}`);
    // Whoever left in the middle of a body is told nothing, and nothing is amiss here.
    if (status >= 500 && request.raw.readableAborted) this.logger.debug(line);
    else if (status === 503) this.logger.warn(line);
    else if (status >= 500) this.logger.error(line, isError(error) ? error.stack : undefined);
    else if (error instanceof Forbidden || error instanceof TooMany)
      this.logger.warn(`${line} (${whoAndWhere(request)})`);
    else if (error instanceof Unauthenticated) this.logger.debug(line);
  }
}

// Without the query: somebody may have put into it what belongs in a header.
const whoAndWhere = (request: FastifyRequest): string =>
  printable(`${callerOf(request).subject}: ${request.method} ${request.url.replace(/\?.*/s, '')}`);

// A line is one line, whatever its parts are made of.
const printable = (text: string): string =>
  text.replace(/\p{Cc}/gu, (control) => JSON.stringify(control).slice(1, -1));

// Errors made by Node itself are no instances of Error where the code runs in a context of its own.
const isError = (value: unknown): value is Error => value instanceof Error || types.isNativeError(value);

const wordsOf = (error: unknown): string => {
  if (!isError(error)) return `what was thrown is no error: ${String(error)}`;
  const cause = isError(error.cause) ? `: ${error.cause.message}` : '';
  return `${error.name}: ${error.message}${cause}`;
};
