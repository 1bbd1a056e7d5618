import { InProcessLeases } from '../../src/adapters/in-process/leases.js';
import { describeLeases, TTL_MS } from './leases.contract.js';

const places = new Map<string, InProcessLeases>();

describeLeases('in-process', async (place, now) => {
  const leases = places.get(place) ?? new InProcessLeases(TTL_MS, now);
  places.set(place, leases);
  return leases;
});
