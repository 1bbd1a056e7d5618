import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import type { Files } from '../../src/application/load/tables.js';

const csv = (...rows: readonly string[]): string => `${rows.join('\n')}\n`;

const INDICATORS =
  'code,parent,title,unit,direction,section,deadline,guidance,formula,baseline,baseline_period,lead,lead_notation,coordinating,coordinating_notation,source_table,source_row';

/** A small folder without a fault: three agencies, one of them a collective, and two plans. */
export const smallTables: Files = new Map([
  [
    'agencies.csv',
    csv(
      'id,name,short_name,level,kind,established_on',
      'so-a,Sở A,,province,agency,',
      'so-b,Sở B,,province,agency,2020-01-01',
      'cac-so,Các sở,,province,group,',
    ),
  ],
  ['agency-aliases.csv', csv('agency,alias', 'so-a,Sở A cũ')],
  ['agency-groups.csv', csv('group,member,effective_on', 'cac-so,so-a,2025-01-01', 'cac-so,so-b,2025-03-01')],
  ['assumptions.csv', csv('plan,row,field,reason', 'kh-1,1.1,unit,Không ghi đơn vị')],
  [
    'plans.csv',
    csv(
      'id,number,title,issuer,issued_on,effective_on,ends_on,milestones,supersedes,source_file,source_table,source_row',
      'kh-1,1/KH,Kế hoạch 1,UBND,2025-01-01,2025-01-01,,2030;yearly,,1.txt,Phụ lục,1',
      'kh-2,2/KH,Kế hoạch 2,UBND,2025-01-01,2025-01-01,,open,,2.txt,Phụ lục,1',
    ),
  ],
  ['kh-1/sections.csv', csv('code,title,source_row', 'I,Mục một,1')],
  [
    'kh-1/indicators.csv',
    csv(
      INDICATORS,
      '1,,Nhóm,,higher-is-better,I,,,,,,,,,,Phụ lục,1',
      '1.1,1,Chỉ tiêu,%,higher-is-better,I,,,a/b,40%,2024,so-a,Sở A,cac-so,Các sở,Phụ lục,2',
      '1.2,1,Chỉ tiêu,,lower-is-better,I,,,,,,so-b,Sở B,,,Phụ lục,3',
    ),
  ],
  [
    'kh-1/targets.csv',
    csv('code,milestone,notation,source_row', '1.1,2030,≥ 80,2', '1.1,yearly,≥ 50,2', '1.2,2030,≤ 5,3'),
  ],
  ['kh-1/figures.csv', csv('code,period,met,value,note,evidence,source_row', '1.2,2024,,7,,Phụ lục,3')],
  [
    'kh-1/tasks.csv',
    csv(
      'code,section,title,expected_result,deadline,deadline_kind,due_on,condition,lead,lead_notation,coordinating,coordinating_notation,source_table,source_row',
      '1,I,Nhiệm vụ,,30/6/2025,date,2025-06-30,,so-b,Sở B,,,Phụ lục II,1',
    ),
  ],
  ['kh-2/indicators.csv', csv(INDICATORS, '1,,Chỉ tiêu,,higher-is-better,,,,,,,so-b,Sở B,,,Phụ lục,1')],
]);

const text = (files: Files, file: string): string => {
  const found = files.get(file);
  if (found === undefined) throw new Error(`There is no ${file}.`);
  return found;
};

export const withFile = (files: Files, file: string, content: string): Files =>
  new Map([...files, [file, content]]);

/** The folder with one cell changed; rows as a spreadsheet numbers them. */
export const withCell = (files: Files, file: string, row: number, column: string, value: string): Files => {
  const rows = parse(text(files, file)) as string[][];
  const index = rows[0]?.indexOf(column) ?? -1;
  const cells = rows[row - 1];
  if (index < 0 || !cells) throw new Error(`There is no ${column} in row ${row} of ${file}.`);
  cells[index] = value;
  return withFile(files, file, stringify(rows));
};

export const withLines = (files: Files, file: string, lines: readonly string[]): Files =>
  withFile(files, file, text(files, file) + csv(...lines));

export const withoutColumn = (files: Files, file: string, column: string): Files => {
  const rows = parse(text(files, file)) as string[][];
  const index = rows[0]?.indexOf(column) ?? -1;
  return withFile(files, file, stringify(rows.map((cells) => cells.filter((_, n) => n !== index))));
};
