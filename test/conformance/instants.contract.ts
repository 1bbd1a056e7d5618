import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EventStore, Position, RecordedEvent } from '../../src/ports/event-store.js';
import { newEvent } from '../support/new-events.js';
import { logAfter, stores } from '../support/places.js';

/**
 * What every event store answers when it is asked for the log as it was known at an instant. Enrolled as in
 * `event-store.contract.ts`; the whole log is looked at, so a store with few other events is quicker.
 */
export const describeInstants = (adapter: string, open: (place: string) => Promise<EventStore>): void =>
  describe(`${adapter}: position at an instant`, () => {
    const { begin, restart } = stores(open);

    const at = (seconds: number): string => new Date(Date.UTC(2025, 2, 1) + seconds * 1_000).toISOString();

    /** The longest prefix without a later event, by looking at every one. */
    const naive = (log: readonly RecordedEvent[], instant: string): Position | null => {
      const late = log.findIndex(({ metadata }) => metadata.recordedAt > instant);
      return log[(late < 0 ? log.length : late) - 1]?.position ?? null;
    };

    it('is the end of the longest prefix with nothing recorded later, however recordedAt jumps', async () => {
      const { place, store, stream } = await begin();
      let current = store;
      let streams = 0;
      const times = fc.array(fc.nat(40), { minLength: 1, maxLength: 400 });
      await fc.assert(
        fc.asyncProperty(times, fc.nat(60), fc.boolean(), async (jumps, offset, again) => {
          const events = jumps.map((jump) => newEvent({}, { recordedAt: at(streams * 7 + offset + jump) }));
          await current.append(`${stream}/${streams++}`, events, 'none');
          if (again) current = await restart(current, place);
          const log = await logAfter(current, null);
          for (let seconds = -1; seconds < streams * 7 + 110; seconds += 5) {
            expect(await current.positionAt(at(seconds))).toBe(naive(log, at(seconds)));
          }
        }),
        { numRuns: 12 },
      );
    });

    it('includes the instant itself, to the millisecond, in any offset', async () => {
      const { store, stream } = await begin();
      const last = (await logAfter(store, null)).reduce(
        (high, { metadata }) => Math.max(high, Date.parse(metadata.recordedAt)),
        Date.UTC(2025, 2, 1),
      );
      const exactly = new Date(last + 60_000).toISOString();
      const before = await store.head();
      const { position } = await store.append(stream, [newEvent({}, { recordedAt: exactly })], 'none');
      expect(await store.positionAt(exactly)).toBe(position);
      expect(await store.positionAt(new Date(last + 59_999).toISOString())).toBe(before);
      const there = new Date(last + 60_000 + 7 * 3_600_000).toISOString().replace('Z', '+07:00');
      expect(await store.positionAt(there)).toBe(position);
    });

    it('is nothing before all events, the head after all, and refuses what is no instant', async () => {
      const { store, stream } = await begin();
      const { position } = await store.append(stream, [newEvent()], 'none');
      expect(await store.positionAt('1970-01-01T00:00:00.000Z')).toBeNull();
      expect(await store.positionAt('9999-01-01T00:00:00.000Z')).toBe(position);
      await expect(store.positionAt('yesterday')).rejects.toThrow(RangeError);
    });
  });
