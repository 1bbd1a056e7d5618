import type { NewEvent } from '../../../src/ports/event-store.js';
import { OFFICE } from '../people.js';
import type { Random } from '../random.js';

/** A reported figure, as most events are. */
export const eventOf = (random: Random): NewEvent => {
  const commandId = random.uuid();
  return {
    id: random.uuid(),
    type: 'MeasurementReported',
    data: {
      ...{
        indicatorId: 'kh-1570-2025/7.1',
        measurementId: `kh-1570-2025/7.1@2026-Q1#${random.between(1, 99)}`,
      },
      ...{ period: '2026-Q1', value: `${random.between(0, 99)}.5`, evidence: null, reportedBy: 'so-khcn' },
    },
    metadata: {
      ...{ actor: OFFICE, recordedAt: '2026-04-05T02:00:00.000Z', correlationId: commandId, commandId },
      ...{ causationId: null, fingerprint: null, planId: 'kh-1570-2025', schema: 1 },
    },
  };
};
