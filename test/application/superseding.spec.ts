import { describe, expect, it } from '@jest/globals';
import { ledgers } from '../support/ledger.js';

const open = ledgers();
const DAY = '2025-01-01';

/** Three plans, and how one is superseded by another. */
const superseding = async () => {
  const { order } = await open();
  for (const planId of ['kh-a', 'kh-b', 'kh-c'])
    await order.plan(planId, {
      type: 'IssuePlan',
      data: {
        ...{ planId, title: 'Kế hoạch', number: null, issuer: 'UBND', issuedOn: null, supersedes: null },
        ...{ milestones: ['open'], sections: [], endsOn: null, source: null, assumed: [], effectiveOn: DAY },
      },
    });
  return (planId: string, by: string) =>
    order.plan(planId, {
      type: 'SupersedePlan',
      data: {
        ...{ planId, by, effectiveOn: '2025-06-01', reason: 'thay thế' },
        legalBasis: { number: '2/KH', date: null, clause: null },
      },
    });
};

describe('plans', () => {
  it('do not take the place of one another in turn', async () => {
    const supersede = await superseding();
    await supersede('kh-a', 'kh-b');
    await expect(supersede('kh-b', 'kh-a')).rejects.toMatchObject({ code: 'SupersededInTurn', field: 'by' });
    await supersede('kh-b', 'kh-c');
    await expect(supersede('kh-c', 'kh-a')).rejects.toMatchObject({
      code: 'SupersededInTurn',
      field: 'by',
      message: 'kh-b is superseded by kh-c.',
    });
    await expect(supersede('kh-c', 'kh-x')).rejects.toMatchObject({ code: 'NoSuchPlan' });
    // What was done already is no contradiction of itself.
    expect((await supersede('kh-a', 'kh-b')).eventIds).toEqual([]);
  });

  it('do not do so either when both are asked for at once', async () => {
    const supersede = await superseding();
    const outcomes = await Promise.allSettled([supersede('kh-a', 'kh-b'), supersede('kh-b', 'kh-a')]);
    expect(outcomes).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { code: 'SupersededInTurn' } },
    ]);
  });
});
