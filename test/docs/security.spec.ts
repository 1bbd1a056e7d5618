import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

/** Every requirement of levels 1 and 2 of the OWASP ASVS 5.0.0, by its number, and its level. */
const STANDARD = JSON.parse(readFileSync('test/docs/asvs-5.0.0.json', 'utf8')) as Record<string, number>;

const page = readFileSync('docs/security.md', 'utf8');

/** The rows of the map: the numbers that stand in one, and how they are met. */
const rows = page
  .slice(page.indexOf('## The standard'))
  .split('\n')
  .filter((line) => /^\| \d/.test(line))
  .map((line) => {
    const [numbers = '', about = '', how = ''] = line.slice(2, -2).split(' | ');
    return { numbers: [...numbers.matchAll(/([\d.]+) \((\d)\)/g)], about, how };
  });

const filesIn = (text: string): string[] =>
  [...text.matchAll(/`((?:src|test|docs|data|\.ci)\/[\w./-]+|\w+\.build\.json|biome\.jsonc)`/g)].map(
    ([, file = '']) => file,
  );

describe('docs/security.md', () => {
  it('has every requirement of levels 1 and 2 once, with its level', () => {
    const stated = rows.flatMap(({ numbers }) => numbers.map(([, number, level]) => [number, Number(level)]));
    expect(Object.keys(STANDARD)).toHaveLength(253);
    expect(Object.fromEntries(stated)).toEqual(STANDARD);
    expect(stated).toHaveLength(Object.keys(STANDARD).length);
  });

  it('names a file for each that is met, or says why it is not ours to meet', () => {
    const bare = rows.filter(
      ({ how }) =>
        filesIn(how).length === 0 && !/^(?:Does not apply|Operator): \S|\(#\w+\)|^The product /.test(how),
    );
    expect(bare.map(({ numbers, how }) => [numbers[0]?.[1], how])).toEqual([
      ['13.2.1', expect.stringContaining('Embedded there is no other service')],
    ]);
  });

  it('names files that there are, and parts of the page', () => {
    const files = filesIn(page);
    expect(files.length).toBeGreaterThan(100);
    expect([...new Set(files)].filter((file) => !existsSync(file))).toEqual([]);
    const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase());
    const links = [...page.matchAll(/\(#(\w+)\)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !headings.includes(link))).toEqual([]);
  });

  it('says where its parts stand', () => {
    const pointers = [...page.matchAll(/(Above|Below): \[(\w+)\]/g)];
    expect(pointers.length).toBeGreaterThan(4);
    const wrong = pointers.filter(
      ({ 1: where, 2: part, index }) => page.indexOf(`### ${part}\n`) < index !== (where === 'Above'),
    );
    expect(wrong.map(([pointer]) => pointer)).toEqual([]);
  });
});
