import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type MeasurementRow, measurementHistory } from '../../../projections/measurement-history.js';
import type { Row } from '../../../projections/projection.js';
import type { MeasurementState } from '../../domain/indicator/indicator.js';
import type { Actor } from '../../domain/message.js';
import type { Condition } from '../../ports/read-models.js';
import { NotFound } from '../errors.js';
import { Questions } from '../questions.js';
import { type Page, type Paging, paged } from './paging.js';
import { isSeen } from './visibility.js';

export interface MeasurementsAsked {
  readonly state?: MeasurementState | undefined;
  readonly agency?: string | undefined;
  readonly plan?: string | undefined;
  readonly indicator?: string | undefined;
  readonly period?: string | undefined;
  /** `me`: what I reported. */
  readonly reportedBy?: string | undefined;
  readonly after?: string | undefined;
}

export class MeasurementsQuery extends Query<Page<Row<MeasurementRow>>> {
  constructor(
    readonly asked: MeasurementsAsked,
    readonly paging: Paging,
    readonly actor: Actor,
  ) {
    super();
  }
}

/** What waits for acceptance, what was returned, what I reported: the newest first. */
@QueryHandler(MeasurementsQuery)
export class MeasurementsHandler implements IQueryHandler<MeasurementsQuery> {
  constructor(@Inject(Questions) private readonly questions: Questions) {}

  async execute({ asked, paging, actor }: MeasurementsQuery): Promise<Page<Row<MeasurementRow>>> {
    const moment = await this.questions.moment({}, [measurementHistory.name], asked.after);
    const position = await this.questions.position(moment, measurementHistory.name);
    const reportedBy = asked.reportedBy === 'me' ? actor.subject : asked.reportedBy;
    const wanted: Record<string, string | undefined> = {
      state: asked.state,
      agencyId: asked.agency,
      planId: asked.plan,
      indicatorId: asked.indicator,
      period: asked.period,
      reportedBy,
    };
    const where: Record<string, Condition> = {};
    for (const [field, equals] of Object.entries(wanted)) if (equals !== undefined) where[field] = { equals };
    const rows = (await this.questions.facts.measurements(where)).filter((row) => isSeen(row, actor));
    const sorting = {
      by: (row: Row<MeasurementRow>) => row.history[0]?.position ?? '',
      key: (row: Row<MeasurementRow>) => row.id,
      descending: true,
    };
    return paged(rows, sorting, paging, moment, position);
  }
}

export class MeasurementQuery extends Query<Row<MeasurementRow>> {
  constructor(
    readonly id: string,
    readonly after: string | undefined,
    readonly actor: Actor,
  ) {
    super();
  }
}

@QueryHandler(MeasurementQuery)
export class MeasurementQueryHandler implements IQueryHandler<MeasurementQuery> {
  constructor(@Inject(Questions) private readonly questions: Questions) {}

  async execute({ id, after, actor }: MeasurementQuery): Promise<Row<MeasurementRow>> {
    const moment = await this.questions.moment({}, [measurementHistory.name], after);
    const row = await this.questions.facts.measurement(id, moment);
    if (!row || !isSeen(row, actor)) throw new NotFound(`There is no figure ${id}.`);
    return row;
  }
}
