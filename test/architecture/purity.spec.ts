import { describe, expect, it } from '@jest/globals';
import { type Source, sourceOf, sourcesIn } from './sources.js';

interface Rule {
  readonly pattern: RegExp;
  readonly why: string;
  /** Files in which it is right, each with the reason. */
  readonly but: Readonly<Record<string, string>>;
  readonly wrong: readonly string[];
}

/** In the domain and in projections: the same events give the same answer, everywhere and always. */
const PURE: readonly Rule[] = [
  {
    pattern: /\bDate\.now\b|\bnew Date\(\s*\)|\bDate\(\s*\)|\bperformance\.|\bTemporal\.Now\b/,
    why: 'time comes in with the command or the event',
    but: {},
    wrong: ['const at = Date.now();', 'new Date()', 'performance.now()', 'Temporal.Now.instant()'],
  },
  {
    pattern: /\bMath\.random\b|\brandomUUID\b|\bcrypto\./,
    why: 'nothing happens by chance',
    but: {},
    wrong: ['Math.random()', 'crypto.randomUUID()'],
  },
  {
    pattern:
      /\bprocess\.|\bnode:|\bfetch\(|\bsetTimeout\b|\bsetInterval\b|\bsetImmediate\b|\bconsole\.|\bglobalThis\b/,
    why: 'nothing is read, written or waited for',
    but: {},
    wrong: ['process.env', "from 'node:fs'", 'await fetch(url)', 'setTimeout(go, 1)', 'console.log(1)'],
  },
  {
    pattern: /\btoLocale\w*\(|\blocaleCompare\(|\bIntl\./,
    why: 'the machine it runs on has no say',
    but: {},
    wrong: ['a.localeCompare(b)', 'x.toLocaleString()'],
  },
];

/** Decimals are strings: no value passes through a float. */
const FLOATS: Rule = {
  pattern:
    /\bparseFloat\b|\bparseInt\b|\bNumber\(|\bNumber\.parse|\.toFixed\((?!\))|[=(,]\s*\+[a-z]\w*[\w.]*(?=[;,)])|\.toNumber\(/,
  why: 'a decimal stays text, computed by target/decimal.ts',
  but: {
    'src/domain/time.ts': 'years, quarters and months are counted',
    'src/application/holdings.ts': 'true counts one',
    'src/application/reporting.ts': 'how much of the log is left, for a person who waits',
  },
  wrong: [
    'parseFloat(value)',
    'Number(figure.value)',
    'Number.parseFloat(value)',
    'x.toFixed(2)',
    'const x = +value;',
    'big.toNumber()',
  ],
};

/** What an append expects is what was read. */
const REVISION: Rule = {
  pattern: /(['"])any\1|\bexpectedRevision:\s*ANY\b|import[^;]*\bANY\b[^;]*from/,
  why: 'never append without saying at which revision',
  but: {},
  wrong: [
    "append(stream, events, 'any')",
    'expectedRevision: ANY',
    "import { ANY, jsonEvent } from '@eventstore/db-client';",
  ],
};

const breaks = (sources: readonly Source[], { pattern, but }: Rule): string[] =>
  sources.filter(({ path, code }) => pattern.test(code) && !(path in but)).map(({ path }) => path);

const check = (rule: Rule, folders: readonly string[]): void => {
  it(rule.why, () => {
    const sources = sourcesIn('src', 'projections').filter(({ path }) =>
      folders.some((folder) => path.startsWith(folder)),
    );
    expect(sources.length).toBeGreaterThan(0);
    expect(breaks(sources, rule)).toEqual([]);
    for (const file of Object.keys(rule.but)) {
      const excused = sources.find(({ path }) => path === file);
      expect(excused && rule.pattern.test(excused.code) ? file : `${file} needs no excuse`).toBe(file);
    }
  });

  it.each(rule.wrong)(`is noticed when it is not so: %s`, (text) => {
    expect(breaks([sourceOf('src/domain/one.ts', text)], rule)).toEqual(['src/domain/one.ts']);
    expect(breaks([sourceOf('src/domain/one.ts', `// ${text}`)], rule)).toEqual([]);
  });
};

describe('in the domain and in projections', () => {
  for (const rule of PURE) check(rule, ['src/domain/', 'projections/']);
});

describe('in what decides and answers', () => {
  check(FLOATS, ['src/domain/', 'src/application/', 'projections/']);
});

describe('everywhere', () => {
  check(REVISION, ['src/', 'projections/']);
});
