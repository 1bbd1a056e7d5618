import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { RIGHTS, type Right, STANDINGS } from '../../src/application/rights.js';

const ROLES = ['reporter', 'office', 'auditor', 'admin', 'system'] as const;

const cell = (right: Right | undefined): string => {
  if (right === undefined) return '—';
  if (right === 'always') return 'yes';
  const standing = right.standing.length === STANDINGS.length ? [] : [`agency: ${right.standing.join(', ')}`];
  return [...standing, ...(right.figures ? [`figures: ${right.figures.join(', ')}`] : [])].join('; ');
};

const printed = (): string =>
  [
    `| Action | ${ROLES.join(' | ')} |`,
    `|---|${ROLES.map(() => '---').join('|')}|`,
    ...Object.entries<Partial<Record<(typeof ROLES)[number], Right>>>(RIGHTS).map(
      ([action, rights]) => `| ${action} | ${ROLES.map((role) => cell(rights[role])).join(' | ')} |`,
    ),
  ].join('\n');

test('docs/rights.md prints the table that is in force', async () => {
  const document = await readFile('docs/rights.md', 'utf8');
  expect(document.slice(document.indexOf('| Action |')).trim()).toBe(printed());
});
