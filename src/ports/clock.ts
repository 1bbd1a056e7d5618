/** The server's clock: the current instant as ISO UTC with milliseconds (`2025-03-01T02:00:00.000Z`). */
export interface Clock {
  now(): string;
}
