import { HttpException } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  BadQuestion,
  Busy,
  Forbidden,
  InProgress,
  KeyReused,
  NotFound,
  Stale,
  Unreadable,
} from '../../application/errors.js';
import { Rejected } from '../../domain/decider.js';
import { AccessLogUnavailable } from '../../ports/access-log.js';
import { AppendTooLarge, NotStorable, OutcomeUnknown, StoreUnavailable } from '../../ports/event-store.js';
import { JobsUnavailable } from '../../ports/job-queue.js';
import { BuildGone, ReadModelsUnavailable } from '../../ports/read-models.js';
import { AuthUnavailable, Unauthenticated } from '../auth/errors.js';
import { etagOf } from './etag.js';
import { TooMany } from './rates.js';
import { type HttpProblem, problemOfStatus } from './statuses.js';

/** One field of the request and what is wrong with it. */
export class FieldError {
  @ApiProperty({ example: 'moves[0].from' })
  readonly field: string;
  @ApiProperty()
  readonly message: string;

  constructor(field: string, message: string) {
    this.field = field;
    this.message = message;
  }
}

/** Problem details (RFC 9457), the body of every answer that is an error. */
export class ProblemBody {
  @ApiProperty({
    description: 'Stable: the same for the same kind of problem.',
    example: 'urn:so-cai:problem:stale',
  })
  readonly type!: string;
  @ApiProperty()
  readonly title!: string;
  @ApiProperty({ type: 'integer', example: 412 })
  readonly status!: number;
  @ApiProperty({ description: 'What happened this time, in plain words.' })
  readonly detail!: string;
  @ApiProperty({ description: "The request's id, as the server's log names it.", format: 'uri' })
  readonly instance!: string;
  @ApiPropertyOptional({
    description: 'Of a refused command: the rule that refused it.',
    example: 'PlanClosed',
  })
  readonly code?: string;
  @ApiPropertyOptional({ type: [FieldError] })
  readonly errors?: readonly FieldError[];
}

/** The request is not formed as it must be: every field that is not, by its path. */
export class InvalidRequest extends Error {
  override readonly name = 'InvalidRequest';
  constructor(readonly errors: readonly FieldError[]) {
    super(errors.map(({ message }) => message).join(' '));
  }
}

/** The body cannot be read as JSON. */
export class NotJson extends Error {
  override readonly name = 'NotJson';
}

/** How often a client may try again, in seconds. */
const RETRY_AFTER = { 'retry-after': '1' };

/**
 * The problem that an error is for the client. What is not expected is a 500 that says nothing about itself.
 * @param addressed the ids that the request's path gives (`planId`, `indicatorId` …)
 */
export const problemOf = (error: unknown, addressed: ReadonlySet<string>): HttpProblem => {
  if (error instanceof InvalidRequest) return invalid(error.errors);
  if (error instanceof NotJson) return problem(400, 'invalid-json', 'Not JSON', error.message);
  if (error instanceof BadQuestion) return invalid([new FieldError(error.field, error.message)]);
  if (error instanceof Rejected) return rejected(error, addressed);
  if (error instanceof Unauthenticated)
    return problem(401, 'unauthenticated', 'Not signed in', 'This needs a bearer token that is valid.', {
      headers: { 'www-authenticate': 'Bearer' },
    });
  if (error instanceof Forbidden) return problem(403, 'forbidden', 'Not allowed', error.message);
  if (error instanceof TooMany)
    return problem(429, 'too-many-requests', 'Too often', error.message, {
      headers: { 'retry-after': String(error.retryAfter) },
    });
  if (error instanceof NotFound) return problem(404, 'not-found', 'Not found', error.message);
  if (error instanceof NotStorable)
    return problem(400, 'not-storable', 'This cannot be kept', sentence(error.message));
  if (error instanceof Stale) return stale(error);
  if (error instanceof AppendTooLarge)
    return problem(
      413,
      'too-large',
      'Too much at once',
      'One command holds more than can be written at once.',
    );
  if (error instanceof KeyReused)
    return problem(422, 'key-reused', 'Key used before', 'This Idempotency-Key was used with another body.');
  if (error instanceof InProgress)
    return problem(
      409,
      'in-progress',
      'Being done',
      'A request with this Idempotency-Key is still being answered. Send it again shortly.',
      { headers: RETRY_AFTER },
    );
  return unavailable(error) ?? fromFramework(error);
};

interface More {
  readonly headers?: Readonly<Record<string, string>>;
  readonly errors?: readonly FieldError[];
  readonly code?: string;
}

const problem = (
  status: number,
  kind: string,
  title: string,
  detail: string,
  { headers = {}, ...more }: More = {},
): HttpProblem => ({ status, kind, title, detail, headers, ...more });

const invalid = (errors: readonly FieldError[]): HttpProblem =>
  problem(400, 'invalid-request', 'The request is not valid', summary(errors), { errors });

const summary = (errors: readonly FieldError[]): string => {
  const fields = new Set(errors.map(({ field }) => field)).size;
  return fields === 1 && errors[0] ? errors[0].message : `${fields} fields are not as they must be.`;
};

// Between the words of a code: `PlanClosed`, `NotADecimal`.
const WORD = /(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g;

// What the path addresses and is not there is a resource that does not exist; elsewhere it is a value that was refused.
const rejected = ({ code, message, field }: Rejected, addressed: ReadonlySet<string>): HttpProblem => {
  const absent = code.startsWith('Unknown') && field !== null && addressed.has(field);
  const words = code.replace(WORD, '-').toLowerCase();
  const title = words.charAt(0).toUpperCase() + words.slice(1).replaceAll('-', ' ');
  const errors = field === null ? {} : { errors: [new FieldError(field, message)] };
  return problem(absent ? 404 : 422, words, title, message, { code, ...errors });
};

const stale = ({ revision }: Stale): HttpProblem => {
  const now = revision === null ? 'There is nothing there yet.' : `It is at revision ${revision} now.`;
  return problem(412, 'stale', 'Changed since', `This has changed since you read it. ${now}`, {
    headers: revision === null ? {} : { etag: etagOf(revision) },
  });
};

const LOG_AWAY = 'Nothing was written: the log of events cannot be read or written now. Try again shortly.';

const unavailable = (error: unknown): HttpProblem | null => {
  const again = (kind: string, title: string, detail: string): HttpProblem =>
    problem(503, kind, title, detail, { headers: RETRY_AFTER });
  if (error instanceof Busy)
    return again(
      'busy',
      'Busy',
      'Others are at it, or what you ask for is not worked out yet: try again shortly.',
    );
  if (error instanceof OutcomeUnknown)
    return again(
      'outcome-unknown',
      'Not known whether it was done',
      'It may or may not have been written. Send the same request again, with the same Idempotency-Key.',
    );
  if (error instanceof StoreUnavailable) return again('store-unavailable', 'Not available', LOG_AWAY);
  if (error instanceof Unreadable)
    return problem(
      503,
      'event-unreadable',
      'An event cannot be read',
      `An event of ${error.stream} cannot be read, so nothing was written. Trying again does not help: somebody has to look at the log (so-cai doctor names the event).`,
    );
  if (error instanceof ReadModelsUnavailable || error instanceof BuildGone)
    return again('read-models-unavailable', 'Not available', 'This cannot be read now. Try again shortly.');
  if (error instanceof AccessLogUnavailable)
    return again(
      'access-log-unavailable',
      'Not available',
      'Who reads this is on record, and nothing can be recorded now. Try again shortly.',
    );
  if (error instanceof JobsUnavailable)
    return again('jobs-unavailable', 'Not available', 'Work cannot be asked for now. Try again shortly.');
  if (error instanceof AuthUnavailable)
    return again('sign-in-unavailable', 'Not available', 'Tokens cannot be checked now. Try again shortly.');
  return null;
};

// Nest wraps what Fastify refuses before a handler is reached (`FST_ERR_…`) and keeps it as the cause.
const fromFramework = (error: unknown): HttpProblem => {
  if (!(error instanceof HttpException)) return problemOfStatus(500, null);
  const cause: unknown = error.cause;
  const reason = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : null;
  return problemOfStatus(error.getStatus(), reason);
};

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
