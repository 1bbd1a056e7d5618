import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeCursor, decodePlace, encodeCursor, MAX_CURSOR_LENGTH } from '../../../src/api/http/cursor.js';
import { BadQuestion } from '../../../src/application/errors.js';

const PLACE = { value: 'Tỷ lệ', key: 'kh-1570-2025/7.1' };
const CURSOR = encodeCursor('status', PLACE);

describe('a cursor', () => {
  test('gives back what it was made of', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.oneof(fc.integer(), fc.string(), fc.constant(null)),
        (key, value) => {
          const place = {
            key: key.toWellFormed(),
            value: typeof value === 'string' ? value.toWellFormed() : value,
          };
          expect(decodePlace('k', encodeCursor('k', place))).toEqual(place);
        },
      ),
    );
  });

  test('fits into an address as it is, and is the same for the same place', () => {
    expect(CURSOR).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(encodeCursor('status', { key: PLACE.key, value: PLACE.value })).toBe(CURSOR);
  });

  const refused = (text: string, kind = 'status') => {
    const read = () => decodeCursor(kind, text);
    expect(read).toThrow(BadQuestion);
    expect(read).toThrow(expect.objectContaining({ field: 'cursor' }));
  };

  test('of another list is refused', () => refused(CURSOR, 'audit'));

  test('with any character changed, left out or put in is refused', () => {
    for (let n = 0; n < CURSOR.length; n += 1) {
      refused(CURSOR.slice(0, n) + (CURSOR[n] === 'A' ? 'B' : 'A') + CURSOR.slice(n + 1));
      refused(CURSOR.slice(0, n) + CURSOR.slice(n + 1));
      refused(`${CURSOR.slice(0, n)}.${CURSOR.slice(n)}`);
    }
  });

  test('that is none is refused', () => {
    fc.assert(fc.property(fc.string(), (text) => refused(text)));
    refused('');
    refused(`${CURSOR}=`);
    refused(CURSOR.repeat(2));
    // Whoever reads the source can make the checksum of anything.
    for (const text of ['', 'x', '{}', 'null', '1', '[]', '["status"]', '["status",1,2]']) {
      const bytes = Buffer.from(text);
      const sum = createHash('sha256').update(bytes).digest().subarray(0, 6);
      refused(Buffer.concat([sum, bytes]).toString('base64url'));
    }
    refused('A'.repeat(MAX_CURSOR_LENGTH + 1));
  });

  test('of another shape names no place', () => {
    for (const value of [null, 7, [], {}, { key: 1, value: 1 }, { key: 'k' }, { key: 'k', value: {} }])
      expect(() => decodePlace('status', encodeCursor('status', value))).toThrow(BadQuestion);
  });
});
