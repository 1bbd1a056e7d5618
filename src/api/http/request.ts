import { createHash } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { v5 as uuidv5 } from 'uuid';
import { BadQuestion } from '../../application/errors.js';
import type { Request } from '../../application/request.js';
import { canonicalText } from '../../domain/canonical.js';
import { callerOf } from '../auth/caller.js';

/** Command ids are made under this namespace; another one would make every repeat of an old request a new command. */
const COMMANDS = 'b4f7c1de-5a0e-4c1b-9c53-6f0f2b7b3a11';

/** What If-Match says. */
export const ETAG = /^"(0|[1-9]\d{0,14})"$/;
export const MAX_KEY_LENGTH = 255;
/** What Idempotency-Key says. */
export const KEY = new RegExp(`^[ -~]{1,${MAX_KEY_LENGTH}}$`);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * The application's request, of an HTTP request that the guard has let in.
 * @throws BadQuestion for a header that cannot be read, NotStorable for a body with no canonical text
 */
export const requestOf = (request: FastifyRequest): Request => {
  const known = requests.get(request);
  if (known) return known;
  const read = {
    actor: callerOf(request),
    correlationId: correlationOf(request),
    repeatable: repeatableOf(request),
    ifMatch: ifMatchOf(request),
  };
  requests.set(request, read);
  return read;
};

const requests = new WeakMap<FastifyRequest, Request>();

/** The application's Request, as a parameter of a handler. */
export const AsRequest = createParamDecorator((_: unknown, context: ExecutionContext) =>
  requestOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

/** The caller's own id for what belongs together; the request's, where it gives none that can be used. */
const correlationOf = (request: FastifyRequest): string => {
  const given = header(request, 'x-correlation-id');
  return given !== undefined && UUID.test(given) ? given.toLowerCase() : request.id;
};

const ifMatchOf = (request: FastifyRequest): number | null => {
  const text = header(request, 'if-match');
  if (text === undefined) return null;
  if (text === '*')
    throw new BadQuestion('If-Match', 'If-Match names the one revision that you have seen; "*" names none.');
  const revision = ETAG.exec(text)?.[1];
  if (revision === undefined)
    throw new BadQuestion(
      'If-Match',
      'If-Match is the ETag of the answer that you read, such as "12", in quotes.',
    );
  return Number(revision);
};

const repeatableOf = (request: FastifyRequest): Request['repeatable'] => {
  const key = header(request, 'idempotency-key');
  if (key === undefined) return null;
  if (!KEY.test(key))
    throw new BadQuestion('Idempotency-Key', 'Idempotency-Key is 1 to 255 printable ASCII characters.');
  // The route with its decoded ids, and not the address as sent: %2F and %2f are the same command.
  const { method, routeOptions, params } = request;
  const command = canonicalText([
    callerOf(request).subject,
    method,
    routeOptions.url ?? '',
    params ?? {},
    key,
  ]);
  return {
    commandId: uuidv5(command, COMMANDS),
    fingerprint: createHash('sha256')
      .update(canonicalText(request.body ?? null))
      .digest('hex'),
  };
};

const header = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
};
