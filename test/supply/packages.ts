import { readFileSync } from 'node:fs';

/** What package-lock.json says of a package. */
interface Locked {
  readonly version: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}

export interface Package extends Locked {
  /** `@scope/name`. */
  readonly name: string;
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
}

export const manifest = (): Manifest => JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;

/** Every package that `npm ci` installs. */
export const packages = (): Package[] => {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> };
  return Object.entries(lock.packages)
    .filter(([path]) => path !== '')
    .map(([path, locked]) => ({ ...locked, name: path.replace(/^.*node_modules\//, '') }));
};

/** Licences that the product may be run and passed on under, beside its own (Apache-2.0). */
const ALLOWED: ReadonlySet<string> = new Set([
  ...['MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0'],
  ...['Python-2.0', 'CC0-1.0', 'Unlicense', 'Zlib'],
]);

/** Whether a licence (SPDX expression) may be taken: one of those it offers by OR, all that it asks by AND. */
export const isAllowed = (licence: string): boolean =>
  licence
    .replace(/^\(|\)$/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((one) => ALLOWED.has(one.trim())));

/** The page of licences: what of others runs with the product, by licence. */
export const licencesPage = (): string => {
  const byLicence = new Map<string, Set<string>>();
  for (const { name, license = 'none stated', dev } of packages()) {
    if (dev) continue;
    const names = byLicence.get(license) ?? new Set();
    byLicence.set(license, names.add(name));
  }
  const sections = [...byLicence]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([licence, names]) =>
      [`## ${licence}`, '', ...[...names].sort().map((name) => `- ${name}`), ''].join('\n'),
    );
  return [
    '# Licences',
    '',
    'What of others runs with Sổ Cái, by licence; the versions stand in `package-lock.json`. Written by `npm run licences`.',
    '',
    ...sections,
  ].join('\n');
};
