import { type Agency, evolve } from '../src/domain/agency/agency.js';
import type { AgencyEvent } from '../src/domain/agency/events.js';
import { evolved, projection } from './projection.js';

/** `revision` is of the agency's own stream. */
export type AgencyRow = Agency & { readonly revision: number };

/** Which agencies and collectives are there, under which names, with which members? One row an agency. */
export const agencyRegistry = projection<AgencyRow>({
  name: 'agency-registry.v3',
  fields: ['kind'],
  keys: ({ stream }) => (stream.startsWith('agency-') ? [stream.slice('agency-'.length)] : []),
  fold(row, event) {
    const agency = evolved(evolve(row ?? null, event as unknown as AgencyEvent), event);
    return agency && { ...agency, revision: event.revision };
  },
});
