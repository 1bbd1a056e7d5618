import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isKnown } from '../auth/caller.js';
import { RATES, type Rates } from './rates.js';

/** Counts what every caller asks for, once it is known who asks. */
@Injectable()
export class RateGuard implements CanActivate {
  constructor(@Inject(RATES) private readonly rates: Rates) {}

  /** @throws TooMany */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const [request, reply] = [http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>()];
    // What is open to everyone costs nothing: whether the process lives, and what it measures.
    if (isKnown(request)) await this.rates.count(request, reply);
    return true;
  }
}
