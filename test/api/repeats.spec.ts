import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { API } from '../../src/serve.js';
import { wholeLog } from '../support/ledger.js';
import { type OpenApi, operationsOf } from '../support/openapi.js';
import {
  ADMIN,
  COLLEAGUE,
  konTumServer,
  OFFICE,
  type Problem,
  type Reply,
  type Who,
} from '../support/server.js';
import { foundAgencies, foundWorld, LEAD, WRITES } from '../support/small-province.js';

const server = konTumServer({ load: false });
const WORLD = 'x';

/** Routes whose answer rests on no stream of their own: no revision to hold an If-Match against, no event of their own. */
const WITHOUT_STREAM: readonly string[] = ['/imports', '/projections/{name}/rebuild'];
/** What runs and writes nothing: another body is another way to ask for the same. */
const WITHOUT_EVENTS: readonly string[] = ['/projections/{name}/rebuild'];

const whoFor = (route: string): Who => (route.startsWith('/projections') ? ADMIN : OFFICE);

const send = (route: string, key: string, what: 'body' | 'other', headers: Record<string, string> = {}) => {
  const write = WRITES[route] as (typeof WRITES)[string];
  return server.send('POST', write.path(WORLD), {
    who: whoFor(route),
    body: write[what](WORLD),
    headers: { 'idempotency-key': key, ...headers },
  });
};

/** Ids of what people have written; what the system does because of a decree comes when it comes. */
const written = async (): Promise<string[]> =>
  (await wholeLog(server.ledger.events))
    .filter(({ metadata }) => metadata.actor.role !== 'system')
    .map(({ id }) => id);

const told = ({ status, text, headers }: Reply) => ({ status, text, etag: headers.get('etag') });

beforeAll(async () => {
  await foundAgencies(server);
  await foundWorld(server, WORLD);
});

it('there is a write to every POST route of the OpenAPI document', async () => {
  const operations = operationsOf(await server.get<OpenApi>('/docs/openapi.json'));
  const routes = operations.filter(({ method }) => method === 'POST').map(({ path }) => path);
  expect(Object.keys(WRITES).sort()).toEqual(routes.sort());
});

describe.each(Object.keys(WRITES))('POST %s', (route) => {
  const eventful = !WITHOUT_EVENTS.includes(route);

  it('with a malformed If-Match or Idempotency-Key is 400 and writes nothing', async () => {
    const before = await written();
    for (const match of ['*', '12', 'W/"12"', '"1", "2"', '']) {
      const { status, body } = await send(route, 'malformed', 'body', { 'if-match': match });
      expect([match, status, (body as Problem).errors?.[0]?.field]).toEqual([match, 400, 'If-Match']);
    }
    for (const key of ['', 'x'.repeat(256)]) {
      const { status, body } = await send(route, key, 'body');
      expect([key, status, (body as Problem).errors?.[0]?.field]).toEqual([key, 400, 'Idempotency-Key']);
    }
    expect(await written()).toEqual(before);
  });

  if (!WITHOUT_STREAM.includes(route))
    it('with a stale If-Match is 412 and writes nothing', async () => {
      const before = await written();
      expect((await send(route, 'stale', 'body', { 'if-match': '"99999"' })).status).toBe(412);
      expect(await written()).toEqual(before);
    });

  it('repeated with its key is answered as the first time, also after a restart, and writes once', async () => {
    const before = await written();
    const first = await send(route, 'k-1', 'body');
    expect({ status: first.status, text: first.text }).toEqual({
      status: route === '/imports' ? 200 : route.endsWith('/rebuild') ? 202 : 201,
      text: expect.any(String),
    });
    const after = await written();
    expect(after.length > before.length).toBe(eventful);
    expect(told(await send(route, 'k-1', 'body'))).toEqual(told(first));
    await server.restart();
    expect(told(await send(route, 'k-1', 'body'))).toEqual(told(first));
    expect(await written()).toEqual(after);
  });

  if (eventful)
    it('with its key and another body is 422 and writes nothing', async () => {
      const before = await written();
      const { status, body } = await send(route, 'k-1', 'other');
      expect([status, (body as Problem).type]).toEqual([422, 'urn:so-cai:problem:key-reused']);
      expect(await written()).toEqual(before);
    });
});

describe('a key that was used to create something', () => {
  const reused = async (route: string) => {
    const before = await written();
    const body = WRITES[route]?.body('y');
    const reply = await server.send<Problem>('POST', route, {
      ...{ who: OFFICE, body, headers: { 'idempotency-key': 'k-1' } },
    });
    expect([reply.status, reply.body.type]).toEqual([422, 'urn:so-cai:problem:key-reused']);
    expect(await written()).toEqual(before);
  };

  it.each(['/plans', '/agencies', '/reorganizations', '/imports'])('by POST %s creates nothing else', reused);

  it.each(['/plans', '/agencies'])('by POST %s is no key to what is there already either', async (route) => {
    await server.write(route, WRITES[route]?.body('y'), COLLEAGUE);
    await reused(route);
  });
});

describe('two requests with one key at once', () => {
  const path = WRITES['/indicators/{id}/measurements']?.path(WORLD) ?? '';
  const body = { period: '2025-03', value: '65' };
  const keyed = { 'idempotency-key': 'at-once' };

  const stream = `indicator-${decodeURIComponent(path.split('/')[2] ?? '')}`;

  /** Holds the next append to the indicator from when it is reached until it is released. */
  const holdAppend = () => {
    const { events } = server.ledger;
    const append = events.append.bind(events);
    let [reach, release] = [() => {}, () => {}];
    const reached = new Promise<void>((resolve) => (reach = resolve));
    const released = new Promise<void>((resolve) => (release = resolve));
    const spy = jest.spyOn(events, 'append').mockImplementation(async (...all) => {
      if (all[0] === stream) {
        spy.mockRestore();
        reach();
        await released;
      }
      return append(...all);
    });
    return { reached, release };
  };

  it('the second is 409 while the first is being answered, and then answered as the first', async () => {
    const { reached, release } = holdAppend();
    const first = server.post(path, body, LEAD, keyed);
    await reached;
    const second = await server.post(path, body, LEAD, keyed);
    expect([second.status, (second.body as Problem).type]).toEqual([409, 'urn:so-cai:problem:in-progress']);
    expect(second.headers.get('retry-after')).toBe('1');
    // Another caller's key of the same name is another key.
    expect((await server.post(path, { period: '2025-02', value: '64' }, COLLEAGUE, keyed)).status).toBe(201);
    release();
    const answer = await first;
    expect(answer.status).toBe(201);
    expect(told(await server.post(path, body, LEAD, keyed))).toEqual(told(answer));
  });

  it('one whose client went away has the key until it is done, and no longer', async () => {
    const { reached, release } = holdAppend();
    const [leaving, key] = [new AbortController(), { 'idempotency-key': 'went-away' }];
    const said = { period: '2025-04', value: '66' };
    const first = fetch(`${server.url}/${API}${path}`, {
      method: 'POST',
      headers: { ...(await server.headersOf(LEAD)), 'content-type': 'application/json', ...key },
      body: JSON.stringify(said),
      signal: leaving.signal,
    });
    await reached;
    leaving.abort();
    await expect(first).rejects.toThrow();
    for (let times = 0; times < 3; times++)
      expect((await server.post(path, said, LEAD, key)).status).toBe(409);
    release();
    let repeat = await server.post(path, said, LEAD, key);
    while (repeat.status === 409) repeat = await server.post(path, said, LEAD, key);
    expect(repeat.status).toBe(201);
  });

  it('a refusal gives the key free again', async () => {
    const refused = { 'idempotency-key': 'refused' };
    expect((await server.post(path, { period: '2031', value: '65' }, LEAD, refused)).status).toBe(422);
    expect((await server.post(path, { period: '2025-01', value: '65' }, LEAD, refused)).status).toBe(201);
  });
});
