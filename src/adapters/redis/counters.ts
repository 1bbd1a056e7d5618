import { Redis } from 'ioredis';

/** Longest wait for Redis before a request goes on uncounted, in milliseconds. */
const MAX_WAIT_MS = 500;

/** Where several processes count their callers' requests together. While Redis is away nothing is counted, nor waited for. */
export const openCounters = (url: string): Redis => {
  const redis = new Redis(url, {
    connectTimeout: MAX_WAIT_MS,
    commandTimeout: MAX_WAIT_MS,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
  });
  // The jobs' own connection tells of a server that is away.
  redis.on('error', () => undefined);
  return redis;
};
