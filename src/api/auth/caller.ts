import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '../../domain/message.js';
import { Unauthenticated } from './errors.js';

// Beside the request and not on it: nothing that a client sends can be mistaken for it.
const callers = new WeakMap<FastifyRequest, Actor>();

/** Notes who asks; the guard alone does so. */
export const setCaller = (request: FastifyRequest, actor: Actor): void => {
  callers.set(request, actor);
};

/** Who asks. @throws Unauthenticated on a public route, where nobody was asked to say */
export const callerOf = (request: FastifyRequest): Actor => {
  const actor = callers.get(request);
  if (!actor) throw new Unauthenticated('nobody has been authenticated for this request');
  return actor;
};

/** The Actor who asks, as a parameter of a handler. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext) =>
  callerOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
