import type {
  AgencyCommand,
  AliasAgency,
  ChangeAgencyGroup,
  DefineAgencyGroup,
  DissolveAgency,
  EstablishAgency,
  RenameAgency,
  RestoreAgency,
} from '../../../src/domain/agency/commands.js';
import type { AgencyEvent } from '../../../src/domain/agency/events.js';
import type { Given } from '../../../src/domain/given.js';
import { knowing, WHY } from '../../support/decider.js';

/** Short ways to ask something of one agency or collective; each command is in order unless it is said otherwise. */
const AGENCY = 'so-nnmt';
const GROUP = 'cac-so';
const given = knowing({ plan: null });

export const establish = (over: Partial<EstablishAgency['data']> = {}): EstablishAgency => ({
  type: 'EstablishAgency',
  data: {
    agencyId: AGENCY,
    name: 'Sở Tài nguyên và Môi trường',
    shortName: 'Sở TN&MT',
    level: 'province',
    establishedOn: null,
    ...over,
  },
  given,
});

export const define = (over: Partial<DefineAgencyGroup['data']> = {}): DefineAgencyGroup => ({
  type: 'DefineAgencyGroup',
  data: {
    agencyId: GROUP,
    name: 'Các sở, ban, ngành',
    shortName: null,
    level: 'province',
    members: ['so-khcn', 'so-tai-chinh'],
    effectiveOn: '2025-03-01',
    ...over,
  },
  given,
});

export const alias = (name: string): AliasAgency => ({
  type: 'AliasAgency',
  data: { agencyId: AGENCY, alias: name },
  given,
});

export const rename = (over: Partial<RenameAgency['data']> = {}): RenameAgency => ({
  type: 'RenameAgency',
  data: {
    agencyId: AGENCY,
    name: 'Sở Nông nghiệp và Môi trường',
    shortName: 'Sở NN&MT',
    effectiveOn: '2025-03-01',
    ...WHY,
    ...over,
  },
  given,
});

export const dissolve = (
  over: Partial<DissolveAgency['data']> = {},
  known: Partial<Given> = {},
): DissolveAgency => ({
  type: 'DissolveAgency',
  data: {
    agencyId: AGENCY,
    successors: ['so-khcn'],
    effectiveOn: '2025-07-01',
    reorganizationId: null,
    ...WHY,
    ...over,
  },
  given: { ...given, ...known },
});

export const regroup = (over: Partial<ChangeAgencyGroup['data']> = {}): ChangeAgencyGroup => ({
  type: 'ChangeAgencyGroup',
  data: { agencyId: GROUP, members: ['so-khcn', 'cong-an-tinh'], effectiveOn: '2025-07-01', ...WHY, ...over },
  given,
});

export const restore = (over: Partial<RestoreAgency['data']> = {}): RestoreAgency => ({
  type: 'RestoreAgency',
  data: { agencyId: AGENCY, effectiveOn: '2026-06-01', reorganizationId: null, ...WHY, ...over },
  given,
});

/** For every event of an agency, commands that lead to it, the last of them yielding it. */
export const AGENCY_STORIES: Readonly<Record<AgencyEvent['type'], readonly AgencyCommand[]>> = {
  AgencyEstablished: [establish()],
  AgencyGroupDefined: [define()],
  AgencyAliased: [establish(), alias('Sở TNMT')],
  AgencyRenamed: [establish(), rename()],
  AgencyDissolved: [establish(), dissolve()],
  AgencyRestored: [establish(), dissolve(), restore()],
  AgencyGroupChanged: [define(), regroup()],
};
