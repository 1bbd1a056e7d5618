import { describe, expect, it } from '@jest/globals';
import { PortfolioHandler, PortfolioQuery } from '../../src/application/queries/agencies.js';
import { OverviewHandler, OverviewQuery } from '../../src/application/queries/overview.js';
import { AUDITOR, ledgers } from '../support/ledger.js';
import { assignTo, BASIS, FIRST, found, GROUP, issue, KHCN, LATER_PLAN, PLAN, target } from './world.js';

const open = ledgers();

const counted = { indicators: { 'not-reported': 1 }, tasks: { due: 1 } };

describe('the overview', () => {
  it('counts what has a target of its own, and lets nobody owe what another plan took the place of', async () => {
    const ledger = await open();
    await found(ledger.order);
    await ledger.order.plan(LATER_PLAN, issue(LATER_PLAN));
    await ledger.order.indicator(GROUP, assignTo(GROUP, [KHCN]));
    await ledger.order.indicator(FIRST, target(FIRST, '≥ 80'));
    await ledger.order.plan(PLAN, {
      type: 'SupersedePlan',
      data: {
        planId: PLAN,
        by: LATER_PLAN,
        effectiveOn: '2025-04-01',
        reason: 'thay thế',
        legalBasis: BASIS,
      },
    });
    await ledger.settled();
    const on = async (asOf: string) => {
      const asked = { as: 'assigned', figures: 'all', asOf } as const;
      const { plans, agencies } = await new OverviewHandler(ledger.questions).execute(
        new OverviewQuery(asked, AUDITOR),
      );
      const owed = agencies.map(({ agency, indicators }) => [agency?.id ?? null, indicators]);
      return [plans.find(({ id }) => id === PLAN), Object.fromEntries(owed)] as const;
    };
    const [before, owedBefore] = await on('2025-03-31');
    expect(before).toMatchObject({ ...counted, supersededBy: null });
    expect(owedBefore).toMatchObject({ [KHCN]: { 'not-reported': 1 } });
    const [after, owedAfter] = await on('2025-04-01');
    expect(after).toMatchObject({ ...counted, supersededBy: LATER_PLAN });
    expect(owedAfter).toEqual({});
    const portfolio = async (asOf: string) => {
      const query = new PortfolioQuery(KHCN, { as: 'assigned', asOf }, { limit: 10, cursor: null }, AUDITOR);
      const { items, counts } = await new PortfolioHandler(ledger.questions).execute(query);
      return { held: items.length, counts };
    };
    const { held, counts } = await portfolio('2025-03-31');
    expect(counts).toMatchObject({ 'not-reported': 2 });
    expect(await portfolio('2025-04-01')).toEqual({ held, counts: {} });
  });
});
