import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { BadAddress } from '../../src/adapters/bad-address.js';
import { EvictingServer } from '../../src/adapters/bullmq/evicting.js';
import { BullmqJobQueue } from '../../src/adapters/bullmq/job-queue.js';
import { JobsUnavailable, MAX_WAITING_JOBS } from '../../src/ports/job-queue.js';
import { startChild } from '../support/child.js';
import { describeWithRedis, describeWithRedisServer, forget } from '../support/redis/describe.js';
import { RedisServer } from '../support/redis/server.js';
import { until } from '../support/until.js';
import { describeJobQueue } from './job-queue.contract.js';

const SILENT = { onError: () => undefined };

/** An address behind which the server can be another one for whoever connects from then on, or only so many are let in. */
const movable = async (url: string, admitted = Number.POSITIVE_INFINITY) => {
  let target = new URL(url);
  let left = admitted;
  const sockets = new Set<Socket>();
  const proxy = createServer((socket) => {
    if (left-- <= 0) {
      socket.destroy();
      return;
    }
    const beyond = connect(Number(target.port), target.hostname);
    for (const one of [socket, beyond]) {
      sockets.add(one);
      one.on('error', () => undefined);
    }
    socket.pipe(beyond).pipe(socket);
    socket.on('close', () => beyond.destroy());
    beyond.on('close', () => socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    url: `redis://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    moveTo: (other: string) => {
      target = new URL(other);
    },
    close: () => {
      proxy.close();
      for (const socket of sockets) socket.destroy();
    },
  };
};

const gate = () => {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
};

describeWithRedis((url) => {
  const run = `so-cai-test-${randomUUID()}`;
  const open = (place: string) => BullmqJobQueue.open(url(), { ...SILENT, prefix: `${run}-${place}` });

  describeJobQueue('bullmq', open);

  describe('bullmq: a queue that processes share', () => {
    const opened: BullmqJobQueue[] = [];
    const processes = async (count: number): Promise<readonly BullmqJobQueue[]> => {
      const place = randomUUID();
      const queues = await Promise.all(Array.from({ length: count }, () => open(place)));
      opened.push(...queues);
      return queues;
    };

    afterEach(async () => {
      for (const queue of opened.splice(0)) await queue.close();
    });
    afterAll(() => forget(url(), run));

    it('does one job of a name at a time, whoever does it', async () => {
      const queues = await processes(3);
      let running = 0;
      let most = 0;
      const done: string[] = [];
      for (const queue of queues)
        queue.work('sweep', async ({ key }) => {
          most = Math.max(most, ++running);
          await pause(5);
          running--;
          done.push(key);
        });
      const keys = Array.from({ length: 20 }, (_, number) => `${number}`);
      for (const [index, key] of keys.entries()) await queues[index % 3]?.add('sweep', { key });
      await until(() => done.length === keys.length);
      expect(most).toBe(1);
      expect(done).toEqual(keys);
    });

    it('adds a key once, and tells every process of it', async () => {
      const [one, other] = await processes(2);
      expect(await one?.add('sweep', { key: 'a' })).toBe(true);
      expect(await other?.add('sweep', { key: 'a' })).toBe(false);
      expect(await other?.status('sweep', 'a')).toMatchObject({ state: 'waiting' });
      one?.work('sweep', async () => undefined);
      await until(async () => (await other?.status('sweep', 'a'))?.state === 'done');
    });

    it('leaves to others what a process that stops has cut short, or has not begun', async () => {
      const [one, other] = await processes(2);
      const begun = gate();
      one?.work('sweep', async ({ signal }) => {
        begun.open();
        await once(signal, 'abort');
        signal.throwIfAborted();
      });
      await one?.add('sweep', { key: 'a' });
      await one?.add('sweep', { key: 'b' });
      await begun.opened;
      const done: string[] = [];
      other?.work('sweep', async ({ key }) => {
        done.push(key);
      });
      await one?.close();
      await until(() => done.length === 2);
      expect(done.sort()).toEqual(['a', 'b']);
      expect(await other?.status('sweep', 'a')).toMatchObject({ state: 'done', error: null });
    });

    it('repeats a schedule of several processes as often as that of one', async () => {
      const queues = await processes(4);
      let runs = 0;
      queues[0]?.work('sweep', async () => {
        runs++;
      });
      const before = performance.now();
      for (const queue of queues) await queue.schedule('sweep', { key: 'a', everyMs: 200 });
      await until(() => runs >= queues.length + 6);
      // Once when each is told of it, and then no more often than every 180 ms, however long it took.
      const repeats = runs - queues.length;
      expect(repeats).toBeLessThanOrEqual((performance.now() - before) / 180 + 1);
    });

    it('takes a bounded number of jobs of one name', async () => {
      const [queue] = await processes(1);
      const keys = Array.from({ length: MAX_WAITING_JOBS }, (_, number) => `${number}`);
      // Each answer is waited for so long, also where the machine has much else to do: a few at a time.
      for (let at = 0; at < keys.length; at += 50)
        await Promise.all(keys.slice(at, at + 50).map((key) => queue?.add('sweep', { key })));
      await expect(queue?.add('sweep', { key: 'over' })).rejects.toThrow('too many');
      expect(await queue?.add('sweep', { key: '0' })).toBe(false);
    });
  });
});

describeWithRedisServer(() => {
  describe('bullmq: a server that fails', () => {
    let server: RedisServer;
    const opened: BullmqJobQueue[] = [];
    const open = async (): Promise<BullmqJobQueue> => {
      const queue = await BullmqJobQueue.open(server.url, { ...SILENT, prefix: 'so-cai' });
      opened.push(queue);
      return queue;
    };

    beforeEach(async () => {
      server = await RedisServer.start();
    });
    afterEach(async () => {
      for (const queue of opened.splice(0)) await queue.close();
      await server.close();
    });

    it('is refused when it may throw keys away', async () => {
      const evicting = await RedisServer.start(['--maxmemory-policy', 'allkeys-lru']);
      const opening = BullmqJobQueue.open(evicting.url, { ...SILENT, prefix: 'so-cai' });
      await expect(opening).rejects.toThrow(EvictingServer);
      await expect(opening).rejects.toThrow(/allkeys-lru.*noeviction/);
      await evicting.close();
    });

    it('is refused when it does not have the database that the address names', async () => {
      const opening = BullmqJobQueue.open(`${server.url}/99`, { ...SILENT, prefix: 'so-cai' });
      await expect(opening).rejects.toThrow(BadAddress);
      await expect(opening).rejects.toThrow(/no database 99/);
      await (await BullmqJobQueue.open(`${server.url}/3`, { ...SILENT, prefix: 'so-cai' })).close();
    });

    it('is not waited for for ever when it is away, or mute', async () => {
      const queue = await open();
      server.mute();
      await expect(queue.add('sweep', { key: 'a' })).rejects.toThrow(JobsUnavailable);
      await expect(queue.status('sweep', 'a')).rejects.toThrow(JobsUnavailable);
      server.unmute();
      await until(() =>
        queue.status('sweep', 'a').then(
          () => true,
          () => false,
        ),
      );
      await server.kill();
      await expect(queue.status('sweep', 'a')).rejects.toThrow(JobsUnavailable);
      await expect(queue.status('another', 'a')).rejects.toThrow(JobsUnavailable);
      await expect(BullmqJobQueue.open(server.url, { ...SILENT, prefix: 'x' })).rejects.toThrow(
        JobsUnavailable,
      );
      await queue.close();
    });

    it('cannot be added to while it only answers: full, or no longer the one that is written', async () => {
      const queue = await open();
      const redis = new Redis(server.url);
      try {
        await queue.ready();
        await redis.config('SET', 'maxmemory', '1');
        await expect(queue.ready()).rejects.toThrow(JobsUnavailable);
        expect(await queue.status('sweep', 'a')).toBeUndefined();
        await redis.config('SET', 'maxmemory', '0');
        await queue.ready();
        await redis.replicaof('127.0.0.1', 1);
        await expect(queue.ready()).rejects.toThrow(JobsUnavailable);
      } finally {
        redis.disconnect();
      }
    });

    it('is left for the one that takes its place behind the address', async () => {
      const next = await RedisServer.start();
      const address = await movable(server.url);
      const queue = await BullmqJobQueue.open(address.url, { ...SILENT, prefix: 'so-cai' });
      const redis = new Redis(server.url);
      try {
        const done: string[] = [];
        queue.work('sweep', async ({ key }) => {
          done.push(key);
        });
        await queue.add('sweep', { key: 'before' });
        await until(() => done.length === 1);
        address.moveTo(next.url);
        await redis.replicaof('127.0.0.1', 1);
        await until(() =>
          queue.ready().then(
            () => true,
            () => false,
          ),
        );
        await queue.add('sweep', { key: 'after' });
        await until(() => done.length === 2);
      } finally {
        redis.disconnect();
        await queue.close();
        address.close();
        await next.close();
      }
    });

    it('is away when the queue is closed in the middle of a job: what cannot be written is not waited for', async () => {
      const queue = await open();
      const begun = gate();
      queue.work('sweep', async ({ signal, progress }) => {
        begun.open();
        await once(signal, 'abort');
        progress({ done: 1 });
        signal.throwIfAborted();
      });
      await queue.add('sweep', { key: 'a' });
      await begun.opened;
      await server.kill();
      await queue.close();
    });

    describe('when a process closes its queue', () => {
      /** Has a process begin a job and close its queue, once the server is as it is to be. */
      const expectToEnd = async (url: string, harm: () => Promise<void>): Promise<void> => {
        const child = startChild('redis/closing.ts', [url, 'so-cai']);
        try {
          await child.printed(1);
          await harm();
          child.process.kill('SIGTERM');
          expect(await child.ended()).toEqual(['begun', 'closed']);
          expect(child.process.exitCode).toBe(0);
        } finally {
          child.process.kill('SIGKILL');
        }
      };

      it('is away: the process ends', () => expectToEnd(server.url, () => server.kill()));

      it('never let the worker wait for jobs: the process ends', async () => {
        // One that asks and one that works; the third, on which a worker waits, is sent away again and again.
        const address = await movable(server.url, 2);
        await expectToEnd(address.url, async () => undefined).finally(address.close);
      });
    });

    it('is killed while a job runs, and the job and those behind it are done when it is back', async () => {
      const queue = await open();
      const half = gate();
      const done: string[] = [];
      queue.work('sweep', async ({ key }) => {
        if (key === 'a') await half.opened;
        done.push(key);
      });
      for (const key of ['a', 'b', 'c']) await queue.add('sweep', { key });
      await until(async () => (await queue.status('sweep', 'a'))?.state === 'running');
      await server.kill();
      half.open();
      await server.open();
      for (const key of ['a', 'b', 'c'])
        await until(async () => (await queue.status('sweep', key).catch(() => undefined))?.state === 'done');
      expect(new Set(done)).toEqual(new Set(['a', 'b', 'c']));
    });

    it('loses everything while a job runs: the job ends, what is scheduled comes again, one at a time', async () => {
      const queue = await open();
      const other = await open();
      const redis = new Redis(server.url);
      const half = gate();
      let running = 0;
      let most = 0;
      let runs = 0;
      const handler = async () => {
        most = Math.max(most, ++running);
        if (runs === 0) await half.opened;
        running--;
        runs++;
      };
      try {
        queue.work('sweep', handler);
        await queue.schedule('sweep', { key: 'a', everyMs: 100 });
        await until(() => running === 1);
        other.work('sweep', handler);
        // One transaction: what is scheduled may come again right after it.
        const emptied = await redis.multi().flushall().dbsize().exec();
        expect(emptied?.at(-1)).toEqual([null, 0]);
        half.open();
        await until(() => runs > 4);
        await redis.flushall();
        const before = runs;
        for (let number = 0; number < 10; number++) await other.add('sweep', { key: `${number}` });
        await until(() => runs >= before + 12);
        // The one that ran while the server forgot it, and the first that came after.
        expect(most).toBeLessThanOrEqual(2);
      } finally {
        half.open();
        redis.disconnect();
      }
    });

    it('is closed in order where a queue cannot be, and leaves nothing unheard of', async () => {
      const queue = await open();
      queue.work('sweep', async () => undefined);
      await queue.add('sweep', { key: 'a' });
      await queue.idle();
      const ended = gate();
      const { close } = Worker.prototype;
      const closing = [
        jest.spyOn(Worker.prototype, 'close').mockImplementation(async function (this: Worker, ...args) {
          await ended.opened;
          return close.apply(this, args);
        }),
        jest.spyOn(Queue.prototype, 'close').mockRejectedValue(new Error('the server is gone')),
      ];
      const closed = queue.close();
      await until(() => closing.every(({ mock }) => mock.calls.length > 0));
      // Node tells of a rejection that nobody hears once the turn it came in is over.
      for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
      ended.open();
      await closed;
      for (const spied of closing) spied.mockRestore();
    });

    it('has a worker that dies: its job is done by another', async () => {
      const queue = await open();
      await queue.add('sweep', { key: 'a', attempts: 2 });
      const worker = startChild('redis/worker.ts', [server.url, 'so-cai']);
      await worker.printed(1);
      worker.process.kill('SIGKILL');
      await worker.ended();
      const done = gate();
      queue.work('sweep', async () => done.open());
      await done.opened;
      expect(await queue.status('sweep', 'a')).toMatchObject({ attempts: 2 });
    });
  });
});
