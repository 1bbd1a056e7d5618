import { type Agency, lifeOf, membersAt } from '../domain/agency/agency.js';
import { agencyDecider } from '../domain/agency/decider.js';
import type { Decider } from '../domain/decider.js';
import { type Noun, streamOf } from '../domain/events.js';
import type { AgencyLife, Given } from '../domain/given.js';
import { indicatorDecider } from '../domain/indicator/decider.js';
import type { Indicator } from '../domain/indicator/indicator.js';
import type { Fact } from '../domain/message.js';
import { planDecider } from '../domain/plan/decider.js';
import { givenOf, type Plan } from '../domain/plan/plan.js';
import { reorganizationDecider } from '../domain/reorganization/decider.js';
import type { Decree } from '../domain/reorganization/events.js';
import { taskDecider } from '../domain/task/decider.js';
import type { Task } from '../domain/task/task.js';
import { dayOf } from '../domain/time.js';
import type { StreamStates } from './stream-states.js';

/** Reads nouns from their own streams: what a write needs to know, never from a read model. */
export class Reader {
  constructor(private readonly states: StreamStates) {}

  plan = (id: string): Promise<Plan | null> => this.read('plan', id, planDecider);
  agency = (id: string): Promise<Agency | null> => this.read('agency', id, agencyDecider);
  task = (id: string): Promise<Task | null> => this.read('task', id, taskDecider);
  indicator = (id: string): Promise<Indicator | null> => this.read('indicator', id, indicatorDecider);

  decree = async (id: string): Promise<Decree | null> =>
    (await this.read('reorganization', id, reorganizationDecider))?.decree ?? null;

  private async read<S, E extends Fact>(noun: Noun, id: string, decider: Decider<never, S, E>): Promise<S> {
    return (await this.states.of(streamOf(noun, id), decider)).state;
  }

  /** What a decision needs of other streams. `now` is the instant it is decided at. */
  async given(now: string, by: string, planId: string | null, agencyIds: readonly string[]): Promise<Given> {
    const today = dayOf(now);
    const plan = planId === null ? null : await this.plan(planId);
    const lives = await Promise.all(
      [...new Set(agencyIds)].map(async (id): Promise<[string, AgencyLife | null]> => {
        const agency = await this.agency(id);
        return [id, agency && lifeOf(agency)];
      }),
    );
    return {
      today,
      by,
      plan: plan && givenOf(plan),
      agencies: Object.fromEntries(lives),
      holdings: 0,
      memberOf: [],
    };
  }
}

export interface Agencies {
  agency(id: string): Promise<Agency | null | undefined>;
}

/** Whether an agency is one of the holders on a day, itself or as a member of a collective. */
export const isAmong = async (
  agencies: Agencies,
  agencyId: string,
  holders: readonly string[],
  day: string,
): Promise<boolean> => {
  if (holders.includes(agencyId)) return true;
  for (const holder of holders) {
    const group = await agencies.agency(holder);
    if (group?.kind === 'group' && membersAt(group, day).includes(agencyId)) return true;
  }
  return false;
};
