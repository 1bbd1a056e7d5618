import type { RecordedDomainEvent } from '../src/domain/events.js';
import type { PlanEvent } from '../src/domain/plan/events.js';
import { evolve, type Plan } from '../src/domain/plan/plan.js';
import { evolved, projection } from './projection.js';

export type PlanOverview = Plan & {
  /** How many indicators and tasks were ever entered. */
  readonly indicators: number;
  readonly tasks: number;
  readonly changedAt: string;
  /** Of the plan's own stream. */
  readonly revision: number;
};

/** Which plans are there, and how far is each entered? One row a plan. */
export const planOverview = projection<PlanOverview>({
  name: 'plan-overview.v2',
  fields: [],
  keys: ({ metadata }) => (metadata.planId === null ? [] : [metadata.planId]),
  fold(row, recorded) {
    const event = recorded as RecordedDomainEvent;
    const counted = {
      indicators: (row?.indicators ?? 0) + (event.type === 'IndicatorAdopted' ? 1 : 0),
      tasks: (row?.tasks ?? 0) + (event.type === 'TaskGiven' ? 1 : 0),
      changedAt: event.metadata.recordedAt,
    };
    if (!event.stream.startsWith('plan-')) return row && { ...row, ...counted };
    const plan = evolved(evolve(row ?? null, event as unknown as PlanEvent), event);
    return plan && { ...plan, ...counted, revision: event.revision };
  },
});
