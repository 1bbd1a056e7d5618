import type { Command } from '../given.js';
import type {
  AgencyAliased,
  AgencyDissolved,
  AgencyEstablished,
  AgencyGroupChanged,
  AgencyGroupDefined,
  AgencyRenamed,
  AgencyRestored,
} from './events.js';

export type EstablishAgency = Command<'EstablishAgency', AgencyEstablished['data']>;
export type DefineAgencyGroup = Command<'DefineAgencyGroup', AgencyGroupDefined['data']>;
export type AliasAgency = Command<'AliasAgency', AgencyAliased['data']>;
export type RenameAgency = Command<'RenameAgency', AgencyRenamed['data']>;
export type DissolveAgency = Command<'DissolveAgency', AgencyDissolved['data']>;
export type RestoreAgency = Command<'RestoreAgency', AgencyRestored['data']>;
export type ChangeAgencyGroup = Command<'ChangeAgencyGroup', AgencyGroupChanged['data']>;

export type AgencyCommand =
  | EstablishAgency
  | DefineAgencyGroup
  | AliasAgency
  | RenameAgency
  | DissolveAgency
  | RestoreAgency
  | ChangeAgencyGroup;
