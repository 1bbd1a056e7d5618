import type { FastifyInstance } from 'fastify';

/** What the page at /docs loads, all of it from here; everything else here is data, which loads nothing. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "script-src 'self'",
  // The page brings its styles in the page itself.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
].join(';');

/** What tells a browser to make nothing else of an answer, and nobody to keep it. */
const GUARDED: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0',
  // Who may read an answer is decided anew each time; the files of /docs say themselves how long they hold.
  'cache-control': 'no-store',
};

/** Puts these on every answer, before anything else is done with its request. */
export const guardAnswers = (server: FastifyInstance): void => {
  server.addHook('onRequest', (_request, reply, done) => {
    void reply.headers(GUARDED);
    done();
  });
};
