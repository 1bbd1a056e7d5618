import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { PROCESS_ROLES, readConfig, SETTINGS } from '../../src/config.js';

interface Service {
  readonly image: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly networks: readonly string[];
  readonly volumes?: readonly string[];
  readonly command?: readonly string[];
  readonly healthcheck?: object;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly deploy?: { readonly resources: { readonly limits: object } };
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
  readonly volumes: Readonly<Record<string, null>>;
}

const text = readFileSync('docker-compose.yml', 'utf8');
const compose = parse(text, { merge: true }) as Compose;
const services = Object.entries(compose.services);
const own = services.filter(([, { image }]) => image.startsWith('so-cai:'));
const servers = services.filter(([, { image }]) => !image.startsWith('so-cai:'));

/** `${NAME:-default}` and `${NAME-default}` as Compose puts values in their place. */
const VARIABLE = /\$\{(\w+)(?::?-([^}]*))?\}/g;

const filled = (env: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).map(([key, value]) => [
      key,
      value.replace(VARIABLE, (_, _name: string, otherwise = '') => otherwise),
    ]),
  );

describe('docker-compose.yml', () => {
  it('is what the Compose specification says', () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default(ajv);
    const schema = JSON.parse(readFileSync('test/deployment/compose-spec/compose-spec.json', 'utf8'));
    const valid = ajv.compile(schema);
    expect({ valid: valid(compose), errors: valid.errors }).toEqual({ valid: true, errors: null });
    expect(valid({ services: { api: { imagine: 'so-cai' } } })).toBe(false);
  });

  it('runs each role from the one image of this version', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(own.map(([name]) => name)).toEqual(PROCESS_ROLES);
    for (const [name, { image, environment }] of own)
      expect([image, environment?.['SO_CAI_ROLES']]).toEqual([`so-cai:${version}`, name]);
  });

  it('names only variables that the configuration reads', () => {
    for (const [, { environment = {} }] of own)
      expect(Object.keys(environment).filter((key) => !SETTINGS.includes(key))).toEqual([]);
    const asked = [...text.matchAll(VARIABLE)].map(([, name]) => name ?? '');
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter((name) => !SETTINGS.includes(name))).toEqual([]);
  });

  it('passes on every setting of the configuration', () => {
    const given = (settings: object) => Object.keys(settings).filter((key) => key.startsWith('SO_CAI_'));
    const settings = SETTINGS.filter((key) => key.startsWith('SO_CAI_'));
    const passed = new Set(own.flatMap(([, { environment = {} }]) => given(environment)));
    expect([...passed].sort()).toEqual([...settings].sort());
    // Only who fills an empty ledger is told from what.
    const common = settings.filter((key) => key !== 'SO_CAI_LOAD');
    for (const [name, { environment = {} }] of own)
      expect([name, common.filter((key) => !(key in environment))]).toEqual([name, []]);
  });

  it('keeps one issuer of tokens for all roles, where the image keeps its data', () => {
    const [, folder] = /DATA_DIR=(\S+)/.exec(readFileSync('Dockerfile', 'utf8')) ?? [];
    for (const [name, { volumes }] of own) expect([name, volumes]).toEqual([name, [`issuer:${folder}`]]);
  });

  it('has defaults with which each role can start', () => {
    for (const [name, { environment = {} }] of own) {
      const config = readConfig({ NODE_ENV: 'production', ...filled(environment) });
      expect(config.roles).toEqual([name]);
      expect(config.auth.kind).toBe('local');
      expect(config.stores.kind).toBe('distributed');
    }
  });

  it('addresses the servers by the names that they have here', () => {
    const { environment = {} } = compose.services['api'] as Service;
    const hosts = ['KURRENTDB', 'MONGODB', 'REDIS'].map(
      (server) => new URL(filled(environment)[`SO_CAI_${server}_URL`] ?? '').hostname,
    );
    expect(hosts).toEqual(['kurrentdb', 'mongodb', 'redis']);
    expect(hosts.filter((host) => !(host in compose.services))).toEqual([]);
  });

  it('keeps the servers where only the roles reach them', () => {
    expect(compose.networks['ledger']?.internal).toBe(true);
    for (const [, { networks, ports }] of servers) expect([networks, ports]).toEqual([['ledger'], undefined]);
    expect(own.filter(([, { networks }]) => networks.includes('public')).map(([name]) => name)).toEqual([
      'api',
    ]);
  });

  it('starts a role when what it needs is ready, and bounds what each may take', () => {
    for (const [name, { depends_on = {}, deploy }] of own)
      expect([name, Object.values(depends_on).map(({ condition }) => condition), deploy]).toEqual([
        name,
        ['service_healthy', 'service_completed_successfully', 'service_healthy'],
        { resources: { limits: expect.objectContaining({ memory: expect.any(String) }) } },
      ]);
    for (const [name, { healthcheck, deploy }] of servers) {
      expect([name, deploy?.resources.limits]).toEqual([
        name,
        expect.objectContaining({ cpus: expect.any(String) }),
      ]);
      if (name !== 'mongodb-init') expect([name, healthcheck]).toEqual([name, expect.any(Object)]);
    }
  });

  it('keeps what the servers write, and pins what it runs', () => {
    const mounted = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0]));
    expect([...new Set(mounted)].sort()).toEqual(Object.keys(compose.volumes).sort());
    for (const [, { image }] of services) expect(image).toMatch(/:\d+\.\d+\.\d+[a-z-]*$/);
  });

  it('has a Redis that throws nothing away', () => {
    const command = compose.services['redis']?.command?.join(' ');
    expect(command).toContain('--maxmemory-policy noeviction');
    expect(command).toContain('--appendonly yes');
  });
});
