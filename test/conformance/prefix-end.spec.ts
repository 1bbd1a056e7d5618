import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { prefixEnd } from '../../src/adapters/prefix-end.js';

const text = fc
  .array(
    fc.constantFrom('a', 'b', '/', '\u{d7ff}', '\u{e000}', '\u{ffff}', '😀', '\u{10fffe}', '\u{10ffff}'),
    {
      maxLength: 4,
    },
  )
  .map((points) => points.join(''));

const compare = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other));

describe('where a prefix ends', () => {
  it('stands between the texts that begin with it and all above, as databases order them', () => {
    fc.assert(
      fc.property(text, text, (prefix, other) => {
        const end = prefixEnd(prefix);
        expect(end?.isWellFormed() ?? true).toBe(true);
        for (const one of [other, prefix + other]) {
          const within = compare(one, prefix) >= 0 && (end === null || compare(one, end) < 0);
          expect(within).toBe(one.startsWith(prefix));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('is nowhere for none, and for the last texts of all', () => {
    expect(['', '\u{10ffff}', '\u{10ffff}\u{10ffff}'].map(prefixEnd)).toEqual([null, null, null]);
    expect(['kh-1/', 'a\u{10ffff}', '\u{d7ff}'].map(prefixEnd)).toEqual(['kh-10', 'b', '\u{e000}']);
  });
});
