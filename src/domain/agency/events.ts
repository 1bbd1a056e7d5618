import type { Effective, Reasoned } from '../indicator/events.js';
import type { Fact } from '../message.js';

export const AGENCY_LEVELS = ['central', 'province', 'district', 'commune', 'enterprise', 'other'] as const;
export type AgencyLevel = (typeof AGENCY_LEVELS)[number];

export interface AgencyName {
  readonly name: string;
  readonly shortName: string | null;
}

type On<Data> = { readonly agencyId: string } & Data;

/** `establishedOn` null means before all records; why is said where a decree established it. */
export type AgencyEstablished = Fact<
  'AgencyEstablished',
  On<AgencyName & { readonly level: AgencyLevel; readonly establishedOn: string | null } & Partial<Reasoned>>
>;
/** A collective such as "Các sở, ban, ngành"; its members by date. */
export type AgencyGroupDefined = Fact<
  'AgencyGroupDefined',
  On<AgencyName & { readonly level: AgencyLevel; readonly members: readonly string[] } & Effective>
>;
export type AgencyAliased = Fact<'AgencyAliased', On<{ readonly alias: string }>>;
export type AgencyRenamed = Fact<'AgencyRenamed', On<AgencyName & Effective & Reasoned>>;
export type AgencyDissolved = Fact<
  'AgencyDissolved',
  On<
    Effective &
      Reasoned & { readonly successors: readonly string[]; readonly reorganizationId: string | null }
  >
>;
/** A decree that dissolved it was revoked: it lives again from that day on. */
export type AgencyRestored = Fact<
  'AgencyRestored',
  On<Effective & Reasoned & { readonly reorganizationId: string | null }>
>;
export type AgencyGroupChanged = Fact<
  'AgencyGroupChanged',
  On<Effective & Reasoned & { readonly members: readonly string[] }>
>;

export type AgencyEvent =
  | AgencyEstablished
  | AgencyGroupDefined
  | AgencyAliased
  | AgencyRenamed
  | AgencyDissolved
  | AgencyRestored
  | AgencyGroupChanged;
