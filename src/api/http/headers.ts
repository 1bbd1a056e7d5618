import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import helmet from 'helmet';

const guard = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    /** What the page at /docs loads, all of it from here; everything else here is data, which loads nothing. */
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
  },
  frameguard: { action: 'deny' },
});

/** What tells a browser to make nothing else of an answer, as helmet says it of any request: asked once. */
const guarding = (): Readonly<Record<string, string>> => {
  const headers: Record<string, string> = {};
  const answer = {
    setHeader: (name: string, value: string) => {
      headers[name.toLowerCase()] = value;
    },
    removeHeader: () => undefined,
  };
  guard({} as IncomingMessage, answer as unknown as ServerResponse, (error) => {
    if (error) throw error;
  });
  return headers;
};

/** Puts these on every answer, before anything else is done with its request; and that nobody keeps it. */
export const guardAnswers = (server: FastifyInstance): void => {
  // Who may read an answer is decided anew each time; the files of /docs say themselves how long they hold.
  const headers = { ...guarding(), 'cache-control': 'no-store' };
  server.addHook('onRequest', (_request, reply, done) => {
    void reply.headers(headers);
    done();
  });
};
