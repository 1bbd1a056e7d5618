import fc from 'fast-check';
import { textFault } from '../../src/domain/canonical.js';
import type { Json } from '../../src/domain/message.js';

const text = fc
  .oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '',
      'Kế hoạch số 1570',
      '👩‍👩‍👧',
      '\u{10FFFF}',
      '\uFB00',
      '\u2028',
      '"\\/',
      '\t\r\n\u001F',
      '\uFEFF',
    ),
  )
  .filter((value) => textFault(value) === null);

const key = text.filter((value) => value !== '__proto__' && !/^(0|[1-9]\d*)$/.test(value));

const { value } = fc.letrec<{ value: Json; object: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.boolean(),
    fc.constant(null),
    fc.maxSafeInteger().map((number) => number + 0),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('object'),
  ),
  object: fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
}));

/** Any value that event data may hold. */
export const storable: fc.Arbitrary<Json> = value;

/** Any object that event data may be. */
export const storableObject: fc.Arbitrary<object> = fc.dictionary(key, value, {
  maxKeys: 5,
  noNullPrototype: true,
});
