import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { auditTrail, type TrailRow } from '../../../projections/audit-trail.js';
import { planOverview } from '../../../projections/plan-overview.js';
import type { Projection } from '../../../projections/projection.js';
import { collect, eventAt, type RecordedEvent, StoreUnavailable } from '../../ports/event-store.js';
import type { Found } from '../../ports/read-models.js';
import { chunksOf, STREAMS_A_TURN } from '../chunks.js';
import { collectionOf } from '../collection.js';
import { BadQuestion, NotFound } from '../errors.js';
import { Questions } from '../questions.js';
import { cut, type Paging } from './paging.js';

export interface LogAnswer {
  readonly items: readonly RecordedEvent[];
  /** Where the next page goes on; null at the head of the log. */
  readonly next: string | null;
  /** Position of the head when it was read; null for an empty log. */
  readonly position: string | null;
}

/** The whole log, as it was written, after a position. */
export class LogQuery extends Query<LogAnswer> {
  constructor(
    readonly after: string | null,
    readonly limit: number,
  ) {
    super();
  }
}

@QueryHandler(LogQuery)
export class LogHandler implements IQueryHandler<LogQuery> {
  constructor(@Inject(Questions) private readonly questions: Questions) {}

  async execute({ after, limit }: LogQuery): Promise<LogAnswer> {
    const position = await this.questions.events.head();
    const events = await this.after(after, limit + 1);
    const items = events.slice(0, limit);
    return { items, next: events.length > limit ? (items.at(-1)?.position ?? null) : null, position };
  }

  private async after(position: string | null, limit: number): Promise<RecordedEvent[]> {
    try {
      return (await collect(this.questions.events.readAll(position, limit))).flat();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new BadQuestion('after', 'after is a position as an answer states it.');
    }
  }
}

/** The raw events of one plan: its own, its indicators' and its tasks', in the order they were recorded in. */
export class PlanEventsQuery extends Query<Omit<LogAnswer, 'next'> & { readonly next: object | null }> {
  constructor(
    readonly planId: string,
    readonly paging: Paging,
    readonly after: string | undefined,
  ) {
    super();
  }
}

@QueryHandler(PlanEventsQuery)
export class PlanEventsHandler implements IQueryHandler<PlanEventsQuery> {
  constructor(@Inject(Questions) private readonly questions: Questions) {}

  async execute({ planId, paging, after }: PlanEventsQuery) {
    const { questions } = this;
    const moment = await questions.moment({}, [auditTrail.name, planOverview.name], after);
    if (!(await questions.facts.plan(planId, moment))) throw new NotFound(`There is no plan ${planId}.`);
    const found = await questions.models.find(collectionOf(auditTrail as Projection), {
      where: { planId: { equals: planId }, position: { to: moment.position ?? '' } },
      limit: paging.limit + 1,
      ...(paging.cursor ? { after: { value: null, key: paging.cursor.key } } : {}),
    });
    const { items: page, next } = cut(found, paging.limit, ({ key }) => ({ value: null, key }));
    const items: RecordedEvent[] = [];
    for (const together of chunksOf(page, STREAMS_A_TURN)) {
      const events = await Promise.all(together.map((found) => this.event(found)));
      items.push(...events);
    }
    return { items, next, position: moment.position };
  }

  private async event({ key, row }: Found): Promise<RecordedEvent> {
    const event = await eventAt(this.questions.events, row as unknown as TrailRow);
    if (!event) throw new StoreUnavailable(`the event at ${key} is not where it stood`);
    return event;
  }
}
