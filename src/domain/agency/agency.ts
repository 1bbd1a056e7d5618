import type { Absence, AgencyLife } from '../given.js';
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
  readonly dissolved: {
    readonly effectiveOn: string;
    readonly successors: readonly string[];
    readonly reorganizationId: string | null;
    readonly reason: string;
    readonly legalBasis: LegalBasis | null;
  } | null;
  /** The day from which it lives again, where its dissolution was revoked. */
  readonly restoredOn: string | null;
  /** All the days on which it is not there. */
  readonly absences: readonly Absence[];
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
      dissolved: null,
      restoredOn: null,
      absences: [],
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
      dissolved: null,
      restoredOn: null,
      absences: [],
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
      return {
        ...state,
        dissolved: { effectiveOn, successors, reorganizationId, reason, legalBasis },
        restoredOn: null,
        absences: [...state.absences, { from: effectiveOn, until: null }],
      };
    }
    case 'AgencyRestored': {
      const restoredOn = event.data.effectiveOn;
      const absences = state.absences.map((one) =>
        one.until === null ? { ...one, until: restoredOn } : one,
      );
      return { ...state, restoredOn, absences };
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

/** By what an agency ended or is to end, as it stands on a day: nothing that was taken back by then, or before it came. */
export const dissolutionAt = ({ dissolved, restoredOn }: Agency, day: string): Agency['dissolved'] => {
  const isOver =
    dissolved && restoredOn !== null && (restoredOn <= day || restoredOn <= dissolved.effectiveOn);
  return isOver ? null : dissolved;
};

/** What decisions need of an agency. */
export const lifeOf = (agency: Agency): AgencyLife => ({
  name: (agency.names.at(-1) as { value: AgencyName }).value.name,
  kind: agency.kind,
  establishedOn: agency.establishedOn,
  absences: agency.absences,
  successors: agency.dissolved?.successors ?? [],
});
