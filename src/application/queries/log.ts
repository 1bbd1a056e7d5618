import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { auditTrail } from '../../../projections/audit-trail.js';
import type { Projection } from '../../../projections/projection.js';
import { collect, type RecordedEvent } from '../../ports/event-store.js';
import { collectionOf } from '../collection.js';
import { BadQuestion, NotFound } from '../errors.js';
import { Questions } from '../questions.js';
import type { Paging } from './paging.js';

export interface LogAnswer {
  readonly items: readonly RecordedEvent[];
  /** Where the next page goes on; null at the head of the log. */
  readonly next: string | null;
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
    const events = await this.after(after, limit + 1);
    const items = events.slice(0, limit);
    return { items, next: events.length > limit ? (items.at(-1)?.position ?? null) : null };
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
export class PlanEventsQuery extends Query<{ items: readonly RecordedEvent[]; next: object | null }> {
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
    const moment = await questions.moment({}, [auditTrail.name, 'plan-overview.v1'], after);
    if (!(await questions.facts.plan(planId, moment))) throw new NotFound(`There is no plan ${planId}.`);
    const found = await questions.models.find(collectionOf(auditTrail as Projection), {
      where: { planId: { equals: planId } },
      limit: paging.limit + 1,
      ...(paging.cursor ? { after: { value: null, key: paging.cursor.key } } : {}),
    });
    const page = found.slice(0, paging.limit);
    const items = await Promise.all(
      page.map(({ row }) => this.event(row as unknown as { stream: string; revision: number })),
    );
    const last = page.at(-1);
    return { items, next: last && found.length > paging.limit ? { value: null, key: last.key } : null };
  }

  private async event({ stream, revision }: { stream: string; revision: number }): Promise<RecordedEvent> {
    for await (const event of this.questions.events.read(stream, revision)) return event;
    throw new NotFound(`There is no event ${revision} in ${stream}.`);
  }
}
