import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Row } from '../../../projections/projection.js';
import type { Indicator } from '../../domain/indicator/indicator.js';
import type { Actor } from '../../domain/message.js';
import { planIdOf } from '../commands/ids.js';
import { NotFound } from '../errors.js';
import { Questions } from '../questions.js';
import { type AuditEntry, entriesOf, OF_ENTRIES } from '../trail/entries.js';
import { type AuditAsked, isToldOf } from './audit.js';
import { type Led, OF_LEADS, withLeads } from './leads.js';
import { Board, OF_BOARDS, type StatusAsked, type StatusItem } from './plan-status.js';
import { visibleFigures } from './visibility.js';

export type IndicatorAsked = Pick<StatusAsked, 'asOf' | 'knownAt' | 'as' | 'figures' | 'after'>;

/** One indicator on a day: its status, and all facts that were known of it. */
export interface IndicatorAnswer extends StatusItem {
  readonly facts: Indicator;
  readonly revision: number;
  readonly asOf: string;
  readonly knownAt: string | null;
  readonly position: string | null;
}

export class IndicatorQuery extends Query<IndicatorAnswer> {
  constructor(
    readonly id: string,
    readonly asked: IndicatorAsked,
    readonly actor: Actor,
  ) {
    super();
  }
}

@QueryHandler(IndicatorQuery)
export class IndicatorQueryHandler implements IQueryHandler<IndicatorQuery> {
  constructor(@Inject(Questions) private readonly questions: Questions) {}

  async execute({ id, asked, actor }: IndicatorQuery): Promise<IndicatorAnswer> {
    const moment = await this.questions.moment(asked, OF_BOARDS, asked.after);
    const row = await this.questions.facts.indicator(id, { known: moment.position });
    if (!row || row.adoptedOn > moment.asOf) throw new NotFound(`There is no indicator ${id}.`);
    const board = await Board.of(this.questions.facts, planIdOf(id), moment, { ...asked, actor });
    const { position: _, ...facts } = row;
    return {
      ...board.item(board.find(id)),
      facts: visibleFigures(facts, actor),
      revision: facts.version - 1,
      asOf: moment.asOf,
      knownAt: moment.knownAt,
      position: moment.position,
    };
  }
}

/** What happened to one indicator or task, oldest first. */
export interface HistoryAnswer {
  readonly items: readonly (Row<AuditEntry> & Partial<Led>)[];
  readonly asOf: string;
  readonly knownAt: string | null;
  readonly position: string | null;
}

export class HistoryQuery extends Query<HistoryAnswer> {
  constructor(
    readonly stream: string,
    readonly asked: Pick<StatusAsked, 'asOf' | 'knownAt' | 'after'> & Pick<AuditAsked, 'as'>,
    readonly actor: Actor,
  ) {
    super();
  }
}

@QueryHandler(HistoryQuery)
export class HistoryHandler implements IQueryHandler<HistoryQuery> {
  constructor(@Inject(Questions) private readonly questions: Questions) {}

  async execute({ stream, asked, actor }: HistoryQuery): Promise<HistoryAnswer> {
    const { questions } = this;
    const moment = await questions.moment(asked, [...OF_ENTRIES, ...OF_LEADS], asked.after);
    const events = await questions.facts.history(stream, { known: moment.position });
    if (events.length === 0) throw new NotFound('There is nothing here.');
    const entries = await questions.facts.trailOf(events);
    const held = asked.asOf === undefined ? entries : entries.filter((row) => isToldOf(row, moment.asOf));
    const seen = await entriesOf(held, actor, questions, moment);
    const planId = seen[0]?.planId ?? null;
    const items =
      asked.as === undefined || planId === null
        ? seen
        : await withLeads(seen, planId, asked.as, questions.facts, moment);
    return { items, asOf: moment.asOf, knownAt: moment.knownAt, position: moment.position };
  }
}
