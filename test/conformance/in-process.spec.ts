import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { InProcessJobQueue, MAX_ENDED_JOBS } from '../../src/adapters/in-process/job-queue.js';
import { MAX_BACKOFF_MS, MAX_WAITING_JOBS } from '../../src/ports/job-queue.js';
import { describeJobQueue } from './job-queue.contract.js';

describeJobQueue('in-process', async () => new InProcessJobQueue());

describe('in-process: job queue', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('doubles the wait before each further attempt, up to its maximum', async () => {
    const queue = new InProcessJobQueue();
    const at: number[] = [];
    queue.work('sweep', async () => {
      at.push(Date.now());
      throw new Error('never');
    });
    await queue.add('sweep', { key: 'a', attempts: 8, backoffMs: MAX_BACKOFF_MS / 16 });
    await jest.runAllTimersAsync();
    await queue.idle();
    const waits = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    expect(waits).toEqual([1, 2, 4, 8, 16, 16, 16].map((share) => (share * MAX_BACKOFF_MS) / 16));
  });

  it('repeats exactly as often as it was told to', async () => {
    const queue = new InProcessJobQueue();
    let runs = 0;
    queue.work('sweep', async () => {
      runs++;
    });
    await queue.schedule('sweep', { key: 'a', everyMs: 1_000 });
    await jest.advanceTimersByTimeAsync(10_000);
    expect(runs).toBe(11);
    await queue.close();
  });

  it('remembers a bounded number of jobs that ended', async () => {
    const queue = new InProcessJobQueue();
    queue.work('sweep', async () => undefined);
    for (let number = 0; number <= MAX_ENDED_JOBS; number++) {
      await queue.add('sweep', { key: `${number}` });
    }
    await queue.idle();
    expect(await queue.status('sweep', '0')).toBeUndefined();
    expect(await queue.status('sweep', '1')).toMatchObject({ state: 'done' });
  });

  it('takes a bounded number of jobs of one name', async () => {
    const queue = new InProcessJobQueue();
    for (let number = 0; number < MAX_WAITING_JOBS; number++) {
      await queue.add('sweep', { key: `${number}` });
    }
    await expect(queue.add('sweep', { key: 'over' })).rejects.toThrow('too many');
    queue.work('sweep', async () => undefined);
    await queue.idle();
    expect(await queue.add('sweep', { key: 'over' })).toBe(true);
  });

  it('leaves no timer behind when it closes', async () => {
    const queue = new InProcessJobQueue();
    queue.work('sweep', async () => {
      throw new Error('never');
    });
    await queue.add('sweep', { key: 'a', attempts: 2, backoffMs: 1_000 });
    await queue.schedule('sweep', { key: 'b', everyMs: 1_000 });
    await jest.advanceTimersByTimeAsync(10);
    expect(jest.getTimerCount()).toBe(2);
    await queue.close();
    expect(jest.getTimerCount()).toBe(0);
  });
});
