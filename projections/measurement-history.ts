import type { Figure } from '../src/domain/indicator/events.js';
import {
  isOfFigure,
  type JudgedFigure,
  type MeasurementEvent,
  type MeasurementState,
  STATE_AFTER,
} from '../src/domain/indicator/measurement.js';
import { projection, type Writable } from './projection.js';

type Said = Pick<Figure, 'value' | 'met' | 'components' | 'qualifier'>;

/**
 * What a figure is judged and found by; null is left out. Which indicator and plan it is of says its key. Everything else
 * that was said of it, and what became of it, is told from its stream when it is asked.
 */
export interface MeasurementRow extends Partial<Said> {
  readonly period: string;
  readonly agencyId?: string;
  readonly reportedBy: string;
  readonly state: MeasurementState;
  /** Revision of its last report or correction. */
  readonly sequence: number;
  /** Position of its first report. */
  readonly first: string;
  /** Left out of one that still is as it was first reported. */
  readonly corrected?: true;
}

/** How does each reported figure stand, and which ones wait for acceptance? One row a figure. */
export const measurementHistory = projection<MeasurementRow>({
  name: 'measurement-history.v4',
  fields: ['agencyId', 'state', 'reportedBy', 'period', 'first'],
  indexed: ['agencyId', 'state', 'reportedBy', 'first'],
  order: 'first',
  keys: ({ type, data }) => (isOfFigure(type) ? [(data as { measurementId: string }).measurementId] : []),
  fold(row, recorded) {
    const event = recorded as unknown as MeasurementEvent;
    const state = STATE_AFTER[event.type];
    const sequence = recorded.revision;
    if (event.type === 'MeasurementReported') {
      const { period, agencyId, reportedBy } = event.data;
      const found: Writable<MeasurementRow> = {
        period,
        reportedBy,
        state,
        sequence,
        first: recorded.position,
      };
      if (agencyId !== null) found.agencyId = agencyId;
      return say(found, event.data);
    }
    if (!row) return undefined;
    if (event.type !== 'MeasurementCorrected') return { ...row, state };
    const { value: _, met: __, components: ___, qualifier: ____, ...kept } = row;
    const reportedBy = event.data.correctedBy;
    return say({ ...kept, reportedBy, state, sequence, corrected: true }, event.data);
  },
});

/** Adds what is said, without what is not. */
const say = (row: Writable<MeasurementRow>, { value, met, components, qualifier }: Said): MeasurementRow => {
  if (value !== null) row.value = value;
  if (met !== null) row.met = met;
  if (components !== null) row.components = components;
  if (qualifier !== null) row.qualifier = qualifier;
  return row;
};

/** The figure that a row is of. */
export const figureOf = (id: string, row: MeasurementRow): JudgedFigure => {
  const { period, state, sequence } = row;
  const { agencyId = null, value = null, met = null, components = null, qualifier = null } = row;
  return { id, period, agencyId, state, sequence, value, met, components, qualifier };
};
