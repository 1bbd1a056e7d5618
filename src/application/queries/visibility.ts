import type { AuditEntry } from '../../../projections/audit-trail.js';
import type { Row } from '../../../projections/projection.js';
import type { Indicator } from '../../domain/indicator/indicator.js';
import type { Actor } from '../../domain/message.js';
import { indicatorIdOf } from '../commands/ids.js';
import type { Facts } from '../facts.js';
import type { Moment } from '../moment.js';
import { seesUnaccepted } from '../policy.js';

/** Figures not yet accepted are hidden from reporters of other agencies: here, from an indicator. */
export const visibleFigures = <I extends Indicator>(indicator: I, actor: Actor): I =>
  actor.role === 'reporter'
    ? { ...indicator, measurements: indicator.measurements.filter((figure) => isSeen(figure, actor)) }
    : indicator;

/** … and here, from entries of the trail, by what was known of each figure. */
export const visibleEntries = async (
  entries: readonly Row<AuditEntry>[],
  actor: Actor,
  facts: Facts,
  moment: Pick<Moment, 'known'>,
): Promise<Row<AuditEntry>[]> => {
  if (actor.role !== 'reporter') return [...entries];
  const ids = new Set(
    entries.flatMap(({ measurementId }) => (measurementId ? [indicatorIdOf(measurementId)] : [])),
  );
  const indicators = new Map<string, Indicator | undefined>();
  for (const id of ids) indicators.set(id, await facts.indicator(id, moment));
  return entries.filter(({ measurementId }) => {
    if (measurementId === null) return true;
    const indicator = indicators.get(indicatorIdOf(measurementId));
    const figure = indicator?.measurements.find(({ id }) => id === measurementId);
    return figure !== undefined && isSeen(figure, actor);
  });
};

export const isSeen = (
  figure: { readonly state: string; readonly agencyId: string | null },
  actor: Actor,
): boolean => figure.state === 'accepted' || seesUnaccepted(actor, figure.agencyId);
