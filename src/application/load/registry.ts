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
  type Files,
  GROUPS,
  optional,
  type Problem,
  readTable,
  required,
  type TableRow,
} from './tables.js';

/** The agencies of a folder as the streams they are to become, agencies before the collectives they belong to. */
export const registryStreams = (
  files: Files,
  known: Readonly<Record<string, AgencyLife | null>>,
  given: Given,
  problems: Problem[],
): { streams: Stream<AgencyEvent>[]; lives: Record<string, AgencyLife | null> } => {
  const rows = readTable(files, AGENCIES, COLUMNS.agencies, problems);
  const aliases = readTable(files, ALIASES, COLUMNS.aliases, problems);
  const members = readTable(files, GROUPS, COLUMNS.groups, problems);
  const lives: Record<string, AgencyLife | null> = { ...known };
  const streams: Stream<AgencyEvent>[] = [];
  const ids = new Set<string>();
  const ordered = [...rows.filter(isAgency), ...rows.filter((row) => !isAgency(row))];
  for (const row of ordered) {
    const id = required(row, 'id');
    if (ids.has(id)) problems.push({ ...row, column: 'id', message: `${id} stands here twice` });
    ids.add(id);
    const stream = new Stream<AgencyEvent>(streamOf('agency', id), null, problems);
    const decide = (command: Ordered<AgencyCommand>, at: TableRow, fact: string) =>
      stream.decide(
        agencyDecider,
        { ...command, given: { ...given, agencies: lives } } as AgencyCommand,
        at,
        fact,
      );
    for (const [index, command] of commandsOf(row, members, problems).entries())
      decide(
        command,
        row,
        index === 0 ? 'created' : `members|${'effectiveOn' in command.data ? command.data.effectiveOn : ''}`,
      );
    for (const at of aliases.filter((alias) => alias.cells['agency'] === id)) {
      const alias = required(at, 'alias');
      decide({ type: 'AliasAgency', data: { agencyId: id, alias } }, at, `alias|${alias}`);
    }
    streams.push(stream);
    const agency = stream.facts.reduce<Agency | null>(evolve, null);
    lives[id] ??= agency && lifeOf(agency);
  }
  for (const at of [
    ...aliases.map((row) => [row, 'agency'] as const),
    ...members.map((row) => [row, 'group'] as const),
  ])
    if (!ids.has(required(at[0], at[1])))
      problems.push({
        ...at[0],
        column: at[1],
        message: `there is no agency ${required(at[0], at[1])} in ${AGENCIES}`,
      });
  return { streams, lives };
};

const isAgency = (row: TableRow): boolean => row.cells['kind'] !== 'group';

const commandsOf = (
  row: TableRow,
  members: readonly TableRow[],
  problems: Problem[],
): Ordered<AgencyCommand>[] => {
  const agencyId = required(row, 'id');
  const level = required(row, 'level') as AgencyLevel;
  if (!AGENCY_LEVELS.includes(level))
    problems.push({ ...row, column: 'level', message: `a level is one of ${AGENCY_LEVELS.join(', ')}` });
  const naming = { agencyId, name: required(row, 'name'), shortName: optional(row, 'short_name'), level };
  const establishedOn = optional(row, 'established_on');
  if (establishedOn !== null && !isDate(establishedOn))
    problems.push({ ...row, column: 'established_on', message: 'this is no day; write it as 2025-03-01' });
  if (isAgency(row)) return [{ type: 'EstablishAgency', data: { ...naming, establishedOn } }];
  const [first, ...later] = membershipsOf(
    members.filter((member) => member.cells['group'] === agencyId),
    problems,
  );
  return [
    {
      type: 'DefineAgencyGroup',
      data: { ...naming, members: first?.members ?? [], effectiveOn: first?.effectiveOn ?? BEFORE_RECORDS },
    },
    ...later.map(
      (change): Ordered<AgencyCommand> => ({
        type: 'ChangeAgencyGroup',
        data: { agencyId, ...change, reason: 'as the table of collectives says', legalBasis: null },
      }),
    ),
  ];
};

/** A collective's members from each day on that the table names: each day states all of them. */
const membershipsOf = (
  rows: readonly TableRow[],
  problems: Problem[],
): { effectiveOn: string; members: string[] }[] => {
  const days = new Map<string, string[]>();
  for (const row of rows) {
    const effectiveOn = required(row, 'effective_on');
    if (!isDate(effectiveOn))
      problems.push({ ...row, column: 'effective_on', message: 'this is no day; write it as 2025-03-01' });
    days.set(effectiveOn, [...(days.get(effectiveOn) ?? []), required(row, 'member')]);
  }
  return [...days]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([effectiveOn, members]) => ({ effectiveOn, members }));
};
