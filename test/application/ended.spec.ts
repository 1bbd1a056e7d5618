import { describe, expect, it } from '@jest/globals';
import {
  PlanStatusHandler,
  PlanStatusQuery,
  type Reading,
} from '../../src/application/queries/plan-status.js';
import { TasksHandler, TasksQuery } from '../../src/application/queries/tasks.js';
import { AUDITOR, ledgers, type TestLedger } from '../support/ledger.js';
import { all, decree, merger, sweep } from './decreeing.js';
import {
  assignTo,
  BASIS,
  FIRST,
  found,
  GROUP,
  KHCN,
  PLAN,
  SECOND,
  TAI_CHINH,
  TASK,
  TTTT,
  XAY_DUNG,
} from './world.js';

const open = ledgers();
const paging = { limit: 500, cursor: null };
const why = { reason: 'thôi', legalBasis: BASIS };

const leads = async ({ questions, settled }: TestLedger, asOf: string, as: Reading) => {
  await settled();
  const asked = { asOf, as, descending: false } as const;
  const status = await new PlanStatusHandler(questions).execute(
    new PlanStatusQuery(PLAN, { ...asked, figures: 'all', sort: 'order' }, paging, AUDITOR),
  );
  const tasks = await new TasksHandler(questions).execute(
    new TasksQuery(PLAN, { ...asked, sort: 'order' }, paging),
  );
  return Object.fromEntries([
    ...status.items.map(({ id, lead }) => [id, lead.agencies.map((agency) => agency.id)]),
    ...tasks.items.map(({ id, lead }) => [id, lead.map((agency) => agency.id)]),
  ]) as Readonly<Record<string, readonly string[]>>;
};

const setUp = async (): Promise<TestLedger> => {
  const ledger = await open();
  await found(ledger.order);
  ledger.clock.set('2026-06-01');
  return ledger;
};

const close = ({ order }: TestLedger, effectiveOn: string) =>
  order.plan(PLAN, { type: 'ClosePlan', data: { planId: PLAN, effectiveOn, ...why } });

const drop = async ({ order }: TestLedger, effectiveOn: string) => {
  await order.indicator(FIRST, { type: 'DropIndicator', data: { indicatorId: FIRST, effectiveOn, ...why } });
  await order.task(TASK, { type: 'DropTask', data: { taskId: TASK, effectiveOn, ...why } });
};

describe('what ended before a decree took effect', () => {
  it.each([
    ['dropped', drop],
    ['of a closed plan', close],
  ])('keeps its last holder, whichever was recorded first: what is %s', async (_, end) => {
    const found: unknown[] = [];
    for (const first of ['decree', 'end'] as const) {
      const ledger = await setUp();
      await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT]));
      await ledger.order.task(TASK, {
        type: 'AssignTask',
        data: { taskId: TASK, role: 'lead', agencies: [TTTT], notation: null, effectiveOn: '2025-02-01' },
      });
      if (first === 'end') await end(ledger, '2025-09-01');
      await decree(ledger, merger(TTTT, KHCN, '2025-10-01'));
      await sweep(ledger);
      if (first === 'decree') await end(ledger, '2025-09-01');
      const assigned = await leads(ledger, '2026-01-01', 'assigned');
      const inherited = await leads(ledger, '2026-01-01', 'inherited');
      found.push([FIRST, TASK].map((id) => [assigned[id], inherited[id]]));
    }
    expect(found).toEqual(Array(2).fill(Array(2).fill([[TTTT], [KHCN]])));
  });

  it('is inherited by the place of the row whose lead it takes', async () => {
    const ledger = await setUp();
    await ledger.order.indicator(GROUP, assignTo(GROUP, [TTTT]));
    await ledger.order.indicator(SECOND, assignTo(SECOND, [TTTT]));
    await close(ledger, '2025-02-01');
    const scope = { kind: 'indicator', id: GROUP } as const;
    const exception = { predecessor: TTTT, successor: XAY_DUNG, role: null, scope };
    await decree(
      ledger,
      merger(TTTT, TAI_CHINH, '2025-03-01', {
        ...{ kind: 'split', predecessors: [TTTT], successors: [TAI_CHINH, XAY_DUNG] },
        allocations: [all(TTTT, TAI_CHINH), exception],
      }),
    );
    await sweep(ledger);
    expect(await leads(ledger, '2026-01-01', 'inherited')).toMatchObject({
      [GROUP]: [XAY_DUNG],
      [FIRST]: [XAY_DUNG],
      [SECOND]: [TAI_CHINH],
    });
  });
  it('is inherited through one that had ended when what it was to take over came to be carried out', async () => {
    const ledger = await setUp();
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT]));
    await close(ledger, '2025-02-01');
    await decree(ledger, merger(TTTT, KHCN, '2025-04-01'));
    await decree(ledger, merger(KHCN, TAI_CHINH, '2025-03-01'));
    await sweep(ledger);
    expect((await leads(ledger, '2026-01-01', 'inherited'))[FIRST]).toEqual([TAI_CHINH]);
  });
});
