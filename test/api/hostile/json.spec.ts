import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  MAX_BODY_DEPTH,
  MAX_BODY_ITEMS,
  MAX_NAME_LENGTH,
  nameFault,
  readJson,
} from '../../../src/api/http/json.js';
import { InvalidRequest, NotJson } from '../../../src/api/http/problem.js';

const read = (text: string): unknown => readJson(Buffer.from(text));

/** The field that a text is refused for. */
const fieldOf = (text: string): string => {
  try {
    read(text);
  } catch (error) {
    if (error instanceof InvalidRequest) return error.errors.map(({ field }) => field).join();
    throw error;
  }
  return 'taken';
};

/** JSON that I-JSON allows: with no name that is poison, no number that is rounded. */
const honest = fc.jsonValue({ maxDepth: 5, noUnicodeString: false }).filter((value) => {
  const walk = (part: unknown): boolean => {
    if (typeof part === 'number') return Number.isSafeInteger(part) && Math.abs(part) < 1e15;
    if (typeof part !== 'object' || part === null) return typeof part !== 'string' || !part.includes('\0');
    return Object.entries(part).every(([name, inner]) => nameFault(name) === null && walk(inner));
  };
  return walk(value);
});

describe('reading a body', () => {
  it('gives what JSON.parse gives, however it is spaced', () => {
    fc.assert(
      fc.property(honest, fc.constantFrom(0, 1, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space);
        expect(read(text)).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  it('is not misled by what stands inside a text', () => {
    for (const text of [
      '{"a":"\\"}{,"}',
      '{"a":"\\\\","b":"[\\\\\\"1e999,"}',
      '{"\\"a\\"":{"\\"a\\"":[",",":"]}}',
    ])
      expect(read(text)).toEqual(JSON.parse(text));
  });

  it('refuses a name that is said twice in one object, however it is written', () => {
    expect(fieldOf('{"a":1,"b":{"a":1},"c":[{"a":1},{"a":2}]}')).toBe('taken');
    expect(fieldOf('{"a":1,"b":2,"a":3}')).toBe('a');
    expect(fieldOf('{"a":1,"\\u0061":1}')).toBe('a');
    expect(fieldOf('{"b":{"a":[0,{"x":1,"x":1}]}}')).toBe('b.a[1].x');
    expect(fieldOf('{"":1,"":2}')).toBe('body');
    fc.assert(
      fc.property(fc.dictionary(fc.string(), honest, { minKeys: 1 }), fc.nat(), (value, pick) => {
        const members = Object.entries(value).map((member) =>
          member.map((part) => JSON.stringify(part)).join(':'),
        );
        const text = `{${[...members, members[pick % members.length]].join(',')}}`;
        expect(() => read(text)).toThrow(InvalidRequest);
      }),
    );
  });

  it.each([
    ['{"a":{"__proto__":{}}}', 'a.__proto__'],
    ['{"constructor":1}', 'constructor'],
    ['{"a":[{"toString":1}]}', 'a[0].toString'],
    ['{"hasOwnProperty":null}', 'hasOwnProperty'],
    ['[{"prototype":null}]', '[0].prototype'],
    ['{"\\u005f_proto__":1}', '__proto__'],
  ])('refuses a name that every object has: %s', (text, field) => {
    expect(fieldOf(text)).toBe(field);
  });

  it('refuses a number that would be rounded, and none else', () => {
    for (const text of ['9007199254740993', '1e400', '-1e16', '0.1234567890123456', '123456789012345678'])
      expect([text, fieldOf(`{"order":${text}}`)]).toEqual([text, 'order']);
    for (const text of ['0', '-0', '-12.5', '1e5', '999999999999999', '0.25']) read(`[${text}]`);
  });

  it('refuses half a character and NUL, in texts and in names', () => {
    for (const text of [
      '"\\ud800"',
      '["\\udc00\\ud800"]',
      '{"a":"x\\u0000"}',
      '{"a\\ud83d":1}',
      '{"\\u0000":1}',
    ])
      expect(() => read(text)).toThrow(InvalidRequest);
    expect(read('"\\ud83d\\ude00"')).toBe('😀');
  });

  it('refuses bytes that are no UTF-8: cut off, too long a form, surrogates', () => {
    for (const bytes of [
      [0xc3],
      [0xc0, 0xaf],
      [0xe0, 0x80, 0xaf],
      [0xf0, 0x82, 0x82, 0xac],
      [0xed, 0xa0, 0x80],
      [0xff],
    ])
      expect(() => readJson(Buffer.from([0x22, ...bytes, 0x22]))).toThrow(NotJson);
  });

  it('refuses what is no JSON', () => {
    for (const text of [
      '',
      ' \n',
      '{',
      '{"a":01}',
      "{'a':1}",
      '[1,]',
      'NaN',
      '\uFEFF{}',
      '{} {}',
      '"\u0001"',
    ])
      expect(() => read(text)).toThrow(NotJson);
  });

  it('takes so much and no more', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    read(nested(MAX_BODY_DEPTH));
    expect(fieldOf(nested(MAX_BODY_DEPTH + 1))).toBe('body');
    expect(fieldOf(nested(400_000))).toBe('body');
    read(`{"a":[${Array(MAX_BODY_ITEMS).fill(0).join()}]}`);
    expect(
      fieldOf(
        `{"a":[${Array(MAX_BODY_ITEMS + 1)
          .fill(0)
          .join()}]}`,
      ),
    ).toBe('a');
    const fields = Array.from({ length: MAX_BODY_ITEMS + 1 }, (_, n) => `"f${n}":0`);
    expect(fieldOf(`{"a":{${fields.join()}}}`)).toBe('a');
    read(`{"${'x'.repeat(MAX_NAME_LENGTH)}":0}`);
    expect(fieldOf(`{"${'x'.repeat(MAX_NAME_LENGTH + 1)}":0}`)).toBe('x'.repeat(MAX_NAME_LENGTH));
  });
});
