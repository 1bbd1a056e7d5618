import type { ReorganizationEvent } from '../src/domain/reorganization/events.js';
import { evolve, type Reorganization } from '../src/domain/reorganization/reorganization.js';
import { evolved, projection } from './projection.js';

export type ReorganizationRow = Reorganization & { readonly id: string; readonly effectiveOn: string };

/** Which reorganizations were decreed, and how far is each? One row a decree. */
export const reorganizations = projection<ReorganizationRow>({
  name: 'reorganizations.v2',
  fields: ['effectiveOn'],
  keys: ({ stream }) =>
    stream.startsWith('reorganization-') ? [stream.slice('reorganization-'.length)] : [],
  fold(row, event, id) {
    const state = evolved(evolve(row ?? null, event as unknown as ReorganizationEvent), event);
    return state ? { ...state, id, effectiveOn: state.decree.effectiveOn } : undefined;
  },
});
