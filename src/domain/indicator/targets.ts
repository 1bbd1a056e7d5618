import { Rejected } from '../decider.js';
import { atMilestone, onLegalBasis, planOf, same, whyGiven, withReason } from '../given.js';
import { fieldOn } from '../status/rules.js';
import type { Criterion } from '../target/criterion.js';
import { readTarget } from '../target/read.js';
import { isCriterion } from '../target/well-formed.js';
import { type Entry, entryAt, type Timeline, valueAt } from '../timeline.js';
import type { ReadCriterion, SetTarget, WithdrawTarget } from './commands.js';
import type { IndicatorEvent, Wording } from './events.js';
import type { Indicator, Target } from './indicator.js';

const timelineOf = (state: Indicator, milestone: string): Timeline<Target | null> =>
  state.targets.find((row) => row.milestone === milestone)?.timeline ?? [];

const wordingOn = (state: Indicator, day: string): Wording | undefined =>
  valueAt(state.wording, day) ?? state.wording[0]?.value;

const targetRead = (state: Indicator, notation: string, effectiveOn: string): Target => {
  const wording = wordingOn(state, effectiveOn);
  const of = { unit: wording?.unit ?? null, direction: wording?.direction ?? 'higher-is-better' } as const;
  return { notation, criterion: readTarget(notation, of) };
};

export const setTarget = ({ data, given }: SetTarget, state: Indicator): IndicatorEvent[] => {
  const { indicatorId, milestone, notation, effectiveOn, reason, legalBasis } = data;
  atMilestone(planOf(given), milestone, effectiveOn);
  const read = targetRead(state, notation, effectiveOn);
  const target = { indicatorId, milestone, ...read, effectiveOn };
  const held = entryAt(timelineOf(state, milestone), effectiveOn);
  if (!held?.value) return [{ type: 'TargetSet', data: { ...target, ...whyGiven(data) } }];
  if (isRepeat(data, read, state)) return [];
  onLegalBasis(legalBasis);
  return [{ type: 'TargetRevised', data: { ...target, reason: withReason(reason), legalBasis } }];
};

/**
 * Whether a target only says what holds already: in the same words, read as they were, of the same measure. What a person
 * read stands until the target is revised, which is done on a legal basis.
 */
const isRepeat = (
  { milestone, effectiveOn, legalBasis }: SetTarget['data'],
  read: Target,
  state: Indicator,
): boolean => {
  const timeline = timelineOf(state, milestone);
  const held = entryAt(timeline, effectiveOn);
  if (held?.value?.notation !== read.notation) return false;
  const { criterion } = held.value;
  const kept = legalBasis === null && read.criterion.kind === 'unread' && isReadByPerson(timeline, held);
  const measures = [held.effectiveOn, effectiveOn].map((day) => measuresOn(day, criterion, state));
  return (kept || same(criterion, read.criterion)) && same(measures[0], measures[1]);
};

/** Whether an entry reads what an earlier one of its day left unread. */
const isReadByPerson = (timeline: Timeline<Target | null>, { effectiveOn, value }: Entry<Target | null>) =>
  value?.criterion.kind !== 'unread' &&
  timeline.some(
    (entry) =>
      entry.effectiveOn === effectiveOn &&
      entry.value?.notation === value?.notation &&
      entry.value?.criterion.kind === 'unread',
  );

/** What the numbers of a criterion are of, when it is set on a day: the unit and, for a rank, the field. */
const measuresOn = (day: string, criterion: Criterion, state: Indicator): readonly unknown[] => {
  switch (criterion.kind) {
    case 'threshold':
    case 'between':
      return [wordingOn(state, day)?.unit];
    case 'rank':
      return [fieldOn(day)];
    case 'all':
      return criterion.parts.flatMap((part) => measuresOn(day, part.criterion, state));
    case 'comparative':
    case 'state':
    case 'maintain':
    case 'growth':
    case 'rising':
    case 'none':
    case 'unread':
      return [];
  }
};

const heldTarget = (state: Indicator, milestone: string, effectiveOn: string): Target => {
  const held = valueAt(timelineOf(state, milestone), effectiveOn);
  if (!held) throw noTarget(milestone, effectiveOn);
  return held;
};

const noTarget = (milestone: string, day: string): Rejected =>
  new Rejected('TargetNotSet', `There is no target for ${milestone} on ${day}.`, 'milestone');

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
  const day = data.effectiveOn ?? (entryAt(timeline, given.today) ?? timeline[0])?.effectiveOn ?? given.today;
  const entry = entryAt(timeline, day);
  if (!entry?.value) throw noTarget(milestone, day);
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
