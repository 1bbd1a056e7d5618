import { describe, expect, it } from '@jest/globals';
import { Reorganizer } from '../../src/application/reorganization/reorganizer.js';
import { type EventStore, RevisionConflict } from '../../src/ports/event-store.js';
import type { TestLedger } from '../support/ledger.js';
import { seenAs } from '../support/seen-as.js';
import { all, decree, leadsOf, merger, sweep } from './decreeing.js';
import {
  assignTo,
  COLLECTIVE,
  FIRST,
  KHCN,
  moveTo,
  PLAN,
  provinces,
  SECOND,
  TAI_CHINH,
  TTTT,
  XAY_DUNG,
} from './world.js';

const province = provinces();

const MERGER = merger(TTTT, KHCN, '2025-03-01');
const HANDOVER = merger(TTTT, KHCN, '2025-03-01', {
  ...{ kind: 'transfer', predecessors: [TTTT], successors: [KHCN] },
});

const small = async (): Promise<TestLedger> => {
  const ledger = await province();
  await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT]));
  return ledger;
};

/** Sweeps with a store that appends to the first indicator in another way. */
const sweepWith = (ledger: TestLedger, append: EventStore['append']) => {
  const events = seenAs(ledger.events, {
    append: (stream, ...rest) =>
      (stream === `indicator-${FIRST}` ? append : ledger.events.append.bind(ledger.events))(stream, ...rest),
  });
  return new Reorganizer({ ...ledger, events }, ledger.questions).sweep();
};

describe('a decree that is carried out while others write', () => {
  it.each([
    ['leaves in place who joins', MERGER, [assignTo(FIRST, [TAI_CHINH])], [KHCN, TAI_CHINH]],
    [
      'leaves to its predecessor, which lives on, what is given back to it',
      HANDOVER,
      [moveTo(FIRST, TTTT, XAY_DUNG, '2025-03-01'), moveTo(FIRST, XAY_DUNG, TTTT, '2025-03-01')],
      [TTTT],
    ],
  ])('%s', async (_, data, orders, leads) => {
    const ledger = await small();
    await decree(ledger, data);
    const meanwhile = [...orders];
    await sweepWith(ledger, async (...all) => {
      for (const order of meanwhile.splice(0)) await ledger.order.indicator(FIRST, order);
      return ledger.events.append(...all);
    });
    expect(await leadsOf(ledger, FIRST, '2025-03-01')).toEqual(leads);
  });

  it.each([
    ['ten times where they always come first', new RevisionConflict('x', 0, 1), 10],
    ['once where the store cannot', new Error('the disk is full'), 1],
  ])('appends %s', async (_, failure, times) => {
    const ledger = await small();
    await decree(ledger, MERGER);
    let tried = 0;
    const sweeping = sweepWith(ledger, async () => {
      tried += 1;
      throw failure;
    });
    await expect(sweeping).rejects.toBe(failure);
    expect(tried).toBe(times);
  });

  it('says of each event who caused it, in which plan, and no earlier instant than its stream ends with', async () => {
    const ledger = await small();
    await ledger.order.indicator(SECOND, assignTo(SECOND, [TTTT]));
    const [earlier, later] = ['2025-06-01T02:00:00.000Z', '2025-06-02T02:00:00.000Z'];
    ledger.clock.set(later);
    await ledger.order.indicator(SECOND, assignTo(SECOND, [KHCN], { role: 'coordinating' }));
    const [predecessors, reorganizationId] = [[TTTT, TAI_CHINH, KHCN], 'mot'];
    const allocations = [all(TTTT, KHCN), all(TAI_CHINH, KHCN)];
    await decree(ledger, { ...MERGER, reorganizationId, predecessors, allocations });
    ledger.clock.set(earlier);
    await sweep(ledger);
    const log = await ledger.log();
    const event = log.find(({ type }) => type === 'ReorganizationDecreed');
    const caused = log.filter(({ metadata }) => metadata.causationId !== null);
    expect(caused.every(({ metadata }) => metadata.causationId === event?.id)).toBe(true);
    const { correlationId } = event?.metadata ?? {};
    for (const { metadata } of caused)
      expect(metadata).toMatchObject({ correlationId, commandId: event?.id });
    const told = caused.map(({ stream, metadata: { planId, recordedAt } }) => [stream, [planId, recordedAt]]);
    expect(Object.fromEntries(told)).toEqual({
      [`indicator-${FIRST}`]: [PLAN, earlier],
      [`indicator-${SECOND}`]: [PLAN, later],
      [`agency-${TTTT}`]: [null, earlier],
      [`agency-${TAI_CHINH}`]: [null, earlier],
      [`agency-${COLLECTIVE}`]: [null, earlier],
      'reorganization-mot': [null, later],
    });
    expect(new Set(log.map(({ id }) => id)).size).toBe(log.length);
  });
});
