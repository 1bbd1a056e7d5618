import type { AgencyEvent } from '../../src/domain/agency/events.js';
import type { AssignmentRole, IndicatorEvent } from '../../src/domain/indicator/events.js';
import type { PlanEvent } from '../../src/domain/plan/events.js';
import { readTarget } from '../../src/domain/target/read.js';
import type { TaskEvent } from '../../src/domain/task/events.js';
import { BASIS, figure, PLAN, PLAN_FROM } from '../application/world.js';

/** Short ways to say what was recorded, of indicators by their code. */
const id = (code: string): string => `${PLAN}/${code}`;
const why = { reason: 'theo quyết định', legalBasis: BASIS };

export const issued: PlanEvent = {
  type: 'PlanIssued',
  data: {
    ...{ planId: PLAN, title: 'Kế hoạch', milestones: ['2025', '2030'], sections: [], endsOn: null },
    ...{ number: '1/KH-UBND', issuer: 'UBND tỉnh', issuedOn: PLAN_FROM, supersedes: null, source: null },
    ...{ assumed: [], effectiveOn: PLAN_FROM },
  },
};
export const planOpened: PlanEvent = { type: 'PlanOpened', data: { planId: PLAN, effectiveOn: PLAN_FROM } };

export const adopted = (
  code: string,
  parent: string | null = null,
  effectiveOn = PLAN_FROM,
): IndicatorEvent => ({
  type: 'IndicatorAdopted',
  data: {
    ...{ indicatorId: id(code), planId: PLAN, code, parent: parent && id(parent), section: null, order: 1 },
    ...{ deadline: null, source: null, assumed: [], title: `Chỉ tiêu ${code}`, unit: '%' },
    ...{ direction: 'higher-is-better', guidance: null, formula: null, effectiveOn },
  },
});

export const targetSet = (
  code: string,
  notation: string,
  effectiveOn = PLAN_FROM,
  milestone = '2025',
): IndicatorEvent => ({
  type: 'TargetSet',
  data: {
    ...{ indicatorId: id(code), milestone, notation, effectiveOn },
    criterion: readTarget(notation, { unit: '%', direction: 'higher-is-better' }),
  },
});

export const targetRevised = (code: string, notation: string, effectiveOn: string): IndicatorEvent => ({
  type: 'TargetRevised',
  data: {
    ...(targetSet(code, notation, effectiveOn) as Extract<IndicatorEvent, { type: 'TargetSet' }>).data,
    ...why,
  },
});

export const targetWithdrawn = (code: string, effectiveOn: string): IndicatorEvent => ({
  type: 'TargetWithdrawn',
  data: { indicatorId: id(code), milestone: '2025', effectiveOn, ...why },
});

export const dropped = (code: string, effectiveOn: string): IndicatorEvent => ({
  type: 'IndicatorDropped',
  data: { indicatorId: id(code), effectiveOn, ...why },
});

export const assigned = (
  code: string,
  agencies: readonly string[],
  {
    effectiveOn = PLAN_FROM,
    role = 'lead' as AssignmentRole,
    kind = 'indicator' as 'indicator' | 'task',
  } = {},
): IndicatorEvent => ({
  type: 'AgencyAssigned',
  data: {
    ...{ subject: { kind, id: id(code) }, role, agencies, notation: null, effectiveOn },
    moves: agencies.map((to) => ({ from: null, to })),
  },
});

export const released = (
  code: string,
  from: string,
  left: readonly string[],
  effectiveOn: string,
  role: AssignmentRole = 'lead',
): IndicatorEvent => ({
  type: 'AgencyReleased',
  data: {
    ...{ subject: { kind: 'indicator', id: id(code) }, role, agencies: left, notation: null },
    ...{ moves: [{ from, to: null }], effectiveOn, ...why },
  },
});

export const transferred = (
  code: string,
  from: string,
  to: string,
  agencies: readonly string[],
  effectiveOn: string,
): IndicatorEvent => ({
  type: 'AssignmentTransferred',
  data: {
    ...{ subject: { kind: 'indicator', id: id(code) }, role: 'lead', agencies, notation: null, effectiveOn },
    ...{ moves: [{ from, to }], reorganizationId: 'qd-12', allocation: 'default', ...why },
  },
});

export const idOfFigure = (code: string, period: string): string => `${id(code)}@${period}#1`;

export const reported = (
  code: string,
  period: string,
  said: Parameters<typeof figure>[0],
  agencyId: string | null = null,
): IndicatorEvent => ({
  type: 'MeasurementReported',
  data: {
    ...{
      indicatorId: id(code),
      measurementId: idOfFigure(code, period),
      period,
      agencyId,
      reportedBy: 'lan',
    },
    ...figure(said),
    warnings: [],
  },
});

export const accepted = (code: string, period: string): IndicatorEvent => ({
  type: 'MeasurementAccepted',
  data: { indicatorId: id(code), measurementId: idOfFigure(code, period), note: 'đã đối chiếu' },
});

export const returned = (code: string, period: string): IndicatorEvent => ({
  type: 'MeasurementReturned',
  data: { indicatorId: id(code), measurementId: idOfFigure(code, period), ...why },
});

export const retracted = (code: string, period: string): IndicatorEvent => ({
  type: 'MeasurementRetracted',
  data: { indicatorId: id(code), measurementId: idOfFigure(code, period), ...why },
});

export const corrected = (
  code: string,
  period: string,
  said: Parameters<typeof figure>[0],
): IndicatorEvent => ({
  type: 'MeasurementCorrected',
  data: {
    ...{ indicatorId: id(code), measurementId: idOfFigure(code, period), ...figure(said), ...why },
    ...{ correctedBy: 'hoa', warnings: [] },
  },
});

export const given: TaskEvent = {
  type: 'TaskGiven',
  data: {
    ...{ taskId: id('t/1'), planId: PLAN, code: 't/1', section: null, order: 1, title: 'Nhiệm vụ' },
    deadline: { notation: '30/6/2025', kind: 'date', dueOn: '2025-06-30', condition: null },
    ...{ expectedResult: null, source: null, assumed: [], effectiveOn: PLAN_FROM },
  },
};
export const completed: TaskEvent = {
  type: 'TaskCompleted',
  data: { taskId: id('t/1'), effectiveOn: '2025-05-01', year: null, result: 'Đã ban hành', evidence: null },
};

export const established = (agencyId: string): AgencyEvent => ({
  type: 'AgencyEstablished',
  data: { agencyId, name: agencyId, shortName: null, level: 'province', establishedOn: null },
});

export const grouped = (
  agencyId: string,
  members: readonly string[],
  effectiveOn = PLAN_FROM,
): AgencyEvent => ({
  type: 'AgencyGroupDefined',
  data: { agencyId, name: agencyId, shortName: null, level: 'province', members, effectiveOn },
});

export const regrouped = (
  agencyId: string,
  members: readonly string[],
  effectiveOn: string,
): AgencyEvent => ({
  type: 'AgencyGroupChanged',
  data: { agencyId, members, effectiveOn, ...why },
});
