import type { AgencyLevel, AgencyName } from '../agency/events.js';
import type { AssignmentRole, Effective } from '../indicator/events.js';
import type { Fact, LegalBasis } from '../message.js';

export const REORGANIZATION_KINDS = ['merge', 'split', 'transfer', 'rename', 'dissolve'] as const;
export type ReorganizationKind = (typeof REORGANIZATION_KINDS)[number];

/** What an allocation is about: everything that the predecessor holds, or a part of it. The narrowest wins. */
export type Scope =
  | { readonly kind: 'all' }
  | { readonly kind: 'plan'; readonly planId: string }
  | { readonly kind: 'section'; readonly planId: string; readonly section: string }
  | { readonly kind: 'indicator'; readonly id: string }
  | { readonly kind: 'task'; readonly id: string };

/** Who takes over what from whom; `role` null is both. */
export interface Allocation {
  readonly predecessor: string;
  readonly successor: string;
  readonly scope: Scope;
  readonly role: AssignmentRole | null;
}

/** An agency that the decree brings into being, on the day it takes effect. */
export type Establishment = AgencyName & { readonly agencyId: string; readonly level: AgencyLevel };

export interface Decree extends Effective {
  readonly reorganizationId: string;
  readonly kind: ReorganizationKind;
  readonly predecessors: readonly string[];
  readonly successors: readonly string[];
  readonly establishes: readonly Establishment[];
  /** Of a renaming: the new name of its one agency. */
  readonly renaming: AgencyName | null;
  readonly allocations: readonly Allocation[];
  readonly reason: string;
  readonly legalBasis: LegalBasis;
}

export type ReorganizationDecreed = Fact<'ReorganizationDecreed', Decree>;
/** Everything that followed from the decree has been recorded, also where it takes effect later. */
export type ReorganizationApplied = Fact<
  'ReorganizationApplied',
  Effective & { readonly reorganizationId: string; readonly indicators: number; readonly tasks: number }
>;
export type ReorganizationRevoked = Fact<
  'ReorganizationRevoked',
  Effective & { readonly reorganizationId: string; readonly reason: string; readonly legalBasis: LegalBasis }
>;

/** Everything that the revocation gives back has been recorded; what is not given back by now is left alone. */
export type ReorganizationTurnedBack = Fact<'ReorganizationTurnedBack', ReorganizationApplied['data']>;

export type ReorganizationEvent =
  | ReorganizationDecreed
  | ReorganizationApplied
  | ReorganizationRevoked
  | ReorganizationTurnedBack;
