import 'reflect-metadata';
import { afterAll, beforeAll, expect, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type LocalIssuer, openLocalIssuer } from '../../src/api/auth/local-issuer.js';
import type { Config } from '../../src/config.js';
import type { Actor, ActorRole } from '../../src/domain/message.js';
import { type Ledger, openLedger } from '../../src/ledger.js';
import { API, createServer } from '../../src/serve.js';
import { konTumTables, LOADER, loadTables, TestClock } from './ledger.js';
import { Logs } from './logs.js';
import { temporaryFolder } from './temporary-folder.js';

// What serves the styles and scripts of /docs requires an ES module, which jest cannot: they are looked at where the
// product runs as a process of its own.
jest.unstable_mockModule('@fastify/static', () => ({ default: async () => undefined }));

/** Who asks; a token is made of it. */
export type Who = Pick<Actor, 'subject' | 'role' | 'agencyId'>;

const person =
  (role: ActorRole) =>
  (subject: string, agencyId: string | null = null): Who => ({ subject, role, agencyId });

export const OFFICE = person('office')('lan');
/** Another person of the office: who reported a figure does not accept it. */
export const COLLEAGUE = person('office')('tuan');
export const AUDITOR = person('auditor')('minh');
export const ADMIN = person('admin')('hoa');
export const reporterOf = (agencyId: string): Who => person('reporter')(`reporter-${agencyId}`, agencyId);

/** An answer as it came over the wire; `body` is parsed where it is JSON. */
export interface Reply<Body = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
  readonly text: string;
}

/** A page of a list. */
export interface Listed<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
  readonly asOf: string;
  readonly knownAt: string | null;
  readonly position: string;
}

/** What a command is answered with. */
export interface Written {
  readonly id?: string;
  readonly measurementId?: string;
  readonly position: string;
  readonly revision: number;
  readonly eventIds: readonly string[];
  readonly warnings: readonly string[];
  readonly laterEntries: readonly string[];
}

/** Problem details. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code?: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

type HeaderFields = Readonly<Record<string, string>>;

/** How long a token holds. */
export const TOKEN_SECONDS = 8 * 3_600;

const openEmbedded = (folder: string, clock: TestClock): Promise<Ledger> =>
  openLedger(folder, clock, (warning) => expect(warning).toBeNull());

/** The product on a port of its own, with a clock that the test sets. */
export class TestServer {
  private app: NestFastifyApplication | null = null;
  /** What the server says to whoever runs it, in full. */
  readonly logs = new Logs();
  private issuer: LocalIssuer | null = null;
  private openLedger: Ledger | null = null;
  url = '';

  constructor(
    readonly folder: string,
    readonly clock: TestClock,
    private readonly metrics: Config['metrics'],
    private readonly openIn: (folder: string, clock: TestClock) => Promise<Ledger> = openEmbedded,
    private readonly rateLimits: Config['rateLimits'] = null,
    private readonly redis?: object,
  ) {}

  async open(): Promise<void> {
    const ledger = await this.openIn(this.folder, this.clock);
    const issuer = await openLocalIssuer(this.folder);
    const auth = { kind: 'local', algorithms: ['EdDSA'] } as const;
    const { metrics, rateLimits } = this;
    const config = { auth, metrics, rateLimits, log: 'silent' } as const;
    this.app = await createServer(config, ledger, issuer, this.redis);
    Logger.overrideLogger(this.logs.logger);
    [this.openLedger, this.issuer] = [ledger, issuer];
    await this.app.listen(0, '127.0.0.1');
    this.url = await this.app.getUrl();
  }

  async close(): Promise<void> {
    await this.app?.close();
    await this.openLedger?.close();
    this.app = null;
    this.openLedger = null;
  }

  /** Closes the server and opens it again on the same folder. */
  async restart(): Promise<void> {
    await this.close();
    await this.open();
  }

  get ledger(): Ledger {
    if (!this.openLedger) throw new Error('the server is closed');
    return this.openLedger;
  }

  /** Position of the last event in the log. */
  async head(): Promise<string> {
    return (await this.ledger.events.head()) ?? '';
  }

  async headersOf({ subject, role, agencyId }: Who): Promise<HeaderFields> {
    if (!this.issuer) throw new Error('the server has not been opened');
    const grant = { subject, role, name: `Tên của ${subject}`, agency: agencyId, ttlSeconds: TOKEN_SECONDS };
    const token = await this.issuer.issueToken(grant, this.clock.now());
    this.logs.keepsSecret(token);
    return { authorization: `Bearer ${token}` };
  }

  /** Sends one request; `path` stands below the API's address unless it begins with `/docs`. */
  async send<Body = unknown>(
    method: 'GET' | 'HEAD' | 'POST',
    path: string,
    { who, body, headers = {} }: { who: Who | null; body?: unknown; headers?: HeaderFields },
  ): Promise<Reply<Body>> {
    const response = await fetch(`${this.url}${path.startsWith('/docs') ? '' : `/${API}`}${path}`, {
      method,
      headers: {
        ...(who === null ? {} : await this.headersOf(who)),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /^application\/(problem\+)?json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson && text !== '' ? JSON.parse(text) : undefined) as Body,
      text,
    };
  }

  /** Asks and expects an answer. */
  async get<Body>(path: string, who: Who = AUDITOR, headers: HeaderFields = {}): Promise<Body> {
    const reply = await this.send<Body>('GET', path, { who, headers });
    expect({ path, status: reply.status, body: reply.status === 200 ? null : reply.body }).toEqual({
      path,
      status: 200,
      body: null,
    });
    return reply.body;
  }

  /** Every item of a list, page after page. */
  async all<Item>(path: string, limit: number, who: Who = AUDITOR): Promise<Item[]> {
    const items: Item[] = [];
    let cursor = '';
    for (;;) {
      const joint = path.includes('?') ? '&' : '?';
      const page = await this.get<Listed<Item>>(`${path}${joint}limit=${limit}${cursor}`, who);
      expect(page.items.length).toBeLessThanOrEqual(limit);
      items.push(...page.items);
      if (page.next === null) return items;
      cursor = `&cursor=${encodeURIComponent(page.next)}`;
    }
  }

  post(path: string, body: unknown, who: Who = OFFICE, headers: HeaderFields = {}): Promise<Reply> {
    return this.send('POST', path, { who, body, headers });
  }

  /** Writes and expects that something was recorded. */
  async write(path: string, body: unknown, who: Who = OFFICE, headers: HeaderFields = {}): Promise<Written> {
    const reply = await this.send<Written>('POST', path, { who, body, headers });
    expect({ path, status: reply.status, body: reply.status === 201 ? null : reply.body }).toEqual({
      path,
      status: 201,
      body: null,
    });
    expect(reply.headers.get('etag')).toBe(`"${reply.body.revision}"`);
    return reply.body;
  }

  /** Writes and expects a refusal with this status, as a problem that speaks plainly. */
  async refused(
    status: number,
    path: string,
    body: unknown,
    who: Who | null = OFFICE,
    headers: HeaderFields = {},
  ): Promise<Problem> {
    const before = await this.head();
    const reply = await this.send<Problem>('POST', path, { who, body, headers });
    expectProblem(reply, status);
    expect(await this.head()).toBe(before);
    return reply.body;
  }

  async refusedQuestion(status: number, path: string, who: Who | null = AUDITOR): Promise<Problem> {
    const reply = await this.send<Problem>('GET', path, { who });
    expectProblem(reply, status);
    return reply.body;
  }
}

/** Problem details with this status, in words that say nothing of the inside. */
export const expectProblem = (reply: Reply, status: number): void => {
  expect({ status: reply.status, body: reply.text }).toEqual({ status, body: expect.any(String) });
  expect(reply.headers.get('content-type')).toMatch(/^application\/problem\+json\b/);
  expect(reply.body).toMatchObject({ status, type: expect.stringMatching(/^urn:so-cai:problem:[a-z-]+$/) });
  expect(reply.text).not.toMatch(
    /\bat \S+ \(|node_modules|\.ts:|undefined|\[object|TypeError|regular expression|nested property/,
  );
};

/** An id as it stands in an address. */
export const at = encodeURIComponent;

/** When the five documents are loaded here: all of them had been issued by then. */
export const LOADED_AT = '2025-06-02T02:00:00.000Z';

/** A server of this test file with the five documents; the clock stands at LOADED_AT. */
export const konTumServer = ({
  metrics = 'authenticated' as Config['metrics'],
  rateLimits = null as Config['rateLimits'],
  redis = undefined as object | undefined,
  load = true,
} = {}) => {
  const server = new TestServer(
    temporaryFolder(),
    new TestClock(LOADED_AT),
    metrics,
    openEmbedded,
    rateLimits,
    redis,
  );
  beforeAll(async () => {
    await server.open();
    if (!load) return;
    const { problems } = await loadTables(server.ledger, await konTumTables(), { actor: LOADER });
    expect(problems).toEqual([]);
    await server.ledger.progress.reached(server.ledger.progress.names(), await server.head(), 20_000);
  });
  afterAll(async () => {
    await server.close();
    expect(server.logs.leaked()).toEqual([]);
  });
  return server;
};
