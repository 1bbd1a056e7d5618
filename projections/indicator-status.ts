import type { IndicatorEvent } from '../src/domain/indicator/events.js';
import { evolve, type Indicator } from '../src/domain/indicator/indicator.js';
import { projection } from './projection.js';

/** What is known of each indicator? One row an indicator: facts only, the verdict is computed for the asked day. */
export const indicatorStatus = projection<Indicator>({
  name: 'indicator-status.v1',
  fields: ['planId', 'order'],
  indexed: ['planId'],
  keys: ({ stream }) => (stream.startsWith('indicator-') ? [stream.slice('indicator-'.length)] : []),
  fold: (row, event) => evolve(row ?? null, event as unknown as IndicatorEvent) ?? undefined,
});
