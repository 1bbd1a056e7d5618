import type { AuditEntry, KeptEntry } from '../../../projections/audit-trail.js';
import type { Row } from '../../../projections/projection.js';
import type { Indicator } from '../../domain/indicator/indicator.js';
import type { Actor } from '../../domain/message.js';
import { indicatorIdOf } from '../commands/ids.js';
import type { Facts } from '../facts.js';
import type { Moment } from '../moment.js';
import { seesEveryFigure, seesUnaccepted } from '../policy.js';

/** Figures not yet accepted are hidden from reporters of other agencies: here, from an indicator. */
export const visibleFigures = <I extends Indicator>(indicator: I, actor: Actor): I =>
  seesEveryFigure(actor)
    ? indicator
    : { ...indicator, measurements: indicator.measurements.filter((figure) => isSeen(figure, actor)) };

/**
 * … and here, from entries of the trail, by what was known of each figure: those about a hidden one are left out, and of
 * the others the effect is told as it is without hidden ones.
 */
export const visibleEntries = async (
  entries: readonly Row<KeptEntry>[],
  actor: Actor,
  facts: Facts,
  moment: Pick<Moment, 'known'>,
): Promise<Row<AuditEntry>[]> => {
  if (seesEveryFigure(actor)) return entries.map(({ seen: _, ...entry }) => entry);
  const ids = new Set(
    entries.flatMap(({ measurementId }) => (measurementId ? [indicatorIdOf(measurementId)] : [])),
  );
  const indicators = new Map<string, Indicator | undefined>();
  for (const id of ids) indicators.set(id, await facts.indicator(id, moment));
  return entries
    .filter(({ measurementId }) => {
      if (measurementId === null) return true;
      const indicator = indicators.get(indicatorIdOf(measurementId));
      const figure = indicator?.measurements.find(({ id }) => id === measurementId);
      return figure !== undefined && isSeen(figure, actor);
    })
    .map(({ seen, ...entry }) => ({ ...entry, effect: effectSeen(entry.effect, seen, actor) }));
};

const effectSeen = (
  effect: AuditEntry['effect'],
  seen: KeptEntry['seen'],
  actor: Actor,
): AuditEntry['effect'] => {
  const view = (agencyId: string | null) => seen.find((one) => one.agencyId === agencyId)?.effect;
  return view(actor.agencyId) ?? view(null) ?? effect;
};

export const isSeen = (
  figure: { readonly state: string; readonly agencyId: string | null },
  actor: Actor,
): boolean =>
  figure.state === 'accepted' ||
  seesUnaccepted(actor, figure.agencyId !== null && figure.agencyId === actor.agencyId ? 'own' : 'of others');
