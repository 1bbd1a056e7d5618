import { dayNumber, periodEnd } from '../time.js';
import type { JudgedFigure } from './measurement.js';

const known = new WeakMap<readonly JudgedFigure[], readonly number[]>();

/**
 * The day on which the period of each figure ends, as a number (20260630). A row may have hundreds of figures, of which a
 * decision passes over nearly all: to look at a number costs a tenth of what it costs to look at a figure.
 */
export const periodEndsOf = (figures: readonly JudgedFigure[]): readonly number[] => {
  let ends = known.get(figures);
  if (!ends) {
    ends = figures.map(({ period }) => endNumber(period));
    known.set(figures, ends);
  }
  return ends;
};

/** The figures with one more; what was looked up of them before is not looked up again. */
export const withFigure = <Of extends JudgedFigure>(figures: readonly Of[], figure: Of): readonly Of[] => {
  const next = [...figures, figure];
  const ends = known.get(figures);
  if (ends) known.set(next, [...ends, endNumber(figure.period)]);
  return next;
};

/** The last day of a period as a number: `2026-Q2` is 20260630. */
export const endNumber = (period: string): number => dayNumber(periodEnd(period));
