import fc from 'fast-check';

/** Texts that have broken other programs, as values, names and ids. */
const TEXTS = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\n',
  '\r\nSet-Cookie: a=b',
  '\u001b[2J',
  '\u0085\u2028\u2029',
  '\u202eđảo ngược',
  '\ud800',
  '\udfff\ud800',
  '\ufeff',
  '\ufffe\uffff',
  'e\u0301'.repeat(40),
  'Đắk Glei 😀',
  'x'.repeat(300),
  'x'.repeat(5_000),
  '$ne',
  '$where',
  '{"$gt":""}',
  "' OR 1=1 --",
  "'; DROP TABLE events; --",
  '%',
  '%00',
  '%2e%2e%2f',
  '../../../etc/passwd',
  '..\\..\\windows',
  '<script>alert(1)</script>',
  '=cmd|calc!A1',
  '{{7*7}}',
  `\${jndi:ldap://127.0.0.1/a}`,
  '(a+)+$',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'then',
  'NaN',
  'Infinity',
  '-0',
  '1e999',
  '0x10',
  '00',
  '1,5',
  '9'.repeat(31),
  `0.${'0'.repeat(29)}1`,
  '9999-12-31',
  '0000-01-01',
  '2025-02-30',
  '+275760-09-13',
  '2026-Q5',
  '@99999999999999999999',
  '00000000000000000000',
  '99999999999999999999',
  'me',
  'null',
  'undefined',
] as const;

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme-ascii', maxLength: 40 }) },
);

const NUMBERS = [0, -0, -1, 1.5, 1e21, 2 ** 53, -(2 ** 53) - 2, 5e-324, 100_001] as const;

/** Names of fields that mean something to a language or a database. */
export const hostileName = fc.oneof(
  fc.constantFrom(
    '$ne',
    '$where',
    '$expr',
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'length',
    'then',
    '0',
  ),
  hostileText,
);

/** Any JSON value, and operators of a database where a text is awaited. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: hostileText },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(...NUMBERS, null, true, [], {}, [[]], [null]) },
  {
    weight: 1,
    arbitrary: fc.tuple(hostileName, hostileText).map(([name, text]) => withField({}, name, text)),
  },
  { weight: 1, arbitrary: hostileText.map((text) => Array(6).fill(text)) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);

/** A field that is not there, put into an object. */
export const withField = (value: object, name: string, more: unknown): object =>
  Object.defineProperty({ ...value }, name, {
    value: more,
    enumerable: true,
    configurable: true,
    writable: true,
  });
