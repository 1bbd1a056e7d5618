import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';

const DATA = new URL('../../data/kon-tum/', import.meta.url);
const SEEDS = new URL('../../../shared/seeds/', import.meta.url);

export const PLANS = [
  'kh-4465-2022',
  'kh-419-2024',
  'kh-484-2025',
  'kh-1570-2025',
  'lo-trinh-2025-2045',
] as const;
export type PlanId = (typeof PLANS)[number];

const ASSIGNED = ['lead', 'lead_notation', 'coordinating', 'coordinating_notation'] as const;
const SOURCE = ['source_table', 'source_row'] as const;
const WORDING = ['title', 'unit', 'direction', 'section', 'deadline', 'guidance', 'formula'] as const;
const DEADLINE = ['deadline', 'deadline_kind', 'due_on', 'condition'] as const;

/** The columns of every table, in order: a file with other columns is refused. */
const COLUMNS = {
  agencies: ['id', 'name', 'short_name', 'level', 'kind', 'established_on'],
  'agency-aliases': ['agency', 'alias'],
  'agency-groups': ['group', 'member', 'effective_on'],
  assumptions: ['plan', 'row', 'field', 'reason'],
  plans: [
    ...['id', 'number', 'title', 'issuer', 'issued_on', 'effective_on', 'ends_on', 'milestones'],
    ...['supersedes', 'source_file', 'source_table', 'source_row'],
  ],
  sections: ['code', 'title', 'source_row'],
  indicators: ['code', 'parent', ...WORDING, 'baseline', 'baseline_period', ...ASSIGNED, ...SOURCE],
  targets: ['code', 'milestone', 'notation', 'source_row'],
  tasks: ['code', 'section', 'title', 'expected_result', ...DEADLINE, ...ASSIGNED, ...SOURCE],
  figures: ['code', 'period', 'met', 'value', 'note', 'evidence', 'source_row'],
} as const;

export type TableName = keyof typeof COLUMNS;
export type TableRow<Name extends TableName> = Record<(typeof COLUMNS)[Name][number], string>;

export const rawTable = (file: string): string => readFileSync(new URL(file, DATA), 'utf8');

/** The rows of `<folder>/<name>.csv`; throws when its columns are not the agreed ones. */
export const table = <Name extends TableName>(name: Name, folder = '.'): TableRow<Name>[] => {
  const columns: readonly string[] = COLUMNS[name];
  const [header, ...lines] = parse(rawTable(`${folder}/${name}.csv`)) as string[][];
  if (String(header) !== String(columns)) throw new Error(`${folder}/${name}.csv has columns ${header}`);
  return lines.map(
    (cells) => Object.fromEntries(columns.map((column, i) => [column, cells[i] ?? ''])) as TableRow<Name>,
  );
};

/** Every table there is, as `folder/file.csv`, and the folders of the plans. */
export const files = readdirSync(DATA, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.csv'),
);
export const folders = readdirSync(DATA, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

/** What an agency cell lists. */
export const list = (cell: string): string[] => (cell === '' ? [] : cell.split(';'));

export const haveSeeds = existsSync(SEEDS);
export const seed = (file: string): string => readFileSync(new URL(file, SEEDS), 'utf8');
