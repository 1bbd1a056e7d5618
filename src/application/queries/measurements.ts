import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { figureOf, measurementHistory } from '../../../projections/measurement-history.js';
import type { JudgedFigure, MeasurementState } from '../../domain/indicator/measurement.js';
import type { Actor } from '../../domain/message.js';
import type { Condition } from '../../ports/read-models.js';
import { indicatorIdOf, planIdOf } from '../commands/ids.js';
import { NotFound } from '../errors.js';
import { ofIndicator, ofPlan } from '../facts.js';
import type { FoundFigure } from '../indicator-rows.js';
import { seesUnaccepted } from '../policy.js';
import { Questions } from '../questions.js';
import { Reader } from '../reader.js';
import { AgencyRelations } from '../relations.js';
import { StreamStates } from '../stream-states.js';
import { type MeasurementAnswer, withSteps } from '../trail/steps.js';
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

export class MeasurementsQuery extends Query<Page<MeasurementAnswer>> {
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

  async execute({ asked, paging, actor }: MeasurementsQuery): Promise<Page<MeasurementAnswer>> {
    const moment = await this.questions.moment({}, [measurementHistory.name], asked.after);
    const reportedBy = asked.reportedBy === 'me' ? actor.subject : asked.reportedBy;
    const { state, agency: agencyId, period } = asked;
    const wanted: Record<string, string | undefined> = { state, agencyId, period, reportedBy };
    const where: Record<string, Condition> = {};
    for (const [field, equals] of Object.entries(wanted)) if (equals !== undefined) where[field] = { equals };
    const { facts, events } = this.questions;
    const sight = new Sight(this.questions, actor, moment.today);
    const found = contradicts(asked) ? [] : await facts.figures({ where, ...among(asked) });
    const seen = [];
    for (const figure of found) if (await sight.sees(figure)) seen.push(figure);
    const sorting = {
      by: ({ row }: FoundFigure) => row.first,
      key: ({ key }: FoundFigure) => key,
      descending: true,
    };
    const page = paged(seen, sorting, paging, moment);
    return { ...page, items: await withSteps(page.items, events) };
  }
}

const contradicts = ({ plan, indicator }: MeasurementsAsked): boolean =>
  plan !== undefined && indicator !== undefined && planIdOf(indicator) !== plan;

const among = ({ plan, indicator }: MeasurementsAsked) => {
  if (indicator !== undefined) return ofIndicator(indicator);
  return plan === undefined ? {} : ofPlan(plan);
};

/** Which figures an actor sees: a reporter's successors also those left to them, which they may correct. */
class Sight {
  private readonly reader: Reader;
  private readonly left = new Map<string, boolean>();

  constructor(
    { events }: Questions,
    private readonly actor: Actor,
    private readonly today: string,
  ) {
    this.reader = new Reader(new StreamStates(events));
  }

  async sees({ key: id, row }: FoundFigure): Promise<boolean> {
    const figure = figureOf(id, row);
    if (isSeen(figure, this.actor)) return true;
    if (figure.agencyId === null || !seesUnaccepted(this.actor, 'left')) return false;
    const indicatorId = indicatorIdOf(id);
    const key = `${indicatorId} ${figure.agencyId}`;
    const known = this.left.get(key) ?? (await this.isLeft(indicatorId, figure));
    this.left.set(key, known);
    return known;
  }

  /** As the log says it today, whatever day is asked about. */
  private async isLeft(indicatorId: string, figure: JudgedFigure): Promise<boolean> {
    const held = await this.reader.indicator(indicatorId);
    if (!held) return false;
    const subject = { noun: 'indicator', held, figure } as const;
    const relations = new AgencyRelations(this.reader, this.actor, subject, this.today);
    return (await relations.leads()) && (await relations.ownership()) === 'left';
  }
}

export class MeasurementQuery extends Query<MeasurementAnswer> {
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

  async execute({ id, after, actor }: MeasurementQuery): Promise<MeasurementAnswer> {
    const moment = await this.questions.moment({}, [measurementHistory.name], after);
    const { facts, events } = this.questions;
    const row = (await facts.figuresOf([id], moment)).get(id);
    if (!row || !(await new Sight(this.questions, actor, moment.today).sees({ key: id, row })))
      throw new NotFound(`There is no figure ${id}.`);
    const [answer] = await withSteps([{ key: id, row }], events);
    return answer as MeasurementAnswer;
  }
}
