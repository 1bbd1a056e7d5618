import type { FastifyRequest } from 'fastify';
import { wantsCsv } from './accept.js';
import { methodOf, routeOf } from './route.js';

/** What requests cost, from the least to the most: each class has a limit of its own. */
export const COST_CLASSES = ['read', 'write', 'look-back', 'dump', 'export', 'rebuild'] as const;
export type CostClass = (typeof COST_CLASSES)[number];
/** Most requests of each class that one caller may make in a minute. */
export type RateLimits = Readonly<Record<CostClass, number>>;

/** An office of people at their desks never meets these; a program that has run wild does. */
export const DEFAULT_RATE_LIMITS: RateLimits = Object.freeze({
  read: 1_200,
  write: 600,
  'look-back': 240,
  dump: 300,
  export: 60,
  rebuild: 30,
});

/** What costs more than it looks, by its route. */
export const COSTS: Readonly<Record<string, CostClass>> = {
  'POST /projections/:name/rebuild': 'rebuild',
  'POST /imports': 'rebuild',
  'POST /reorganizations': 'look-back',
  'GET /events': 'dump',
  'GET /plans/:planId/events': 'dump',
  'GET /stream': 'dump',
};

/** What a request costs, by its route and by what it asks for there. */
export const costOf = (
  request: Pick<FastifyRequest, 'method' | 'routeOptions' | 'query' | 'headers'>,
): CostClass => {
  const declared = COSTS[routeOf(request)];
  if (declared) return declared;
  if (methodOf(request) !== 'GET') return 'write';
  if (asksForCsv(request)) return 'export';
  return Object.hasOwn(request.query as object, 'knownAt') ? 'look-back' : 'read';
};

// What Accept says that cannot be answered at all is refused by who answers.
const asksForCsv = (request: Pick<FastifyRequest, 'headers'>): boolean => {
  try {
    return wantsCsv(request);
  } catch {
    return false;
  }
};
