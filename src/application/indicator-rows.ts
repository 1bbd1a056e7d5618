import { indicatorStatus } from '../../projections/indicator-status.js';
import { figureOf, type MeasurementRow, measurementHistory } from '../../projections/measurement-history.js';
import type { Row } from '../../projections/projection.js';
import type { IndicatorTerms, JudgedIndicator } from '../domain/indicator/indicator.js';
import { indicatorIdOf } from './commands/ids.js';
import { isFolded } from './fold.js';

/** The projections whose rows an indicator is put together from. */
export const OF_INDICATORS: readonly string[] = [indicatorStatus.name, measurementHistory.name];

/** A figure's row, and the figure's id. */
export interface FoundFigure {
  readonly key: string;
  readonly row: Row<MeasurementRow>;
}

/** An indicator as its rows tell it; it stands still since the first event that could not be folded into any of them. */
export type IndicatorRow = JudgedIndicator & Pick<Row, 'staleSince'>;

/**
 * Indicators with their figures. A figure whose indicator is not there (yet) is left out; of one into which nothing was
 * ever folded it is told only that the indicator stands still.
 */
export const indicatorsOf = (
  own: readonly Row<IndicatorTerms>[],
  figures: readonly FoundFigure[],
): IndicatorRow[] => {
  const found = new Map<string, FoundFigure[]>(own.map(({ id }) => [id, []]));
  for (const figure of figures) found.get(indicatorIdOf(figure.key))?.push(figure);
  return own.map((terms) => {
    const rows = found.get(terms.id) ?? [];
    const staleSince = firstOf([terms, ...rows.map(({ row }) => row)]);
    const measurements = inOrder(rows.filter(({ row }) => isFolded(row)));
    return { ...terms, measurements, ...(staleSince === undefined ? {} : { staleSince }) };
  });
};

/** The position at which the first of some rows stands still; undefined where none does. */
const firstOf = (rows: readonly Row[]): string | undefined =>
  rows.reduce<string | undefined>(
    (first, { staleSince }) =>
      first === undefined || (staleSince && staleSince < first) ? staleSince : first,
    undefined,
  );

const inOrder = (figures: FoundFigure[]) =>
  figures.sort((a, b) => (a.row.first < b.row.first ? -1 : 1)).map(({ key, row }) => figureOf(key, row));
