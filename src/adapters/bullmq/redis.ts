import { Redis, type RedisOptions } from 'ioredis';
import { JobsUnavailable } from '../../ports/job-queue.js';
import { EvictingServer } from './evicting.js';

/** How long one question to the server may take, in milliseconds: a server that accepts and never answers is away. */
const ANSWER_MS = 3_000;
/** How often a connection is tried that may have been cut without a word, in milliseconds. */
const TRY_MS = 5_000;
/** Longest wait before another attempt to connect, in milliseconds. */
const RECONNECT_MS = 1_000;

const SHARED: RedisOptions = {
  connectTimeout: ANSWER_MS,
  retryStrategy: (times) => Math.min(times * 50, RECONNECT_MS),
};

/** For questions that somebody waits for: they fail soon when the server is away. */
const ASKING: RedisOptions = { ...SHARED, commandTimeout: ANSWER_MS, maxRetriesPerRequest: 1 };

/** For workers: BullMQ wants them to wait for the server as long as it takes. */
const WORKING: RedisOptions = { ...SHARED, maxRetriesPerRequest: null };

const connect = (url: string, options: RedisOptions, onError: (error: Error) => void): Redis => {
  const redis = new Redis(url, options);
  redis.on('error', onError);
  const watch = setInterval(watching(redis), TRY_MS).unref();
  redis.once('end', () => clearInterval(watch));
  return redis;
};

/** The system notices only after many minutes that the other side is gone; what is asked meanwhile would wait. */
const watching = (redis: Redis): (() => void) => {
  let greeted = true;
  const reconnect = () => redis.disconnect(true);
  return () => {
    // Connected, and not welcomed since the last time.
    if (redis.status === 'connect' && !greeted) reconnect();
    greeted = redis.status !== 'connect';
    if (redis.status !== 'ready') return;
    const mute = setTimeout(reconnect, ANSWER_MS).unref();
    void redis.ping().then(
      () => clearTimeout(mute),
      () => clearTimeout(mute),
    );
  };
};

export const askingConnection = (url: string, onError: (error: Error) => void): Redis =>
  connect(url, ASKING, onError);

export const workingConnection = (url: string, onError: (error: Error) => void): Redis =>
  connect(url, WORKING, onError);

/** @throws EvictingServer, JobsUnavailable */
export const assertKeepsKeys = async (redis: Redis): Promise<void> => {
  const memory = await redis.info('memory').catch((error: Error) => {
    throw new JobsUnavailable(`Redis does not answer: ${error.message}`);
  });
  const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1];
  if (policy !== 'noeviction')
    throw new EvictingServer(
      `Redis may throw jobs away when its memory is full (maxmemory-policy ${policy ?? 'is not told'}): ` +
        'set maxmemory-policy noeviction.',
    );
};
