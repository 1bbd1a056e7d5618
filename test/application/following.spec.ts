import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { ReorganizationFollower } from '../../src/application/reorganization/follow.js';
import type { EventStore, RecordedEvent } from '../../src/ports/event-store.js';
import type { JobContext, JobQueue } from '../../src/ports/job-queue.js';
import type { TestLedger } from '../support/ledger.js';
import { seenAs } from '../support/seen-as.js';
import { until } from '../support/until.js';
import { apply, decree, leadsOf, merger, regroup, undo } from './decreeing.js';
import { assignTo, FIRST, KHCN, moveTo, provinces, SECOND, TAI_CHINH, TTTT, XAY_DUNG } from './world.js';

const province = provinces();

const small = async (): Promise<TestLedger> => {
  const ledger = await province();
  await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT]));
  return ledger;
};

const MERGER = merger(TTTT, KHCN, '2025-03-01');

/** A follower of a log and a queue that are seen otherwise, what it told of as errors, and the job that it does. */
const following = (ledger: TestLedger, log: Partial<EventStore>, queue: Partial<JobQueue> = {}) => {
  let sweep = async (): Promise<void> => undefined;
  const jobs = seenAs(ledger.jobs, {
    work: (_, handler) => {
      sweep = () => handler({} as JobContext);
    },
    schedule: async () => undefined,
    ...queue,
  });
  const errors: unknown[] = [];
  const events = seenAs(ledger.events, log);
  const follower = new ReorganizationFollower({ ...ledger, events }, ledger.questions, jobs, (error) =>
    errors.push(error),
  );
  return { follower, errors, sweep: () => sweep() };
};

describe('a sweep that a job begins', () => {
  it('does also what is decreed while it runs: the wake-up for that is dropped', async () => {
    const ledger = await small();
    let isDecreed = false;
    const { sweep, errors } = following(ledger, {
      // The sweep has found nothing to do, and looks whether it has written anything.
      async *readAll(...all) {
        if (!isDecreed) {
          isDecreed = true;
          await decree(ledger, MERGER);
          await ledger.order.agency(KHCN, { type: 'AliasAgency', data: { agencyId: KHCN, alias: 'KHCN' } });
        }
        for await (const page of ledger.events.readAll(...all)) for (const event of page) yield [event];
      },
    });
    await sweep();
    expect([isDecreed, errors]).toEqual([true, []]);
    expect(await leadsOf(ledger, FIRST, '2025-03-01')).toEqual([KHCN]);
  });

  it('does also what somebody assigns while it looks whether anything came: that wake-up is dropped, too', async () => {
    const ledger = await small();
    await decree(ledger, MERGER);
    let looked = 0;
    const { sweep, errors } = following(ledger, {
      async *readAll(...all) {
        const last = await ledger.events.head();
        looked += 1;
        for await (const page of ledger.events.readAll(...all))
          for (const event of page) {
            yield [event];
            // The first looks are the sweep's own; the end of this one was fixed before.
            if (looked > 1 && event.position === last)
              await ledger.order.indicator(SECOND, assignTo(SECOND, [TTTT]));
          }
      },
    });
    await sweep();
    expect(errors).toEqual([]);
    expect(await leadsOf(ledger, SECOND, '2025-03-01')).toEqual([KHCN]);
  });

  it('that fails is told of, and tried again by the queue', async () => {
    const away = new Error('away');
    const { sweep, errors } = following(await small(), { head: async () => Promise.reject(away) });
    await expect(sweep()).rejects.toBe(away);
    expect(errors).toEqual([away]);
  });

  it('looks no longer whether anything came once the application stops, though others write on', async () => {
    const ledger = await small();
    await decree(ledger, MERGER);
    let looks = 0;
    const { follower, sweep } = following(ledger, {
      async *readAll(...all) {
        looks += 1;
        if (looks === 20) await follower.onModuleDestroy();
        yield* ledger.events.readAll(...all);
        if (looks < 200)
          await ledger.order.agency(KHCN, {
            type: 'AliasAgency',
            data: { agencyId: KHCN, alias: `K ${looks}` },
          });
      },
    });
    await sweep();
    expect(looks).toBeLessThan(30);
  });

  it('does nothing once the application stops', async () => {
    const ledger = await small();
    const { follower, sweep } = following(ledger, {});
    await decree(ledger, MERGER);
    await follower.onModuleDestroy();
    await sweep();
    expect(await leadsOf(ledger, FIRST, '2025-03-01')).toEqual([TTTT]);
  });
});

describe('a follower of the log', () => {
  it('wakes a sweep for all that somebody decrees or names, and for nothing that follows from it', async () => {
    const ledger = await small();
    await ledger.order.indicator(FIRST, moveTo(FIRST, TTTT, TAI_CHINH, '2025-02-01'));
    await regroup(ledger, [KHCN, TTTT, XAY_DUNG], '2025-02-01');
    await apply(ledger, merger(TAI_CHINH, KHCN, '2025-03-01'));
    await undo(ledger, `${TAI_CHINH}-${KHCN}`, '2025-06-01');
    const log = await ledger.log();
    const [begun] = log;
    let told = null as RecordedEvent | null;
    let isAtItsEnd = false;
    const woken: string[] = [];
    const { follower } = following(
      ledger,
      {
        async *subscribeAll(_, signal) {
          for (const event of log) {
            told = event;
            yield [begun as RecordedEvent, event];
          }
          isAtItsEnd = true;
          await once(signal, 'abort');
        },
      },
      {
        add: async () => {
          woken.push(`${told?.type} by ${told?.metadata.actor.subject}`);
          return true;
        },
      },
    );
    follower.onApplicationBootstrap();
    await until(() => isAtItsEnd);
    await follower.onModuleDestroy();
    expect([...new Set(woken)].sort()).toEqual([
      'AgencyAssigned by lan',
      'AgencyGroupChanged by lan',
      'AgencyGroupDefined by lan',
      'AssignmentTransferred by lan',
      'ReorganizationDecreed by lan',
      'ReorganizationRevoked by lan',
    ]);
  });

  it('misses nothing that is decreed while its first sweep is asked for, and has ended once it is stopped', async () => {
    const ledger = await small();
    const before = await ledger.events.head();
    const from: unknown[] = [];
    let isOver = false;
    const { follower } = following(
      ledger,
      {
        async *subscribeAll(after, signal) {
          from.push(after);
          yield [];
          await once(signal, 'abort');
          await setImmediate();
          isOver = true;
        },
      },
      { schedule: () => decree(ledger, MERGER).then(() => undefined) },
    );
    follower.onApplicationBootstrap();
    await until(() => from.length > 0);
    await follower.onModuleDestroy();
    expect([from, isOver]).toEqual([[before], true]);
  });

  it('begins again with a sweep where it was cut off, after a while in which it can be stopped', async () => {
    const away = new Error('away');
    let scheduled = 0;
    const { follower, errors } = following(
      await small(),
      {
        // biome-ignore lint/correctness/useYield: a server that is away gives nothing
        async *subscribeAll() {
          throw away;
        },
      },
      {
        schedule: async () => {
          scheduled += 1;
        },
      },
    );
    follower.onApplicationBootstrap();
    await until(() => scheduled === 2);
    await until(() => errors.length === 2);
    await follower.onModuleDestroy();
    expect([scheduled, errors]).toEqual([2, [away, away]]);
  });
});
