import type { Assumption, Fact, LegalBasis, Provenance, SubjectRef } from '../message.js';
import type { Criterion, Decimal, Direction, Milestone } from '../target/criterion.js';

/** Shared by everything that changes a fact from a day on. */
export interface Effective {
  /** Date from which it holds (ISO). */
  readonly effectiveOn: string;
}

/** Why a thing was changed, and on which document. */
export interface Reasoned {
  readonly reason: string;
  readonly legalBasis: LegalBasis | null;
}

/** How a share is composed from named components: `(a+b)/c` is `{ numerator: ['a','b'], denominator: ['c'] }`. */
export interface Formula {
  readonly numerator: readonly string[];
  readonly denominator: readonly string[];
}

export interface Wording {
  readonly title: string;
  readonly unit: string | null;
  readonly direction: Direction;
  /** How the indicator is scored or computed, verbatim. */
  readonly guidance: string | null;
  readonly formula: Formula | null;
}

export type AssignmentRole = 'lead' | 'coordinating';

/** One agency's place in a set taken by another; null stands for nobody. */
export interface Move {
  readonly from: string | null;
  readonly to: string | null;
}

/** An assignment event states its role's whole resulting set, and what moved. */
export interface Assignment extends Effective {
  readonly subject: SubjectRef;
  readonly role: AssignmentRole;
  readonly agencies: readonly string[];
  readonly moves: readonly Move[];
  /** The agencies as the annex spells them; null where nobody wrote them down. */
  readonly notation: string | null;
}

/** Needs no reason and no legal basis; what was given of them is kept. */
export type AgencyAssigned = Fact<'AgencyAssigned', Assignment & Partial<Reasoned>>;
export type AgencyReleased = Fact<'AgencyReleased', Assignment & Reasoned>;
export type AssignmentTransferred = Fact<
  'AssignmentTransferred',
  Assignment & Reasoned & { readonly reorganizationId: string | null; readonly allocation: string | null }
>;
export type AssignmentEvent = AgencyAssigned | AgencyReleased | AssignmentTransferred;

/** A figure for a period: a decimal value, or for a state a judgement, or named components. */
export interface Figure {
  readonly value: Decimal | null;
  readonly met: 'met' | 'partly' | 'not-met' | null;
  readonly components: readonly { readonly name: string; readonly value: Decimal }[] | null;
  readonly qualifier: string | null;
  readonly source: string | null;
  readonly evidence: string | null;
  readonly note: string | null;
}

export type IndicatorAdopted = Fact<
  'IndicatorAdopted',
  Wording &
    Effective & {
      readonly indicatorId: string;
      readonly planId: string;
      readonly code: string;
      readonly parent: string | null;
      readonly section: string | null;
      /** Place in the annex, from 1. */
      readonly order: number;
      readonly deadline: string | null;
      readonly source: Provenance | null;
      readonly assumed: readonly Assumption[];
    }
>;
export type IndicatorReworded = Fact<
  'IndicatorReworded',
  { readonly indicatorId: string } & Wording & Effective & Reasoned
>;
export type IndicatorDropped = Fact<
  'IndicatorDropped',
  { readonly indicatorId: string } & Effective & Reasoned
>;
export type BaselineRecorded = Fact<
  'BaselineRecorded',
  {
    readonly indicatorId: string;
    /** Verbatim, as the annex gives it. */
    readonly notation: string;
    /** Only where the notation plainly is a number. */
    readonly value: Decimal | null;
    readonly unit: string | null;
    readonly qualifier: string | null;
    readonly period: string;
  } & Effective
>;

interface TargetFact extends Effective {
  readonly indicatorId: string;
  readonly milestone: Milestone;
  readonly notation: string;
  readonly criterion: Criterion;
}
/** Needs no reason and no legal basis; what was given of them is kept. */
export type TargetSet = Fact<'TargetSet', TargetFact & Partial<Reasoned>>;
export type TargetRevised = Fact<'TargetRevised', TargetFact & Reasoned>;
export type TargetWithdrawn = Fact<
  'TargetWithdrawn',
  { readonly indicatorId: string; readonly milestone: Milestone } & Effective & Reasoned
>;
/** A person reads what was `unread`; `effectiveOn` is the day from which that target holds. */
export type CriterionRead = Fact<'CriterionRead', TargetFact & { readonly reason: string }>;

export type BenchmarkRecorded = Fact<
  'BenchmarkRecorded',
  {
    readonly indicatorId: string;
    readonly benchmark: string;
    readonly value: Decimal;
    readonly period: string;
    readonly source: string;
  } & Effective
>;

export type MeasurementReported = Fact<
  'MeasurementReported',
  Figure & {
    readonly indicatorId: string;
    readonly measurementId: string;
    readonly period: string;
    /** The agency the figure is of; null for the provincial office's own figure. */
    readonly agencyId: string | null;
    readonly reportedBy: string;
    readonly warnings: readonly string[];
  }
>;
export type MeasurementAccepted = Fact<
  'MeasurementAccepted',
  { readonly indicatorId: string; readonly measurementId: string; readonly note: string | null }
>;
export type MeasurementReturned = Fact<
  'MeasurementReturned',
  { readonly indicatorId: string; readonly measurementId: string } & Reasoned
>;
export type MeasurementCorrected = Fact<
  'MeasurementCorrected',
  Figure &
    Reasoned & {
      readonly indicatorId: string;
      readonly measurementId: string;
      readonly correctedBy: string;
      readonly warnings: readonly string[];
    }
>;
export type MeasurementRetracted = Fact<
  'MeasurementRetracted',
  { readonly indicatorId: string; readonly measurementId: string } & Reasoned
>;

export type IndicatorEvent =
  | IndicatorAdopted
  | IndicatorReworded
  | IndicatorDropped
  | BaselineRecorded
  | TargetSet
  | TargetRevised
  | TargetWithdrawn
  | CriterionRead
  | AssignmentEvent
  | BenchmarkRecorded
  | MeasurementReported
  | MeasurementAccepted
  | MeasurementReturned
  | MeasurementCorrected
  | MeasurementRetracted;
