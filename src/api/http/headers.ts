import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/** What the page at /docs loads, all of it from here; everything else here is data, which loads nothing. */
const CONTENT_SECURITY_POLICY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
    scriptSrc: ["'self'"],
    // The page brings its styles in the page itself.
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
  },
};

/** Puts on every answer what tells a browser to make nothing else of it, and nobody to keep it. */
export const guardAnswers = async (server: FastifyInstance): Promise<void> => {
  await server.register(helmet, {
    contentSecurityPolicy: CONTENT_SECURITY_POLICY,
    frameguard: { action: 'deny' },
  });
  // Who may read an answer is decided anew each time; the files of /docs say themselves how long they hold.
  server.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
  });
};
