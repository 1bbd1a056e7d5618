import type { Figure, IndicatorEvent } from '../src/domain/indicator/events.js';
import type { MeasurementState } from '../src/domain/indicator/indicator.js';
import type { LegalBasis, Recorded } from '../src/domain/message.js';
import { projection } from './projection.js';

/** One thing that happened to a figure. */
export interface MeasurementStep {
  readonly event: string;
  readonly eventId: string;
  readonly position: string;
  readonly recordedAt: string;
  readonly by: { readonly subject: string; readonly name: string; readonly agencyId: string | null };
  readonly figure: Figure | null;
  readonly reason: string | null;
  readonly legalBasis: LegalBasis | null;
}

export type MeasurementRow = Figure & {
  readonly id: string;
  readonly indicatorId: string;
  readonly planId: string | null;
  readonly period: string;
  readonly agencyId: string | null;
  readonly reportedBy: string;
  readonly state: MeasurementState;
  readonly warnings: readonly string[];
  readonly history: readonly MeasurementStep[];
};

type MeasurementEvent = Extract<IndicatorEvent, { type: `Measurement${string}` }>;

const figureOf = (data: Figure): Figure => {
  const { value, met, components, qualifier, source, evidence, note } = data;
  return { value, met, components, qualifier, source, evidence, note };
};

const step = (recorded: Recorded, event: MeasurementEvent): MeasurementStep => {
  const { subject, name, agencyId } = recorded.metadata.actor;
  const reasoned = 'reason' in event.data ? event.data : null;
  return {
    event: event.type,
    eventId: recorded.id,
    position: recorded.position,
    recordedAt: recorded.metadata.recordedAt,
    by: { subject, name, agencyId },
    figure: 'value' in event.data ? figureOf(event.data) : null,
    reason: reasoned?.reason ?? (event.type === 'MeasurementAccepted' ? event.data.note : null),
    legalBasis: reasoned?.legalBasis ?? null,
  };
};

/** What became of each reported figure, and which ones wait for acceptance? One row a figure. */
export const measurementHistory = projection<MeasurementRow>({
  name: 'measurement-history.v1',
  fields: ['planId', 'indicatorId', 'agencyId', 'state', 'period', 'reportedBy'],
  indexed: ['planId', 'indicatorId', 'agencyId', 'state', 'reportedBy'],
  keys: ({ type, data }) =>
    type.startsWith('Measurement') ? [(data as { measurementId: string }).measurementId] : [],
  fold(row, recorded) {
    const event = recorded as unknown as MeasurementEvent;
    if (event.type === 'MeasurementReported') {
      const { measurementId, indicatorId, period, agencyId, reportedBy, warnings } = event.data;
      return {
        id: measurementId,
        ...{
          indicatorId,
          planId: recorded.metadata.planId,
          period,
          agencyId,
          reportedBy,
          state: 'reported' as const,
        },
        ...figureOf(event.data),
        warnings,
        history: [step(recorded, event)],
      };
    }
    if (!row) return undefined;
    const history = [...row.history, step(recorded, event)];
    switch (event.type) {
      case 'MeasurementAccepted':
        return { ...row, state: 'accepted', history };
      case 'MeasurementReturned':
        return { ...row, state: 'returned', history };
      case 'MeasurementRetracted':
        return { ...row, state: 'retracted', history };
      case 'MeasurementCorrected': {
        const { correctedBy, warnings } = event.data;
        return {
          ...row,
          ...figureOf(event.data),
          reportedBy: correctedBy,
          warnings,
          state: 'reported',
          history,
        };
      }
    }
  },
});
