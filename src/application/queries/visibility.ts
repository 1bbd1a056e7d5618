import type { JudgedIndicator } from '../../domain/indicator/indicator.js';
import type { Actor } from '../../domain/message.js';
import { seesEveryFigure, seesUnaccepted } from '../policy.js';

/** Figures not yet accepted are hidden from reporters of other agencies: here, from an indicator. */
export const visibleFigures = <I extends JudgedIndicator>(indicator: I, actor: Actor): I =>
  seesEveryFigure(actor)
    ? indicator
    : { ...indicator, measurements: indicator.measurements.filter((figure) => isSeen(figure, actor)) };

/** Whether an actor may see a figure. */
export const isSeen = (
  figure: { readonly state: string; readonly agencyId: string | null },
  actor: Actor,
): boolean =>
  figure.state === 'accepted' ||
  seesUnaccepted(actor, figure.agencyId !== null && figure.agencyId === actor.agencyId ? 'own' : 'of others');
