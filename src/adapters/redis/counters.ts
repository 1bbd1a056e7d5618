import type { Redis } from 'ioredis';
import { connect } from './connection.js';

/** Longest wait for Redis before a request goes on uncounted, in milliseconds. */
const MAX_WAIT_MS = 500;
/** How often a Redis that answers is tried, in milliseconds: until it is known to be mute, each request waits for it. */
const TRY_MS = 1_000;

/** Where several processes count their callers' requests together. While Redis is away nothing is counted, nor waited for. */
export const openCounters = (url: string): Redis =>
  connect(
    url,
    { commandTimeout: MAX_WAIT_MS, maxRetriesPerRequest: 1, enableOfflineQueue: false },
    // The jobs' own connection tells of a server that is away.
    () => undefined,
    { answerMs: MAX_WAIT_MS, tryMs: TRY_MS },
  );
