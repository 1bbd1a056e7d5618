import type { JudgedIndicator } from '../indicator/indicator.js';
import { lastDayOf, type Plan } from '../plan/plan.js';
import { assessmentDay } from './ended.js';
import { type Held, responsibleAt } from './responsibility.js';
import type { AssessmentContext, Collective } from './verdict.js';

/** What the rows of one plan are judged by, whatever the day. */
export interface Around {
  readonly plan: Plan;
  readonly figures: AssessmentContext['figures'];
  /** Any row of the plan. */
  readonly find: (id: string) => Held | undefined;
  /** The members of a collective on a day; null for an agency that is none. */
  readonly members: (agencyId: string, day: string) => readonly string[] | null;
}

/** What an indicator is judged in on a day (ISO), or on the last one before what is due of it had ended. */
export const contextOf = (indicator: JudgedIndicator, day: string, around: Around): AssessmentContext => {
  const { plan, figures } = around;
  const asOf = assessmentDay(
    day,
    indicator.dropped?.effectiveOn ?? null,
    plan.superseded?.effectiveOn ?? null,
  );
  return {
    ...{ asOf, figures, collective: collectiveOf(indicator, asOf, around) },
    plan: { from: plan.issuedOn ?? plan.from, endsOn: lastDayOf(plan, asOf) },
  };
};

const collectiveOf = (
  indicator: JudgedIndicator,
  asOf: string,
  { find, members }: Around,
): Collective | null => {
  const { agencies, row } = responsibleAt(indicator, 'lead', asOf, find);
  const groups = agencies.flatMap((agency) => {
    const found = members(agency, asOf);
    return found === null ? [] : [found];
  });
  if (groups.length === 0) return null;
  const named = [row, indicator].flatMap(({ assignments }) => assignments.lead);
  return { groups, named: new Set(named.flatMap(({ value }) => value.agencies)) };
};
