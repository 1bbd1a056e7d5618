import type { PlanGiven } from '../given.js';
import type { Assumption, LegalBasis, Provenance } from '../message.js';
import { plusDays } from '../time.js';
import { inserted, type Timeline, valueAt } from '../timeline.js';
import type { PlanDetails, PlanEvent } from './events.js';

export interface Ended {
  readonly effectiveOn: string;
  readonly reason: string;
  readonly legalBasis: LegalBasis | null;
}

export interface Plan {
  readonly id: string;
  readonly number: string | null;
  readonly issuer: string;
  readonly issuedOn: string | null;
  /** The day from which the plan holds. */
  readonly from: string;
  readonly supersedes: string | null;
  readonly source: Provenance | null;
  readonly assumed: readonly Assumption[];
  readonly details: Timeline<PlanDetails>;
  /** False while the plan is still being entered. */
  readonly opened: boolean;
  readonly superseded: (Ended & { readonly by: string }) | null;
  readonly closed: Ended | null;
}

/** Folds one event into the plan. Null before it was issued. */
export const evolve = (state: Plan | null, event: PlanEvent): Plan | null => {
  if (event.type === 'PlanIssued') return issued(event.data);
  if (state === null) return null;
  switch (event.type) {
    case 'PlanOpened':
      return { ...state, opened: true };
    case 'PlanAmended': {
      const { title, milestones, sections, endsOn, effectiveOn } = event.data;
      return {
        ...state,
        details: inserted(state.details, effectiveOn, { title, milestones, sections, endsOn }),
      };
    }
    case 'PlanSuperseded': {
      const { effectiveOn, reason, legalBasis, by } = event.data;
      return { ...state, superseded: { effectiveOn, reason, legalBasis, by } };
    }
    case 'PlanClosed': {
      const { effectiveOn, reason, legalBasis } = event.data;
      return { ...state, closed: { effectiveOn, reason, legalBasis } };
    }
  }
};

const issued = (data: Extract<PlanEvent, { type: 'PlanIssued' }>['data']): Plan => {
  const { title, milestones, sections, endsOn, effectiveOn } = data;
  const { number, issuer, issuedOn, supersedes, source, assumed } = data;
  return {
    id: data.planId,
    ...{ number, issuer, issuedOn, supersedes, source, assumed },
    from: effectiveOn,
    details: [{ effectiveOn, value: { title, milestones, sections, endsOn } }],
    opened: false,
    superseded: null,
    closed: null,
  };
};

/** The plan's details on a day; before it holds, those it was issued with. */
export const detailsAt = (plan: Plan, day: string): PlanDetails =>
  valueAt(plan.details, day) ?? (plan.details[0] as { value: PlanDetails }).value;

/** The plan's last day (ISO), as a day has it: the one that it states, or the last before it was closed; null for none. */
export const lastDayOf = (plan: Plan, day: string): string | null => {
  const { endsOn } = detailsAt(plan, day);
  if (plan.closed === null || plan.closed.effectiveOn > day) return endsOn;
  const closing = plusDays(plan.closed.effectiveOn, -1);
  return endsOn !== null && endsOn < closing ? endsOn : closing;
};

/** What decisions on the plan's indicators and tasks need of it. */
export const givenOf = ({ id, from, details, closed }: Plan): PlanGiven => ({
  ...{ planId: id, from, details },
  closedOn: closed?.effectiveOn ?? null,
});
