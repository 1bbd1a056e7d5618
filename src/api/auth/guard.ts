import { type CanActivate, type ExecutionContext, Inject, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Forbidden } from '../../application/errors.js';
import type { ActorRole } from '../../domain/message.js';
import { AUTHENTICATOR, type Authenticator } from './authenticator.js';
import { setCaller } from './caller.js';
import { Unauthenticated } from './errors.js';

const ACCESS = 'so-cai:access';

type Access = 'public' | readonly ActorRole[];

/** Anyone may ask, without a token. */
export const Public = () => SetMetadata<string, Access>(ACCESS, 'public');

/** Only these roles may ask. On a handler it takes the place of what its controller says, as `@Public()` does. */
export const Roles = (...roles: readonly [ActorRole, ...ActorRole[]]) =>
  SetMetadata<string, Access>(ACCESS, roles);

const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i;

/** Lets in who brings a good token and has a role that may ask; what a route does not open is closed. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    @Inject(AUTHENTICATOR) private readonly authenticator: Authenticator,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  /** @throws Unauthenticated, AuthUnavailable, Forbidden */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access === 'public') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) throw new Unauthenticated('no bearer token');
    const actor = await this.authenticator.authenticate(token);
    if (access && !access.includes(actor.role))
      throw new Forbidden(`The role ${actor.role} may not do this.`);
    setCaller(request, actor);
    return true;
  }
}
