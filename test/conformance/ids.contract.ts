import { describe, expect, it } from '@jest/globals';
import type { Ids } from '../../src/ports/ids.js';

/** What every source of ids keeps: an event store takes them as they are. */
export const describeIds = (adapter: string, open: () => Ids): void =>
  describe(`${adapter}: ids contract`, () => {
    it('gives UUIDs in lower case, each once', () => {
      const ids = open();
      const given = Array.from({ length: 10_000 }, () => ids.next());
      expect(new Set(given).size).toBe(given.length);
      for (const id of given) {
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      }
    });
  });
