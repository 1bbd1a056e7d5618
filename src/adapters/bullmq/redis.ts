import type { Redis, RedisOptions } from 'ioredis';
import { JobsUnavailable } from '../../ports/job-queue.js';
import { BadAddress } from '../bad-address.js';
import { ANSWER_MS, connect } from '../redis/connection.js';
import { EvictingServer } from './evicting.js';

/** For questions that somebody waits for: they fail soon when the server is away. */
const ASKING: RedisOptions = { commandTimeout: ANSWER_MS, maxRetriesPerRequest: 1 };

/** For workers: BullMQ wants them to wait for the server as long as it takes. */
const WORKING: RedisOptions = { maxRetriesPerRequest: null };

export const askingConnection = (url: string, onError: (error: Error) => void): Redis =>
  connect(url, ASKING, onError);

/** @param onCopy is given each connection that a worker makes of this one, to wait on for jobs */
export const workingConnection = (
  url: string,
  onError: (error: Error) => void,
  onCopy: (copy: Redis) => void,
): Redis => {
  const redis = connect(url, WORKING, onError);
  const duplicate = redis.duplicate.bind(redis);
  redis.duplicate = (...options) => {
    const copy = duplicate(...options);
    onCopy(copy);
    return copy;
  };
  return redis;
};

/** The client goes on in database 0 when the server refuses the one that the address names. @throws BadAddress, JobsUnavailable */
export const assertDatabase = async (redis: Redis): Promise<void> => {
  const { db = 0 } = redis.options;
  await redis.select(db).catch((error: Error) => {
    if (error.name === 'ReplyError') throw new BadAddress(`Redis has no database ${db}: ${error.message}`);
    throw new JobsUnavailable(`Redis does not answer: ${error.message}`);
  });
};

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
