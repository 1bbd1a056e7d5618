import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { isAllowed, licencesPage, manifest, packages } from './packages.js';

const DECISION = 'docs/decisions/0026-supply.md';

describe('what others have made', () => {
  it('is asked for in one version', () => {
    const { dependencies, devDependencies } = manifest();
    const ranges = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version),
    );
    expect(ranges).toEqual([]);
  });

  it('is installed as it was when it was chosen: by hash, and from no address of its own', () => {
    const all = packages();
    expect(all.length).toBeGreaterThan(400);
    expect(all.filter(({ integrity }) => !/^sha512-/.test(integrity ?? '')).map(({ name }) => name)).toEqual(
      [],
    );
    const elsewhere = all.filter(({ resolved = '' }) => /^git|^file:|^http:/.test(resolved));
    expect(elsewhere.map(({ name }) => name)).toEqual([]);
  });

  it('runs a program at its installation only where somebody has said so', () => {
    const { allowScripts } = manifest();
    const wanting = new Set(
      packages().flatMap(({ name, hasInstallScript }) => (hasInstallScript ? [name] : [])),
    );
    expect(Object.keys(allowScripts).sort()).toEqual([...wanting].sort());
    expect(Object.keys(allowScripts).filter((name) => allowScripts[name])).toEqual(['better-sqlite3']);
    const decision = readFileSync(DECISION, 'utf8');
    expect([...wanting].filter((name) => !decision.includes(`\`${name}\``))).toEqual([]);
    expect(readFileSync('.npmrc', 'utf8')).toContain('strict-allow-scripts=true');
  });

  it('has a licence under which the product may be run and passed on', () => {
    const running = packages().filter(({ dev }) => !dev);
    expect(running.length).toBeGreaterThan(100);
    expect(
      running.filter(({ license = '' }) => !isAllowed(license)).map(({ name, license }) => [name, license]),
    ).toEqual([]);
    for (const licence of [
      'GPL-3.0-only',
      '',
      'SEE LICENSE IN x',
      '(MIT AND GPL-2.0)',
      'SSPL-1.0',
      'UNLICENSED',
    ])
      expect([licence, isAllowed(licence)]).toEqual([licence, false]);
  });

  it('is listed by licence as `npm run licences` writes it', () => {
    expect(readFileSync('docs/licences.md', 'utf8')).toBe(licencesPage());
  });
});
