import type { IndicatorEvent } from '../indicator/events.js';
import type { JudgedIndicator } from '../indicator/indicator.js';
import { periodEnd } from '../time.js';

/**
 * Whether an event that was folded into an indicator leaves its status as it was on every day, and can be told to without
 * judging twice. Only what is certain: acceptance decides between figures of one period end, and where there is no other
 * it decides nothing; and who coordinates is never asked.
 */
export const leavesStatus = (event: IndicatorEvent, { measurements }: JudgedIndicator): boolean => {
  switch (event.type) {
    case 'AgencyAssigned':
    case 'AgencyReleased':
    case 'AssignmentTransferred':
      return event.data.role === 'coordinating';
    case 'MeasurementAccepted': {
      const { measurementId } = event.data;
      const accepted = measurements.findLast(({ id }) => id === measurementId);
      if (!accepted) return true;
      const end = periodEnd(accepted.period);
      return (
        accepted.state === 'accepted' &&
        !measurements.some((other) => other !== accepted && periodEnd(other.period) === end)
      );
    }
    default:
      return false;
  }
};
