import { type Decider, Rejected } from '../decider.js';
import { onLegalBasis, same, withReason } from '../given.js';
import { valueAt } from '../timeline.js';
import type { PlanCommand } from './commands.js';
import type { PlanDetails, PlanEvent } from './events.js';
import { evolve, type Plan } from './plan.js';

/** Decides what happens to one plan. Its stream is `plan-<planId>`. */
export const planDecider: Decider<PlanCommand, Plan | null, PlanEvent> = {
  initial: null,
  evolve,
  decide: (command, state) => (command.type === 'IssuePlan' ? issue(command, state) : change(command, state)),
};

type Of<Type extends PlanCommand['type']> = Extract<PlanCommand, { type: Type }>;

const MILESTONE = /^((?!0000)\d{4}|yearly|open)$/;

const issue = ({ data }: Of<'IssuePlan'>, state: Plan | null): PlanEvent[] => {
  consistent(data, data.effectiveOn);
  const event: PlanEvent = { type: 'PlanIssued', data };
  if (state === null) return [event];
  const asIssued = {
    ...state,
    details: state.details.slice(0, 1),
    opened: false,
    superseded: null,
    closed: null,
  };
  if (same(evolve(null, event), asIssued)) return [];
  throw new Rejected('PlanExists', 'A plan with this id exists already.', 'planId');
};

/** Milestones are years, `yearly` or `open`; no milestone and no section stands twice; a plan ends on the day from which it holds, or later. */
const consistent = ({ milestones, sections, endsOn }: PlanDetails, from: string): void => {
  if (endsOn !== null && endsOn < from)
    throw new Rejected('EndsBeforeItHolds', `The plan holds from ${from}: it cannot end before.`, 'endsOn');
  const unread = milestones.find((milestone) => !MILESTONE.test(milestone));
  if (unread !== undefined)
    throw new Rejected(
      'MilestoneUnclear',
      `A milestone is a year, "yearly" or "open", not "${unread}".`,
      'milestones',
    );
  if (new Set(milestones).size !== milestones.length)
    throw new Rejected('MilestoneTwice', 'A milestone stands twice.', 'milestones');
  if (new Set(sections.map(({ code }) => code)).size !== sections.length)
    throw new Rejected('SectionTwice', 'A section code stands twice.', 'sections');
};

const change = (command: Exclude<PlanCommand, Of<'IssuePlan'>>, state: Plan | null): PlanEvent[] => {
  if (state === null) throw new Rejected('UnknownPlan', 'This plan does not exist.', 'planId');
  const { effectiveOn } = command.data;
  if (effectiveOn < state.from)
    throw new Rejected('BeforePlan', `The plan holds only from ${state.from}.`, 'effectiveOn');
  if (
    state.closed &&
    effectiveOn >= state.closed.effectiveOn &&
    command.type !== 'ClosePlan' &&
    command.type !== 'OpenPlan'
  )
    throw new Rejected('PlanClosed', `The plan was closed on ${state.closed.effectiveOn}.`, 'effectiveOn');
  switch (command.type) {
    case 'OpenPlan':
      return state.opened ? [] : [{ type: 'PlanOpened', data: command.data }];
    case 'AmendPlan':
      return amend(command, state);
    case 'SupersedePlan':
      return supersede(command, state);
    case 'ClosePlan':
      return close(command, state);
  }
};

const amend = ({ data }: Of<'AmendPlan'>, state: Plan): PlanEvent[] => {
  const held = valueAt(state.details, data.effectiveOn) as PlanDetails;
  const { planId, effectiveOn, reason, legalBasis } = data;
  const details: PlanDetails = {
    title: data.title ?? held.title,
    milestones: data.milestones ?? held.milestones,
    sections: data.sections ?? held.sections,
    endsOn: data.endsOn === undefined ? held.endsOn : data.endsOn,
  };
  consistent(details, state.from);
  if (same(details, held)) return [];
  onLegalBasis(legalBasis);
  withReason(reason);
  return [{ type: 'PlanAmended', data: { planId, ...details, effectiveOn, reason, legalBasis } }];
};

const supersede = ({ data }: Of<'SupersedePlan'>, state: Plan): PlanEvent[] => {
  if (state.superseded?.by === data.by && state.superseded.effectiveOn === data.effectiveOn) return [];
  if (state.superseded)
    throw new Rejected(
      'AlreadySuperseded',
      `The plan is superseded by ${state.superseded.by} already.`,
      'by',
    );
  if (data.by === state.id) throw new Rejected('SupersedesItself', 'A plan cannot supersede itself.', 'by');
  onLegalBasis(data.legalBasis);
  withReason(data.reason);
  return [{ type: 'PlanSuperseded', data }];
};

const close = ({ data }: Of<'ClosePlan'>, state: Plan): PlanEvent[] => {
  if (state.closed?.effectiveOn === data.effectiveOn) return [];
  if (state.closed)
    throw new Rejected('AlreadyClosed', `The plan was closed on ${state.closed.effectiveOn}.`, 'effectiveOn');
  withReason(data.reason);
  return [{ type: 'PlanClosed', data }];
};
