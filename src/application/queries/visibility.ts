import type { AuditEntry } from '../../../projections/audit-trail.js';
import type { Row } from '../../../projections/projection.js';
import type { Indicator } from '../../domain/indicator/indicator.js';
import type { Actor } from '../../domain/message.js';
import { indicatorIdOf } from '../commands/ids.js';
import type { Facts } from '../facts.js';
import { seesUnaccepted } from '../policy.js';

/** Figures not yet accepted are hidden from reporters of other agencies: here, from an indicator. */
export const visibleFigures = <I extends Indicator>(indicator: I, actor: Actor): I =>
  actor.role === 'reporter'
    ? { ...indicator, measurements: indicator.measurements.filter((figure) => isSeen(figure, actor)) }
    : indicator;

/** … and here, from entries of the trail. */
export const visibleEntries = async (
  entries: readonly Row<AuditEntry>[],
  actor: Actor,
  facts: Facts,
): Promise<Row<AuditEntry>[]> => {
  if (actor.role !== 'reporter') return [...entries];
  const seen = await Promise.all(
    entries.map(async ({ measurementId }) => {
      if (measurementId === null) return true;
      const indicator = await facts.indicator(indicatorIdOf(measurementId), { known: undefined });
      const figure = indicator?.measurements.find(({ id }) => id === measurementId);
      return figure !== undefined && isSeen(figure, actor);
    }),
  );
  return entries.filter((_, index) => seen[index]);
};

export const isSeen = (
  figure: { readonly state: string; readonly agencyId: string | null },
  actor: Actor,
): boolean => figure.state === 'accepted' || seesUnaccepted(actor, figure.agencyId);
