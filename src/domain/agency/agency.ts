import { type AgencyLife, absenceOn, type Dissolution } from '../given.js';
import type { LegalBasis } from '../message.js';
import { inserted, type Timeline, valueAt } from '../timeline.js';
import type { AgencyEvent, AgencyLevel, AgencyName } from './events.js';

/** The day before all records: from when a name holds whose beginning nobody wrote down. */
export const BEFORE_RECORDS = '0001-01-01';

export interface Agency {
  readonly id: string;
  readonly kind: 'agency' | 'group';
  readonly level: AgencyLevel;
  readonly names: Timeline<AgencyName>;
  readonly aliases: readonly string[];
  readonly establishedOn: string | null;
  /** Of a group: its members by date. */
  readonly members: Timeline<readonly string[]>;
  /** In the order of the log: only the last can be one that nothing took back. */
  readonly dissolutions: readonly AgencyDissolution[];
}

/** How an agency ended, and why. */
export interface AgencyDissolution extends Dissolution {
  readonly reorganizationId: string | null;
  readonly reason: string;
  readonly legalBasis: LegalBasis | null;
}

/** Folds one event into the agency. Null before it was established. */
export const evolve = (state: Agency | null, event: AgencyEvent): Agency | null => {
  if (event.type === 'AgencyEstablished') {
    const { agencyId, name, shortName, level, establishedOn } = event.data;
    const names = [{ effectiveOn: establishedOn ?? BEFORE_RECORDS, value: { name, shortName } }];
    return {
      id: agencyId,
      kind: 'agency',
      level,
      names,
      aliases: [],
      establishedOn,
      members: [],
      dissolutions: [],
    };
  }
  if (event.type === 'AgencyGroupDefined') {
    const { agencyId, name, shortName, level, members, effectiveOn } = event.data;
    const names = [{ effectiveOn: BEFORE_RECORDS, value: { name, shortName } }];
    const timeline = [{ effectiveOn, value: members }];
    return {
      id: agencyId,
      kind: 'group',
      level,
      names,
      aliases: [],
      establishedOn: null,
      members: timeline,
      dissolutions: [],
    };
  }
  if (state === null) return null;
  switch (event.type) {
    case 'AgencyAliased':
      return { ...state, aliases: [...state.aliases, event.data.alias] };
    case 'AgencyRenamed': {
      const { name, shortName, effectiveOn } = event.data;
      return { ...state, names: inserted(state.names, effectiveOn, { name, shortName }) };
    }
    case 'AgencyDissolved': {
      const { effectiveOn, successors, reorganizationId, reason, legalBasis } = event.data;
      const why = { reorganizationId, reason, legalBasis };
      const dissolution = { effectiveOn, successors, restoredOn: null, ...why };
      return { ...state, dissolutions: [...state.dissolutions, dissolution] };
    }
    case 'AgencyRestored': {
      const restoredOn = event.data.effectiveOn;
      const dissolutions = state.dissolutions.map((one) =>
        one.restoredOn === null ? { ...one, restoredOn } : one,
      );
      return { ...state, dissolutions };
    }
    case 'AgencyGroupChanged':
      return { ...state, members: inserted(state.members, event.data.effectiveOn, event.data.members) };
  }
};

/** The agency's name on a day; before its first, that one. */
export const nameAt = (agency: Agency, day: string): AgencyName =>
  valueAt(agency.names, day) ?? (agency.names[0] as { value: AgencyName }).value;

/** The members of a group on a day. */
export const membersAt = (agency: Agency, day: string): readonly string[] =>
  valueAt(agency.members, day) ?? [];

/** By what an agency is not there on a day, else is to end after it; what was taken back before it came ends nothing. */
export const dissolutionAt = (agency: Agency, day: string): AgencyDissolution | undefined =>
  absenceOn(agency, day) ??
  agency.dissolutions.find(({ effectiveOn, restoredOn }) => effectiveOn > day && effectiveOn !== restoredOn);

/** What decisions need of an agency. */
export const lifeOf = (agency: Agency): AgencyLife => ({
  name: (agency.names.at(-1) as { value: AgencyName }).value.name,
  kind: agency.kind,
  establishedOn: agency.establishedOn,
  dissolutions: agency.dissolutions,
});
