import { type Projection, projection, type Row } from '../../projections/projection.js';
import { assertJson } from '../domain/canonical.js';
import type { IndicatorEvent } from '../domain/indicator/events.js';
import { evolve, type Indicator } from '../domain/indicator/indicator.js';
import type { RecordedEvent } from '../ports/event-store.js';
import type { Build, Row as Stored } from '../ports/read-models.js';
import { foldPage, isFolded } from './fold.js';

/** A row that was folded for one answer. */
interface Folded<Body> {
  readonly key: string;
  readonly row: Row<Body>;
}

/** The rows that the events of one stream made. */
export const folded = async <Body extends object>(
  projection: Projection<Body>,
  events: readonly RecordedEvent[],
): Promise<readonly Folded<Body>[]> => {
  const build = new PassingBuild();
  await foldPage(projection, build, events, () => undefined);
  return [...build.rows].map(([key, row]) => ({ key, row: row as unknown as Row<Body> }));
};

/** As `folded`, but for rows into which nothing was ever folded. */
export const refold = async <Body extends object>(
  projection: Projection<Body>,
  events: readonly RecordedEvent[],
): Promise<readonly Folded<Body>[]> => (await folded(projection, events)).filter(({ row }) => isFolded(row));

export const rowOf = <Body>(key: string, rows: readonly Folded<Body>[]): Row<Body> | undefined =>
  rows.find((folded) => folded.key === key)?.row;

/** An indicator and its figures in one row, which no read model holds. */
export const wholeIndicator = projection<Indicator>({
  name: 'indicator',
  fields: [],
  keys: ({ stream }) => [stream.slice('indicator-'.length)],
  fold: (row, event) => evolve(row ?? null, event as unknown as IndicatorEvent) ?? undefined,
});

/** A build for one answer: it takes the rows that a stored one takes, so that an earlier row stands still where today's does. */
class PassingBuild implements Build {
  readonly rows = new Map<string, Stored>();

  async checkpoint(): Promise<null> {
    return null;
  }

  async mark(): Promise<null> {
    return null;
  }

  async getMany(): Promise<ReadonlyMap<string, Stored>> {
    return this.rows;
  }

  async commit(rows: ReadonlyMap<string, Stored>): Promise<void> {
    for (const [key, row] of rows) assertJson(row, key);
    for (const [key, row] of rows) this.rows.set(key, row);
  }
}
