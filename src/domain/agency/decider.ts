import { type Decider, Rejected } from '../decider.js';
import {
  absenceOn,
  assertFollowed,
  finalDissolution,
  type Given,
  lifeIn,
  living,
  onLegalBasis,
  same,
  withReason,
} from '../given.js';
import { type Agency, evolve, membersAt, nameAt } from './agency.js';
import type { AgencyCommand } from './commands.js';
import type { AgencyEvent } from './events.js';

/** Decides what happens to one agency or collective. Its stream is `agency-<agencyId>`. */
export const agencyDecider: Decider<AgencyCommand, Agency | null, AgencyEvent> = {
  initial: null,
  evolve,
  decide: (command, state) => {
    switch (command.type) {
      case 'EstablishAgency':
        return create({ type: 'AgencyEstablished', data: command.data }, state);
      case 'DefineAgencyGroup': {
        agenciesOnly(command.data.members, command.given, command.data.effectiveOn);
        return create({ type: 'AgencyGroupDefined', data: command.data }, state);
      }
      default:
        return change(command, existing(state));
    }
  },
};

type Of<Type extends AgencyCommand['type']> = Extract<AgencyCommand, { type: Type }>;
type Created = Extract<AgencyEvent, { type: 'AgencyEstablished' | 'AgencyGroupDefined' }>;

const existing = (state: Agency | null): Agency => {
  if (state === null) throw new Rejected('UnknownAgency', 'This agency does not exist.', 'agencyId');
  return state;
};

const create = (event: Created, state: Agency | null): AgencyEvent[] => {
  if (state === null) return [event];
  if (same(evolve(null, event), asCreated(state, event))) return [];
  throw new Rejected('AgencyExists', 'An agency with this id exists already.', 'agencyId');
};

/** The agency as it was created. Members may be entered for days before a group's first, so that its first is sought by day. */
const asCreated = (state: Agency, { data }: Created): Agency => ({
  ...state,
  names: state.names.slice(0, 1),
  members:
    'members' in data
      ? state.members.filter(({ effectiveOn }) => effectiveOn === data.effectiveOn).slice(0, 1)
      : [],
  aliases: [],
  dissolutions: [],
});

const change = (
  command: Exclude<AgencyCommand, Of<'EstablishAgency' | 'DefineAgencyGroup'>>,
  state: Agency,
): AgencyEvent[] => {
  if ('effectiveOn' in command.data && command.type !== 'DissolveAgency' && command.type !== 'RestoreAgency')
    alive(state, command.data.effectiveOn);
  switch (command.type) {
    case 'AliasAgency': {
      const known = [...state.aliases, ...state.names.map(({ value }) => value.name)];
      return known.includes(command.data.alias) ? [] : [{ type: 'AgencyAliased', data: command.data }];
    }
    case 'RenameAgency': {
      const { name, shortName, effectiveOn, reason, legalBasis } = command.data;
      if (same(nameAt(state, effectiveOn), { name, shortName })) return [];
      withReason(reason);
      onLegalBasis(legalBasis);
      return [{ type: 'AgencyRenamed', data: command.data }];
    }
    case 'DissolveAgency':
      return dissolve(command, state);
    case 'RestoreAgency': {
      const dissolution = finalDissolution(state);
      if (!dissolution) {
        if (state.dissolutions.at(-1)?.restoredOn === command.data.effectiveOn) return [];
        throw new Rejected('NotDissolved', 'The agency lives.', 'agencyId');
      }
      if (command.data.effectiveOn < dissolution.effectiveOn)
        throw new Rejected(
          'BeforeDissolution',
          `The agency lived until ${dissolution.effectiveOn}.`,
          'effectiveOn',
        );
      withReason(command.data.reason);
      onLegalBasis(command.data.legalBasis);
      return [{ type: 'AgencyRestored', data: command.data }];
    }
    case 'ChangeAgencyGroup': {
      if (state.kind !== 'group')
        throw new Rejected('NotAGroup', 'Only a collective has members.', 'agencyId');
      const { members, effectiveOn, reason } = command.data;
      if (same([...membersAt(state, effectiveOn)].sort(), [...members].sort())) return [];
      agenciesOnly(members, command.given, effectiveOn);
      withReason(reason);
      return [{ type: 'AgencyGroupChanged', data: command.data }];
    }
  }
};

const alive = (state: Agency, effectiveOn: string): void => {
  if (state.establishedOn !== null && effectiveOn < state.establishedOn)
    throw new Rejected(
      'AgencyNotYetEstablished',
      `The agency exists only from ${state.establishedOn}.`,
      'effectiveOn',
    );
  const absence = absenceOn(state, effectiveOn);
  if (absence) throw dissolvedSince(absence.effectiveOn);
};

const dissolvedSince = (on: string): Rejected =>
  new Rejected('AgencyDissolved', `The agency was dissolved on ${on}.`, 'effectiveOn');

const dissolve = ({ data, given }: Of<'DissolveAgency'>, state: Agency): AgencyEvent[] => {
  const final = finalDissolution(state);
  if (final) {
    const { effectiveOn, successors } = final;
    if (effectiveOn === data.effectiveOn && same(successors, data.successors)) return [];
    throw dissolvedSince(effectiveOn);
  }
  alive(state, data.effectiveOn);
  for (const successor of data.successors) living(given, successor, data.effectiveOn, 'successors');
  if (data.successors.includes(state.id))
    throw new Rejected('OwnSuccessor', 'An agency cannot succeed itself.', 'successors');
  assertFollowed(given.agencies, [state.id], data.effectiveOn, (agency) =>
    agency === state.id ? data.successors : null,
  );
  if (given.holdings > 0) {
    const message = `The agency still holds ${given.holdings} assignment(s): a decree must say who takes them.`;
    throw new Rejected('StillHolding', message, 'agencyId');
  }
  if (given.memberOf.length > 0) {
    const message = `The agency is still a member of ${given.memberOf.join(', ')}: change their members from that day first.`;
    throw new Rejected('StillMember', message, 'agencyId');
  }
  withReason(data.reason);
  onLegalBasis(data.legalBasis);
  return [{ type: 'AgencyDissolved', data }];
};

/** Members are agencies that live on that day, each once, and no collectives. */
const agenciesOnly = (members: readonly string[], given: Given, effectiveOn: string): void => {
  for (const member of members) {
    living(given, member, effectiveOn, 'members');
    if (lifeIn(given.agencies, member)?.kind === 'group')
      throw new Rejected('MemberIsGroup', `${member} is itself a collective.`, 'members');
  }
  if (new Set(members).size !== members.length)
    throw new Rejected('MemberTwice', 'A member stands twice.', 'members');
};
