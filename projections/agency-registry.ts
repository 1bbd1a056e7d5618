import { type Agency, evolve } from '../src/domain/agency/agency.js';
import type { AgencyEvent } from '../src/domain/agency/events.js';
import { evolved, projection } from './projection.js';

/** Which agencies and collectives are there, under which names, with which members? One row an agency. */
export const agencyRegistry = projection<Agency>({
  name: 'agency-registry.v2',
  fields: ['kind'],
  keys: ({ stream }) => (stream.startsWith('agency-') ? [stream.slice('agency-'.length)] : []),
  fold: (row, event) => evolved(evolve(row ?? null, event as unknown as AgencyEvent), event),
});
