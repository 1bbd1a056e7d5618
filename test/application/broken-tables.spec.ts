import { describe, expect, it } from '@jest/globals';
import type { Files, Problem } from '../../src/application/load/tables.js';
import { ledgers, loadTables } from '../support/ledger.js';
import { smallTables, withCell, withFile, withLines, withoutColumn } from './tables.js';

const open = ledgers();

const [INDICATORS, TARGETS] = ['kh-1/indicators.csv', 'kh-1/targets.csv'] as const;
const [TASKS, FIGURES] = ['kh-1/tasks.csv', 'kh-1/figures.csv'] as const;

const cell = (file: string, row: number, column: string, value: string): Files =>
  withCell(smallTables, file, row, column, value);
const line = (file: string, text: string): Files => withLines(smallTables, file, [text]);

type Place = readonly [file: string, row: number | null, column: string | null, says: string];

/** What is wrong, and every place at which it must be reported. */
const BROKEN: readonly (readonly [what: string, files: Files, ...places: Place[]])[] = [
  ['an unknown lead agency', cell(INDICATORS, 3, 'lead', 'so-z'), [INDICATORS, 3, 'lead', 'no agency so-z']],
  [
    'an unknown coordinating agency',
    cell(INDICATORS, 4, 'coordinating', 'so-z'),
    [INDICATORS, 4, 'coordinating', 'no agency so-z'],
  ],
  ['an unknown agency of a task', cell(TASKS, 2, 'lead', 'so-a;so-z'), [TASKS, 2, 'lead', 'no agency so-z']],
  [
    'an agency that both leads and coordinates',
    cell(INDICATORS, 3, 'coordinating', 'so-a'),
    [INDICATORS, 3, 'coordinating', 'already leads'],
  ],
  [
    'a code that stands twice',
    line(INDICATORS, '1.1,,Khác,,higher-is-better,,,,,,,,,,,x,9'),
    [INDICATORS, 5, 'code', '1.1 stands here twice'],
  ],
  [
    'a task’s code that stands twice',
    line(TASKS, '1,I,Khác,,x,open,,,,,,,x,9'),
    [TASKS, 3, 'code', '1 stands here twice'],
  ],
  [
    'a code that no id can be made of',
    cell('kh-2/indicators.csv', 2, 'code', '1@2'),
    ['kh-2/indicators.csv', 2, 'code', 'cannot be a code'],
  ],
  [
    'an empty code',
    cell('kh-2/indicators.csv', 2, 'code', ''),
    ['kh-2/indicators.csv', 2, 'code', 'may not be empty'],
  ],
  [
    'an unknown milestone',
    cell(TARGETS, 2, 'milestone', '2031'),
    [TARGETS, 2, 'milestone', 'no milestone 2031'],
  ],
  [
    'a second target for a milestone',
    line(TARGETS, '1.1,2030,≥ 90,9'),
    [TARGETS, 5, 'milestone', 'target for 2030 already'],
  ],
  [
    'a target for an unknown indicator',
    line(TARGETS, '9.9,2030,≥ 90,9'),
    [TARGETS, 5, 'code', 'no indicator 9.9'],
  ],
  [
    'a figure of an unknown indicator',
    line(FIGURES, '9.9,2024,,7,,x,9'),
    [FIGURES, 3, 'code', 'no indicator 9.9'],
  ],
  [
    'a parent that is missing',
    cell(INDICATORS, 3, 'parent', '9'),
    [INDICATORS, 3, 'parent', 'no indicator 9 above'],
  ],
  [
    'a parent that stands below',
    cell(INDICATORS, 2, 'parent', '1.2'),
    [INDICATORS, 2, 'parent', 'no indicator 1.2 above'],
  ],
  [
    'a row that is its own parent',
    cell(INDICATORS, 3, 'parent', '1.1'),
    [INDICATORS, 3, 'parent', 'no indicator 1.1 above'],
  ],
  ['an unknown section', cell(INDICATORS, 3, 'section', 'IX'), [INDICATORS, 3, 'section', 'no section IX']],
  [
    'an unknown section, and more that is wrong with the row',
    withCell(
      withCell(cell(INDICATORS, 3, 'section', 'IX'), INDICATORS, 3, 'lead', 'so-z'),
      TARGETS,
      2,
      'milestone',
      '2031',
    ),
    [INDICATORS, 3, 'section', 'no section IX'],
    [TARGETS, 2, 'milestone', 'no milestone 2031'],
    [INDICATORS, 3, 'lead', 'no agency so-z'],
  ],
  [
    'an unknown section of a task, its deadline unclear and its agencies unknown',
    withCell(
      withCell(withCell(cell(TASKS, 2, 'section', 'IX'), TASKS, 2, 'due_on', ''), TASKS, 2, 'lead', 'so-y'),
      TASKS,
      2,
      'coordinating',
      'so-z',
    ),
    [TASKS, 2, 'section', 'no section IX'],
    [TASKS, 2, 'due_on', 'needs its day'],
    [TASKS, 2, 'lead', 'no agency so-y'],
    [TASKS, 2, 'coordinating', 'no agency so-z'],
  ],
  [
    'a deadline that is unclear, of a task whose agencies are unknown',
    withCell(cell(TASKS, 2, 'due_on', ''), TASKS, 2, 'lead', 'so-y'),
    [TASKS, 2, 'due_on', 'needs its day'],
    [TASKS, 2, 'lead', 'no agency so-y'],
  ],
  [
    'a code that stands twice, and what is wrong below it',
    withCell(
      line(INDICATORS, '1.1,,Khác,,higher-is-better,,,,,,,so-z,,,,x,9'),
      TARGETS,
      2,
      'milestone',
      '2031',
    ),
    [INDICATORS, 5, 'code', '1.1 stands here twice'],
    [TARGETS, 2, 'milestone', 'no milestone 2031'],
    [INDICATORS, 5, 'lead', 'no agency so-z'],
  ],
  [
    'a collective that stands twice, and what is wrong with its members',
    withCell(
      line('agencies.csv', 'cac-so,Các sở,,province,group,'),
      'agency-groups.csv',
      3,
      'member',
      'so-z',
    ),
    ['agencies.csv', 5, 'id', 'cac-so stands here twice'],
    ['agency-groups.csv', 3, 'member', 'no agency so-z'],
  ],
  ...[
    'a/(b',
    '(a/b',
    'a)/b',
    'a/b)',
    '(a+b/c',
    'a+b/c',
    'a/b+c',
    '(a+b)/c+d',
    '((a+b))/c',
    '()/b',
    'a/b/c',
    'a/',
  ].map((formula): [string, Files, Place] => [
    `a formula that can be read in two ways, or in none: ${formula}`,
    cell(INDICATORS, 3, 'formula', formula),
    [INDICATORS, 3, 'formula', 'a/b or (a+b)/c'],
  ]),
  [
    'an unknown direction',
    cell(INDICATORS, 3, 'direction', 'up'),
    [INDICATORS, 3, 'direction', 'one of higher-is-better, lower-is-better'],
  ],
  ['a formula that is none', cell(INDICATORS, 3, 'formula', 'a:b'), [INDICATORS, 3, 'formula', 'a/b']],
  [
    'a baseline without its period',
    cell(INDICATORS, 3, 'baseline_period', ''),
    [INDICATORS, 3, 'baseline_period', 'A period is'],
  ],
  ['a figure that is no number', cell(FIGURES, 2, 'value', 'bảy'), [FIGURES, 2, 'value', 'decimal']],
  [
    'a figure of a period that is none',
    cell(FIGURES, 2, 'period', '2024-Q5'),
    [FIGURES, 2, 'period', 'A period is'],
  ],
  [
    'a judgement that is none',
    cell(FIGURES, 2, 'met', 'yes'),
    [FIGURES, 2, 'met', 'one of met'],
    [FIGURES, 2, 'value', 'exactly one'],
  ],
  [
    'an unknown kind of deadline',
    cell(TASKS, 2, 'deadline_kind', 'soon'),
    [TASKS, 2, 'deadline_kind', 'one of date'],
    [TASKS, 2, 'due_on', 'Only a deadline by date'],
  ],
  ['a deadline by date without its day', cell(TASKS, 2, 'due_on', ''), [TASKS, 2, 'due_on', 'needs its day']],
  [
    'a deadline on a day that is none',
    cell(TASKS, 2, 'due_on', '2025-06-31'),
    [TASKS, 2, 'due_on', 'needs its day'],
  ],
  [
    'a plan’s day that is none',
    cell('plans.csv', 3, 'issued_on', '01/01/2025'),
    ['plans.csv', 3, 'issued_on', 'no day'],
  ],
  [
    'a plan that ends before it holds',
    cell('plans.csv', 3, 'ends_on', '2024-12-31'),
    ['plans.csv', 3, 'ends_on', 'cannot end before'],
  ],
  [
    'a plan’s milestone that is none',
    cell('plans.csv', 3, 'milestones', 'soon'),
    ['plans.csv', 3, 'milestones', 'A milestone is'],
  ],
  [
    'a plan that stands twice',
    cell('plans.csv', 3, 'id', 'kh-1'),
    ['plans.csv', 3, 'id', 'kh-1 stands here twice'],
    ['kh-2/indicators.csv', null, null, 'no plan kh-2 in plans.csv'],
  ],
  [
    'a plan’s id that is none',
    cell('plans.csv', 3, 'id', 'KH/2'),
    ['plans.csv', 3, 'id', 'cannot be an id'],
    ['kh-2/indicators.csv', null, null, 'no plan kh-2'],
  ],
  [
    'no plan',
    withFile(smallTables, 'plans.csv', (smallTables.get('plans.csv') ?? '').split('\n')[0] ?? ''),
    ['plans.csv', null, null, 'no plan'],
  ],
  [
    'an agency that stands twice',
    line('agencies.csv', 'so-a,Sở A,,province,agency,'),
    ['agencies.csv', 5, 'id', 'so-a stands here twice'],
  ],
  [
    'an agency’s level that is none',
    cell('agencies.csv', 2, 'level', 'galaxy'),
    ['agencies.csv', 2, 'level', 'a level is one of'],
  ],
  [
    'an agency’s kind that is none',
    cell('agencies.csv', 2, 'kind', 'sở'),
    ['agencies.csv', 2, 'kind', 'agency, group'],
  ],
  [
    'an agency’s day that is none',
    cell('agencies.csv', 3, 'established_on', '2020'),
    ['agencies.csv', 3, 'established_on', 'no day'],
  ],
  [
    'a member that is no agency',
    cell('agency-groups.csv', 3, 'member', 'so-z'),
    ['agency-groups.csv', 3, 'member', 'no agency so-z'],
  ],
  [
    'a member that is a collective',
    cell('agency-groups.csv', 3, 'member', 'cac-so'),
    ['agency-groups.csv', 3, 'member', 'no agency cac-so'],
  ],
  [
    'members of an unknown collective',
    line('agency-groups.csv', 'cac-x,so-a,2025-01-01'),
    ['agency-groups.csv', 4, 'group', 'no agency cac-x'],
  ],
  [
    'members of what is no collective',
    line('agency-groups.csv', 'so-a,so-b,2025-01-01'),
    ['agency-groups.csv', 4, 'group', 'so-a is no collective'],
  ],
  [
    'a founding day of a collective',
    cell('agencies.csv', 4, 'established_on', '2025-01-01'),
    ['agencies.csv', 4, 'established_on', 'a collective has no such day'],
  ],
  [
    'members from a day that is none',
    cell('agency-groups.csv', 3, 'effective_on', '2025-13-01'),
    ['agency-groups.csv', 3, 'effective_on', 'no day'],
  ],
  [
    'an alias of an unknown agency',
    line('agency-aliases.csv', 'so-z,Sở Z'),
    ['agency-aliases.csv', 3, 'agency', 'no agency so-z'],
  ],
  ['a missing column', withoutColumn(smallTables, FIGURES, 'evidence'), [FIGURES, 1, 'evidence', 'missing']],
  [
    'an unknown column',
    cell(FIGURES, 1, 'evidence', 'proof'),
    [FIGURES, 1, 'evidence', 'missing'],
    [FIGURES, 1, 'proof', 'no such column'],
  ],
  [
    'a column that stands twice',
    withFile(
      smallTables,
      FIGURES,
      'code,period,met,value,value,note,evidence,source_row\n1.2,2024,,7,8,,x,3\n',
    ),
    [FIGURES, 1, 'value', 'stands here twice'],
  ],
  [
    'a table under another name',
    withFile(smallTables, 'kh-1/taget.csv', 'code,milestone,notation,source_row\n1.1,2030,≥ 80,2\n'),
    ['kh-1/taget.csv', null, null, 'no table has this name'],
  ],
  [
    'a table in capitals',
    withFile(smallTables, 'kh-1/Targets.csv', 'code,milestone,notation,source_row\n1.1,2030,≥ 80,2\n'),
    ['kh-1/Targets.csv', null, null, 'no table has this name'],
  ],
  [
    'a table of a plan that stands above its folder',
    withFile(smallTables, 'targets.csv', 'code,milestone,notation,source_row\n'),
    ['targets.csv', null, null, 'no table has this name'],
  ],
  [
    'tables of a plan that is not listed',
    withFile(smallTables, 'kh-3/targets.csv', 'code,milestone,notation,source_row\n'),
    ['kh-3/targets.csv', null, null, 'no plan kh-3 in plans.csv'],
  ],
  [
    'an empty file',
    withFile(smallTables, FIGURES, ''),
    ...['code', 'period', 'met', 'value', 'note', 'evidence', 'source_row'].map(
      (column): Place => [FIGURES, 1, column, 'missing'],
    ),
  ],
  ['a row with too few cells', line(FIGURES, '1.2,2023'), [FIGURES, null, null, 'not a table']],
  [
    'what is no table',
    withFile(smallTables, FIGURES, 'PK\u0003\u0004"\n"unfinished'),
    [FIGURES, null, null, 'not a table'],
  ],
  [
    'a character that turns the direction of reading',
    cell(INDICATORS, 3, 'title', 'Chỉ\u202Etiêu'),
    [INDICATORS, 3, 'title', 'not seen'],
  ],
  ['a control character', cell(TASKS, 2, 'title', 'Nhiệm\u0007vụ'), [TASKS, 2, 'title', 'not seen']],
  [
    'a longer name than an agency has',
    cell('agencies.csv', 2, 'name', 'S'.repeat(301)),
    ['agencies.csv', 2, 'name', 'more than 300 characters'],
  ],
  [
    'a longer title than a section has',
    cell('kh-1/sections.csv', 2, 'title', 'M'.repeat(1_001)),
    ['kh-1/sections.csv', 2, 'title', 'more than 1000 characters'],
  ],
  [
    'a longer target than is read',
    cell(TARGETS, 2, 'notation', `≥ ${'8'.repeat(2_000)}`),
    [TARGETS, 2, 'notation', 'more than 2000 characters'],
  ],
  [
    'a longer cell than any',
    cell(INDICATORS, 3, 'source_table', 'P'.repeat(20_001)),
    [INDICATORS, 3, 'source_table', 'more than 20000 characters'],
  ],
  [
    'a code that is too long',
    cell('kh-2/indicators.csv', 2, 'code', '1'.repeat(65)),
    ['kh-2/indicators.csv', 2, 'code', 'cannot be a code'],
  ],
  [
    'a plan’s id that is too long',
    cell('plans.csv', 3, 'id', 'k'.repeat(65)),
    ['plans.csv', 3, 'id', 'cannot be an id'],
    ['kh-2/indicators.csv', null, null, 'no plan kh-2'],
  ],
  [
    'a section’s code that is none',
    line('kh-1/sections.csv', 'II@1,Mục hai,2'),
    ['kh-1/sections.csv', 3, 'code', 'cannot be a code'],
  ],
  ['what cannot be stored', cell(INDICATORS, 3, 'title', 'Chỉ\u0000tiêu'), [INDICATORS, 3, 'title', 'NUL']],
  [
    'a fault below an empty line',
    withFile(smallTables, TARGETS, 'code,milestone,notation,source_row\n\n\n1.1,2031,≥ 80,2\n'),
    [TARGETS, 4, 'milestone', 'no milestone 2031'],
  ],
  [
    'a fault below a cell of several lines',
    withFile(
      smallTables,
      TARGETS,
      'code,milestone,notation,source_row\n1.1,2030,"≥\n80",2\n1.2,2031,≤ 5,3\n',
    ),
    [TARGETS, 3, 'milestone', 'no milestone 2031'],
  ],
];

const placeOf = ({ file, row, column }: Problem) => ({ file, row, column });

describe('a folder with', () => {
  for (const [what, files, ...places] of BROKEN)
    it(`${what} is told where, and nothing of it is written`, async () => {
      const ledger = await open();
      const { problems, plans } = await loadTables(ledger, files, { dryRun: true });
      expect(problems.map(placeOf)).toEqual(places.map(([file, row, column]) => ({ file, row, column })));
      for (const [index, [, , , says]] of places.entries()) expect(problems[index]?.message).toContain(says);
      const loaded = await loadTables(ledger, files);
      expect(loaded.problems).toEqual(problems);
      const refused = new Set(plans.filter(({ state }) => state === 'refused').map(({ planId }) => planId));
      if (plans.length > 0) expect(refused.size).toBeGreaterThan(0);
      for (const { metadata } of await ledger.log()) expect(refused).not.toContain(metadata.planId);
    });
});
