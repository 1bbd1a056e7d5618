import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../auth/caller.js';
import { COST_CLASSES, type CostClass, costOf, type RateLimits } from './costs.js';

export const RATES = Symbol('Rates');

const WINDOW_MS = 60_000;
/** Most callers of one class that are remembered in memory; the one that was longest quiet is forgotten first. */
const MAX_CALLERS = 10_000;

/** The caller has made more requests of a class than it may in a minute. */
export class TooMany extends Error {
  override readonly name = 'TooMany';
  constructor(
    message: string,
    /** Seconds. */
    readonly retryAfter: number,
  ) {
    super(message);
  }
}

type Limiter = ReturnType<FastifyInstance['createRateLimit']>;

/** Counts the requests of every caller, by what they cost. */
export class Rates {
  private readonly known = new WeakSet<FastifyRequest>();
  private readonly limiters = new Map<CostClass, Limiter>();

  /** @param limits null where nothing is limited */
  constructor(private readonly limits: RateLimits | null) {}

  /**
   * Makes the limits known to a server that is not listening yet.
   * @param redis an ioredis client, where several processes count together; when it does not answer, nothing is limited
   */
  async attach(server: FastifyInstance, redis?: object): Promise<void> {
    if (this.limits === null) return;
    await server.register(rateLimit, {
      global: false,
      timeWindow: WINDOW_MS,
      cache: MAX_CALLERS,
      skipOnError: true,
      nameSpace: 'so-cai-rate-',
      ...(redis === undefined ? {} : { redis }),
    });
    for (const cost of COST_CLASSES)
      this.limiters.set(
        cost,
        server.createRateLimit({
          max: this.limits[cost],
          keyGenerator: (request) => `${cost} ${callerOf(request).subject}`,
        }),
      );
  }

  /** Counts a request whose caller is known, once, and tells the caller where it stands. @throws TooMany */
  async count(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (this.known.has(request)) return;
    this.known.add(request);
    const cost = costOf(request);
    const counted = await this.limiters.get(cost)?.(request);
    if (!counted || counted.isAllowed) return;
    const { max, remaining, ttlInSeconds, isExceeded } = counted;
    void reply.headers({
      'ratelimit-limit': String(max),
      'ratelimit-remaining': String(remaining),
      'ratelimit-reset': String(ttlInSeconds),
    });
    if (isExceeded)
      throw new TooMany(
        `More than ${max} requests of this kind (${cost}) in a minute: go on in ${ttlInSeconds} s.`,
        ttlInSeconds,
      );
  }
}
