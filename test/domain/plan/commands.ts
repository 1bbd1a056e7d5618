import type {
  AmendPlan,
  ClosePlan,
  IssuePlan,
  OpenPlan,
  PlanCommand,
  SupersedePlan,
} from '../../../src/domain/plan/commands.js';
import type { PlanEvent } from '../../../src/domain/plan/events.js';
import { knowing, PLAN, WHY } from '../../support/decider.js';

/** Short ways to ask something of one plan; each command is in order unless it is said otherwise. */
const given = knowing({ plan: null, agencies: {} });
export const FROM = '2025-05-08';

export const details = {
  title: 'Kế hoạch thực hiện Nghị quyết số 57-NQ/TW',
  milestones: ['2030', '2045'],
  sections: [
    { code: 'I', title: 'Đến năm 2030' },
    { code: 'II', title: 'Tầm nhìn 2045' },
  ],
  endsOn: null,
};

export const issue = (over: Partial<IssuePlan['data']> = {}): IssuePlan => ({
  type: 'IssuePlan',
  data: {
    planId: PLAN,
    ...details,
    number: '1570/KH-UBND',
    issuer: 'Ủy ban nhân dân tỉnh Kon Tum',
    issuedOn: FROM,
    supersedes: null,
    source: { file: 'kh-1570-2025-phu-luc-1.txt', table: 'Phụ lục I', row: '1' },
    assumed: [{ field: 'effectiveOn', reason: 'the day of issue' }],
    effectiveOn: FROM,
    ...over,
  },
  given,
});

export const open = (effectiveOn = '2025-05-20'): OpenPlan => ({
  type: 'OpenPlan',
  data: { planId: PLAN, effectiveOn },
  given,
});

export const amend = (over: Partial<AmendPlan['data']> = {}): AmendPlan => ({
  type: 'AmendPlan',
  data: { planId: PLAN, effectiveOn: '2026-01-01', ...WHY, ...over },
  given,
});

export const supersede = (over: Partial<SupersedePlan['data']> = {}): SupersedePlan => ({
  type: 'SupersedePlan',
  data: { planId: PLAN, by: 'kh-88-2027', effectiveOn: '2027-01-01', ...WHY, ...over },
  given,
});

export const close = (over: Partial<ClosePlan['data']> = {}): ClosePlan => ({
  type: 'ClosePlan',
  data: { planId: PLAN, effectiveOn: '2028-01-01', ...WHY, ...over },
  given,
});

/** For every event of a plan, commands that lead to it, the last of them yielding it. */
export const PLAN_STORIES: Readonly<Record<PlanEvent['type'], readonly PlanCommand[]>> = {
  PlanIssued: [issue()],
  PlanOpened: [issue(), open()],
  PlanAmended: [issue(), amend({ endsOn: '2045-12-31' })],
  PlanSuperseded: [issue(), supersede()],
  PlanClosed: [issue(), close()],
};
