import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';

export interface Import {
  /** A path from the root of the repository without its ending, or the name of a package. */
  readonly from: string;
  /** What is imported; empty for an import of the file alone. */
  readonly names: readonly string[];
  readonly typeOnly: boolean;
}

export interface Source {
  /** Path from the root of the repository: `src/domain/time.ts`. */
  readonly path: string;
  readonly text: string;
  /** The text without its comments. */
  readonly code: string;
  readonly imports: readonly Import[];
}

/** Every TypeScript file of some folders. */
export const sourcesIn = (...folders: string[]): Source[] =>
  folders.flatMap((folder) =>
    readdirSync(join(process.cwd(), folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => [folder, ...name.split(sep)].join('/'))
      .sort()
      .map((path) => sourceOf(path, readFileSync(join(process.cwd(), path), 'utf8'))),
  );

export const sourceOf = (path: string, text: string): Source => {
  const code = withoutComments(text);
  return { path, text, code, imports: importsOf(path, code) };
};

// A string may hold what looks like a comment (a URL, say), so both are matched and only comments are taken out.
const TOKEN = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;

const withoutComments = (text: string): string =>
  text.replace(TOKEN, (token) => (token.startsWith('/') ? '' : token));

const IMPORT =
  /(?:^|\n)[ \t]*(?:import|export)\s+(?:(type\s+)?((?:[\w$]+\s*,?\s*)?(?:\{[^}]*\}|\*(?:\s+as\s+\w+)?)?)\s*from\s*)?'([^']+)'/g;
const DYNAMIC = /\bimport\(\s*'([^']+)'/g;

const importsOf = (path: string, code: string): Import[] => [
  ...[...code.matchAll(IMPORT)].map(([, type, clause = '', from = '']) => ({
    from: resolved(path, from),
    names: [...clause.matchAll(/[\w*]+(?=\s*(?:,|\}|$| as ))/g)].map(([name]) => name),
    typeOnly: type !== undefined || isTypes(clause),
  })),
  ...[...code.matchAll(DYNAMIC)].map(([, from = '']) => ({
    from: resolved(path, from),
    names: [],
    typeOnly: false,
  })),
];

/** Whether every name of `{ type A, type B }` is a type. */
const isTypes = (clause: string): boolean => {
  const names = /^\{([\s\S]*)\}$/
    .exec(clause.trim())?.[1]
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return names !== undefined && names.length > 0 && names.every((name) => name.startsWith('type '));
};

const resolved = (path: string, from: string): string =>
  from.startsWith('.') ? posix.normalize(posix.join(posix.dirname(path), from)).replace(/\.js$/, '') : from;
