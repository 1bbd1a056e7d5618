import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type LocalIssuer, openLocalIssuer } from '../../src/api/auth/local-issuer.js';
import { StreamStates } from '../../src/application/stream-states.js';
import {
  type Appended,
  collect,
  type EventStore,
  type ExpectedRevision,
  type NewEvent,
  OutcomeUnknown,
  StoreUnavailable,
} from '../../src/ports/event-store.js';
import { API, createServer } from '../../src/serve.js';
import { ledgers, type TestLedger } from '../support/ledger.js';
import { AUDITOR, OFFICE, type Problem, type Who, type Written } from '../support/server.js';

/** Where a call of the store breaks off. */
type Break = 'before the append' | 'after the append' | 'reading after the append' | 'every read';

/** A store that fails as it is told to, in front of one that works. */
class FailingStore implements EventStore {
  breaks: Break | null = null;
  private appended = false;

  constructor(private readonly store: EventStore) {}

  async append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<Appended> {
    if (this.breaks === 'before the append') throw new StoreUnavailable('the disk is full');
    const answer = await this.store.append(stream, events, expected);
    if (this.breaks === 'after the append') throw new OutcomeUnknown('the answer was lost');
    this.appended = true;
    return answer;
  }

  async *read(stream: string, from?: number) {
    if (this.breaks === 'every read' || (this.breaks === 'reading after the append' && this.appended))
      throw new StoreUnavailable('the disk cannot be read');
    yield* this.store.read(stream, from);
  }

  async readMany(streams: Parameters<EventStore['readMany']>[0]) {
    return Promise.all(streams.map(({ stream, from }) => collect(this.read(stream, from))));
  }

  recover(): void {
    this.breaks = null;
    this.appended = false;
  }

  readAll: EventStore['readAll'] = (after, limit) => this.store.readAll(after, limit);
  subscribeAll: EventStore['subscribeAll'] = (after, signal) => this.store.subscribeAll(after, signal);
  at = (position: string) => this.store.at(position);
  head = () => this.store.head();
  positionAt = (instant: string) => this.store.positionAt(instant);
  close = () => this.store.close();
}

const open = ledgers();
let ledger: TestLedger;
let store: FailingStore;
let app: NestFastifyApplication;
let issuer: LocalIssuer;

beforeAll(async () => {
  ledger = await open();
  store = new FailingStore(ledger.events);
  issuer = await openLocalIssuer(ledger.folder);
  const auth = { kind: 'local', algorithms: ['EdDSA'] } as const;
  const failing = { ...ledger, events: store, states: new StreamStates(store) };
  app = await createServer({ auth, metrics: 'open', log: 'silent' }, failing, issuer);
  await app.listen(0, '127.0.0.1');
});
afterAll(() => app.close());

const send = async (path: string, who: Who, post?: { readonly body: object; readonly key?: string }) => {
  const { subject, role, agencyId: agency } = who;
  const grant = { subject, role, name: subject, agency, ttlSeconds: 600 };
  const response = await fetch(`${await app.getUrl()}/${API}${path}`, {
    method: post ? 'POST' : 'GET',
    headers: {
      authorization: `Bearer ${await issuer.issueToken(grant, ledger.clock.now())}`,
      ...(post ? { 'content-type': 'application/json' } : {}),
      ...(post?.key === undefined ? {} : { 'idempotency-key': post.key }),
    },
    ...(post ? { body: JSON.stringify(post.body) } : {}),
  });
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    body: (await response.json()) as Problem & Written,
  };
};

describe('a store that fails under a command', () => {
  const breaks: readonly (readonly [Break, type: string, written: boolean])[] = [
    ['before the append', 'store-unavailable', false],
    ['every read', 'store-unavailable', false],
    ['after the append', 'outcome-unknown', true],
    ['reading after the append', 'outcome-unknown', true],
  ];

  it.each(breaks)('%s: 503 with Retry-After, and the same key is done once', async (where, type, written) => {
    const agencyId = `so-${breaks.findIndex(([one]) => one === where)}`;
    const body = { agencyId, name: `Sở ${where}`, level: 'province' };
    const create = () => send('/agencies', OFFICE, { body, key: where });
    const before = await ledger.log();
    store.breaks = where;
    const refused = await create();
    expect([refused.status, refused.retryAfter, refused.body.type]).toEqual([
      503,
      '1',
      `urn:so-cai:problem:${type}`,
    ]);
    expect(refused.body.detail.startsWith('Nothing was written')).toBe(!written);
    expect((await send('/plans', AUDITOR)).status).toBe(200);
    store.recover();
    expect((await ledger.log()).length).toBe(before.length + (written ? 1 : 0));
    const answer = await create();
    expect([answer.status, answer.body.revision, answer.body.eventIds.length]).toEqual([201, 0, 1]);
    expect((await create()).body).toEqual(answer.body);
    expect((await ledger.log()).map(({ id }) => id)).toEqual([
      ...before.map(({ id }) => id),
      ...answer.body.eventIds,
    ]);
  });
});
