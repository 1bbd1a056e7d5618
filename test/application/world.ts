import type { Ordered } from '../../src/application/commands/orders.js';
import type { AgencyCommand } from '../../src/domain/agency/commands.js';
import type { IndicatorCommand } from '../../src/domain/indicator/commands.js';
import type { Figure } from '../../src/domain/indicator/events.js';
import type { LegalBasis } from '../../src/domain/message.js';
import type { PlanCommand } from '../../src/domain/plan/commands.js';
import { ledgers, type Orders, type TestLedger } from '../support/ledger.js';

/** A small province: one plan with a group of two indicators, one that stands alone, and a task. */
export const PLAN = 'kh-1-2025';
/** Where it exists, another one that can take the place of the plan. */
export const LATER_PLAN = 'kh-2-2025';
export const PLAN_FROM = '2025-01-01';
export const GROUP = `${PLAN}/1`;
export const FIRST = `${PLAN}/1.1`;
export const SECOND = `${PLAN}/1.2`;
export const ALONE = `${PLAN}/2`;
export const TASK = `${PLAN}/t/1`;
export const AGENCIES = ['so-khcn', 'so-tttt', 'so-tai-chinh', 'so-xay-dung'] as const;
export const [KHCN, TTTT, TAI_CHINH, XAY_DUNG] = AGENCIES;
export const COLLECTIVE = 'cac-so';

export const BASIS: LegalBasis = { number: '12/QĐ-UBND', date: '2025-02-20', clause: 'Điều 1' };

export const figure = (said: string | Partial<Figure>): Figure => ({
  ...{ value: null, met: null, components: null, qualifier: null, source: null, evidence: null, note: null },
  ...(typeof said === 'string' ? { value: said } : said),
});

export const adopt = (
  code: string,
  over: { parent?: string | null; order?: number; effectiveOn?: string; direction?: 'lower-is-better' } = {},
): Ordered<IndicatorCommand> => ({
  type: 'AdoptIndicator',
  data: {
    ...{ indicatorId: `${PLAN}/${code}`, code, title: `Chỉ tiêu ${code}`, unit: '%', section: 'I' },
    ...{ direction: 'higher-is-better', guidance: null, formula: null, deadline: null, source: null },
    ...{ assumed: [], parent: null, order: 9, effectiveOn: PLAN_FROM },
    ...over,
  },
});

export const target = (
  indicatorId: string,
  notation: string,
  { milestone = '2025', effectiveOn = PLAN_FROM } = {},
): Ordered<IndicatorCommand> => ({
  type: 'SetTarget',
  data: { indicatorId, milestone, notation, effectiveOn, reason: 'theo quyết định', legalBasis: BASIS },
});

export const assignTo = (
  indicatorId: string,
  agencies: readonly string[],
  { role = 'lead' as 'lead' | 'coordinating', effectiveOn = PLAN_FROM } = {},
): Ordered<IndicatorCommand> => ({
  type: 'AssignIndicator',
  data: { indicatorId, role, agencies, notation: null, effectiveOn },
});

export const moveTo = (
  indicatorId: string,
  from: string,
  to: string,
  effectiveOn: string,
): Ordered<IndicatorCommand> => ({
  type: 'TransferIndicator',
  data: {
    ...{ indicatorId, role: 'lead', moves: [{ from, to }], effectiveOn, reason: 'sắp xếp bộ máy' },
    ...{ legalBasis: BASIS, reorganizationId: null, allocation: null },
  },
});

export const report = (
  indicatorId: string,
  period: string,
  said: string | Partial<Figure>,
  agencyId: string | null = null,
): Ordered<IndicatorCommand> => ({
  type: 'ReportMeasurement',
  data: { indicatorId, period, agencyId, ...figure(said) },
});

export const correct = (
  indicatorId: string,
  measurementId: string,
  said: string | Partial<Figure>,
): Ordered<IndicatorCommand> => ({
  type: 'CorrectMeasurement',
  data: { indicatorId, measurementId, ...figure(said), reason: 'nhập nhầm', legalBasis: null },
});

export const retract = (indicatorId: string, measurementId: string): Ordered<IndicatorCommand> => ({
  type: 'RetractMeasurement',
  data: { indicatorId, measurementId, reason: 'sai nguồn', legalBasis: null },
});

export const establish = (agencyId: string): Ordered<AgencyCommand> => ({
  type: 'EstablishAgency',
  data: { agencyId, name: agencyId, shortName: null, level: 'province', establishedOn: null },
});

export const issue = (planId: string): Ordered<PlanCommand> => ({
  type: 'IssuePlan',
  data: {
    ...{ planId, title: 'Kế hoạch', milestones: ['2025', '2030', 'yearly', 'open'], endsOn: null },
    ...{ sections: [{ code: 'I', title: 'Đến năm 2030' }], number: '1/KH-UBND', issuer: 'UBND tỉnh' },
    ...{ issuedOn: PLAN_FROM, supersedes: null, source: null, assumed: [], effectiveOn: PLAN_FROM },
  },
});

/** Founds the small province. */
export const found = async (order: Orders): Promise<void> => {
  for (const id of AGENCIES) await order.agency(id, establish(id));
  await order.agency(COLLECTIVE, {
    type: 'DefineAgencyGroup',
    data: {
      ...{ agencyId: COLLECTIVE, name: 'Các sở', shortName: null, level: 'province' },
      ...{ members: [KHCN, TTTT], effectiveOn: PLAN_FROM },
    },
  });
  await order.plan(PLAN, issue(PLAN));
  await order.indicator(GROUP, adopt('1', { order: 1 }));
  await order.indicator(FIRST, adopt('1.1', { parent: GROUP, order: 2 }));
  await order.indicator(SECOND, adopt('1.2', { parent: GROUP, order: 3 }));
  await order.indicator(ALONE, adopt('2', { order: 4 }));
  await order.task(TASK, {
    type: 'GiveTask',
    data: {
      ...{ taskId: TASK, code: 't/1', section: 'I', order: 1, title: 'Nhiệm vụ', expectedResult: null },
      deadline: { notation: '30/6/2025', kind: 'date', dueOn: '2025-06-30', condition: null },
      ...{ source: null, assumed: [], effectiveOn: PLAN_FROM },
    },
  });
  await order.plan(PLAN, { type: 'OpenPlan', data: { planId: PLAN, effectiveOn: PLAN_FROM } });
};

/** Opens ledgers with the small province in each of them; to be called at the top of a test file. */
export const provinces = () => {
  const open = ledgers();
  return async (): Promise<TestLedger> => {
    const ledger = await open();
    await found(ledger.order);
    return ledger;
  };
};
