import { setTimeout } from 'node:timers/promises';
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { CLOCK_TOLERANCE_SECONDS } from '../../src/api/auth/authenticator.js';
import { MAX_STREAMS_OF_ONE } from '../../src/api/controllers/stream.controller.js';
import { type RecordedEvent, StoreUnavailable } from '../../src/ports/event-store.js';
import {
  ADMIN,
  at,
  COLLEAGUE,
  expectProblem,
  konTumServer,
  OFFICE,
  reporterOf,
  TOKEN_SECONDS,
} from '../support/server.js';

const server = konTumServer();

interface Message {
  readonly id: string;
  readonly event: string;
  readonly data: {
    readonly position: string;
    readonly eventId: string;
    readonly subject: { readonly id: string };
  };
}

const opened = new Set<AbortController>();
afterAll(() => {
  for (const stop of opened) stop.abort();
});

/** Follows the stream; `next(n)` gives the next n messages. */
const follow = async (lastEventId?: string, who = OFFICE) => {
  const stop = new AbortController();
  opened.add(stop);
  const response = await fetch(`${server.url}/api/v1/stream`, {
    headers: {
      ...(await server.headersOf(who)),
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    },
    signal: stop.signal,
  });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let lastId = lastEventId;
  const messages: Message[] = [];
  return {
    close: () => stop.abort(),
    /** Waits for its end, before which nothing more is told; gives the id to go on from. */
    async end(): Promise<string | undefined> {
      await expect(this.next(1)).rejects.toThrow('the stream has ended');
      expect(rest.trim()).toBe('');
      return lastId;
    },
    async next(count: number): Promise<Message[]> {
      while (messages.length < count) {
        const { value, done } = (await reader?.read()) ?? { value: undefined, done: true };
        if (done) throw new Error('the stream has ended');
        const blocks = (rest + value).split('\n\n');
        rest = blocks.pop() ?? '';
        // As a browser does it: each block may name an id, and one without data is no message.
        for (const block of blocks) lastId = /^id: (.*)$/m.exec(block)?.[1] ?? lastId;
        messages.push(...blocks.filter((block) => /^data: /m.test(block)).map(read));
      }
      return messages.splice(0, count);
    },
  };
};

const read = (block: string): Message => {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
  return { id: field('id'), event: field('event'), data: JSON.parse(field('data')) as Message['data'] };
};

/** The store that streams are read from, which can go away for a while. */
const breakable = () => {
  const { events } = server.ledger.questions;
  const [subscribe, read] = [events.subscribeAll.bind(events), events.readAll.bind(events)];
  let away = new AbortController();
  let answering: Promise<void> = Promise.resolve();
  const assertThere = () => {
    if (away.signal.aborted) throw new StoreUnavailable('the store is away');
  };
  const spies = [
    jest.spyOn(events, 'subscribeAll').mockImplementation(async function* (after, signal) {
      await answering;
      if (!away.signal.aborted) yield* subscribe(after, AbortSignal.any([signal, away.signal]));
      assertThere();
    }),
    jest.spyOn(events, 'readAll').mockImplementation(async function* (after, limit) {
      assertThere();
      yield* read(after, limit);
    }),
  ];
  return {
    goAway: () => away.abort(),
    /** It says nothing, not even that it is away, until the function is called. */
    fallMute(): () => void {
      let speak: () => void = () => undefined;
      answering = new Promise((resolve) => {
        speak = resolve;
      });
      return speak;
    },
    comeBack() {
      away = new AbortController();
    },
    restore() {
      for (const spy of spies) spy.mockRestore();
    },
  };
};

let written = 0;
const write = async (count: number) => {
  for (let n = 0; n < count; n += 1) {
    written += 1;
    await server.write('/agencies/so-khcn/aliases', { alias: `Sở KH-CN ${written}` });
  }
};

const logAfter = async (position: string) =>
  (await server.get<{ items: RecordedEvent[] }>(`/events?limit=500&after=${position}`, ADMIN)).items;

describe('the stream', () => {
  it('tells what happens from now on', async () => {
    const head = await server.head();
    const stream = await follow();
    // The head is read when the stream is asked for: what is written once it answers comes through it.
    await write(3);
    const messages = await stream.next(3);
    const events = await logAfter(head);
    expect(messages.map(({ id, event, data }) => [id, event, data.eventId])).toEqual(
      events.map(({ position, type, id }) => [position, type, id]),
    );
    expect(messages[0]?.data.subject.id).toBe('so-khcn');
    stream.close();
  });

  it('goes on after Last-Event-ID without a gap or a repeat, also into what happens meanwhile', async () => {
    const head = await server.head();
    const first = await follow(head);
    await write(4);
    const seen = await first.next(2);
    first.close();
    await write(3);
    const second = await follow(seen.at(-1)?.id);
    await write(2);
    seen.push(...(await second.next(7)));
    second.close();
    expect(seen.map(({ id }) => id)).toEqual((await logAfter(head)).map(({ position }) => position));
  });

  it('tells the whole log from its beginning', async () => {
    const stream = await follow('0'.repeat(20));
    const head = await server.head();
    const messages = await stream.next(Number(head));
    stream.close();
    expect(new Set(messages.map(({ id }) => id)).size).toBe(messages.length);
    expect(messages.at(-1)?.id).toBe(head);
  });

  it('goes on after the server was closed and opened again', async () => {
    const head = await server.head();
    const first = await follow(head);
    await write(2);
    const seen = await first.next(2);
    await server.restart();
    await expect(first.next(1)).rejects.toThrow(/ended|terminated/);
    await write(2);
    const second = await follow(seen.at(-1)?.id);
    seen.push(...(await second.next(2)));
    second.close();
    expect(seen.map(({ id }) => id)).toEqual((await logAfter(head)).map(({ position }) => position));
  });

  it('ends when the store goes away, and goes on from there without a gap when it is back', async () => {
    const head = await server.head();
    const store = breakable();
    const [told, quiet] = [await follow(head), await follow()];
    await write(2);
    const seen = [...(await told.next(2)), ...(await quiet.next(2))];
    expect(seen.slice(2)).toEqual(seen.slice(0, 2));
    const silent = await follow();
    store.goAway();
    const from = await Promise.all([told.end(), quiet.end(), silent.end()]);
    expect(new Set(from)).toEqual(new Set([seen.at(-1)?.id]));

    await write(3);
    const headers = { 'last-event-id': from[0] ?? '' };
    const refused = await server.send('GET', '/stream', { who: OFFICE, headers });
    expectProblem(refused, 503);
    expect(refused.headers.get('retry-after')).toBe('1');
    store.comeBack();
    const speak = store.fallMute();
    const begun = await follow(from[0]);
    store.goAway();
    speak();
    expect(await begun.end()).toBe(from[0]);

    store.comeBack();
    await write(1);
    const again = await follow(from[0]);
    seen.splice(2, 2, ...(await again.next(4)));
    again.close();
    store.restore();
    expect(seen.map(({ id }) => id)).toEqual((await logAfter(head)).map(({ position }) => position));
  });

  it('tells nothing any more once the token has expired, and goes on with a new one', async () => {
    const head = await server.head();
    const first = await follow(head);
    await write(1);
    const seen = await first.next(1);
    server.clock.set('2025-06-03');
    await write(1);
    await expect(first.next(1)).rejects.toThrow(/ended/);
    const second = await follow(seen.at(-1)?.id);
    seen.push(...(await second.next(1)));
    second.close();
    expect(seen.map(({ id }) => id)).toEqual((await logAfter(head)).map(({ position }) => position));
  });

  it('ends with the token, also while nothing is written', async () => {
    const holds = (TOKEN_SECONDS + CLOCK_TOLERANCE_SECONDS) * 1_000;
    const until = Date.parse(server.clock.now()) + holds;
    const headers = await server.headersOf(OFFICE);
    server.clock.set(new Date(until - 20).toISOString());
    const signal = AbortSignal.timeout(20_000);
    const response = await fetch(`${server.url}/api/v1/stream`, { headers, signal });
    expect(response.status).toBe(200);
    server.clock.set(new Date(until + 1).toISOString());
    expect(await response.text()).toMatch(/^id: \d{20}\n/m);
  });

  it('has no head of its own', async () => {
    const reply = await server.send('HEAD', '/stream', { who: OFFICE });
    expect(reply.status).toBe(405);
    expect(reply.headers.get('allow')).toBe('GET');
    expect(reply.headers.get('content-type')).toMatch(/^application\/problem\+json\b/);
  });

  it('is open so many times for one caller, and no more until one of them ends', async () => {
    const streams = await Promise.all(
      Array.from({ length: MAX_STREAMS_OF_ONE }, () => follow(undefined, COLLEAGUE)),
    );
    const reply = await server.send('GET', '/stream', { who: COLLEAGUE });
    expectProblem(reply, 429);
    expect(reply.headers.get('retry-after')).toMatch(/^\d+$/);
    (await follow()).close();
    streams.pop()?.close();
    for (;;) {
      const again = await follow(undefined, COLLEAGUE).catch(() => null);
      if (again === null) continue;
      again.close();
      break;
    }
    for (const { close } of streams) close();
  });

  it('refuses what is no id of it, and who may not follow', async () => {
    for (const last of ['abc', '12', at('💥'), '9'.repeat(20)]) {
      const reply = await server.send('GET', '/stream', { who: OFFICE, headers: { 'last-event-id': last } });
      expect(reply).toMatchObject({ status: 400, body: { errors: [{ field: 'Last-Event-ID' }] } });
    }
    // Of another store, where not every number is a position.
    const refused = (): Promise<RecordedEvent[][]> =>
      Promise.reject(new RangeError('this is not a position of this store'));
    const given = jest
      .spyOn(server.ledger.questions.events, 'readAll')
      .mockImplementation(async function* () {
        yield* await setTimeout(50).then(refused);
      });
    const headers = { 'last-event-id': '1'.padStart(20, '0') };
    expectProblem(await server.send('GET', '/stream', { who: OFFICE, headers }), 400);
    given.mockRestore();
    await server.refusedQuestion(403, '/stream', reporterOf('so-khcn'));
    await server.refusedQuestion(401, '/stream', null);
  });
});
