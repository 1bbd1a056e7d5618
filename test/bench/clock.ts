import type { Clock } from '../../src/ports/clock.js';

/** The morning after the generated decade, when measuring begins. */
export const MEASURED_FROM = '2036-01-05T01:00:00.000Z';

/** A clock that goes on from the end of the generated decade. */
export class LaterClock implements Clock {
  private readonly ahead = Date.parse(MEASURED_FROM) - Date.now();

  now(): string {
    return new Date(Date.now() + this.ahead).toISOString();
  }
}
