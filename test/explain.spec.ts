import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Busy } from '../src/application/errors.js';
import { runOrExplain } from '../src/cli/explain.js';
import { OutcomeUnknown, StoreUnavailable } from '../src/ports/event-store.js';
import { JobsUnavailable } from '../src/ports/job-queue.js';
import { LeasesUnavailable } from '../src/ports/leases.js';
import { ReadModelsUnavailable } from '../src/ports/read-models.js';

describe('what a program gives up on', () => {
  const said: string[] = [];
  const { exitCode } = process;

  beforeEach(() => {
    said.length = 0;
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  });
  afterEach(() => {
    jest.restoreAllMocks();
    process.exitCode = exitCode;
  });

  it.each([
    StoreUnavailable,
    OutcomeUnknown,
    ReadModelsUnavailable,
    LeasesUnavailable,
    JobsUnavailable,
    Busy,
  ])('is said in one line where servers are away: %p', async (Away) => {
    await runOrExplain(() => Promise.reject(new Away('the server is away')));
    expect(said).toEqual(['the server is away\n']);
    expect(process.exitCode).toBe(1);
  });

  it('shows where it came from when nobody expected it', async () => {
    await expect(runOrExplain(() => Promise.reject(new Error('a fault')))).rejects.toThrow('a fault');
    expect(said).toEqual([]);
  });
});
