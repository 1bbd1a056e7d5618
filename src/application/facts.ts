import { agencyPortfolio, type PortfolioRow } from '../../projections/agency-portfolio.js';
import { agencyRegistry } from '../../projections/agency-registry.js';
import { auditTrail, type TrailRow } from '../../projections/audit-trail.js';
import { indicatorStatus } from '../../projections/indicator-status.js';
import { type MeasurementRow, measurementHistory } from '../../projections/measurement-history.js';
import { type PlanOverview, planOverview } from '../../projections/plan-overview.js';
import type { Projection, Row } from '../../projections/projection.js';
import { type ReorganizationRow, reorganizations } from '../../projections/reorganizations.js';
import { taskStatus } from '../../projections/task-status.js';
import type { Agency } from '../domain/agency/agency.js';
import { assertJson } from '../domain/canonical.js';
import { streamOf } from '../domain/events.js';
import type { Indicator } from '../domain/indicator/indicator.js';
import type { SubjectRef } from '../domain/message.js';
import type { Task } from '../domain/task/task.js';
import { collect, type EventStore, type RecordedEvent } from '../ports/event-store.js';
import {
  type Build,
  type Condition,
  type Find,
  MAX_FIND_ROWS,
  type ReadModels,
  type Row as Stored,
} from '../ports/read-models.js';
import { collectionOf } from './collection.js';
import { foldPage, NEVER_FOLDED } from './fold.js';
import type { Moment } from './moment.js';

type Known = Pick<Moment, 'known'>;

/**
 * The rows that questions are answered from, as they are or as they were known at an earlier position. The fold is the
 * same; only which events it sees differs: an earlier row is folded from its subject's own stream.
 */
export class Facts {
  constructor(
    private readonly events: EventStore,
    private readonly models: ReadModels,
  ) {}

  plan = (id: string, moment: Known) => this.row(planOverview, id, moment, `plan-${id}`);
  indicator = (id: string, moment: Known) => this.row(indicatorStatus, id, moment, `indicator-${id}`);
  task = (id: string, moment: Known) => this.row(taskStatus, id, moment, `task-${id}`);
  agency = (id: string, moment: Known) => this.row(agencyRegistry, id, moment, `agency-${id}`);

  async plans(moment: Known): Promise<Row<PlanOverview>[]> {
    return this.rows(planOverview, {}, moment, (id) => `plan-${id}`);
  }

  /** Every indicator that the plan ever had, in the annex's order. */
  indicators = (planId: string, moment: Known): Promise<Row<Indicator>[]> =>
    this.rows(indicatorStatus, { planId: { equals: planId } }, moment, (id) => `indicator-${id}`, 'order');

  tasks = (planId: string, moment: Known): Promise<Row<Task>[]> =>
    this.rows(taskStatus, { planId: { equals: planId } }, moment, (id) => `task-${id}`, 'order');

  agencies = (moment: Known): Promise<Row<Agency>[]> =>
    this.rows(agencyRegistry, {}, moment, (id) => `agency-${id}`);

  reorganizations = (moment: Known): Promise<Row<ReorganizationRow>[]> =>
    this.rows(reorganizations, {}, moment, (id) => `reorganization-${id}`, 'effectiveOn');

  reorganization = (id: string, moment: Known) =>
    this.row(reorganizations, id, moment, `reorganization-${id}`);

  groups = (moment: Known): Promise<Row<Agency>[]> =>
    this.rows(agencyRegistry, { kind: { equals: 'group' } }, moment, (id) => `agency-${id}`);

  /** Every subject that an agency ever held, with its roles by date. */
  portfolio = (agencyId: string, moment: Known): Promise<Row<PortfolioRow>[]> =>
    this.rows(
      agencyPortfolio as Projection<PortfolioRow>,
      { agencyId: { equals: agencyId } },
      moment,
      streamOfPair,
    );

  /** The subjects that an agency held until a day for which a condition holds. */
  async held(agencyId: string, heldUntil: Condition): Promise<SubjectRef[]> {
    const where = { agencyId: { equals: agencyId }, heldUntil };
    const keys = await this.keys(agencyPortfolio as Projection<PortfolioRow>, where);
    return keys.map(subjectOfPair);
  }

  /** The instant at which a plan, or anything in it, was last changed, as far as was known. */
  async changedAt(planId: string, { known }: Known): Promise<string | undefined> {
    const [last] = await this.models.find(collectionOf(auditTrail as Projection), {
      where: { planId: { equals: planId }, ...(known ? { position: { to: known } } : {}) },
      sort: { field: 'position', descending: true },
      limit: 1,
    });
    if (!last) return undefined;
    const { stream, revision } = last.row as unknown as TrailRow;
    for await (const { metadata } of this.events.read(stream, revision)) return metadata.recordedAt;
    return undefined;
  }

  measurement = (id: string, moment: Known) =>
    this.row(measurementHistory, id, moment, `indicator-${id.split('@')[0]}`);

  measurements = (where: Find['where']): Promise<Row<MeasurementRow>[]> =>
    this.rows(measurementHistory, where, { known: undefined });

  /** Every row of the trail for the conditions, oldest first. */
  async trail(where: Find['where']): Promise<Row<TrailRow>[]> {
    return (await this.found(auditTrail, where)).map(({ row }) => row).filter(isFolded);
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
    if (moment.known !== undefined) return refolded(projection, key, await this.history(stream, moment));
    const row = (await this.models.get(collectionOf(projection), key)) as Row<Body> | undefined;
    return isFolded(row) ? row : undefined;
  }

  private async rows<Body extends object>(
    projection: Projection<Body>,
    where: Find['where'],
    moment: Known,
    streamOf: (key: string) => string = (key) => key,
    sort?: string,
  ): Promise<Row<Body>[]> {
    if (moment.known === undefined)
      return (await this.found(projection, where, sort)).map(({ row }) => row).filter(isFolded);
    const keys = await this.keys(projection, where);
    const histories = await this.events.readMany(keys.map((key) => ({ stream: streamOf(key) })));
    const refolding = keys.map((key, index) =>
      refolded(projection, key, known(histories[index] ?? [], moment)),
    );
    const rows = (await Promise.all(refolding)).filter((row) => row !== undefined);
    return sort === undefined ? rows : rows.sort(by(sort));
  }

  private async keys<Body extends object>(
    projection: Projection<Body>,
    where: Find['where'],
  ): Promise<readonly string[]> {
    const keys: string[] = [];
    for (let after: Find['after']; ; ) {
      const query = { where, limit: MAX_FIND_ROWS, ...(after ? { after } : {}) };
      const page = await this.models.keys(collectionOf(projection), query);
      keys.push(...page);
      const last = page.at(-1);
      if (last === undefined || page.length < MAX_FIND_ROWS) return keys;
      after = { key: last, value: null };
    }
  }

  /** Every row for the conditions, page after page. */
  private async found<Body extends object>(
    projection: Projection<Body>,
    where: Find['where'],
    sort?: string,
  ): Promise<{ key: string; row: Row<Body> }[]> {
    const found: { key: string; row: Row<Body> }[] = [];
    for (let after: Find['after']; ; ) {
      const page = await this.models.find(collectionOf(projection), {
        where,
        limit: MAX_FIND_ROWS,
        ...(sort ? { sort: { field: sort } } : {}),
        ...(after ? { after } : {}),
      });
      found.push(...(page as unknown as { key: string; row: Row<Body> }[]));
      const last = page.at(-1);
      if (!last || page.length < MAX_FIND_ROWS) return found;
      after = { key: last.key, value: (sort ? last.row[sort] : null) as string | number | null };
    }
  }

  /** The events of one stream as they were known, oldest first. */
  async history(stream: string, moment: Known): Promise<readonly RecordedEvent[]> {
    return known(await collect(this.events.read(stream)), moment);
  }
}

/** Orders rows as the read models do, by a field that is never null; what is equal stays in key order. */
const by =
  (field: string) =>
  (one: Row, other: Row): number => {
    const [a, b] = [one, other].map((row) => (row as unknown as Record<string, string | number>)[field]);
    return a === b || a === undefined || b === undefined ? 0 : a < b ? -1 : 1;
  };

/** Of the events of a stream, those that were known. */
const known = (events: readonly RecordedEvent[], { known: upTo }: Known): readonly RecordedEvent[] => {
  if (upTo === null) return [];
  const beyond = upTo === undefined ? -1 : events.findIndex(({ position }) => position > upTo);
  return beyond < 0 ? events : events.slice(0, beyond);
};

/** The row as the events of its subject's stream made it. */
const refolded = async <Body extends object>(
  projection: Projection<Body>,
  key: string,
  events: readonly RecordedEvent[],
): Promise<Row<Body> | undefined> => {
  const build = new PassingBuild();
  await foldPage(projection, build, events, () => undefined);
  const row = build.rows.get(key) as Row<Body> | undefined;
  return isFolded(row) ? row : undefined;
};

/** A build for one answer: it takes the rows that a stored one takes, so that an earlier row stands still where today's does. */
class PassingBuild implements Build {
  readonly rows = new Map<string, Stored>();

  async checkpoint(): Promise<null> {
    return null;
  }

  async getMany(): Promise<ReadonlyMap<string, Stored>> {
    return this.rows;
  }

  async commit(rows: ReadonlyMap<string, Stored | null>): Promise<void> {
    for (const [key, row] of rows) assertJson(row, key);
    for (const [key, row] of rows) if (row) this.rows.set(key, row);
  }
}

/** A row whose first event could not be folded says nothing: for readers it is not there. */
const isFolded = (row: Row | undefined): boolean => row?.position !== NEVER_FOLDED;

/** A portfolio row's subject stands in its key: `agency|indicator|kh-1570-2025/7.1`. */
const subjectOfPair = (key: string): SubjectRef => {
  const [, kind, ...id] = key.split('|');
  return { kind: kind as SubjectRef['kind'], id: id.join('|') };
};

const streamOfPair = (key: string): string => {
  const { kind, id } = subjectOfPair(key);
  return streamOf(kind, id);
};
