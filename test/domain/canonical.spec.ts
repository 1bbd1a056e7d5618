import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  assertJson,
  assertStorable,
  canonicalText,
  envelopeText,
  MAX_DEPTH,
  NotStorable,
  storableText,
  textFault,
} from '../../src/domain/canonical.js';
import { storable, storableObject } from '../support/storable.js';
import { UNSTORABLE } from '../support/unstorable.js';

const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

describe('canonical text', () => {
  it('is the same after parsing, for every storable value', () => {
    fc.assert(
      fc.property(storable, (value) => {
        assertStorable(value, 'data');
        const text = canonicalText(value);
        expect(JSON.parse(text)).toEqual(value);
        expect(canonicalText(JSON.parse(text))).toBe(text);
      }),
      { numRuns: 1_000 },
    );
  });

  it('sorts keys by UTF-16 unit and escapes as RFC 8785 says', () => {
    expect(canonicalText({ b: 1, a: [true, null], '\uFB00': 2, '😀': '\u001F"\\/é' })).toBe(
      '{"a":[true,null],"b":1,"😀":"\\u001f\\"\\\\/é","\uFB00":2}',
    );
  });

  it.each([
    ['undefined', undefined],
    ['a function', () => 0],
    ['NaN', Number.NaN],
    ['a BigInt', 1n],
    ['a lone surrogate', '\uD83D'],
  ])('there is none for %s', (_, value) => {
    expect(() => canonicalText(value)).toThrow(NotStorable);
  });
});

describe('storable', () => {
  it.each(UNSTORABLE)('refuses %s, in rows too', (_, value) => {
    expect(() => assertStorable({ list: [0, { deep: value }] }, 'data')).toThrow(NotStorable);
    expect(() => assertJson({ list: [0, { deep: value }] }, 'row')).toThrow(NotStorable);
  });

  it('names the path', () => {
    expect(() => assertStorable({ list: [0, { deep: 0.5 }] }, 'data')).toThrow(
      'data.list[1].deep: the number 0.5 (not a safe integer) cannot be stored',
    );
    expect(() => assertStorable({ targets: { 2030: 1 } }, 'data')).toThrow(
      'data.targets.2030: an integer-like key',
    );
    expect(() => assertStorable(undefined, 'data')).toThrow('data: a value of type undefined');
  });

  it.each(['0', '7', '2030', '4294967295'])('refuses the integer-like key %s, but not in rows', (key) => {
    expect(() => assertStorable({ [key]: 1 }, 'data')).toThrow(NotStorable);
    expect(() => assertJson({ [key]: 1 }, 'row')).not.toThrow();
  });

  it.each(['01', '-1', '1.5', '2026-Q2', 'toJSON', 'constructor'])('takes the key %s', (key) => {
    expect(() => assertStorable({ [key]: 1 }, 'data')).not.toThrow();
  });

  it('takes an object without a prototype', () => {
    expect(() => assertStorable(Object.assign(Object.create(null), { a: 1 }), 'data')).not.toThrow();
  });

  it('ends at the deepest nesting, also in a value that contains itself', () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(() => assertStorable(nested(MAX_DEPTH), 'data')).not.toThrow();
    expect(() => assertStorable(nested(MAX_DEPTH + 1), 'data')).toThrow(NotStorable);
    expect(() => assertStorable(cycle, 'data')).toThrow(NotStorable);
  });
});

describe('the text of what can be stored', () => {
  it('is the canonical text, for every storable value', () => {
    fc.assert(
      fc.property(storable, (value) => expect(storableText(value, 'data')).toBe(canonicalText(value))),
      { numRuns: 1_000 },
    );
  });

  it('is given for what may be stored, and refused for anything else in the same words', () => {
    const refusal = (work: () => unknown): string | null => {
      try {
        work();
        return null;
      } catch (error) {
        return String(error);
      }
    };
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withNullPrototype: true, withSparseArray: true }),
        (value) =>
          expect(refusal(() => storableText(value, 'data'))).toBe(
            refusal(() => assertStorable(value, 'data')),
          ),
      ),
      { numRuns: 2_000 },
    );
  });

  it.each(UNSTORABLE)('is refused for %s', (_, value) => {
    expect(() => storableText({ list: [0, { deep: value }] }, 'data')).toThrow(/^data\.list\[1\]\.deep/);
  });

  it.each(['2030', '\uD83D', 'a\0', '__proto__'])('is refused for the key %j', (key) => {
    expect(() => storableText(Object.fromEntries([[key, 1]]), 'data')).toThrow(NotStorable);
  });

  it('is the canonical text also of many keys, of odd ones, and of texts to escape', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`k${(n * 37) % 100}`, n]));
    for (const value of [many, { '\uFB00': 1, '😀': '\u001F"\\/é\u2028\u007F', 'a"b': [] }])
      expect(storableText(value, 'data')).toBe(canonicalText(value));
  });

  it('ends at the deepest nesting', () => {
    expect(storableText(nested(MAX_DEPTH), 'data')).toBe(canonicalText(nested(MAX_DEPTH)));
    expect(() => storableText(nested(MAX_DEPTH + 1), 'data')).toThrow(NotStorable);
  });
});

describe('envelope', () => {
  const parts = fc.record({
    data: storableObject,
    id: fc.uuid(),
    metadata: storableObject,
    revision: fc.nat(),
    stream: fc.string({ unit: 'grapheme' }).filter((name) => textFault(name) === null),
    type: fc.string(),
  });

  it('composed from the stored parts is the canonical text of the whole, with and without a position', () => {
    fc.assert(
      fc.property(parts, (event) => {
        const stored = { ...event, data: canonicalText(event.data), metadata: canonicalText(event.metadata) };
        expect(envelopeText(stored)).toBe(canonicalText(event));
        const position = '00000000000000000042';
        expect(envelopeText({ ...stored, position })).toBe(canonicalText({ ...event, position }));
      }),
    );
  });
});
