import type { Figure, IndicatorEvent } from './events.js';

export const MEASUREMENT_STATES = ['reported', 'accepted', 'returned', 'retracted'] as const;
export type MeasurementState = (typeof MEASUREMENT_STATES)[number];

/** What a verdict rests on of a figure. */
export interface JudgedFigure extends Pick<Figure, 'value' | 'met' | 'components' | 'qualifier'> {
  readonly id: string;
  readonly period: string;
  /** The agency the figure is of; null for the provincial office's own. */
  readonly agencyId: string | null;
  readonly state: MeasurementState;
  /** Revision of its last report or correction: the greater, the later recorded. */
  readonly sequence: number;
}

/** A figure as it stands now; the ones it replaced stay in the trail. */
export interface Measurement extends JudgedFigure, Figure {
  /** Who said it last. */
  readonly reportedBy: string;
  /** Who reported it and who corrected it: none of them accepts it. */
  readonly authors: readonly string[];
  readonly corrected: boolean;
  readonly warnings: readonly string[];
}

/** An event of one figure of an indicator. */
export type MeasurementEvent = Extract<IndicatorEvent, { type: `Measurement${string}` }>;

/** How a figure stands after each of its events. */
export const STATE_AFTER: Readonly<Record<MeasurementEvent['type'], MeasurementState>> = {
  MeasurementReported: 'reported',
  MeasurementAccepted: 'accepted',
  MeasurementReturned: 'returned',
  MeasurementCorrected: 'reported',
  MeasurementRetracted: 'retracted',
};

/** Whether an event is of one figure, by its type. */
export const isOfFigure = (type: string): type is MeasurementEvent['type'] =>
  Object.hasOwn(STATE_AFTER, type);
