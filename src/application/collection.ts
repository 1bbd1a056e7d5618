import type { Projection } from '../../projections/projection.js';
import type { Collection } from '../ports/read-models.js';

/** Where a projection's rows are. */
export const collectionOf = ({ name, fields, indexed, order }: Projection): Collection => ({
  name,
  fields,
  indexed,
  order,
});
