import { setImmediate as nextTurn } from 'node:timers/promises';
import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Actor } from '../../domain/message.js';
import { detailsAt } from '../../domain/plan/plan.js';
import type { When } from '../moment.js';
import { Questions } from '../questions.js';
import type { AgencyRef } from './names.js';
import { Board, OF_BOARDS, type Reading } from './plan-status.js';
import { OF_TASKS, taskItems } from './tasks.js';

export type OverviewAsked = When & {
  readonly as: Reading;
  readonly figures: 'all' | 'accepted';
  readonly after?: string | undefined;
};

type Counts = Readonly<Record<string, number>>;

export interface OverviewAnswer {
  readonly plans: readonly {
    readonly id: string;
    readonly title: string;
    readonly indicators: Counts;
    readonly tasks: Counts;
    /** The plan that took its place by the day; its counts are those of its last day. */
    readonly supersededBy: string | null;
  }[];
  /** By lead agency, as it was called on the day; `null` for what is led by nobody. */
  readonly agencies: readonly {
    readonly agency: AgencyRef | null;
    readonly indicators: Counts;
    readonly tasks: Counts;
  }[];
  readonly asOf: string;
  readonly knownAt: string | null;
  readonly position: string | null;
}

/**
 * How do all plans stand, by plan and by lead agency? Counts of indicators with a target of their own, and of tasks, at each
 * status; nothing is due any more of who led in a plan that another took the place of.
 */
export class OverviewQuery extends Query<OverviewAnswer> {
  constructor(
    readonly asked: OverviewAsked,
    readonly actor: Actor,
  ) {
    super();
  }
}

@QueryHandler(OverviewQuery)
export class OverviewHandler implements IQueryHandler<OverviewQuery> {
  constructor(@Inject(Questions) private readonly questions: Questions) {}

  async execute({ asked, actor }: OverviewQuery): Promise<OverviewAnswer> {
    const moment = await this.questions.moment(asked, [...OF_BOARDS, ...OF_TASKS], asked.after);
    const { facts } = this.questions;
    const plans = [];
    const byAgency = new Map<
      string,
      { agency: AgencyRef | null; indicators: Record<string, number>; tasks: Record<string, number> }
    >();
    const count = (agencies: readonly AgencyRef[], kind: 'indicators' | 'tasks', status: string) => {
      for (const agency of agencies.length > 0 ? agencies : [null]) {
        const row = byAgency.get(agency?.id ?? '') ?? { agency, indicators: {}, tasks: {} };
        add(row[kind], status);
        byAgency.set(agency?.id ?? '', row);
      }
    };
    for (const plan of (await facts.plans(moment)).filter(({ from }) => from <= moment.asOf)) {
      // Judging many plans would hold up everything else.
      await nextTurn();
      const board = await Board.of(facts, plan.id, moment, { ...asked, actor });
      const { superseded } = plan;
      const supersededBy = superseded && superseded.effectiveOn <= moment.asOf ? superseded.by : null;
      const counted = { indicators: {} as Record<string, number>, tasks: {} as Record<string, number> };
      for (const item of board.items()) {
        if (item.dropped || item.verdict === null) continue;
        add(counted.indicators, item.verdict.status);
        if (!supersededBy) count(item.lead.agencies, 'indicators', item.verdict.status);
      }
      for (const task of await taskItems(
        plan.id,
        await facts.tasks(plan.id, moment),
        moment,
        asked.as,
        this.questions,
      )) {
        if (task.dropped) continue;
        add(counted.tasks, task.status);
        if (!supersededBy) count(task.lead, 'tasks', task.status);
      }
      plans.push({ id: plan.id, title: detailsAt(plan, moment.asOf).title, ...counted, supersededBy });
    }
    const agencies = [...byAgency.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
    return { plans, agencies, asOf: moment.asOf, knownAt: moment.knownAt, position: moment.position };
  }
}

const add = (counts: Record<string, number>, status: string): void => {
  counts[status] = (counts[status] ?? 0) + 1;
};
