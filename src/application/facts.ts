import { agencyPortfolio, type PortfolioRow } from '../../projections/agency-portfolio.js';
import { agencyRegistry } from '../../projections/agency-registry.js';
import { indicatorStatus } from '../../projections/indicator-status.js';
import { type MeasurementRow, measurementHistory } from '../../projections/measurement-history.js';
import { type PlanOverview, planOverview } from '../../projections/plan-overview.js';
import type { Projection, Row } from '../../projections/projection.js';
import { taskStatus } from '../../projections/task-status.js';
import type { Agency } from '../domain/agency/agency.js';
import type { Indicator } from '../domain/indicator/indicator.js';
import type { Task } from '../domain/task/task.js';
import type { EventStore, Position, RecordedEvent } from '../ports/event-store.js';
import { type Find, MAX_FIND_ROWS, type ReadModels } from '../ports/read-models.js';
import type { Moment } from './moment.js';
import { collectionOf } from './project.js';

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

  plan = (id: string, moment: Known) => this.row(planOverview, id, moment, [`plan-${id}`]);
  indicator = (id: string, moment: Known) => this.row(indicatorStatus, id, moment, [`indicator-${id}`]);
  task = (id: string, moment: Known) => this.row(taskStatus, id, moment, [`task-${id}`]);
  agency = (id: string, moment: Known) => this.row(agencyRegistry, id, moment, [`agency-${id}`]);

  async plans(moment: Known): Promise<Row<PlanOverview>[]> {
    return this.rows(planOverview, {}, moment, (id) => [`plan-${id}`]);
  }

  /** Every indicator that the plan ever had, in the annex's order. */
  indicators = (planId: string, moment: Known): Promise<Row<Indicator>[]> =>
    this.rows(indicatorStatus, { planId: { equals: planId } }, moment, (id) => [`indicator-${id}`], 'order');

  tasks = (planId: string, moment: Known): Promise<Row<Task>[]> =>
    this.rows(taskStatus, { planId: { equals: planId } }, moment, (id) => [`task-${id}`], 'order');

  agencies = (moment: Known): Promise<Row<Agency>[]> =>
    this.rows(agencyRegistry, {}, moment, (id) => [`agency-${id}`]);

  groups = (moment: Known): Promise<Row<Agency>[]> =>
    this.rows(agencyRegistry, { kind: { equals: 'group' } }, moment, (id) => [`agency-${id}`]);

  /** Every subject that an agency ever held, with its roles by date. */
  portfolio = (agencyId: string, moment: Known): Promise<Row<PortfolioRow>[]> =>
    this.rows(agencyPortfolio, { agencyId: { equals: agencyId } }, moment, (key) => [streamOfPair(key)]);

  measurement = (id: string, moment: Known) =>
    this.row(measurementHistory, id, moment, [`indicator-${id.split('@')[0]}`]);

  measurements = (where: Find['where']): Promise<Row<MeasurementRow>[]> =>
    this.rows(measurementHistory, where, { known: undefined });

  private async row<Body extends object>(
    projection: Projection<Body>,
    key: string,
    { known }: Known,
    streams: readonly string[],
  ): Promise<Row<Body> | undefined> {
    if (known !== undefined) return this.refold(projection, key, streams, known);
    return (await this.models.get(collectionOf(projection), key)) as Row<Body> | undefined;
  }

  private async rows<Body extends object>(
    projection: Projection<Body>,
    where: Find['where'],
    { known }: Known,
    streamsOf: (key: string) => readonly string[] = () => [],
    sort?: string,
  ): Promise<Row<Body>[]> {
    const found: { key: string; row: Row<Body> }[] = [];
    let after: Find['after'];
    for (;;) {
      const page = await this.models.find(collectionOf(projection), {
        where,
        limit: MAX_FIND_ROWS,
        ...(sort ? { sort: { field: sort } } : {}),
        ...(after ? { after } : {}),
      });
      found.push(...(page as unknown as { key: string; row: Row<Body> }[]));
      const last = page.at(-1);
      if (!last || page.length < MAX_FIND_ROWS) break;
      after = { key: last.key, value: (sort ? last.row[sort] : null) as string | number | null };
    }
    if (known === undefined) return found.map(({ row }) => row);
    const rows = await Promise.all(
      found.map(({ key }) => this.refold(projection, key, streamsOf(key), known)),
    );
    return rows.filter((row) => row !== undefined);
  }

  private async refold<Body extends object>(
    projection: Projection<Body>,
    key: string,
    streams: readonly string[],
    known: Position | null,
  ): Promise<Row<Body> | undefined> {
    let row: Row<Body> | undefined;
    const rows = {
      get: (asked: string) => (asked === key ? row : undefined),
      load: async () => undefined,
      set(asked: string, next: Row<Body>) {
        if (asked === key) row = next;
      },
    };
    for (const stream of streams) {
      for await (const event of this.events.read(stream)) {
        if (known === null || event.position > known) break;
        if (projection.keys(event).includes(key)) await projection.apply(event, rows);
      }
    }
    return row;
  }

  /** The events of one stream as they were known, oldest first. */
  async history(stream: string, { known }: Known): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for await (const event of this.events.read(stream)) {
      if (known === null || (known !== undefined && event.position > known)) break;
      events.push(event);
    }
    return events;
  }
}

/** A portfolio row's subject stands in its key: `agency|indicator|kh-1570-2025/7.1`. */
const streamOfPair = (key: string): string => {
  const [, kind = '', ...id] = key.split('|');
  return `${kind}-${id.join('|')}`;
};
