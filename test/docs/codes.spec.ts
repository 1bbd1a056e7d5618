import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { STATUSES } from '../../src/domain/status/verdict.js';
import { TASK_STATUSES } from '../../src/domain/task/assess.js';
import { sourcesIn } from '../architecture/sources.js';

const document = readFileSync('docs/codes.md', 'utf8');
const sources = sourcesIn('src');

/** What stands first in the rows of the table under a heading. */
const listed = (heading: string): string[] => {
  const [, section = ''] = document.split(`## ${heading}\n`);
  return [...(section.split('\n## ')[0] ?? '').matchAll(/^\| `([^`]+)` \|/gm)].map(([, code = '']) => code);
};

/** What a pattern finds in the sources whose path begins so, each once. */
const said = (path: string, pattern: RegExp): string[] => {
  const texts = sources.filter((source) => source.path.startsWith(path)).map(({ code }) => code);
  const found = texts.flatMap((text) => [...text.matchAll(pattern)].map(([, code = '']) => code));
  return [...new Set(found)].sort();
};

test('docs/codes.md lists every status, from the worst', () => {
  expect(listed('`status` of an indicator')).toEqual(STATUSES);
  expect(listed('`status` of a task')).toEqual(TASK_STATUSES);
});

test('docs/codes.md lists every reason of a verdict', () => {
  const reasons = said('src/domain/status/verdict.ts', /^ {2}\| '([a-z-]+)'/gm);
  expect(reasons.length).toBeGreaterThan(20);
  expect(listed('`reason` of a verdict').sort()).toEqual(reasons);
});

test('docs/codes.md lists every problem', () => {
  const kinds = [
    ...said('src/api/http/problem.ts', /\b(?:problem|again)\(\s*(?:\d{3},\s*)?'([a-z-]+)'/g),
    ...said('src/api/http/statuses.ts', /(?:\d{3}: |fallback: Words = )\[\s*'([a-z-]+)'/g),
  ];
  expect(kinds.length).toBeGreaterThan(20);
  expect(listed('`type` of a problem').sort()).toEqual([...new Set(kinds)].sort());
});

test('docs/codes.md lists every rule that refuses a command', () => {
  const codes = said('src/', /new Rejected\(\s*'(\w+)'/g);
  expect(codes.length).toBeGreaterThan(50);
  expect(listed('`code` of a refused command')).toEqual(codes);
});
