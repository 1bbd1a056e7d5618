import { setImmediate as nextTurn } from 'node:timers/promises';
import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { auditTrail } from '../../../projections/audit-trail.js';
import { type PlanOverview, planOverview } from '../../../projections/plan-overview.js';
import type { Row } from '../../../projections/projection.js';
import type { PlanDetails } from '../../domain/plan/events.js';
import { detailsAt } from '../../domain/plan/plan.js';
import { NotFound } from '../errors.js';
import { isBeyond, orAsTheyAre } from '../facts.js';
import type { Placed, When } from '../moment.js';
import { Questions } from '../questions.js';
import { matches, type Page, type Paging, paged } from './paging.js';

export type PlansAsked = When & { readonly q?: string | undefined; readonly after?: string | undefined };

/** A plan on a day; `state` is `entering` until it was opened. */
export type PlanItem = Omit<PlanOverview, 'details' | 'opened' | 'revision'> &
  PlanDetails & { readonly state: 'entering' | 'open' | 'superseded' | 'closed' };

export class PlansQuery extends Query<Page<PlanItem>> {
  constructor(
    readonly asked: PlansAsked,
    readonly paging: Paging,
  ) {
    super();
  }
}

export type PlanAnswer = PlanItem & {
  readonly revision: number;
  readonly asOf: string;
  readonly knownAt: string | null;
  readonly position: string | null;
};

export class PlanQuery extends Query<PlanAnswer> {
  constructor(
    readonly id: string,
    readonly asked: PlansAsked,
  ) {
    super();
  }
}

const OVERVIEW = [planOverview.name, auditTrail.name];

@QueryHandler(PlansQuery)
export class PlansHandler implements IQueryHandler<PlansQuery> {
  constructor(@Inject(Questions) private readonly questions: Questions) {}

  async execute({ asked, paging }: PlansQuery): Promise<Page<PlanItem>> {
    const moment = await this.questions.moment(asked, OVERVIEW, asked.after);
    const rows = await this.questions.facts.plans({ known: undefined });
    const items: PlanItem[] = [];
    for (const found of rows) {
      const row = await counted(found, moment, this.questions);
      if (!row) continue;
      const item = itemOf(row, moment);
      if (matches(asked.q, item.title, item.number, item.id)) items.push(item);
      // What was known of each earlier is counted: others get their turn in between.
      if (moment.known !== undefined) await nextTurn();
    }
    const sorting = {
      by: (item: PlanItem) => item.from,
      key: (item: PlanItem) => item.id,
      descending: false,
    };
    return paged(items, sorting, paging, moment);
  }
}

@QueryHandler(PlanQuery)
export class PlanQueryHandler implements IQueryHandler<PlanQuery> {
  constructor(@Inject(Questions) private readonly questions: Questions) {}

  async execute({ id, asked }: PlanQuery): Promise<PlanAnswer> {
    const moment = await this.questions.moment(asked, OVERVIEW, asked.after);
    const found = await this.questions.facts.plan(id, { known: undefined });
    const row = found && (await counted(found, moment, this.questions));
    if (!row) throw new NotFound(`There is no plan ${id}.`);
    return {
      ...itemOf(row, moment),
      revision: row.revision,
      asOf: moment.asOf,
      knownAt: moment.knownAt,
      position: moment.position,
    };
  }
}

/**
 * A plan with what stands in it counted, at the position that the answer states. An earlier row is folded from the plan's
 * own stream, which knows nothing of what stands in others. Undefined for one that was not there yet.
 */
const counted = async (
  row: Row<PlanOverview>,
  moment: Placed,
  { facts }: Questions,
): Promise<Row<PlanOverview> | undefined> => {
  const then = { known: moment.position };
  const earlier = async () => {
    const own = await facts.plan(row.id, then);
    if (!own) return undefined;
    const changedAt = (await facts.changedAt(row.id, then)) ?? own.changedAt;
    return { ...own, ...(await facts.entered(row.id, then)), changedAt };
  };
  if (moment.known !== undefined) return earlier();
  return isBeyond(row, moment) ? orAsTheyAre<Row<PlanOverview> | undefined>(row, earlier) : row;
};

const itemOf = (row: Row<PlanOverview>, moment: Placed): PlanItem => {
  const { position: _, revision: __, details, opened, ...plan } = row;
  const ended = (end: { effectiveOn: string } | null) => end !== null && end.effectiveOn <= moment.asOf;
  const state = !opened
    ? 'entering'
    : ended(plan.closed)
      ? 'closed'
      : ended(plan.superseded)
        ? 'superseded'
        : 'open';
  return { ...plan, ...detailsAt({ ...plan, details, opened }, moment.asOf), state };
};
