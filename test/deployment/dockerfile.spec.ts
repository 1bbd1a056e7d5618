import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

/** The instructions of the Dockerfile, with continued lines joined. */
const instructions = readFileSync('Dockerfile', 'utf8')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => /^(\w+)\s+(.*)$/.exec(line)?.slice(1) as [string, string]);

const of = (name: string, among = instructions): string[] =>
  among.flatMap(([instruction, rest]) => (instruction === name ? [rest] : []));

const lastStage = instructions.slice(instructions.findLastIndex(([name]) => name === 'FROM'));

const sources = of('COPY')
  .filter((copy) => !copy.startsWith('--from'))
  .flatMap((copy) => copy.split(/\s+/).slice(0, -1));

const sent = readFileSync('.dockerignore', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('!'))
  .map((line) => line.slice(1));

describe('Dockerfile', () => {
  it('copies what is there, and only that is sent to the builder', () => {
    expect(sources.filter((source) => !existsSync(source))).toEqual([]);
    expect([...new Set(sources)].sort()).toEqual([...sent].sort());
    expect(readFileSync('.dockerignore', 'utf8')).toMatch(/^\*$/m);
  });

  it('begins both stages with one pinned Node, which the package allows', () => {
    const images = of('FROM').map((from) => from.split(' ')[0]);
    expect(new Set(images).size).toBe(1);
    expect(images[0]).toMatch(/^node:2[24]\.\d+\.\d+-bookworm-slim$/);
  });

  it('runs as nobody special, says whether it is alive, and is told to stop itself', () => {
    expect(of('USER', lastStage)).toEqual(['node']);
    expect(of('HEALTHCHECK', lastStage)).toHaveLength(1);
    // Not by a shell, which would keep SIGTERM to itself.
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { start: string } };
    expect(of('CMD', lastStage).map((command) => JSON.parse(command))).toEqual([scripts.start.split(' ')]);
  });

  it('leaves compilers and development packages behind', () => {
    expect(of('RUN', lastStage).join()).not.toMatch(/apt-get|npm/);
    expect(of('RUN').join()).toContain('npm prune --omit=dev');
  });

  it('asks the address that the server listens on whether it is alive', () => {
    const [healthcheck = ''] = of('HEALTHCHECK', lastStage);
    const command = JSON.parse(/CMD (\[.*\])$/.exec(healthcheck)?.[1] ?? '') as string[];
    expect(command.slice(0, 2)).toEqual(['node', '-e']);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of the program that is looked at
    expect(command[2]).toContain('http://127.0.0.1:${process.env.PORT}/health/live');
    expect(of('ENV', lastStage).join()).toMatch(/HOST=0\.0\.0\.0.*PORT=3000/);
  });
});
