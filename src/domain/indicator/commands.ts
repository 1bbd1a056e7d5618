import type { AssignAgencies, ReleaseAgencies, TransferAssignment } from '../assignment.js';
import type { Command } from '../given.js';
import type { Assumption, LegalBasis, Provenance } from '../message.js';
import type { Criterion, Decimal, Milestone } from '../target/criterion.js';
import type { Figure, Wording } from './events.js';

type On<Data> = Data & { readonly indicatorId: string };
interface Changed {
  readonly effectiveOn: string;
  readonly reason: string;
  readonly legalBasis: LegalBasis | null;
}
interface OfMeasurement {
  readonly measurementId: string;
}

export type AdoptIndicator = Command<
  'AdoptIndicator',
  On<
    Wording & {
      code: string;
      parent: string | null;
      section: string | null;
      order: number;
      deadline: string | null;
      source: Provenance | null;
      assumed: readonly Assumption[];
      effectiveOn: string;
    }
  >
>;
/** What is left out stays as it holds on that day. */
export type RewordIndicator = Command<
  'RewordIndicator',
  On<{ readonly [Part in keyof Wording]?: Wording[Part] | undefined } & Changed>
>;
export type DropIndicator = Command<'DropIndicator', On<Changed>>;
export type RecordBaseline = Command<
  'RecordBaseline',
  On<{ notation: string; period: string; effectiveOn: string; qualifier?: string | null }>
>;
/** Sets a target; where there is one already, this revises it, which needs its reason and its legal basis. */
export type SetTarget = Command<
  'SetTarget',
  On<{
    milestone: Milestone;
    notation: string;
    effectiveOn: string;
    reason: string | null;
    legalBasis: LegalBasis | null;
  }>
>;
export type WithdrawTarget = Command<'WithdrawTarget', On<{ milestone: Milestone } & Changed>>;
/** Reads the target that holds on a day; where none is named, today's, or else the first. */
export type ReadCriterion = Command<
  'ReadCriterion',
  On<{ milestone: Milestone; criterion: Criterion; reason: string; effectiveOn?: string }>
>;
export type AssignIndicator = Command<'AssignIndicator', On<AssignAgencies>>;
export type ReleaseIndicator = Command<'ReleaseIndicator', On<ReleaseAgencies>>;
export type TransferIndicator = Command<'TransferIndicator', On<TransferAssignment>>;
export type RecordBenchmark = Command<
  'RecordBenchmark',
  On<{ benchmark: string; value: Decimal; period: string; source: string; effectiveOn: string }>
>;
/** `agencyId` is the agency the figure is of; null for the provincial office's own. */
export type ReportMeasurement = Command<
  'ReportMeasurement',
  On<Figure & { period: string; agencyId: string | null }>
>;
export type AcceptMeasurement = Command<'AcceptMeasurement', On<OfMeasurement & { note: string | null }>>;
export type ReturnMeasurement = Command<
  'ReturnMeasurement',
  On<OfMeasurement & { reason: string; legalBasis: LegalBasis | null }>
>;
export type CorrectMeasurement = Command<
  'CorrectMeasurement',
  On<OfMeasurement & Figure & { reason: string; legalBasis: LegalBasis | null }>
>;
export type RetractMeasurement = Command<
  'RetractMeasurement',
  On<OfMeasurement & { reason: string; legalBasis: LegalBasis | null }>
>;

export type IndicatorCommand =
  | AdoptIndicator
  | RewordIndicator
  | DropIndicator
  | RecordBaseline
  | SetTarget
  | WithdrawTarget
  | ReadCriterion
  | AssignIndicator
  | ReleaseIndicator
  | TransferIndicator
  | RecordBenchmark
  | ReportMeasurement
  | AcceptMeasurement
  | ReturnMeasurement
  | CorrectMeasurement
  | RetractMeasurement;
