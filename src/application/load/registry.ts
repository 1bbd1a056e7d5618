import type { Agency } from '../../domain/agency/agency.js';
import { BEFORE_RECORDS, evolve, lifeOf } from '../../domain/agency/agency.js';
import type { AgencyCommand } from '../../domain/agency/commands.js';
import { agencyDecider } from '../../domain/agency/decider.js';
import { AGENCY_LEVELS, type AgencyEvent, type AgencyLevel } from '../../domain/agency/events.js';
import { streamOf } from '../../domain/events.js';
import type { AgencyLife, Given } from '../../domain/given.js';
import { isDate } from '../../domain/time.js';
import type { Ordered } from '../commands/orders.js';
import { Stream } from './stream.js';
import {
  AGENCIES,
  ALIASES,
  COLUMNS,
  checkNames,
  type Files,
  GROUPS,
  groupedBy,
  optional,
  type Problem,
  place,
  readTable,
  required,
  type TableRow,
  taken,
} from './tables.js';

/** How agencies live, by their ids; null for one that does not exist. */
export type Lives = Record<string, AgencyLife | null>;

/** Without a prototype: what every object has (`constructor`) is no agency. */
export const noLives = (): Lives => Object.create(null);

/** The agencies of a folder as the streams they are to become, agencies before the collectives they belong to. */
export const registryStreams = (
  files: Files,
  known: Lives,
  given: Given,
  problems: Problem[],
): { streams: Stream<AgencyEvent>[]; lives: Lives } => {
  const rows = readTable(files, AGENCIES, COLUMNS.agencies, problems);
  const aliases = readTable(files, ALIASES, COLUMNS.aliases, problems);
  const members = readTable(files, GROUPS, COLUMNS.groups, problems);
  const lives: Lives = Object.assign(noLives(), known);
  const streams: Stream<AgencyEvent>[] = [];
  const ids = checkNames(rows, 'id', problems);
  const [aliasesOf, membersOf] = [groupedBy(aliases, 'agency'), groupedBy(members, 'group')];
  const ordered = [...rows.filter(isAgency), ...rows.filter((row) => !isAgency(row))];
  for (const row of ordered) {
    const id = required(row, 'id');
    const stream = new Stream<AgencyEvent>(streamOf('agency', id), null, problems);
    const decide = (command: Ordered<AgencyCommand>, at: TableRow, fact: string) =>
      stream.decide(
        agencyDecider,
        { ...command, given: { ...given, agencies: lives } } as AgencyCommand,
        at,
        fact,
        { members: 'member' },
      );
    const { created, changes } = commandsOf(row, taken(membersOf, id), problems);
    decide(created.command, created.at, 'created');
    for (const { command, at } of changes) decide(command, at, `members|${command.data.effectiveOn}`);
    for (const at of taken(aliasesOf, id)) {
      const alias = required(at, 'alias');
      decide({ type: 'AliasAgency', data: { agencyId: id, alias } }, at, `alias|${alias}`);
    }
    streams.push(stream);
    const agency = stream.facts.reduce<Agency | null>(evolve, null);
    lives[id] ??= agency && lifeOf(agency);
  }
  const naming = [
    ...aliases.map((row) => [row, 'agency'] as const),
    ...members.map((row) => [row, 'group'] as const),
  ];
  for (const [row, column] of naming) {
    const id = required(row, column);
    if (!ids.has(id))
      problems.push({ ...place(row, column), message: `there is no agency ${id} in ${AGENCIES}` });
  }
  return { streams, lives };
};

const isAgency = (row: TableRow): boolean => row.cells['kind'] !== 'group';

const commandsOf = (
  row: TableRow,
  members: readonly TableRow[],
  problems: Problem[],
): { created: Made<'EstablishAgency' | 'DefineAgencyGroup'>; changes: Made<'ChangeAgencyGroup'>[] } => {
  const agencyId = required(row, 'id');
  const level = required(row, 'level') as AgencyLevel;
  if (!AGENCY_LEVELS.includes(level))
    problems.push({ ...place(row, 'level'), message: `a level is one of ${AGENCY_LEVELS.join(', ')}` });
  const naming = { agencyId, name: required(row, 'name'), shortName: optional(row, 'short_name'), level };
  const establishedOn = optional(row, 'established_on');
  if (establishedOn !== null && !isDate(establishedOn))
    problems.push({ ...place(row, 'established_on'), message: 'this is no day; write it as 2025-03-01' });
  if (!['agency', 'group'].includes(required(row, 'kind')))
    problems.push({ ...place(row, 'kind'), message: 'this is one of agency, group' });
  if (isAgency(row)) {
    for (const at of members)
      problems.push({ ...place(at, 'group'), message: `${agencyId} is no collective` });
    const command = { type: 'EstablishAgency', data: { ...naming, establishedOn } } as const;
    return { created: { command, at: row }, changes: [] };
  }
  if (establishedOn !== null)
    problems.push({
      ...place(row, 'established_on'),
      message: `a collective has no such day: ${GROUPS} says from when it has its members`,
    });
  const [first, ...later] = membershipsOf(members, problems);
  const { members: founders = [], effectiveOn = BEFORE_RECORDS } = first ?? {};
  return {
    created: {
      command: { type: 'DefineAgencyGroup', data: { ...naming, members: founders, effectiveOn } },
      at: first?.at ?? row,
    },
    changes: later.map(({ at, ...change }) => {
      const data = { agencyId, ...change, reason: 'as the table of collectives says', legalBasis: null };
      return { command: { type: 'ChangeAgencyGroup', data }, at };
    }),
  };
};

/** A command, and the row it was read from. */
interface Made<Type extends AgencyCommand['type']> {
  readonly command: Extract<Ordered<AgencyCommand>, { type: Type }>;
  readonly at: TableRow;
}

/** A collective's members from each day on that the table names: each day states all of them. */
const membershipsOf = (
  rows: readonly TableRow[],
  problems: Problem[],
): { effectiveOn: string; members: string[]; at: TableRow }[] => {
  const days = new Map<string, { members: string[]; at: TableRow }>();
  for (const row of rows) {
    const effectiveOn = required(row, 'effective_on');
    if (!isDate(effectiveOn))
      problems.push({ ...place(row, 'effective_on'), message: 'this is no day; write it as 2025-03-01' });
    const joined = days.get(effectiveOn) ?? { members: [], at: row };
    joined.members.push(required(row, 'member'));
    days.set(effectiveOn, joined);
  }
  return [...days]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([effectiveOn, joined]) => ({ effectiveOn, ...joined }));
};
