import { type CanActivate, type ExecutionContext, Inject, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { mayAtAll } from '../../application/policy.js';
import type { Action } from '../../application/rights.js';
import { RATES, type Rates } from '../http/rates.js';
import { AUTHENTICATOR, type Authenticator } from './authenticator.js';
import { callerOf, identify } from './caller.js';

const ACCESS = 'so-cai:access';

type Access = 'public' | readonly Action[];

/** Anyone may ask, without a token; a body is read of nobody who has none. */
export const Public = () => SetMetadata<string, Access>(ACCESS, 'public');

/**
 * What a route does, by its names in the table of rights: who may do none of it is refused before the body is checked. On a
 * handler it takes the place of what its controller says, as `@Public()` does.
 */
export const May = (...actions: readonly [Action, ...Action[]]) =>
  SetMetadata<string, Access>(ACCESS, actions);

/** Lets in who brings a good token, has not asked too often, and has a role that may do it; a route that names nothing is closed to all. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    @Inject(AUTHENTICATOR) private readonly authenticator: Authenticator,
    @Inject(RATES) private readonly rates: Rates,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  /** @throws Unauthenticated, AuthUnavailable, TooMany, Forbidden */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access === 'public') return true;
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    await identify(request, this.authenticator);
    await this.rates.count(request, http.getResponse<FastifyReply>());
    mayAtAll(callerOf(request), access ?? []);
    return true;
  }
}
