import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '../../domain/message.js';
import type { Identity } from './authenticator.js';
import { Unauthenticated } from './errors.js';

// Beside the request and not on it: nothing that a client sends can be mistaken for it.
const callers = new WeakMap<FastifyRequest, Identity>();

/** Notes who asks; the guard alone does so. */
export const setCaller = (request: FastifyRequest, identity: Identity): void => {
  callers.set(request, identity);
};

/** Who asks. @throws Unauthenticated on a public route, where nobody was asked to say */
export const callerOf = (request: FastifyRequest): Actor => identityOf(request).actor;

const identityOf = (request: FastifyRequest): Identity => {
  const identity = callers.get(request);
  if (!identity) throw new Unauthenticated('nobody has been authenticated for this request');
  return identity;
};

/** The Actor who asks, as a parameter of a handler. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext) =>
  callerOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

/** Until when (instant) the caller's token holds, as a parameter of a handler whose answer outlasts the request. */
export const CallerUntil = createParamDecorator(
  (_: unknown, context: ExecutionContext) =>
    identityOf(context.switchToHttp().getRequest<FastifyRequest>()).until,
);
