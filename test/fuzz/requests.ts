import fc from 'fast-check';
import { encodeCursor } from '../../src/api/http/cursor.js';
import { Bodies, type OpenApi, type Operation, operationsOf } from '../support/openapi.js';
import { hostileName, hostileText, hostileValue, withField } from './hostile.js';
import { type Known, Valid } from './valid.js';

/** Who sends it: somebody with a good token, nobody, or somebody whose token is not good. */
export const SENDERS = [
  'admin',
  'office',
  'colleague',
  'auditor',
  'reporter',
  'nobody',
  'forged',
  'cut',
] as const;
export type Sender = (typeof SENDERS)[number];

/** One request as it goes over the wire. */
export interface Sent {
  /** The operation of the document that it is made for: `GET /plans/{planId}`. */
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly sender: Sender;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
}

/** Seldom asked for: what comes after is refused for having ended. */
const ENDS = /\/(closure|drop|dissolution|supersession|retraction)$/;

/** Requests to every operation of a document, by turns valid, nearly so, and anything at all. */
export const requestsTo = (document: OpenApi, known: Known): fc.Arbitrary<Sent> => {
  const bodies = new Bodies(document);
  const valid = new Valid(bodies, known);
  return fc.oneof(
    ...operationsOf(document).map((operation) => ({
      weight: ENDS.test(operation.path) ? 1 : 8,
      arbitrary: requestTo(operation, valid, known),
    })),
  );
};

/** What of a request is not as it must be. */
const ODD = [
  'nothing',
  'nothing',
  'nothing',
  'method',
  'path',
  'query',
  'headers',
  'body',
  'body',
  'all',
] as const;
const METHODS = ['PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'GET', 'POST'] as const;

const requestTo = (operation: Operation, valid: Valid, known: Known): fc.Arbitrary<Sent> =>
  fc.constantFrom(...ODD).chain((odd) => {
    const isOdd = (part: (typeof ODD)[number]) => odd === part || odd === 'all';
    return fc
      .record({
        method: isOdd('method') ? fc.constantFrom<string>(...METHODS) : fc.constant(operation.method),
        path: isOdd('path') ? hostilePathOf(operation) : pathOf(operation, known),
        query: queryOf(operation, valid, isOdd('query')),
        sender: fc.constantFrom<Sender>('admin', 'admin', 'office', 'office', 'office', ...SENDERS),
        headers: isOdd('headers') ? hostileHeaders : headersOf,
        body: isOdd('body') ? hostileBodyOf(operation, valid) : bodyOf(operation, valid),
      })
      .map(({ method, path, query, sender, headers, body }) => ({
        ...{ method, sender, body },
        operation: `${operation.method} ${operation.path}`,
        path: query.length === 0 ? path : `${path}?${query.join('&')}`,
        headers: { ...(body === null ? {} : { 'content-type': 'application/json' }), ...headers },
      }));
  });

const ODD_IDS = [
  ...['..', '.', '%2e%2e%2f%2e%2e', '..%5c', '%252e%252e', '%2f', ';a=b'],
  ...['%00', '%c0%af', '%ff', '%', '%zz', '%F0%9F', '%ED%A0%80'],
  ...['$ne', '[$ne]', '*', '{id}'],
] as const;

/** An id of what is there, spoiled: whoever decodes once too often, or cuts off too much, finds it. */
const nearly = fc
  .tuple(
    fc.constantFrom('kh-1570-2025', 'kh-1570-2025/7.1', 'so-khcn'),
    fc.constantFrom('/', '/..', '\0', '%00', ' ', '.', '@2026#1', '?a', '#', ';', '\u200b'),
  )
  .map(([id, end]) => encodeURIComponent(`${id}${end}`));

const hostileId = fc.oneof(
  fc.constantFrom(...ODD_IDS),
  nearly,
  hostileText.map((text) => encoded(text)),
);

const encoded = (value: unknown): string => encodeURIComponent(String(value).toWellFormed());

const ID = /\{(\w+)\}/;

const pathOf = ({ path }: Operation, known: Known): fc.Arbitrary<string> => {
  const noun = path.split('/')[1] ?? '';
  const ids = known[noun] ?? known[ID.exec(path)?.[1] ?? ''] ?? ['khong-co'];
  return fc.constantFrom(...ids).map((id) => path.replace(ID, encodeURIComponent(id)));
};

const hostilePathOf = ({ path }: Operation): fc.Arbitrary<string> =>
  hostileId.map((id) => (ID.test(path) ? path.replace(ID, () => id) : `${path}/${id}`));

const queryOf = ({ query }: Operation, valid: Valid, odd: boolean): fc.Arbitrary<string[]> => {
  const good = query
    .filter(({ name }) => name !== 'cursor')
    .map(({ name, schema }) =>
      fc
        .option(
          valid.value(schema, name).map((value) => `${name}=${encoded(value)}`),
          { freq: 3 },
        )
        .map((part) => (part === null ? [] : [part])),
    );
  const more = odd
    ? fc.array(hostileParameter(query.map(({ name }) => name)), { minLength: 1, maxLength: 2 })
    : fc.constant([]);
  return fc.tuple(more, ...good).map((parts) => parts.flat());
};

/** Cursors that check out, of lists that there are, and hold what no list has given. */
const forgedCursor = fc
  .tuple(
    fc.constantFrom(
      ...['plans', 'agencies', 'reorganizations', 'access-log', 'measurements'],
      ...[
        'audit kh-1570-2025',
        'events kh-1570-2025',
        'status kh-1570-2025 order',
        'tasks kh-484-2025 order',
      ],
      ...['portfolio so-khcn', 'status kh-1570-2025 -title'],
    ),
    fc.record({ value: fc.oneof(hostileText, fc.integer(), fc.constant(null)), key: hostileText }),
  )
  .map(([kind, place]) => `cursor=${encodeCursor(kind, storable(place))}`);

const storable = ({ value, key }: { value: string | number | null; key: string }) => ({
  value: typeof value === 'string' ? value.toWellFormed() : value,
  key: key.toWellFormed(),
});

const hostileParameter = (names: readonly string[]): fc.Arbitrary<string> => {
  const name = fc.oneof(fc.constantFrom('limit', 'cursor', 'asOf', ...names), hostileName.map(encoded));
  return fc.oneof(
    forgedCursor,
    fc.tuple(name, hostileText).map(([key, value]) => `${key}=${encoded(value)}`),
    fc
      .tuple(name, fc.constantFrom('[$ne]=', '[]=1', '=1&a=2', '=%', '=%c0%af', '', '=%00', '=='))
      .map((parts) => parts.join('')),
    fc.tuple(name, name).map(([one, other]) => `${one}=1&${other}=1`),
  );
};

/** What may stand in a header at all. */
const headerText = (text: string): string => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '').slice(0, 2_000);

const oneOf = (...values: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...values) },
    { weight: 1, arbitrary: hostileText.map(headerText) },
  );

const headersOf: fc.Arbitrary<Record<string, string>> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.constantFrom('k-1', 'k-2', 'k-3').map((key) => ({ 'idempotency-key': key })) },
  { weight: 1, arbitrary: fc.nat(5).map((revision) => ({ 'if-match': `"${revision}"` })) },
  { weight: 1, arbitrary: fc.constantFrom('text/csv', 'application/json').map((accept) => ({ accept })) },
);

const hostileHeaders: fc.Arbitrary<Record<string, string>> = fc
  .record(
    {
      'if-match': oneOf('"0"', '"3"', '*', '3', '"-1"', '"99999999999999999999"', 'W/"3"', '"1","2"'),
      'idempotency-key': oneOf('k-1', 'k-2', 'k-3', 'x'.repeat(256)),
      accept: oneOf('text/csv', 'application/json', '*/*', 'text/csv;q=0', 'text/html'),
      'content-type': oneOf(
        'application/json',
        'application/json; charset=utf-16',
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=a',
      ),
      'last-event-id': oneOf('00000000000000000001', '99999999999999999999', '-1'),
      'x-http-method-override': fc.constant('DELETE'),
      'x-forwarded-for': fc.constant('127.0.0.1, $ne'),
      cookie: fc.constant('a=b'),
      'if-none-match': oneOf('"1"', '*'),
      range: fc.constant('bytes=0-1'),
      expect: oneOf('100-continue', 'something'),
    },
    { requiredKeys: [] },
  )
  .chain((headers) =>
    fc
      .subarray(Object.entries(headers), {
        minLength: Math.min(1, Object.keys(headers).length),
        maxLength: Math.min(2, Object.keys(headers).length),
      })
      .map((kept) => Object.fromEntries(kept)),
  );

const written = (value: unknown): Buffer => Buffer.from(JSON.stringify(value) ?? 'null');

const bodyOf = ({ body }: Operation, valid: Valid): fc.Arbitrary<Buffer | null> =>
  body ? valid.value(body).map(written) : fc.constant(null);

const hostileBodyOf = ({ body }: Operation, valid: Valid): fc.Arbitrary<Buffer> => {
  const good = body ? valid.value(body) : fc.constant<unknown>({ a: 1 });
  return fc.oneof(
    { weight: 4, arbitrary: fc.tuple(good, mutations).map(([value, change]) => written(change(value))) },
    { weight: 2, arbitrary: fc.tuple(good.map(written), damages).map(([bytes, damage]) => damage(bytes)) },
    { weight: 1, arbitrary: hostileValue.map(written) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
  );
};

/** Changes one value somewhere in a body, or adds a field to it. */
const mutations: fc.Arbitrary<(value: unknown) => unknown> = fc
  .record({
    steps: fc.array(fc.nat(50), { minLength: 1, maxLength: 4 }),
    value: hostileValue,
    name: fc.option(hostileName),
  })
  .map(
    ({ steps, value, name }) =>
      (whole) =>
        mutated(whole, steps, value, name),
  );

const mutated = (
  whole: unknown,
  [step = 0, ...steps]: readonly number[],
  value: unknown,
  name: string | null,
): unknown => {
  if (typeof whole !== 'object' || whole === null) return value;
  const keys = Object.keys(whole);
  const key = keys[step % Math.max(1, keys.length)];
  if (key === undefined || (steps.length === 0 && name !== null && !Array.isArray(whole)))
    return name === null || Array.isArray(whole) ? value : withField(whole, name, value);
  const inner = (whole as Record<string, unknown>)[key];
  const changed = steps.length === 0 ? value : mutated(inner, steps, value, name);
  return Array.isArray(whole)
    ? whole.map((item, index) => (String(index) === key ? changed : item))
    : { ...whole, [key]: changed };
};

/** Changes the bytes of a body. */
const damages: fc.Arbitrary<(bytes: Buffer) => Buffer> = fc.oneof(
  fc.nat(1_000).map((at) => (bytes: Buffer) => bytes.subarray(0, at % (bytes.length + 1))),
  fc.tuple(fc.nat(1_000), fc.nat(255)).map(([at, byte]) => (bytes: Buffer) => {
    const changed = Buffer.from(bytes);
    changed[at % Math.max(1, bytes.length)] = byte;
    return changed;
  }),
  fc.constant((bytes: Buffer) => Buffer.concat([bytes.subarray(0, -1), Buffer.from(','), bytes.subarray(1)])),
  fc.constant((bytes: Buffer) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes])),
  fc.constant((bytes: Buffer) => Buffer.from(bytes.toString(), 'utf16le')),
  fc
    .nat(2_000)
    .map((depth) => (bytes: Buffer) => Buffer.from(`${'['.repeat(depth)}${bytes}${']'.repeat(depth)}`)),
  fc.nat(2_000).map((depth) => () => Buffer.from('{"criterion":'.repeat(depth))),
  fc
    .constantFrom('9007199254740993', '1e400', '-0')
    .map(
      (number) => (bytes: Buffer) => Buffer.from(bytes.toString().replace(/:("[^"]*"|\d+)/, `:${number}`)),
    ),
);
