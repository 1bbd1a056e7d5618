import { indicatorStatus } from '../../projections/indicator-status.js';
import { figureOf, type MeasurementRow, measurementHistory } from '../../projections/measurement-history.js';
import type { Row } from '../../projections/projection.js';
import type { IndicatorTerms, JudgedIndicator } from '../domain/indicator/indicator.js';
import { indicatorIdOf } from './commands/ids.js';

/** The projections whose rows an indicator is put together from. */
export const OF_INDICATORS: readonly string[] = [indicatorStatus.name, measurementHistory.name];

/** A figure's row, and the figure's id. */
export interface FoundFigure {
  readonly key: string;
  readonly row: Row<MeasurementRow>;
}

/** Indicators with their figures. A figure whose indicator is not there (yet) is left out. */
export const indicatorsOf = (
  own: readonly Row<IndicatorTerms>[],
  figures: readonly FoundFigure[],
): JudgedIndicator[] => {
  const found = new Map<string, FoundFigure[]>(own.map(({ id }) => [id, []]));
  for (const figure of figures) found.get(indicatorIdOf(figure.key))?.push(figure);
  return own.map((terms) => ({ ...terms, measurements: inOrder(found.get(terms.id) ?? []) }));
};

const inOrder = (figures: FoundFigure[]) =>
  figures.sort((a, b) => (a.row.first < b.row.first ? -1 : 1)).map(({ key, row }) => figureOf(key, row));
