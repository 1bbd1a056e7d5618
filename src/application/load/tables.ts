import { parse } from 'csv-parse/sync';
import { CODE, PLAN_ID } from '../../domain/ids.js';
import { MAX_LENGTH, plainTextFault } from '../../domain/text.js';

/** What is wrong with a table: which file, which row (as a spreadsheet numbers them), which column. */
export interface Problem {
  readonly file: string;
  readonly row: number | null;
  readonly column: string | null;
  readonly message: string;
}

/** The files of a folder by their path in it (`kh-419-2024/targets.csv`). */
export type Files = ReadonlyMap<string, string>;

/** One row of a table: its cells, trimmed, and where it stands. */
export interface TableRow {
  readonly file: string;
  readonly row: number;
  readonly cells: Readonly<Record<string, string>>;
}

/** A table's columns; those that end in `?` may be left empty. */
export type Columns = readonly string[];

export const PLANS = 'plans.csv';
export const AGENCIES = 'agencies.csv';
export const ALIASES = 'agency-aliases.csv';
export const GROUPS = 'agency-groups.csv';
export const ASSUMPTIONS = 'assumptions.csv';

export const COLUMNS = {
  plans: [
    'id',
    'number?',
    'title',
    'issuer',
    'issued_on?',
    'effective_on',
    'ends_on?',
    'milestones',
    'supersedes?',
    'source_file',
    'source_table',
    'source_row',
  ],
  agencies: ['id', 'name', 'short_name?', 'level', 'kind', 'established_on?'],
  aliases: ['agency', 'alias'],
  groups: ['group', 'member', 'effective_on'],
  assumptions: ['plan?', 'row?', 'field', 'reason'],
  sections: ['code', 'title', 'source_row'],
  indicators: [
    'code',
    'parent?',
    'title',
    'unit?',
    'direction',
    'section?',
    'deadline?',
    'guidance?',
    'formula?',
    'baseline?',
    'baseline_period?',
    'lead?',
    'lead_notation?',
    'coordinating?',
    'coordinating_notation?',
    'source_table',
    'source_row',
  ],
  targets: ['code', 'milestone', 'notation', 'source_row'],
  figures: ['code', 'period', 'met?', 'value?', 'note?', 'evidence?', 'source_row'],
  tasks: [
    'code',
    'section?',
    'title',
    'expected_result?',
    'deadline',
    'deadline_kind',
    'due_on?',
    'condition?',
    'lead?',
    'lead_notation?',
    'coordinating?',
    'coordinating_notation?',
    'source_table',
    'source_row',
  ],
} as const satisfies Record<string, Columns>;

/** The tables that a folder has for all its plans, and those that each plan has in a folder of its own. */
const FOR_ALL: readonly string[] = [PLANS, AGENCIES, ALIASES, GROUPS, ASSUMPTIONS];
export const OF_PLAN = ['sections', 'indicators', 'targets', 'figures', 'tasks'] as const;

/** Adds a problem for each file that none of these plans is read from: what it holds would be lost in silence. */
export const checkFiles = (files: Files, plans: ReadonlySet<string>, problems: Problem[]): void => {
  for (const file of files.keys()) {
    const [plan = '', ...name] = file.split('/');
    if (FOR_ALL.includes(file)) continue;
    const isOfPlan = OF_PLAN.some((table) => name.join('/') === `${table}.csv`);
    if (isOfPlan && plans.has(plan)) continue;
    const message = isOfPlan ? `there is no plan ${plan} in ${PLANS}` : 'no table has this name';
    problems.push({ file, row: null, column: null, message });
  }
};

/** Longest cells where a text of an order has the same maximum, by file and column. */
const MAX_CELLS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  [PLANS]: {
    number: MAX_LENGTH.planNumber,
    title: MAX_LENGTH.planTitle,
    issuer: MAX_LENGTH.issuer,
    supersedes: MAX_LENGTH.planNumber,
  },
  [AGENCIES]: { name: MAX_LENGTH.agencyName, short_name: MAX_LENGTH.shortName },
  [ALIASES]: { alias: MAX_LENGTH.agencyName },
  'sections.csv': { title: MAX_LENGTH.sectionTitle },
  'indicators.csv': {
    title: MAX_LENGTH.indicatorTitle,
    unit: MAX_LENGTH.unit,
    deadline: MAX_LENGTH.deadline,
    guidance: MAX_LENGTH.guidance,
    baseline: MAX_LENGTH.baseline,
  },
  'targets.csv': { notation: MAX_LENGTH.target },
  'figures.csv': { note: MAX_LENGTH.note, evidence: MAX_LENGTH.evidence },
  'tasks.csv': {
    title: MAX_LENGTH.taskTitle,
    expected_result: MAX_LENGTH.expectedResult,
    deadline: MAX_LENGTH.deadline,
    condition: MAX_LENGTH.condition,
  },
};
/** Longest of any other cell, in characters. */
const MAX_CELL = 20_000;

/**
 * Reads one table. A missing file is an empty table; a column that is missing, unknown or there twice, and an empty cell where one is
 * needed, or what a text of an order may not be, is a problem.
 */
export const readTable = (files: Files, file: string, columns: Columns, problems: Problem[]): TableRow[] => {
  const text = files.get(file);
  if (text === undefined) return [];
  let records: { info: { empty_lines: number }; record: Record<string, string> }[];
  try {
    records = parse(text, { columns: true, bom: true, trim: true, info: true, skip_empty_lines: true });
  } catch (error) {
    problems.push({
      file,
      row: null,
      column: null,
      message: `this is not a table: ${(error as Error).message}`,
    });
    return [];
  }
  const names = columns.map((column) => column.replace('?', ''));
  const header = (parse(text, { bom: true, trim: true, to: 1 }) as string[][])[0] ?? [];
  const lacks = names.filter((name) => !header.includes(name));
  const unknown = header.filter((name) => !names.includes(name));
  const twice = names.filter((name) => header.indexOf(name) !== header.lastIndexOf(name));
  for (const column of lacks) problems.push({ file, row: 1, column, message: 'this column is missing' });
  for (const column of unknown) problems.push({ file, row: 1, column, message: 'there is no such column' });
  for (const column of twice)
    problems.push({ file, row: 1, column, message: 'this column stands here twice' });
  if (lacks.length + unknown.length + twice.length > 0) return [];
  const longest = MAX_CELLS[file.slice(file.lastIndexOf('/') + 1)];
  return records.map(({ info, record }, index) => {
    const row = index + info.empty_lines + 2;
    for (const name of names) {
      const cell = record[name] ?? '';
      const fault = cell === '' ? null : plainTextFault(cell, longest?.[name] ?? MAX_CELL);
      if (fault) problems.push({ file, row, column: name, message: `this cell holds ${fault}` });
      if (record[name] === '' && columns.includes(name))
        problems.push({ file, row, column: name, message: 'this cell may not be empty' });
    }
    return { file, row, cells: record };
  });
};

/** A cell's text; empty is null. */
export const optional = (row: TableRow, column: string): string | null => row.cells[column] || null;

export const required = (row: TableRow, column: string): string => row.cells[column] ?? '';

/** Rows that stand here twice, or under a name that no id can be made of. */
export const checkNames = (
  rows: readonly TableRow[],
  column: 'id' | 'code',
  problems: Problem[],
): ReadonlySet<string> => {
  const names = new Set<string>();
  for (const row of rows) {
    const name = required(row, column);
    if (names.has(name)) problems.push({ ...place(row, column), message: `${name} stands here twice` });
    else checkName(row, column, column === 'id' ? PLAN_ID : CODE, problems);
    names.add(name);
  }
  return names;
};

const FORMS = {
  id: 'an id: that is of lower-case letters and digits, with dashes between them, at most 64',
  code: 'a code: that is of letters, digits, dots, dashes and underscores, at most 64',
} as const;

/** A name that no id can be made of. */
export const checkName = (
  row: TableRow,
  column: 'id' | 'code',
  pattern: RegExp,
  problems: Problem[],
): void => {
  const name = required(row, column);
  if (name !== '' && !pattern.test(name))
    problems.push({
      ...place(row, column),
      message: `${name} cannot be ${FORMS[column]}`,
    });
};

/** Where a problem is, of a cell. */
export const place = ({ file, row }: TableRow, column: string): Omit<Problem, 'message'> => ({
  file,
  row,
  column,
});

export type Groups = Map<string, TableRow[]>;

/** Rows by what they say in a column, looked through once. */
export const groupedBy = (rows: readonly TableRow[], column: string): Groups => {
  const groups = new Map<string, TableRow[]>();
  for (const row of rows) {
    const group = groups.get(required(row, column));
    if (group) group.push(row);
    else groups.set(required(row, column), [row]);
  }
  return groups;
};

/** The rows of a name, which then has none left: of a name that stands twice, they are the first one's. */
export const taken = (groups: Groups, name: string): readonly TableRow[] => {
  const rows = groups.get(name) ?? [];
  groups.delete(name);
  return rows;
};

/** A cell that holds a list separated by semicolons. */
export const list = (row: TableRow, column: string): string[] =>
  required(row, column)
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');
