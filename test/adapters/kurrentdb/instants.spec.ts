import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FIRST_INTERVAL, Instants } from '../../../src/adapters/kurrentdb/instants.js';
import { commitOf, positionText } from '../../../src/adapters/kurrentdb/recorded.js';
import type { RecordedEvent } from '../../../src/ports/event-store.js';
import { newEvent } from '../../support/new-events.js';

const at = (second: number): string => new Date(Date.UTC(2025, 2, 1) + second * 1_000).toISOString();

/** A log in memory: its events by the second they were recorded at, a place each, with gaps. */
class Log {
  events: RecordedEvent[] = [];
  read = 0;

  append(seconds: readonly number[]): void {
    for (const second of seconds) {
      const position = positionText(BigInt((this.events.length + 1) * 137));
      const { data, ...event } = newEvent({}, { recordedAt: at(second) });
      this.events.push({ ...event, data, stream: 's', revision: this.events.length, position });
    }
  }

  readonly after = async (place: bigint | null, limit = 1_000) => {
    const from =
      place === null ? 0 : this.events.findIndex(({ position }) => commitOf(position) === place) + 1;
    if (place !== null && from === 0) throw new RangeError('no such place');
    const events = this.events.slice(from, from + limit);
    this.read += events.length;
    const last = events.at(-1);
    return { events, end: last ? commitOf(last.position) : place, more: events.length === limit };
  };

  /** By looking at every event. */
  placeAt(instant: string): bigint | null {
    const late = this.events.findIndex(({ metadata }) => metadata.recordedAt > instant);
    const last = this.events[(late < 0 ? this.events.length : late) - 1];
    return last ? commitOf(last.position) : null;
  }
}

describe('the place at an instant', () => {
  it('is the same as by looking at every event, however the clocks jump, whatever was asked before', async () => {
    const seconds = fc.array(fc.nat(2_000), { minLength: 1, maxLength: 900 });
    const steps = fc.array(fc.record({ seconds, asked: fc.array(fc.nat(2_100)) }), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const log = new Log();
        const instants = new Instants(log.after);
        for (const step of all) {
          log.append(step.seconds);
          for (const second of step.asked)
            expect(await instants.placeAt(at(second))).toBe(log.placeAt(at(second)));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is asked by many at once', async () => {
    const log = new Log();
    log.append(Array.from({ length: 3_000 }, (_, index) => index));
    const instants = new Instants(log.after);
    const asked = Array.from({ length: 30 }, (_, index) => at(index * 100));
    expect(await Promise.all(asked.map((instant) => instants.placeAt(instant)))).toEqual(
      asked.map((instant) => log.placeAt(instant)),
    );
    expect(log.read).toBeLessThan(3_000 + 30 * FIRST_INTERVAL + 1);
  });

  it('costs the log once, then only what has come since and the events between two marks', async () => {
    const log = new Log();
    log.append(Array.from({ length: 10_000 }, (_, index) => index));
    const instants = new Instants(log.after);
    await instants.placeAt(at(20_000));
    expect(log.read).toBe(10_000);
    log.append([10_000, 10_001]);
    log.read = 0;
    await instants.placeAt(at(20_000));
    expect(log.read).toBe(2);
    for (const second of [0, 255, 256, 257, 5_000, 9_999]) {
      log.read = 0;
      expect(await instants.placeAt(at(second))).toBe(log.placeAt(at(second)));
      expect(log.read).toBeLessThanOrEqual(FIRST_INTERVAL);
    }
  });

  it('of long ago does not read on to the end of the log', async () => {
    const log = new Log();
    log.append(Array.from({ length: 10_000 }, (_, index) => index));
    await new Instants(log.after).placeAt(at(100));
    expect(log.read).toBeLessThanOrEqual(1_000 + FIRST_INTERVAL);
  });

  it('keeps few marks: in a log that outgrows them they stand further apart', async () => {
    const log = new Log();
    log.append(Array.from({ length: 40 * FIRST_INTERVAL }, (_, index) => index));
    const instants = new Instants(log.after, 16);
    await instants.placeAt(at(100_000));
    for (const second of [0, 1_000, 4 * FIRST_INTERVAL, 5_000, log.events.length - 2]) {
      log.read = 0;
      expect(await instants.placeAt(at(second))).toBe(log.placeAt(at(second)));
      expect(log.read).toBeLessThanOrEqual(5 * FIRST_INTERVAL);
    }
    await instants.placeAt(at(4 * FIRST_INTERVAL - 2));
    expect(log.read).toBeGreaterThan(FIRST_INTERVAL);
  });

  it('is found anew in a log that was restored from an older copy', async () => {
    const log = new Log();
    const seconds = Array.from({ length: 3 * FIRST_INTERVAL }, (_, index) => index);
    log.append(seconds);
    for (const asked of [seconds.length, FIRST_INTERVAL]) {
      const instants = new Instants(log.after);
      await instants.placeAt(at(seconds.length));
      const whole = log.events;
      log.events = whole.slice(0, 2);
      expect(await instants.placeAt(at(asked))).toBe(log.placeAt(at(asked)));
      expect(await instants.placeAt(at(0))).toBe(log.placeAt(at(0)));
      log.events = whole;
    }
  });
});
