import { evolveTerms, type IndicatorTerms, type TermsEvent } from '../src/domain/indicator/indicator.js';
import { isOfFigure } from '../src/domain/indicator/measurement.js';
import { evolved, projection } from './projection.js';

/**
 * What is known of each indicator, but for its figures? One row an indicator: facts only, the verdict is computed for the
 * asked day. The figures are rows of their own, in `measurement-history`: with them a row would grow with each report.
 */
export const indicatorStatus = projection<IndicatorTerms>({
  name: 'indicator-status.v3',
  fields: ['order'],
  // Found by its key, which begins with its plan's.
  indexed: [],
  keys: ({ stream, type }) =>
    stream.startsWith('indicator-') && !isOfFigure(type) ? [stream.slice('indicator-'.length)] : [],
  fold: (row, event) => evolved(evolveTerms(row ?? null, event as unknown as TermsEvent), event),
});
