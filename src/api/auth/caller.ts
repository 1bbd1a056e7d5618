import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '../../domain/message.js';
import type { Authenticator, Identity } from './authenticator.js';
import { Unauthenticated } from './errors.js';

// Beside the request and not on it: nothing that a client sends can be mistaken for it.
const callers = new WeakMap<FastifyRequest, Identity>();

const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i;

/** Notes who asks, by the request's token, which is looked at once. @throws Unauthenticated, AuthUnavailable */
export const identify = async (request: FastifyRequest, authenticator: Authenticator): Promise<void> => {
  if (callers.has(request)) return;
  const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) throw new Unauthenticated('no bearer token');
  callers.set(request, await authenticator.authenticate(token));
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
