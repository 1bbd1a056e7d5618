import { setImmediate as nextTurn } from 'node:timers/promises';
import { agencyPortfolio, type PortfolioRow } from '../../projections/agency-portfolio.js';
import { type AgencyRow, agencyRegistry } from '../../projections/agency-registry.js';
import { auditTrail, type TrailRow } from '../../projections/audit-trail.js';
import { indicatorStatus } from '../../projections/indicator-status.js';
import { type MeasurementRow, measurementHistory } from '../../projections/measurement-history.js';
import { type PlanOverview, planOverview } from '../../projections/plan-overview.js';
import type { Projection, Row } from '../../projections/projection.js';
import { type ReorganizationRow, reorganizations } from '../../projections/reorganizations.js';
import { taskStatus } from '../../projections/task-status.js';
import { streamOf } from '../domain/events.js';
import type { Indicator, IndicatorTerms } from '../domain/indicator/indicator.js';
import type { SubjectRef } from '../domain/message.js';
import type { Task } from '../domain/task/task.js';
import {
  collect,
  type EventStore,
  eventAt,
  type Position,
  type RecordedEvent,
  StoreUnavailable,
} from '../ports/event-store.js';
import {
  type Condition,
  type Find,
  MAX_FIND_ROWS,
  type ReadModels,
  type Scalar,
} from '../ports/read-models.js';
import { collectionOf } from './collection.js';
import { indicatorIdOf } from './commands/ids.js';
import { isFolded } from './fold.js';
import { type FoundFigure, type IndicatorRow, indicatorsOf } from './indicator-rows.js';
import type { Known } from './moment.js';
import { folded, refold, rowOf, wholeIndicator } from './refold.js';

/** Which rows: by their values, or by how their keys begin. */
type Which = Partial<Pick<Find, 'where' | 'prefix'>>;

/** Figures read at once for whoever looks for a page of those that may be seen. */
const FIGURES_A_PAGE = 200;

/**
 * The rows that questions are answered from, as they are or as they were known at an earlier position. The fold is the
 * same; only which events it sees differs: an earlier row is folded from its subject's own stream.
 */
export class Facts {
  constructor(
    private readonly events: EventStore,
    private readonly models: ReadModels,
  ) {}

  indicatorTerms = (id: string, moment: Known) => this.row(indicatorStatus, id, moment, `indicator-${id}`);
  plan = (id: string, moment: Known) => this.row(planOverview, id, moment, `plan-${id}`);
  task = (id: string, moment: Known) => this.row(taskStatus, id, moment, `task-${id}`);
  agency = (id: string, moment: Known) => this.row(agencyRegistry, id, moment, `agency-${id}`);

  async plans(moment: Known): Promise<Row<PlanOverview>[]> {
    return this.rows(planOverview, {}, moment, (id) => `plan-${id}`);
  }

  /** An indicator with everything that was said of its figures, from its stream. */
  async indicator(id: string, moment: Known): Promise<Row<Indicator> | undefined> {
    return rowOf(id, await refold(wholeIndicator, await this.history(`indicator-${id}`, moment)));
  }

  /** Every indicator that the plan ever had, in the annex's order. */
  async indicators(planId: string, moment: Known): Promise<readonly IndicatorRow[]> {
    if (moment.known === undefined)
      return indicatorsOf(await this.terms(planId, moment), await this.figuresOfPlan(planId, moment));
    const ids = await this.keys(indicatorStatus, ofPlan(planId));
    return this.refolded(wholeIndicator, ids, moment, (id) => `indicator-${id}`, 'order');
  }

  /** Of an indicator with a figure that went on since, all figures are folded from its stream. */
  private async figuresOfPlan(planId: string, moment: Known): Promise<readonly FoundFigure[]> {
    const found = await this.found(measurementHistory, ofPlan(planId));
    const later = new Set(
      found.filter(({ row }) => isBeyond(row, moment)).map(({ key }) => indicatorIdOf(key)),
    );
    if (later.size === 0) return found;
    return orAsTheyAre(found, async () => {
      const streams = [...later].map((id) => `indicator-${id}`);
      const histories = await this.histories(streams, moment);
      const figures = await Promise.all(histories.map((events) => folded(measurementHistory, events)));
      return [...found.filter(({ key }) => !later.has(indicatorIdOf(key))), ...figures.flat()];
    });
  }

  /** As `indicators`, without figures. */
  terms = (planId: string, moment: Known): Promise<Row<IndicatorTerms>[]> =>
    this.rows(indicatorStatus, ofPlan(planId), moment, (id) => `indicator-${id}`, 'order');

  tasks = (planId: string, moment: Known): Promise<Row<Task>[]> =>
    this.rows(taskStatus, ofPlan(planId), moment, (id) => `task-${id}`, 'order');

  agencies = (moment: Known): Promise<Row<AgencyRow>[]> =>
    this.rows(agencyRegistry, {}, moment, (id) => `agency-${id}`);

  reorganizations = (moment: Known): Promise<Row<ReorganizationRow>[]> =>
    this.rows(reorganizations, {}, moment, (id) => `reorganization-${id}`, 'effectiveOn');

  reorganization = (id: string, moment: Known) =>
    this.row(reorganizations, id, moment, `reorganization-${id}`);

  groups = (moment: Known): Promise<Row<AgencyRow>[]> =>
    this.rows(agencyRegistry, { where: { kind: { equals: 'group' } } }, moment, (id) => `agency-${id}`);

  /** Every subject that an agency ever held, with its roles by date. */
  portfolio = (agencyId: string, moment: Known): Promise<Row<PortfolioRow>[]> =>
    this.rows(agencyPortfolio as Projection<PortfolioRow>, ofAgency(agencyId), moment, streamOfPair);

  /** The subjects that an agency held until a day for which a condition holds. */
  async held(agencyId: string, heldUntil: Condition): Promise<SubjectRef[]> {
    const which = { ...ofAgency(agencyId), where: { heldUntil } };
    const keys = await this.keys(agencyPortfolio as Projection<PortfolioRow>, which);
    return keys.map(subjectOfPair);
  }

  /** How many indicators and tasks were entered in a plan, as far as was known. */
  async entered(planId: string, { known }: Known): Promise<Pick<PlanOverview, 'indicators' | 'tasks'>> {
    const count = (type: string) =>
      this.models.count(collectionOf(auditTrail as Projection), {
        ...{ planId: { equals: planId }, type: { equals: type } },
        ...(known ? { position: { to: known } } : {}),
      });
    return { indicators: await count('IndicatorAdopted'), tasks: await count('TaskGiven') };
  }

  /** The instant at which a plan, or anything in it, was last changed, as far as was known. */
  async changedAt(planId: string, { known }: Known): Promise<string | undefined> {
    const [last] = await this.models.find(collectionOf(auditTrail as Projection), {
      where: { planId: { equals: planId }, ...(known ? { position: { to: known } } : {}) },
      sort: { descending: true },
      limit: 1,
    });
    return last && (await eventAt(this.events, last.row as unknown as TrailRow))?.metadata.recordedAt;
  }

  /** Figures of the given ids, those that are there. */
  async figuresOf(ids: readonly string[], moment: Known): Promise<ReadonlyMap<string, Row<MeasurementRow>>> {
    const found = new Map<string, Row<MeasurementRow>>();
    const rows = (
      moment.known === undefined
        ? await this.models.getMany(collectionOf(measurementHistory), ids)
        : undefined
    ) as ReadonlyMap<string, Row<MeasurementRow>> | undefined;
    const later = new Set(rows ? ids.filter((id) => isBeyond(rows.get(id), moment)) : ids);
    for (const [key, row] of rows ?? []) if (isFolded(row) && !later.has(key)) found.set(key, row);
    const streams = [...new Set([...later].map((id) => `indicator-${indicatorIdOf(id)}`))];
    for (const events of await this.histories(streams, moment))
      for (const { key, row } of await refold(measurementHistory, events))
        if (later.has(key)) found.set(key, row);
    return found;
  }

  /** Figures of these after a place, the newest first: whoever has enough of them stops. */
  async *newestFigures(which: Which, after: Find['after']): AsyncGenerator<FoundFigure, void> {
    const sort = { field: 'first', descending: true } as const;
    // Either bound says that it is not null, and so in the index.
    const first = typeof after?.value === 'string' ? { to: after.value } : { from: '' };
    const where = { ...which.where, first };
    const pages = this.pages(measurementHistory, { ...which, where }, sort, after, FIGURES_A_PAGE);
    for await (const page of pages) yield* page.filter(({ row }) => isFolded(row));
  }

  /** Every figure of these. */
  async figures(which: Which): Promise<FoundFigure[]> {
    return (await this.found(measurementHistory, which)).filter(({ row }) => isFolded(row));
  }

  /** Every row of the trail for the conditions, oldest first. */
  async trail(where: Find['where']): Promise<Row<TrailRow>[]> {
    return (await this.found(auditTrail, { where })).map(({ row }) => row).filter(isFolded);
  }

  /** The trail's rows of events, in their order. */
  async trailOf(events: readonly RecordedEvent[]): Promise<Row<TrailRow>[]> {
    const positions = events.map(({ position }) => position);
    const rows = await this.models.getMany(collectionOf(auditTrail), positions);
    return positions.flatMap((at) => (rows.get(at) as unknown as Row<TrailRow>) ?? []).filter(isFolded);
  }

  private async row<Body extends object>(
    projection: Projection<Body>,
    key: string,
    moment: Known,
    stream: string,
  ): Promise<Row<Body> | undefined> {
    const then = async () => rowOf(key, await refold(projection, await this.history(stream, moment)));
    if (moment.known !== undefined) return then();
    const found = (await this.models.get(collectionOf(projection), key)) as Row<Body> | undefined;
    const row = isFolded(found) ? found : undefined;
    return isBeyond(found, moment) ? orAsTheyAre(row, then) : row;
  }

  private async rows<Body extends object>(
    projection: Projection<Body>,
    which: Which,
    moment: Known,
    streamOf: (key: string) => string = (key) => key,
    sort?: string,
  ): Promise<Row<Body>[]> {
    if (moment.known !== undefined)
      return this.refolded(projection, await this.keys(projection, which), moment, streamOf, sort);
    const found = await this.found(projection, which, sort);
    const later = found.filter(({ row }) => isBeyond(row, moment)).map(({ key }) => key);
    const now: ReadonlyMap<string, Row<Body> | undefined> = new Map(found.map(({ key, row }) => [key, row]));
    const then = await orAsTheyAre(now, () => this.refoldedEach(projection, later, moment, streamOf));
    return found.map(({ key, row }) => (isBeyond(row, moment) ? then.get(key) : row)).filter(isThere);
  }

  private async refolded<Body extends object>(
    projection: Projection<Body>,
    keys: readonly string[],
    moment: Known,
    streamOf: (key: string) => string,
    sort?: string,
  ): Promise<Row<Body>[]> {
    const rows = [...(await this.refoldedEach(projection, keys, moment, streamOf)).values()].filter(isThere);
    return sort === undefined ? rows : rows.sort(by(sort));
  }

  private async refoldedEach<Body extends object>(
    projection: Projection<Body>,
    keys: readonly string[],
    moment: Known,
    streamOf: (key: string) => string,
  ): Promise<ReadonlyMap<string, Row<Body> | undefined>> {
    const histories = await this.histories(keys.map(streamOf), moment);
    const folding = keys.map(async (key, index) => {
      const row = rowOf(key, await refold(projection, histories[index] ?? []));
      return [key, row] as const;
    });
    return new Map(await Promise.all(folding));
  }

  private async keys<Body extends object>(
    projection: Projection<Body>,
    { where = {}, prefix }: Which,
  ): Promise<readonly string[]> {
    const keys: string[] = [];
    for (let after: Find['after']; ; ) {
      const query = { where, prefix, limit: MAX_FIND_ROWS, ...(after ? { after } : {}) };
      const page = await this.models.keys(collectionOf(projection), query);
      keys.push(...page);
      const last = page.at(-1);
      if (last === undefined || page.length < MAX_FIND_ROWS) return keys;
      after = { key: last, value: null };
      await nextTurn();
    }
  }

  /** Every row of these, page after page. */
  private async found<Body extends object>(
    projection: Projection<Body>,
    which: Which,
    sort?: string,
  ): Promise<{ key: string; row: Row<Body> }[]> {
    const field = sort ?? orderOf(projection, which);
    return (await collect(this.pages(projection, which, field ? { field } : {}))).flat();
  }

  /** The rows of these after a place, page after page; others get their turn between two. */
  private async *pages<Body extends object>(
    projection: Projection<Body>,
    which: Which,
    sort: NonNullable<Find['sort']>,
    from?: Find['after'],
    limit = MAX_FIND_ROWS,
  ): AsyncGenerator<{ key: string; row: Row<Body> }[], void> {
    for (let after = from; ; ) {
      const page = await this.models.find(collectionOf(projection), {
        ...{ where: {}, ...which, sort, limit },
        ...(after ? { after } : {}),
      });
      yield page as unknown as { key: string; row: Row<Body> }[];
      const last = page.at(-1);
      if (!last || page.length < limit) return;
      after = { key: last.key, value: (sort.field ? last.row[sort.field] : null) as Scalar };
      await nextTurn();
    }
  }

  /** The events of one stream as they were known, oldest first. */
  async history(stream: string, moment: Known): Promise<readonly RecordedEvent[]> {
    return known(await collect(this.events.read(stream)), moment);
  }

  /** The revision of a stream at a position; -1 of one that was not there. */
  async revision(stream: string, position: Position | null): Promise<number> {
    return (await this.history(stream, { known: position })).at(-1)?.revision ?? -1;
  }

  /** The events of each stream as they were known. */
  private async histories(
    streams: readonly string[],
    moment: Known,
  ): Promise<readonly (readonly RecordedEvent[])[]> {
    const histories = await this.events.readMany(streams.map((stream) => ({ stream })));
    return histories.map((events) => known(events, moment));
  }
}

/** Orders rows as the read models do, by a field that is never null; what is equal stays in key order. */
const by =
  (field: string) =>
  (one: Row, other: Row): number => {
    const [a, b] = [one, other].map((row) => (row as unknown as Record<string, string | number>)[field]);
    return a === b || a === undefined || b === undefined ? 0 : a < b ? -1 : 1;
  };

/** Whether a row has gone on since the position that the answer states: then it is folded up to that. */
export const isBeyond = (row: Row<object> | undefined, { position }: Known): boolean =>
  row !== undefined && position !== undefined && (row.staleSince ?? row.position) > (position ?? '');

/**
 * What rows were at the position that an answer states. While the log cannot be read, which alone tells it, they are told as
 * they are: an outage takes nobody the answers of today.
 */
export const orAsTheyAre = async <Rows>(now: Rows, then: () => Promise<Rows>): Promise<Rows> => {
  try {
    return await then();
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    return now;
  }
};

const isThere = <Body>(row: Row<Body> | undefined): row is Row<Body> => row !== undefined && isFolded(row);

/** Of the events of a stream, those that were known. */
const known = (events: readonly RecordedEvent[], moment: Known): readonly RecordedEvent[] => {
  const upTo = moment.known === undefined ? moment.position : moment.known;
  if (upTo === null) return [];
  const beyond = upTo === undefined ? -1 : events.findIndex(({ position }) => position > upTo);
  return beyond < 0 ? events : events.slice(0, beyond);
};

/** The order in which rows stand where they are looked for, so that a page after another begins where that ended. */
const orderOf = ({ indexed, order }: Projection<never>, { where = {}, prefix }: Which): string | undefined =>
  prefix === undefined && Object.keys(where).some((field) => indexed?.includes(field)) ? order : undefined;

/** What stands in a plan: its ids begin with the plan's. */
export const ofPlan = (planId: string) => ({ prefix: `${planId}/` });

/** Figures of an indicator. */
export const ofIndicator = (indicatorId: string) => ({ prefix: `${indicatorId}@` });

const ofAgency = (agencyId: string) => ({ prefix: `${agencyId}|` });

/** A portfolio row's subject stands in its key: `agency|indicator|kh-1570-2025/7.1`. */
const subjectOfPair = (key: string): SubjectRef => {
  const [, kind, ...id] = key.split('|');
  return { kind: kind as SubjectRef['kind'], id: id.join('|') };
};

const streamOfPair = (key: string): string => {
  const { kind, id } = subjectOfPair(key);
  return streamOf(kind, id);
};
