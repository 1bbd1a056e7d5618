import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type JobContext,
  type JobQueue,
  JobsUnavailable,
  MAX_ATTEMPTS,
  MAX_BACKOFF_MS,
  MAX_EVERY_MS,
} from '../../src/ports/job-queue.js';
import { until } from '../support/until.js';

/** A promise that the test settles itself. */
const gate = () => {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
};

/** What every job queue keeps. An adapter enrols with a way to open the queue of a place; a new place is empty. */
export const describeJobQueue = (adapter: string, open: (place: string) => Promise<JobQueue>): void =>
  describe(`${adapter}: job queue contract`, () => {
    const opened = new Set<JobQueue>();

    const begin = async (): Promise<JobQueue> => {
      const queue = await open(randomUUID());
      opened.add(queue);
      return queue;
    };

    afterEach(async () => {
      for (const queue of opened) await queue.close();
      opened.clear();
    });

    it('does a job, which is told its key', async () => {
      const queue = await begin();
      const seen: string[] = [];
      queue.work('rebuild', async ({ key }) => {
        seen.push(key);
      });
      expect(await queue.add('rebuild', { key: 'trạng thái 😀' })).toBe(true);
      expect(await queue.add('rebuild', { key: 'b' })).toBe(true);
      await queue.idle();
      expect(seen).toEqual(['trạng thái 😀', 'b']);
    });

    it('keeps jobs until somebody does them', async () => {
      const queue = await begin();
      await queue.add('sweep', { key: 'a' });
      expect(await queue.status('sweep', 'a')).toEqual({
        name: 'sweep',
        key: 'a',
        state: 'waiting',
        progress: null,
        attempts: 0,
        error: null,
      });
      const seen: string[] = [];
      queue.work('sweep', async ({ key }) => {
        seen.push(key);
      });
      await queue.idle();
      expect(seen).toEqual(['a']);
      expect(await queue.status('sweep', 'a')).toMatchObject({ state: 'done', attempts: 1, error: null });
    });

    it('does jobs of one name one at a time, in the order they came', async () => {
      const queue = await begin();
      const seen: string[] = [];
      queue.work('sweep', async ({ key }) => {
        seen.push(`${key} begins`);
        await pause(5);
        seen.push(`${key} ends`);
      });
      const keys = Array.from('abcdefgh');
      for (const key of keys) await queue.add('sweep', { key });
      await queue.idle();
      expect(seen).toEqual(keys.flatMap((key) => [`${key} begins`, `${key} ends`]));
    });

    it('does one at a time also when a job adds the next one', async () => {
      const queue = await begin();
      const seen: string[] = [];
      queue.work('sweep', async ({ key }) => {
        seen.push(`${key} begins`);
        if (key === 'a') void queue.add('sweep', { key: 'b' });
        await pause(5);
        seen.push(`${key} ends`);
      });
      await queue.add('sweep', { key: 'a' });
      await until(() => seen.length === 4);
      expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
    });

    it('does jobs of other names beside', async () => {
      const queue = await begin();
      const first = gate();
      queue.work('slow', () => first.opened);
      queue.work('quick', async () => first.open());
      await queue.add('slow', { key: 'a' });
      await queue.add('quick', { key: 'a' });
      await queue.idle();
      expect(await queue.status('slow', 'a')).toMatchObject({ state: 'done' });
    });

    it('has one handler a name', async () => {
      const queue = await begin();
      queue.work('sweep', async () => undefined);
      expect(() => queue.work('sweep', async () => undefined)).toThrow();
    });

    describe('a second job with the same key', () => {
      it('is not added while the first waits or runs, and is afterwards', async () => {
        const queue = await begin();
        const first = gate();
        let runs = 0;
        expect(await queue.add('sweep', { key: 'a' })).toBe(true);
        expect(await queue.add('sweep', { key: 'a' })).toBe(false);
        queue.work('sweep', async () => {
          runs++;
          await first.opened;
        });
        await until(() => runs === 1);
        expect(await queue.status('sweep', 'a')).toMatchObject({ state: 'running', attempts: 1 });
        expect(await queue.add('sweep', { key: 'a' })).toBe(false);
        first.open();
        await queue.idle();
        expect(runs).toBe(1);
        expect(await queue.add('sweep', { key: 'a' })).toBe(true);
        await queue.idle();
        expect(runs).toBe(2);
      });

      it('is not added while the first waits for another attempt', async () => {
        const queue = await begin();
        let runs = 0;
        queue.work('sweep', async () => {
          if (++runs === 1) throw new Error('not yet');
        });
        await queue.add('sweep', { key: 'a', attempts: 2, backoffMs: MAX_BACKOFF_MS });
        await until(async () => (await queue.status('sweep', 'a'))?.error === 'not yet');
        expect(await queue.add('sweep', { key: 'a' })).toBe(false);
        // What comes after it is done, and what was refused is not.
        await queue.add('sweep', { key: 'b' });
        await until(async () => (await queue.status('sweep', 'b'))?.state === 'done');
        expect(runs).toBe(2);
        expect(await queue.status('sweep', 'a')).toMatchObject({ state: 'waiting', attempts: 1 });
      });

      it('is another job under another name', async () => {
        const queue = await begin();
        expect(await queue.add('one', { key: 'a' })).toBe(true);
        expect(await queue.add('two', { key: 'a' })).toBe(true);
        expect(await queue.add('one', { key: 'b' })).toBe(true);
        expect(await queue.add('one","b', { key: 'a' })).toBe(true);
      });
    });

    describe('a job that fails', () => {
      it('is tried again until it succeeds', async () => {
        const queue = await begin();
        let runs = 0;
        queue.work('sweep', async () => {
          if (++runs < 3) throw new Error(`failure ${runs}`);
        });
        await queue.add('sweep', { key: 'a', attempts: 5, backoffMs: 1 });
        await queue.idle();
        expect(await queue.status('sweep', 'a')).toMatchObject({ state: 'done', attempts: 3, error: null });
      });

      it('is given up after its attempts, one unless told otherwise', async () => {
        const queue = await begin();
        let runs = 0;
        queue.work('sweep', async () => {
          throw new Error(`failure ${++runs}`);
        });
        await queue.add('sweep', { key: 'a', attempts: 3, backoffMs: 1 });
        await queue.idle();
        expect(await queue.status('sweep', 'a')).toMatchObject({
          state: 'failed',
          attempts: 3,
          error: 'failure 3',
        });
        await queue.add('sweep', { key: 'b' });
        await queue.idle();
        expect(await queue.status('sweep', 'b')).toMatchObject({
          state: 'failed',
          attempts: 1,
          error: 'failure 4',
        });
      });

      it('may fail before it returns a promise', async () => {
        const queue = await begin();
        queue.work('sweep', () => {
          throw new Error('at once');
        });
        await queue.add('sweep', { key: 'a' });
        await queue.idle();
        expect(await queue.status('sweep', 'a')).toMatchObject({ state: 'failed', error: 'at once' });
      });

      it('holds up nobody while it waits for another attempt', async () => {
        const queue = await begin();
        const seen: string[] = [];
        const both = gate();
        queue.work('sweep', async ({ key }) => {
          seen.push(key);
          await both.opened;
          if (seen.length === 1) throw new Error('not yet');
        });
        await queue.add('sweep', { key: 'a', attempts: 2, backoffMs: 100 });
        await queue.add('sweep', { key: 'b' });
        both.open();
        await queue.idle();
        expect(seen).toEqual(['a', 'b', 'a']);
      });
    });

    it('tells the progress while a job runs, and afterwards', async () => {
      const queue = await begin();
      const half = gate();
      queue.work('rebuild', async (context) => {
        context.progress({ done: 1, of: 2, now: 'kh-1570-2025' });
        await half.opened;
        context.progress({ done: 2, of: 2, now: null });
      });
      await queue.add('rebuild', { key: 'a' });
      const progress = async () => (await queue.status('rebuild', 'a'))?.progress;
      await until(async () => (await progress()) !== null);
      expect(await progress()).toEqual({ done: 1, of: 2, now: 'kh-1570-2025' });
      half.open();
      await queue.idle();
      expect(await progress()).toEqual({ done: 2, of: 2, now: null });
    });

    it('knows nothing of a job that was never added', async () => {
      const queue = await begin();
      expect(await queue.status('sweep', 'a')).toBeUndefined();
      await queue.idle();
    });

    it('refuses options out of range', async () => {
      const queue = await begin();
      for (const attempts of [0, 1.5, MAX_ATTEMPTS + 1]) {
        await expect(queue.add('sweep', { key: 'a', attempts })).rejects.toThrow(RangeError);
      }
      await expect(queue.add('sweep', { key: 'a', backoffMs: -1 })).rejects.toThrow(RangeError);
      await expect(queue.schedule('sweep', { key: 'a', everyMs: 0 })).rejects.toThrow(RangeError);
      expect(await queue.status('sweep', 'a')).toBeUndefined();
    });

    describe('a schedule', () => {
      it('adds its job now and again and again, and is not waited for when idle', async () => {
        const queue = await begin();
        let runs = 0;
        queue.work('sweep', async () => {
          runs++;
        });
        await queue.schedule('sweep', { key: 'a', everyMs: 20 });
        await until(() => runs >= 3);
        await queue.schedule('sweep', { key: 'a', everyMs: MAX_EVERY_MS });
        await queue.idle();
        expect(await queue.status('sweep', 'a')).toMatchObject({ state: 'done' });
      });

      it('leaves out a repeat while the one before still runs', async () => {
        const queue = await begin();
        const first = gate();
        let running = 0;
        let most = 0;
        queue.work('sweep', async () => {
          most = Math.max(most, ++running);
          await first.opened;
          running--;
        });
        await queue.schedule('sweep', { key: 'a', everyMs: 10 });
        await until(() => running === 1);
        await pause(100);
        first.open();
        expect(most).toBe(1);
      });

      it('is replaced by a second one of its name and key', async () => {
        const queue = await begin();
        let runs = 0;
        queue.work('sweep', async () => {
          runs++;
        });
        await queue.schedule('sweep', { key: 'a', everyMs: 20 });
        await until(() => runs >= 3);
        await queue.schedule('sweep', { key: 'a', everyMs: MAX_EVERY_MS });
        await queue.idle();
        const before = runs;
        await pause(100);
        expect(runs).toBe(before);
      });
    });

    it('says whether a job can be added', async () => {
      const queue = await begin();
      await queue.ready();
      await queue.close();
      await expect(queue.ready()).rejects.toThrow(JobsUnavailable);
    });

    describe('closing', () => {
      it('waits for what runs, tells it, and drops what waits', async () => {
        const queue = await begin();
        const seen: string[] = [];
        let context: JobContext | undefined;
        const last = gate();
        queue.work('sweep', async (given) => {
          context = given;
          seen.push(`${given.key} begins`);
          await last.opened;
          seen.push(`${given.key} ends`);
        });
        await queue.add('sweep', { key: 'a' });
        await queue.add('sweep', { key: 'b' });
        await until(() => seen.length === 1);
        expect(context?.signal.aborted).toBe(false);

        const closed = queue.close().then(() => seen.push('closed'));
        await until(() => context?.signal.aborted === true);
        await pause(20);
        expect(seen).toEqual(['a begins']);
        last.open();
        await closed;
        await pause(20);
        expect(seen).toEqual(['a begins', 'a ends', 'closed']);
      });

      it('aborts waiting attempts and schedules, and takes no more', async () => {
        const queue = await begin();
        let runs = 0;
        queue.work('sweep', async () => {
          runs++;
          throw new Error('never');
        });
        await queue.add('sweep', { key: 'a', attempts: 5, backoffMs: 30 });
        await queue.schedule('sweep', { key: 'b', everyMs: 30 });
        await until(() => runs >= 2);
        await queue.close();
        await queue.close();
        const before = runs;
        expect(await queue.add('sweep', { key: 'c' })).toBe(false);
        await queue.schedule('sweep', { key: 'd', everyMs: 10 });
        await pause(100);
        expect(runs).toBe(before);
        await queue.idle();
      });
    });
  });
