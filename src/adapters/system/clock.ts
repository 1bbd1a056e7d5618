import type { Clock } from '../../ports/clock.js';

/** The machine's clock. */
export class SystemClock implements Clock {
  now(): string {
    return new Date().toISOString();
  }
}
