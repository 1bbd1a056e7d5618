import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { NestApplicationOptions } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { FieldError, InvalidRequest } from './problem.js';
import { PROBLEM_TYPE, problemOfStatus, problemText } from './statuses.js';

/** Largest body of a request, in bytes. */
export const MAX_BODY_BYTES = 1_048_576;
/** How many objects and lists of a body may stand inside one another. */
export const MAX_BODY_DEPTH = 32;
/** Longest id in a path, in characters after decoding. */
export const MAX_ID_LENGTH = 300;
/** How long a whole request may take to arrive, in milliseconds. */
export const REQUEST_TIMEOUT_MS = 30_000;

/** Nest's part: Fastify's own JSON parser is used, and forms, which Nest would read as well, are refused. */
export const nestOptions: NestApplicationOptions = { bodyParser: false };

/** The HTTP server: limits on what it takes, and errors below the framework answered as every other. */
export const httpAdapter = (): FastifyAdapter => {
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // A key that would reach into the prototype of every object is refused, and with it the whole body.
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    genReqId: () => randomUUID(),
    // What watches a process asks where it asks every process.
    rewriteUrl: ({ url = '/' }) => (/^\/(health|metrics)\b/.test(url) ? `/api/v1${url}` : url),
    routerOptions: { maxParamLength: MAX_ID_LENGTH },
    // What still arrives while closing is answered as ever, or as a problem when the stores have closed.
    return503OnClosing: false,
    // Fastify meets these before any route, so no filter does.
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      const problem = problemOfStatus(error.statusCode ?? 400, error.code);
      void reply
        .code(problem.status)
        .headers({ ...problem.headers, 'content-type': PROBLEM_TYPE })
        .send(problemText(problem, request.id));
    },
    clientErrorHandler: (error, socket) => refuse(error.code, socket),
  });
  const server = adapter.getInstance();
  server.removeContentTypeParser('text/plain');
  server.addHook('preValidation', async ({ body }) => {
    if (isDeeper(body, MAX_BODY_DEPTH))
      throw new InvalidRequest([new FieldError('body', 'This is nested deeper than anything here.')]);
  });
  return adapter;
};

// Whatever walks a body afterwards calls itself once a level, and a megabyte has room for more levels than the stack.
const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((part) => isDeeper(part, levels - 1)));

const STATUS_OF: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

/** Answers what is not HTTP: there is no request and no reply yet, only a socket. */
const refuse = (code: string | undefined, socket: Socket): void => {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = problemOfStatus(STATUS_OF[code ?? ''] ?? 400, null);
  const body = problemText(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\nContent-Type: ${PROBLEM_TYPE}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
};
