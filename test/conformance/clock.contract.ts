import { describe, expect, it } from '@jest/globals';
import { instant } from '../../src/domain/time.js';
import type { Clock } from '../../src/ports/clock.js';

/** What every clock keeps, the real one and those that tests and demonstrations set. */
export const describeClock = (adapter: string, open: () => Clock): void =>
  describe(`${adapter}: clock contract`, () => {
    it('gives instants as they are stored: ISO UTC with milliseconds, so that they order as strings', () => {
      const clock = open();
      for (let count = 0; count < 1_000; count++) {
        const now = clock.now();
        expect(now).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
        expect(new Date(now).toISOString()).toBe(now);
        expect(instant(now)).not.toBeNull();
      }
    });
  });
