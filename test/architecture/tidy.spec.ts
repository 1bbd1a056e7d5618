import { describe, expect, it } from '@jest/globals';
import { type Source, sourceOf, sourcesIn } from './sources.js';

/** A file is read in one sitting. */
const MAX_LINES = 410;
/** Lists are read entry by entry: a port's contract is one of cases, the examples of the API one of answers. */
const LISTS = /^test\/conformance\/[\w-]+\.contract\.ts$|^src\/api\/controllers\/examples\.ts$/;

const linesOf = ({ text }: Source): string[] => text.split('\n');

type Rule = (source: Source) => readonly string[];

const matching =
  (complaint: string, wrong: (line: string) => boolean): Rule =>
  (source) =>
    linesOf(source).flatMap((line, index) =>
      wrong(line) ? [`${source.path}:${index + 1} ${complaint}`] : [],
    );

const notTooLong: Rule = (source) => {
  const lines = linesOf(source).length;
  return lines > MAX_LINES && !LISTS.test(source.path) ? [`${source.path} has ${lines} lines`] : [];
};

const COMMENT = /^\s*(?:\/\/|\*|\/\*)\s?(.*)$/;
const CODE =
  /^(?:(?:import|export|const|let|return|throw|await|if|for|while|switch|case|expect)\b.*[;{(,]|\w[\w.]*\(.*\);|[})\]]+[;,]?|\w[\w.]* = .*;)$/;
const noDeadCode = matching('holds code in a comment', (line) =>
  CODE.test(COMMENT.exec(line)?.[1]?.trim() ?? ''),
);

const noPromises = matching('promises work instead of doing it', (line) =>
  /\b(?:TODO|FIXME|XXX|HACK)\b/.test(line.replace(/'[^']*'|\/[^/]+\//g, '')),
);

const EXCEPTION = /(?:biome-ignore(?:-\w+)?\s+[\w/]+|@ts-expect-error)(.*)$/;
const saysWhy = matching('makes an exception and does not say why', (line) => {
  if (/^\s*\/[/*].*@ts-(?:ignore|nocheck)\b/.test(line)) return true;
  const said = /^\s*(?:\/\/|\/\*)/.test(line) ? EXCEPTION.exec(line)?.[1] : undefined;
  return said !== undefined && !/^\s*[:-]?\s*\S.{9,}/.test(said);
});

const runsAll = matching(
  'leaves a test out',
  (line) =>
    /^\s*(?:(?:it|describe|test)\.(?:only|skip|todo)\b|(?:fit|xit|fdescribe|xdescribe|xtest)\()/.test(line) &&
    !/not run/i.test(line),
);

/** How far above a pause the loop begins that asks whether it is time yet. */
const LOOP_LINES = 12;

/** Between processes there is nothing to wait on but asking again: a pause in a loop that asks is no sleep. */
const noSleep: Rule = (source) => {
  const lines = linesOf(source);
  return lines.flatMap((line, index) => {
    if (!/await (?:sleep|delay|setTimeout|wait)\(\s*[\d_]+/.test(line)) return [];
    const asks = lines
      .slice(Math.max(0, index - LOOP_LINES), index)
      .some((above) => /\b(?:for|while) \(/.test(above));
    return asks ? [] : [`${source.path}:${index + 1} sleeps instead of waiting for a condition`];
  });
};

const RULES: Readonly<
  Record<string, readonly [rule: Rule, folders: readonly string[], wrong: readonly string[]]>
> = {
  'is short enough to be read in one sitting': [
    notTooLong,
    ['src', 'projections', 'test'],
    ['\n'.repeat(MAX_LINES)],
  ],
  'holds no code in comments': [
    noDeadCode,
    ['src', 'projections', 'test'],
    ['  // const x = 1;', '  // return row;', '// }', '   * foo(bar);', '// if (x) {', '// state.x = 3;'],
  ],
  'does what there is to do': [
    noPromises,
    ['src', 'projections', 'test'],
    [`// ${'TO'}DO later`, `const x = 1; // ${'FIX'}ME`],
  ],
  'says why where it makes an exception': [
    saysWhy,
    ['src', 'projections', 'test'],
    [
      '// biome-ignore lint/style/useConst',
      '// biome-ignore lint/style/useConst: x',
      '// @ts-expect-error',
      '// @ts-ignore: because of the types',
    ],
  ],
  'runs all its tests, or says loudly that it does not': [
    runsAll,
    ['test'],
    ['it.only(', '  describe.skip(', 'xit(', 'test.todo('],
  ],
  'waits for conditions': [noSleep, ['test'], [`${'await'} sleep(100);`, `${'await'} setTimeout(1_000);`]],
};

describe('every file', () => {
  for (const [what, [rule, folders, wrong]] of Object.entries(RULES)) {
    it(what, () => {
      expect(sourcesIn(...folders).flatMap(rule)).toEqual([]);
    });

    it.each(wrong.map((text) => [JSON.stringify(text).slice(0, 60), text]))(
      `${what}: %s is noticed`,
      (_, text) => {
        expect(rule(sourceOf('test/one.spec.ts', text))).toHaveLength(1);
      },
    );
  }

  it('may explain itself', () => {
    const fine = [
      '// biome-ignore lint/complexity/useMathMinMax: days compare as text, Math.max as numbers',
      '// @ts-expect-error: the compiler knows better, which is what is tested',
      '/** Whether `f(x);` is called; returns nothing. */',
      '// The keys stand in RFC 8785 order: sorted by UTF-16 unit.',
      "describe.skip('kurrentdb: not run, no server at KURRENTDB_URL', () => {});",
    ];
    for (const text of fine)
      for (const [rule] of Object.values(RULES)) expect(rule(sourceOf('test/one.spec.ts', text))).toEqual([]);
  });
});
