import { Rejected } from '../decider.js';
import { onLegalBasis, planOf, same, withReason } from '../given.js';
import type { Criterion } from '../target/criterion.js';
import { readTarget } from '../target/read.js';
import { isCriterion } from '../target/well-formed.js';
import { entryAt, type Timeline, valueAt } from '../timeline.js';
import type { ReadCriterion, SetTarget, WithdrawTarget } from './commands.js';
import type { IndicatorEvent } from './events.js';
import type { Indicator, Target } from './indicator.js';

const timelineOf = (state: Indicator, milestone: string): Timeline<Target | null> =>
  state.targets.find((row) => row.milestone === milestone)?.timeline ?? [];

const targetRead = (state: Indicator, notation: string, effectiveOn: string): Target => {
  const wording = valueAt(state.wording, effectiveOn) ?? valueAt(state.wording, state.adoptedOn);
  const of = { unit: wording?.unit ?? null, direction: wording?.direction ?? 'higher-is-better' } as const;
  return { notation, criterion: readTarget(notation, of) };
};

export const setTarget = ({ data, given }: SetTarget, state: Indicator): IndicatorEvent[] => {
  const { indicatorId, milestone, notation, effectiveOn, reason, legalBasis } = data;
  if (!planOf(given).milestones.includes(milestone))
    throw new Rejected('UnknownMilestone', `The plan has no milestone ${milestone}.`, 'milestone');
  const held = valueAt(timelineOf(state, milestone), effectiveOn);
  if (held?.notation === notation) return [];
  const target = { indicatorId, milestone, ...targetRead(state, notation, effectiveOn), effectiveOn };
  if (!held) return [{ type: 'TargetSet', data: target }];
  onLegalBasis(legalBasis);
  return [{ type: 'TargetRevised', data: { ...target, reason: withReason(reason), legalBasis } }];
};

const heldTarget = (state: Indicator, milestone: string, effectiveOn: string): Target => {
  const held = valueAt(timelineOf(state, milestone), effectiveOn);
  if (!held)
    throw new Rejected('TargetNotSet', `There is no target for ${milestone} on ${effectiveOn}.`, 'milestone');
  return held;
};

export const withdrawTarget = ({ data }: WithdrawTarget, state: Indicator): IndicatorEvent[] => {
  if (valueAt(timelineOf(state, data.milestone), data.effectiveOn) === null) return [];
  heldTarget(state, data.milestone, data.effectiveOn);
  onLegalBasis(data.legalBasis);
  withReason(data.reason);
  return [{ type: 'TargetWithdrawn', data }];
};

export const readCriterion = ({ data, given }: ReadCriterion, state: Indicator): IndicatorEvent[] => {
  const { indicatorId, milestone, criterion, reason } = data;
  const timeline = timelineOf(state, milestone);
  const entry = entryAt(timeline, given.today) ?? entryAt(timeline, timeline[0]?.effectiveOn ?? given.today);
  if (!entry?.value) throw new Rejected('TargetNotSet', `There is no target for ${milestone}.`, 'milestone');
  const { notation, criterion: held } = entry.value;
  if (same(held, criterion)) return [];
  if (held.kind !== 'unread')
    throw new Rejected(
      'CriterionAlreadyRead',
      'The notation has been read already: revise the target instead.',
      'milestone',
    );
  if (!isCriterion(criterion) || !canBeJudged(criterion))
    throw new Rejected('CriterionNotRead', 'Give a criterion that can be judged.', 'criterion');
  withReason(reason);
  return [
    {
      type: 'CriterionRead',
      data: { indicatorId, milestone, notation, criterion, reason, effectiveOn: entry.effectiveOn },
    },
  ];
};

const canBeJudged = (criterion: Criterion): boolean =>
  criterion.kind === 'all'
    ? criterion.parts.every((part) => canBeJudged(part.criterion))
    : criterion.kind !== 'unread' && criterion.kind !== 'none';
