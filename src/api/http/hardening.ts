import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type NestApplicationOptions, NotFoundException } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticator } from '../auth/authenticator.js';
import { identify } from '../auth/caller.js';
import { MAX_NAME_LENGTH, nameFault, readJson, valueFault } from './json.js';
import { Methods } from './methods.js';
import { FieldError, InvalidRequest } from './problem.js';
import type { Rates } from './rates.js';
import { refuseHeaders } from './request-headers.js';
import { PROBLEM_TYPE, problemOfStatus, problemText } from './statuses.js';

/** Largest body of a request, in bytes. */
export const MAX_BODY_BYTES = 1_048_576;
/** Longest id in a path, in characters after decoding. */
export const MAX_ID_LENGTH = 300;
/** Most connections at once; one more is closed unheard. */
export const MAX_CONNECTIONS = 2_000;

/** How long a connection may keep the server waiting, in milliseconds. */
export interface Patience {
  /** For the head of a request, from the moment of connecting or of its first byte. */
  readonly head: number;
  /** For a whole request to arrive. */
  readonly request: number;
  /** For the next request, after an answer. */
  readonly next: number;
  /** For anything to go either way: also for one that does not read its answer. */
  readonly silence: number;
  /** How often the first two are looked at. */
  readonly check: number;
}

// The wait for the next request is longer than that of the usual proxies (60 s), so that none meets a closing door.
export const PATIENCE: Patience = {
  head: 15_000,
  request: 30_000,
  next: 72_000,
  silence: 120_000,
  check: 5_000,
};

/** Nest's part: bodies are read by our own parser, and forms, which Nest would read as well, are refused. */
export const nestOptions: NestApplicationOptions = { bodyParser: false };

/** The HTTP server: limits on what it takes, and errors below the framework answered as every other. */
export const httpAdapter = (
  authenticator: Authenticator,
  rates: Rates,
  patience: Patience = PATIENCE,
): FastifyAdapter => {
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: patience.request,
    keepAliveTimeout: patience.next,
    connectionTimeout: patience.silence,
    http: {
      headersTimeout: patience.head,
      connectionsCheckingInterval: patience.check,
      // Node answers a request without one by itself, and with nothing to read.
      requireHostHeader: false,
    },
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
        .headers({ ...problem.headers, ...BARE, 'content-type': PROBLEM_TYPE })
        .send(problemText(problem, request.id));
    },
    clientErrorHandler: (error, socket) => refuse(error.code, socket),
  });
  const server = adapter.getInstance();
  server.server.maxConnections = MAX_CONNECTIONS;
  // Of more than a number, Node drops the last in silence; how long all of them may be is limited anyway.
  server.server.maxHeadersCount = 0;
  const methods = new Methods(server);
  // Node answers an expectation that it does not know by itself, and with nothing to read.
  server.server.on('checkExpectation', (_request, response: ServerResponse) => {
    const problem = problemOfStatus(417, null);
    response.writeHead(problem.status, { ...BARE, 'content-type': PROBLEM_TYPE, connection: 'close' });
    response.end(problemText(problem, randomUUID()));
  });
  server.removeContentTypeParser('text/plain');
  server.removeContentTypeParser('application/json');
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, readJson(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
  server.addHook('preParsing', async (request, reply) => {
    refuseHeaders(request);
    refuseQuery(request);
    if (request.is404) methods.refuse(request, reply);
    if (BODILESS.has(request.method)) return;
    if (request.is404) throw new NotFoundException();
    // Counted before it is read, as reading costs most of what is refused for its body.
    await identify(request, authenticator);
    await rates.count(request, reply);
  });
  return adapter;
};

/** What Fastify reads no body of. */
const BODILESS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

// The parser of queries leaves what it cannot decode as it stands, and takes any name.
const refuseQuery = ({ url, query }: FastifyRequest): void => {
  if (!isDecodable(url)) throw refused('query', 'The query is not encoded as it must be.');
  for (const [name, value] of Object.entries(query as Record<string, string | string[]>)) {
    const why = [nameFault(name), ...[value].flat().map(valueFault)].find((fault) => fault !== null);
    if (why) throw refused(name.slice(0, MAX_NAME_LENGTH), why);
  }
};

const refused = (field: string, message: string): InvalidRequest =>
  new InvalidRequest([new FieldError(field, message)]);

const isDecodable = (url: string): boolean => {
  try {
    decodeURIComponent(url);
    return true;
  } catch {
    return false;
  }
};

const STATUS_OF: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

/** What an answer says that is made before any hook is run. */
const BARE: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};
const BARE_LINES = Object.entries(BARE)
  .map((line) => `${line.join(': ')}\r\n`)
  .join('');

/** Answers what is not HTTP: there is no request and no reply yet, only a socket. */
const refuse = (code: string | undefined, socket: Socket): void => {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = problemOfStatus(STATUS_OF[code ?? ''] ?? 400, null);
  const body = problemText(problem, randomUUID());
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\nContent-Type: ${PROBLEM_TYPE}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n${BARE_LINES}\r\n${body}`,
  );
};
