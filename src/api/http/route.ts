import type { FastifyRequest } from 'fastify';

type Routed = Pick<FastifyRequest, 'method' | 'routeOptions'>;

/** What a request does: HEAD does what GET does, and only keeps the body back. */
export const methodOf = ({ method }: Pick<Routed, 'method'>): string => (method === 'HEAD' ? 'GET' : method);

/** The route that a request came to, below the API's address: `GET /plans/:planId/audit`. */
export const routeOf = (request: Routed): string =>
  `${methodOf(request)} ${request.routeOptions.url?.replace(/^\/api\/v1/, '')}`;
