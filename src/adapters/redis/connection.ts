import { Redis, type RedisOptions } from 'ioredis';
import { BadAddress } from '../bad-address.js';

/** How long one question to the server may take, in milliseconds: a server that accepts and never answers is away. */
export const ANSWER_MS = 3_000;
/** How often a connection is tried that may have been cut without a word, in milliseconds. */
const TRY_MS = 5_000;
/** Longest wait before another attempt to connect, in milliseconds. */
const RECONNECT_MS = 1_000;

/** How long an answer may take, and how often one is asked for, in milliseconds. */
interface Patience {
  readonly answerMs?: number;
  readonly tryMs?: number;
}

/** A connection that is made again when it is cut, also when it is cut without a word. @throws BadAddress */
export const connect = (
  url: string,
  options: RedisOptions,
  onError: (error: Error) => void,
  { answerMs = ANSWER_MS, tryMs = TRY_MS }: Patience = {},
): Redis => {
  assertAddress(url);
  const redis = new Redis(url, {
    connectTimeout: answerMs,
    // Behind the address another server may write by now: the one that did so before is left.
    reconnectOnError: ({ message }) => message.includes('READONLY'),
    retryStrategy: (times) => Math.min(times * 50, RECONNECT_MS),
    ...options,
  });
  redis.on('error', onError);
  const watch = setInterval(watching(redis, answerMs), tryMs).unref();
  redis.once('end', () => clearInterval(watch));
  return redis;
};

/**
 * Ends a connection. One that waits to be made again is made once more: ioredis would only stop the wait, and neither
 * refuse what was asked meanwhile nor say that it has ended.
 */
export const end = (redis: Redis): void => {
  const waits = redis.status === 'reconnecting';
  redis.disconnect();
  if (!waits) return;
  redis.once('connect', () => redis.disconnect());
  redis.connect().catch(() => undefined);
};

const assertAddress = (url: string): void => {
  try {
    const { username, password } = new URL(url);
    for (const part of [username, password]) decodeURIComponent(part);
  } catch {
    throw new BadAddress(
      'a Redis address looks like redis://name:password@host:6379/0, with the name and password percent-encoded',
    );
  }
};

/** The system notices only after many minutes that the other side is gone; what is asked meanwhile would wait. */
const watching = (redis: Redis, answerMs: number): (() => void) => {
  let greeted = true;
  const reconnect = () => redis.disconnect(true);
  return () => {
    // Connected, and not welcomed since the last time.
    if (redis.status === 'connect' && !greeted) reconnect();
    greeted = redis.status !== 'connect';
    if (redis.status !== 'ready') return;
    const mute = setTimeout(reconnect, answerMs).unref();
    redis.ping().then(
      () => clearTimeout(mute),
      (error: Error) => {
        clearTimeout(mute);
        // The client's own limit may be over first; a refusal is an answer as well.
        if (redis.status === 'ready' && error.name !== 'ReplyError') reconnect();
      },
    );
  };
};
