import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { BullmqJobQueue } from '../../../src/adapters/bullmq/job-queue.js';
import { RedisServer } from '../../support/redis/server.js';
import { type Ratio, ratio } from './ratio.js';

const JOBS = 3_000;
/** Jobs that are added at the same time. */
const AT_ONCE = 50;

const added = async (add: (number: number) => Promise<unknown>): Promise<void> => {
  for (let at = 0; at < JOBS; at += AT_ONCE)
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, JOBS - at) }, (_, index) => add(at + index)));
};

/** Adds jobs and does them, one at a time: through the adapter, and with BullMQ alone. */
export const measureJobs = async (turns: number): Promise<Ratio> => {
  // As the deployment has it.
  const server = await RedisServer.start(['--appendfsync', 'everysec']);
  try {
    return await ratio(
      'jobs added and done, to BullMQ alone',
      turns,
      JOBS,
      (turn) => throughAdapter(server.url, `adapter-${turn}`),
      (turn) => bare(server.url, `bare-${turn}`),
    );
  } finally {
    await server.close();
  }
};

const throughAdapter = async (url: string, prefix: string): Promise<void> => {
  const queue = await BullmqJobQueue.open(url, { prefix, onError: () => undefined });
  let done = 0;
  const all = new Promise<void>((resolve) => {
    queue.work('bench', async () => {
      if (++done === JOBS) resolve();
    });
  });
  await added((number) => queue.add('bench', { key: `${number}` }));
  await all;
  await queue.close();
};

const bare = async (url: string, prefix: string): Promise<void> => {
  const [asking, working] = [new Redis(url), new Redis(url, { maxRetriesPerRequest: null })];
  const queue = new Queue('bench', { connection: asking, prefix });
  let done = 0;
  let worker: Worker | undefined;
  const all = new Promise<void>((resolve) => {
    const work = async () => {
      if (++done === JOBS) resolve();
    };
    worker = new Worker('bench', work, { connection: working, prefix });
  });
  await added((number) => queue.add('bench', { number }));
  await all;
  await worker?.close();
  await queue.close();
  working.disconnect();
  asking.disconnect();
};
