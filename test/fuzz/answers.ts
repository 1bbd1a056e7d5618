import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Got } from './client.js';
import type { Sent } from './requests.js';

/** What no answer says: where it was made, and how. */
const INSIDE = /\n\s+at \S|node_modules|\.[jt]s:\d|\bTypeError\b|\bSQLITE_|better-sqlite3|\[object Object\]/;

/** The last part of every problem type that the sources can give: those of HTTP, and one a code of a refused command. */
export const knownProblems = (): ReadonlySet<string> => {
  const text = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(join('src', path), 'utf8'))
    .join('\n');
  const codes = [...text.matchAll(/new Rejected\(\s*'(\w+)'/g)].map(([, code = '']) =>
    code.replace(/(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '-').toLowerCase(),
  );
  const kinds = [
    ...text.matchAll(/(?:\bproblem\(\s*\d{3},\s*|\bagain\(\s*|^\s*\d{3}: \[\s*|_\w+: \[\s*)'([a-z-]+)'/gm),
  ];
  return new Set([...codes, ...kinds.map(([, kind = '']) => kind)]);
};

/** What is wrong with an answer, or null. */
export const complaintOf = (sent: Sent, got: Got, known: ReadonlySet<string>): string | null => {
  const { status, type, text, retryAfter } = got;
  if (INSIDE.test(text)) return 'it tells of the inside';
  if (status >= 500 && (status !== 503 || retryAfter === null)) return 'the server failed';
  if (status < 400 || sent.method === 'HEAD') return null;
  if (!type.startsWith('application/problem+json')) return `an error of type ${type}`;
  return problemFault(text, status, known);
};

const problemFault = (text: string, status: number, known: ReadonlySet<string>): string | null => {
  const problem = JSON.parse(text) as Record<string, unknown>;
  const { type, title, detail, instance } = problem;
  if (problem['status'] !== status) return 'a problem of another status';
  if (![title, detail].every((part) => typeof part === 'string' && part !== ''))
    return 'a problem without words';
  if (!/^urn:uuid:[0-9a-f-]{36}$/.test(String(instance))) return 'a problem without an instance';
  const kind = String(type).replace('urn:so-cai:problem:', '');
  return known.has(kind) ? null : `a problem of a type that nobody knows: ${type}`;
};
