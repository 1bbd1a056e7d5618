import type {
  Decree,
  ReorganizationApplied,
  ReorganizationEvent,
  ReorganizationRevoked,
  ReorganizationTurnedBack,
} from './events.js';

/** A decree, and how far it has come. */
export interface Reorganization {
  readonly decree: Decree;
  readonly applied: ReorganizationApplied['data'] | null;
  readonly revoked: ReorganizationRevoked['data'] | null;
  readonly turnedBack: ReorganizationTurnedBack['data'] | null;
}

/** Folds one event into the reorganization. Null before it was decreed. */
export const evolve = (state: Reorganization | null, event: ReorganizationEvent): Reorganization | null => {
  if (event.type === 'ReorganizationDecreed')
    return { decree: event.data, applied: null, revoked: null, turnedBack: null };
  if (state === null) return null;
  switch (event.type) {
    case 'ReorganizationApplied':
      return { ...state, applied: event.data };
    case 'ReorganizationRevoked':
      return { ...state, revoked: event.data };
    case 'ReorganizationTurnedBack':
      return { ...state, turnedBack: event.data };
  }
};

/** Whether everything that follows from it, or from its revocation, has been recorded. */
export const isCarriedOut = ({ applied, revoked, turnedBack }: Reorganization): boolean =>
  (revoked ? turnedBack : applied) !== null;

/** The predecessors that end with the decree: those of a merger, split or dissolution that do not go on as a successor. */
export const ending = ({
  kind,
  predecessors,
  successors,
}: Pick<Decree, 'kind' | 'predecessors' | 'successors'>): string[] =>
  kind === 'merge' || kind === 'split' || kind === 'dissolve'
    ? predecessors.filter((agency) => !successors.includes(agency))
    : [];

/** The predecessors of whom something goes to another: everything that a decree moves is theirs. */
export const givingUp = ({ predecessors, allocations }: Decree): string[] =>
  predecessors.filter((agency) =>
    allocations.some(({ predecessor, successor }) => predecessor === agency && successor !== agency),
  );

/** Who takes over from a predecessor, whatever it holds. */
export const successorsOf = ({ allocations }: Decree, predecessor: string): string[] => [
  ...new Set(allocations.filter((one) => one.predecessor === predecessor).map(({ successor }) => successor)),
];

/** From when a revocation turns things back: its own day, or the decree's where that is still to come by then. */
export const turnsBackOn = (decree: Decree, revoked: ReorganizationRevoked['data']): string =>
  [decree.effectiveOn, revoked.effectiveOn].sort()[1] as string;
