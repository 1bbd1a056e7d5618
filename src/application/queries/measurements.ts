import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { figureOf } from '../../../projections/measurement-history.js';
import { planOverview } from '../../../projections/plan-overview.js';
import type { JudgedFigure, MeasurementState } from '../../domain/indicator/measurement.js';
import type { Actor } from '../../domain/message.js';
import type { Condition } from '../../ports/read-models.js';
import { indicatorIdOf, planIdOf } from '../commands/ids.js';
import { NotFound } from '../errors.js';
import { type Facts, ofIndicator, ofPlan } from '../facts.js';
import { type FoundFigure, OF_INDICATORS } from '../indicator-rows.js';
import type { Placed } from '../moment.js';
import { seesUnaccepted } from '../policy.js';
import { Questions } from '../questions.js';
import { AgencyRelations } from '../relations.js';
import { type MeasurementAnswer, withSteps } from '../trail/steps.js';
import { livesOf, OF_NAMES } from './names.js';
import { cut, type Page, type Paging } from './paging.js';
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

/** What figures are found in, and what tells who sees which. */
const OF_SIGHT = [...OF_INDICATORS, ...OF_NAMES, planOverview.name];

/** What waits for acceptance, what was returned, what I reported: the newest first. */
@QueryHandler(MeasurementsQuery)
export class MeasurementsHandler implements IQueryHandler<MeasurementsQuery> {
  constructor(@Inject(Questions) private readonly questions: Questions) {}

  async execute({ asked, paging, actor }: MeasurementsQuery): Promise<Page<MeasurementAnswer>> {
    const moment = await this.questions.moment({}, OF_SIGHT, asked.after);
    const reportedBy = asked.reportedBy === 'me' ? actor.subject : asked.reportedBy;
    const { state, agency: agencyId, period } = asked;
    const wanted: Record<string, string | undefined> = { state, agencyId, period, reportedBy };
    const where: Record<string, Condition> = {};
    for (const [field, equals] of Object.entries(wanted)) if (equals !== undefined) where[field] = { equals };
    const { facts, events } = this.questions;
    const sight = new Sight(facts, actor, moment);
    const seen: FoundFigure[] = [];
    if (!contradicts(asked))
      for await (const figure of facts.newestFigures(
        { where, ...among(asked) },
        paging.cursor ?? undefined,
      )) {
        if (await sight.sees(figure)) seen.push(figure);
        if (seen.length > paging.limit) break;
      }
    const page = cut(seen, paging.limit, ({ key, row }) => ({ value: row.first, key }));
    const { asOf, knownAt, position } = moment;
    return { items: await withSteps(page.items, events), next: page.next, asOf, knownAt, position };
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
  private readonly left = new Map<string, boolean>();

  constructor(
    private readonly facts: Facts,
    private readonly actor: Actor,
    private readonly moment: Placed,
  ) {}

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

  /** As it is today. */
  private async isLeft(indicatorId: string, figure: JudgedFigure): Promise<boolean> {
    const { facts, moment } = this;
    const held = await facts.indicatorTerms(indicatorId, moment);
    if (!held) return false;
    const subject = { noun: 'indicator', held, figure } as const;
    const above = {
      indicator: (id: string) => facts.indicatorTerms(id, moment),
      plan: (id: string) => facts.plan(id, moment),
      ...livesOf(facts, moment),
    };
    const relations = new AgencyRelations(above, this.actor, subject, moment.today);
    return (await relations.leads()) && (await relations.ownership()) === 'left';
  }
}

/** One figure, at the position that it was read at; `revision` is the indicator's, as every command on the figure guards it. */
export type OneMeasurement = MeasurementAnswer & { readonly revision: number };

export class MeasurementQuery extends Query<OneMeasurement> {
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

  async execute({ id, after, actor }: MeasurementQuery): Promise<OneMeasurement> {
    const moment = await this.questions.moment({}, OF_SIGHT, after);
    const { facts, events } = this.questions;
    const row = (await facts.figuresOf([id], { known: undefined })).get(id);
    if (!row || !(await new Sight(facts, actor, moment).sees({ key: id, row })))
      throw new NotFound(`There is no figure ${id}.`);
    // The row may tell already of what was written since the moment was taken.
    const position = moment.position && moment.position > row.position ? moment.position : row.position;
    const revision = await facts.revision(`indicator-${indicatorIdOf(id)}`, position);
    const [answer] = await withSteps([{ key: id, row }], events);
    return { ...(answer as MeasurementAnswer), position, revision };
  }
}
