import { describe, expect, it } from '@jest/globals';
import { ReorganizationFollower } from '../../src/application/reorganization/follow.js';
import type { JobContext } from '../../src/ports/job-queue.js';
import { ledgers } from '../support/ledger.js';
import { seenAs } from '../support/seen-as.js';
import { decree, leadsOf, merger } from './decreeing.js';
import { assignTo, FIRST, found, KHCN, TTTT } from './world.js';

const open = ledgers();

describe('a sweep that a job begins', () => {
  it('does also what is decreed while it runs: the wake-up for that is dropped', async () => {
    const ledger = await open();
    await found(ledger.order);
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT]));
    let isDecreed = false;
    const events = seenAs(ledger.events, {
      // The sweep has found nothing to do, and looks whether it has written anything.
      async *readAll(...all) {
        if (!isDecreed) {
          isDecreed = true;
          await decree(ledger, merger(TTTT, KHCN, '2025-03-01'));
        }
        yield* ledger.events.readAll(...all);
      },
    });
    let sweep = async (): Promise<void> => undefined;
    const jobs = seenAs(ledger.jobs, {
      work: (_, handler) => {
        sweep = () => handler({} as JobContext);
      },
    });
    const errors: unknown[] = [];
    new ReorganizationFollower({ ...ledger, events }, ledger.questions, jobs, (error) => errors.push(error));
    await sweep();
    expect([isDecreed, errors]).toEqual([true, []]);
    expect(await leadsOf(ledger, FIRST, '2025-03-01')).toEqual([KHCN]);
  });
});
