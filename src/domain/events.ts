import type { AgencyEvent } from './agency/events.js';
import type { IndicatorEvent } from './indicator/events.js';
import type { Recorded } from './message.js';
import type { PlanEvent } from './plan/events.js';
import type { ReorganizationEvent } from './reorganization/events.js';
import type { TaskEvent } from './task/events.js';

/** Every event of the ledger. */
export type DomainEvent = PlanEvent | IndicatorEvent | TaskEvent | AgencyEvent | ReorganizationEvent;
export type RecordedDomainEvent = Recorded<DomainEvent>;

/** The type of every event, each once: the compiler knows whether one is missing. */
const TYPES: Readonly<Record<DomainEvent['type'], true>> = {
  ...{ PlanIssued: true, PlanOpened: true, PlanAmended: true, PlanSuperseded: true, PlanClosed: true },
  ...{ IndicatorAdopted: true, IndicatorReworded: true, IndicatorDropped: true },
  ...{ BaselineRecorded: true, BenchmarkRecorded: true },
  ...{ TargetSet: true, TargetRevised: true, TargetWithdrawn: true, CriterionRead: true },
  ...{ MeasurementReported: true, MeasurementAccepted: true, MeasurementReturned: true },
  ...{ MeasurementCorrected: true, MeasurementRetracted: true },
  ...{ AgencyAssigned: true, AgencyReleased: true, AssignmentTransferred: true },
  ...{ TaskGiven: true, DeadlineRevised: true, TaskConditionMet: true, TaskProgressReported: true },
  ...{ TaskCompleted: true, TaskReopened: true, TaskDropped: true },
  ...{ AgencyEstablished: true, AgencyGroupDefined: true, AgencyGroupChanged: true, AgencyAliased: true },
  ...{ AgencyRenamed: true, AgencyDissolved: true, AgencyRestored: true },
  ...{ ReorganizationDecreed: true, ReorganizationApplied: true, ReorganizationRevoked: true },
  ...{ ReorganizationTurnedBack: true },
};
export const EVENT_TYPES: readonly string[] = Object.keys(TYPES);

/** Version of today's payloads; a changed shape gets the next one and a way from the old one to it. */
export const SCHEMA = 1;

export const NOUNS = ['plan', 'indicator', 'task', 'agency', 'reorganization'] as const;
export type Noun = (typeof NOUNS)[number];

const isNoun = (text: string): text is Noun => NOUNS.some((noun) => noun === text);

/** The stream of a noun's id: `indicator-kh-1570-2025/7.1`. */
export const streamOf = (noun: Noun, id: string): string => `${noun}-${id}`;

/** What a stream is about, or null when its name is none of ours. */
export const subjectOf = (stream: string): { readonly kind: Noun; readonly id: string } | null => {
  const dash = stream.indexOf('-');
  const kind = stream.slice(0, dash);
  return isNoun(kind) ? { kind, id: stream.slice(dash + 1) } : null;
};
