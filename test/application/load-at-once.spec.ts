import { describe, expect, it } from '@jest/globals';
import type { FirstOf } from '../../src/application/commands/first.js';
import type { LoadResult } from '../../src/application/load/load.js';
import { OutcomeUnknown, StoreUnavailable } from '../../src/ports/event-store.js';
import { konTumTables, ledgers, loadTables, type TestLedger } from '../support/ledger.js';
import { seenAs } from '../support/seen-as.js';
import { cutOffAfter, loadInto } from './loading.js';
import { smallTables, withCell } from './tables.js';
import { issue } from './world.js';

const open = ledgers();

describe('two processes that load the same folder at once', () => {
  it('write every fact once between them', async () => {
    const ledger = await open();
    const files = await konTumTables();
    const results = await Promise.all([loadInto(ledger, files), loadInto(ledger, files)]);
    expect(results.flatMap(({ problems }) => problems)).toEqual([]);
    const ids = (await ledger.log()).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect((await loadInto(ledger, files)).plans.every(({ state }) => state === 'unchanged')).toBe(true);
  });

  it('do so too when each is overtaken between reading and writing', async () => {
    const ledger = await open();
    const overtaken = seenAs(ledger.events, {
      async append(stream, [first, ...rest], expected) {
        // The other one has written the first of these already.
        if (first && expected === 'none') await ledger.events.append(stream, [first], 'none');
        return ledger.events.append(stream, first ? [first, ...rest] : rest, expected);
      },
    });
    await loadInto(ledger, smallTables, { events: overtaken });
    const again = await loadInto(ledger, smallTables);
    expect(again.plans.every(({ state }) => state === 'unchanged')).toBe(true);
    const ids = (await ledger.log()).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('a load', () => {
  it('does not begin anew what somebody enters by hand while it is checked', async () => {
    const ledger = await open();
    let isEntered = false;
    const overtaken = seenAs(ledger.events, {
      async append(stream, events, expected) {
        if (stream === 'plan-kh-1' && !isEntered) await ledger.order.plan('kh-1', issue('kh-1'));
        isEntered ||= stream === 'plan-kh-1';
        return ledger.events.append(stream, events, expected);
      },
    });
    await expect(loadInto(ledger, smallTables, { events: overtaken })).rejects.toMatchObject({
      ...{ name: 'Rejected', code: 'ChangedMeanwhile' },
      message: 'plan-kh-1 was entered by hand meanwhile.',
    });
    const issued = (await ledger.log()).filter(({ type }) => type === 'PlanIssued');
    expect(issued.map(({ metadata }) => metadata.actor.subject)).toEqual(['lan']);
  });
});

describe('two loads of the same plan from different tables', () => {
  const others = withCell(smallTables, 'kh-1/targets.csv', 2, 'notation', '≥ 75');

  it('are not both told to be loaded', async () => {
    const ledger = await open();
    const outcomes = await Promise.allSettled([loadInto(ledger, smallTables), loadInto(ledger, others)]);
    expect(outcomes).toMatchObject([
      { status: 'fulfilled', value: { plans: [{ state: 'loaded' }, { state: 'loaded' }] } },
      { status: 'rejected', reason: { name: 'Rejected', code: 'ChangedMeanwhile' } },
    ]);
    expect(outcomes[1]).toHaveProperty(
      'reason.message',
      'indicator-kh-1/1.1 was loaded from other tables meanwhile.',
    );
    const notations = (await ledger.log()).flatMap(
      ({ data }) => (data as { notation?: string }).notation ?? [],
    );
    expect([notations.includes('≥ 80'), notations.includes('≥ 75')]).toEqual([true, false]);
  });
});

describe('a load with a key', () => {
  const keyed = { repeatable: { commandId: 'c0c0c0c0-0000-4000-8000-00000000000a', fingerprint: 'f' } };
  /** A ledger that holds the registry of the folder, of a load that was cut off. */
  const withRegistry = async (over: typeof keyed | object): Promise<TestLedger> => {
    const ledger = await open();
    const events = cutOffAfter(3, ledger.events);
    await expect(loadInto(ledger, smallTables, { ...over, events })).rejects.toThrow('cut off');
    return ledger;
  };

  it('is answered again as the first time, also where its first event is one of a plan', async () => {
    const ledger = await withRegistry({});
    const before = (await ledger.log()).length;
    const first = await loadInto(ledger, smallTables, keyed);
    const log = await ledger.log();
    expect(log[before]?.type).toBe('PlanIssued');
    expect(first.plans.reduce((sum, { events }) => sum + events, 0)).toBe(log.length - before);
    expect(await loadInto(ledger, smallTables, keyed)).toEqual(first);
    expect(await ledger.log()).toEqual(log);
  });

  it('is answered as the first one, though that writes while the repeat is checked', async () => {
    const ledger = await open();
    const written: LoadResult[] = [];
    const firstOf: FirstOf = async (commandId) => {
      const found = await ledger.firstOf(commandId);
      if (written.length === 0) written.push(await loadInto(ledger, smallTables, keyed));
      return found;
    };
    expect([await loadTables({ ...ledger, firstOf }, smallTables, keyed)]).toEqual(written);
    expect(written[0]?.plans).toMatchObject([{ state: 'loaded' }, { state: 'loaded' }]);
  });

  it('counts what it wrote itself, though another load of the same tables overtakes it', async () => {
    const ledger = await open();
    let left = 5;
    const overtaken = seenAs(ledger.events, {
      async append(stream, events, expected) {
        left -= 1;
        if (left === 0) await loadInto(ledger, smallTables);
        return ledger.events.append(stream, events, expected);
      },
    });
    const first = await loadInto(ledger, smallTables, { ...keyed, events: overtaken });
    const own = (await ledger.log()).filter(({ metadata }) => metadata.fingerprint !== null);
    const ofPlans = own.filter(({ metadata }) => metadata.planId !== null);
    expect(first.plans.map(({ events }) => events)).toEqual([ofPlans.length, 0]);
    expect(await loadInto(ledger, smallTables, keyed)).toEqual(first);
  });

  it('that is cut off never says that nothing was written', async () => {
    const ledger = await open();
    const cutOff = (appends: number) =>
      loadInto(ledger, smallTables, { ...keyed, events: cutOffAfter(appends, ledger.events) });
    await expect(cutOff(0)).rejects.toThrow(StoreUnavailable);
    await expect(cutOff(1)).rejects.toThrow(OutcomeUnknown);
    await expect(cutOff(0)).rejects.toThrow(OutcomeUnknown);
  });

  it('that was cut off writes nothing more into what was changed by hand since', async () => {
    const ledger = await withRegistry(keyed);
    await ledger.order.plan('kh-1', issue('kh-1'));
    const log = await ledger.log();
    await expect(loadInto(ledger, smallTables, keyed)).rejects.toMatchObject({
      ...{ name: 'Rejected', code: 'ChangedMeanwhile' },
      message: 'plan-kh-1 was changed since this load was cut off.',
    });
    expect(await ledger.log()).toEqual(log);
  });
});
