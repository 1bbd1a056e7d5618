import type { Effective, Reasoned } from '../indicator/events.js';
import type { Assumption, Fact, Provenance } from '../message.js';
import type { Milestone } from '../target/criterion.js';

/** A heading of the annex. */
export interface Section {
  readonly code: string;
  readonly title: string;
}

export interface PlanDetails {
  readonly title: string;
  readonly milestones: readonly Milestone[];
  readonly sections: readonly Section[];
  /** Last day of the plan, where it names one. */
  readonly endsOn: string | null;
}

type On<Data> = { readonly planId: string } & Data & Effective;

export type PlanIssued = Fact<
  'PlanIssued',
  On<
    PlanDetails & {
      readonly number: string | null;
      readonly issuer: string;
      readonly issuedOn: string | null;
      readonly supersedes: string | null;
      readonly source: Provenance | null;
      readonly assumed: readonly Assumption[];
    }
  >
>;
/** Everything of the plan has been entered. */
export type PlanOpened = Fact<'PlanOpened', On<unknown>>;
export type PlanAmended = Fact<'PlanAmended', On<PlanDetails & Reasoned>>;
export type PlanSuperseded = Fact<'PlanSuperseded', On<Reasoned & { readonly by: string }>>;
export type PlanClosed = Fact<'PlanClosed', On<Reasoned>>;

export type PlanEvent = PlanIssued | PlanOpened | PlanAmended | PlanSuperseded | PlanClosed;
