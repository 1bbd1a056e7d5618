import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { auditTrail, dayHeldFrom, type TrailRow } from '../../../projections/audit-trail.js';
import type { Projection, Row } from '../../../projections/projection.js';
import { NOUNS, streamOf } from '../../domain/events.js';
import type { Actor } from '../../domain/message.js';
import type { Condition, Find } from '../../ports/read-models.js';
import { collectionOf } from '../collection.js';
import { NotFound } from '../errors.js';
import { Questions } from '../questions.js';
import { type AuditEntry, entriesOf, OF_ENTRIES } from '../trail/entries.js';
import { type Led, OF_LEADS, withLeads } from './leads.js';
import { cut, type Page, type Paging } from './paging.js';
import type { Reading } from './plan-status.js';

export interface AuditAsked {
  readonly asOf?: string | undefined;
  readonly knownAt?: string | undefined;
  /** Days (ISO) on which the events were recorded, both included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Subject of the token that did it. */
  readonly actor?: string | undefined;
  readonly type?: string | undefined;
  /** Id of the indicator, task or plan it is about. */
  readonly subject?: string | undefined;
  /** Names who answered for each entry's subject: on the day it holds from, or now. */
  readonly as?: Reading | undefined;
  readonly after?: string | undefined;
}

/** An entry of the trail, with what was done because of it. */
export type TrailItem = AuditEntry &
  Partial<Led> & { readonly position: string; readonly caused: readonly string[] };

export class AuditQuery extends Query<Page<TrailItem>> {
  constructor(
    readonly planId: string,
    readonly asked: AuditAsked,
    readonly paging: Paging,
    readonly actor: Actor,
  ) {
    super();
  }
}

/** Whether a day's trail tells of an event; what is said of a figure holds from no day, and is told whenever it was known. */
export const isToldOf = (row: TrailRow, asOf: string): boolean =>
  row.measurementId !== undefined || dayHeldFrom(row) <= asOf;

/** Rows read at once where some of them are passed over. */
const ROWS_A_READ = 200;

const trail = collectionOf(auditTrail as Projection);

@QueryHandler(AuditQuery)
export class AuditHandler implements IQueryHandler<AuditQuery> {
  constructor(@Inject(Questions) private readonly questions: Questions) {}

  async execute({ planId, asked, paging, actor }: AuditQuery): Promise<Page<TrailItem>> {
    const { questions } = this;
    const moment = await questions.moment(asked, [...OF_ENTRIES, ...OF_LEADS], asked.after);
    if (!(await questions.facts.plan(planId, moment))) throw new NotFound(`There is no plan ${planId}.`);
    const where = conditions(planId, asked, moment.position);
    const { asOf } = asked;
    const limit = asOf === undefined ? paging.limit + 1 : Math.max(paging.limit + 1, ROWS_A_READ);
    const entries: TrailItem[] = [];
    let after = paging.cursor?.key;
    let more = true;
    while (more && entries.length <= paging.limit) {
      const page = await questions.models.find(trail, {
        where,
        limit,
        ...(after === undefined ? {} : { after: { value: null, key: after } }),
      });
      after = page.at(-1)?.key;
      more = page.length === limit;
      const found = page.map(({ row }) => row as unknown as Row<TrailRow>);
      const rows = asOf === undefined ? found : found.filter((row) => isToldOf(row, asOf));
      const seen = await entriesOf(rows, actor, questions, moment);
      entries.push(...(await this.withCaused(seen, moment.position)));
    }
    const place = ({ position }: TrailItem) => ({ value: null, key: position });
    const { items: found, next } = cut(entries, paging.limit, place);
    const items =
      asked.as === undefined ? found : await withLeads(found, planId, asked.as, questions.facts, moment);
    return { items, next, asOf: moment.asOf, knownAt: moment.knownAt, position: moment.position };
  }

  private async withCaused(
    entries: readonly Row<AuditEntry>[],
    upTo: string | null,
  ): Promise<readonly TrailItem[]> {
    const caused = new Map<string, string[]>(entries.map(({ eventId }) => [eventId, []]));
    const followed = await this.questions.facts.trail({
      causationId: { in: [...caused.keys()] },
      ...(upTo === null ? {} : { position: { to: upTo } }),
    });
    for (const { causationId = '', eventId = '' } of followed) caused.get(causationId)?.push(eventId);
    return entries.map((entry) => ({ ...entry, caused: caused.get(entry.eventId) ?? [] }));
  }
}

const conditions = (planId: string, asked: AuditAsked, upTo: string | null): Find['where'] => {
  const where: Record<string, Condition> = { planId: { equals: planId } };
  if (upTo !== null) where['position'] = { to: upTo };
  if (asked.actor !== undefined) where['by'] = { equals: asked.actor };
  if (asked.type !== undefined) where['type'] = { equals: asked.type };
  const { subject } = asked;
  if (subject !== undefined) where['stream'] = { in: NOUNS.map((noun) => streamOf(noun, subject)) };
  if (asked.from !== undefined || asked.to !== undefined)
    where['recordedOn'] = {
      ...(asked.from === undefined ? {} : { from: asked.from }),
      ...(asked.to === undefined ? {} : { to: asked.to }),
    };
  return where;
};
