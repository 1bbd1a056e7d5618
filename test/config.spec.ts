import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DEFAULT_RATE_LIMITS } from '../src/api/http/costs.js';
import { BadConfig, readConfig, readPlace } from '../src/config.js';

const REMOTE = {
  SO_CAI_AUTH_ISSUER: 'https://sso.example.vn',
  SO_CAI_AUTH_AUDIENCE: 'so-cai',
  SO_CAI_AUTH_JWKS_URL: 'https://sso.example.vn/keys',
};

const SERVERS = {
  SO_CAI_KURRENTDB_URL: 'esdb://kurrentdb:2113?tls=false',
  SO_CAI_MONGODB_URL: 'mongodb://mongodb/so-cai?replicaSet=rs0',
  SO_CAI_REDIS_URL: 'redis://redis',
};

test('an empty environment gives the defaults', () => {
  expect(readConfig({})).toEqual({
    port: 3000,
    host: '127.0.0.1',
    dataDir: resolve('var'),
    stores: { kind: 'embedded' },
    roles: ['api', 'projector', 'worker'],
    auth: { kind: 'local', algorithms: ['EdDSA'] },
    metrics: 'authenticated',
    log: 'info',
    rateLimits: DEFAULT_RATE_LIMITS,
    load: resolve('data/kon-tum'),
  });
});

test('every setting is taken', () => {
  expect(
    readConfig({
      PORT: '0',
      HOST: '0.0.0.0',
      DATA_DIR: '/srv/so-cai',
      NODE_ENV: 'production',
      SO_CAI_METRICS: 'open',
      SO_CAI_LOG: 'silent',
      SO_CAI_RATE_LIMITS: 'off',
      SO_CAI_LOAD: '/srv/documents',
      SO_CAI_ROLES: 'worker, api,worker',
      ...SERVERS,
      SO_CAI_AUTH_ALGORITHMS: 'ES256, PS256,ES256',
      ...REMOTE,
    }),
  ).toEqual({
    port: 0,
    host: '0.0.0.0',
    dataDir: '/srv/so-cai',
    stores: {
      kind: 'distributed',
      kurrentdbUrl: 'esdb://kurrentdb:2113?tls=false',
      mongodbUrl: 'mongodb://mongodb/so-cai?replicaSet=rs0',
      redisUrl: 'redis://redis',
    },
    roles: ['api', 'worker'],
    auth: {
      kind: 'remote',
      issuer: 'https://sso.example.vn',
      audience: 'so-cai',
      jwksUrl: 'https://sso.example.vn/keys',
      algorithms: ['ES256', 'PS256'],
    },
    metrics: 'open',
    log: 'silent',
    rateLimits: null,
    load: '/srv/documents',
  });
});

test('it cannot be changed afterwards', () => {
  const config = readConfig({ ...REMOTE, ...SERVERS, SO_CAI_ROLES: 'api' });
  expect(
    [config, config.auth, config.auth.algorithms, config.stores, config.roles].every(Object.isFrozen),
  ).toBe(true);
});

test('the documents that come with the package are found from wherever it runs', () => {
  expect(existsSync(join(readConfig({}).load ?? '', 'plans.csv'))).toBe(true);
});

test('an empty variable counts as not set; an empty SO_CAI_LOAD loads nothing', () => {
  const empty = { PORT: '', HOST: '', SO_CAI_LOG: '', SO_CAI_AUTH_ISSUER: '', SO_CAI_AUTH_ALGORITHMS: '' };
  expect(readConfig({ ...empty, SO_CAI_LOAD: '' })).toEqual({ ...readConfig({}), load: null });
});

test('a limit is set by its name, the others stay', () => {
  expect(readConfig({ SO_CAI_RATE_LIMITS: 'export=5, read=9000' }).rateLimits).toEqual({
    ...DEFAULT_RATE_LIMITS,
    export: 5,
    read: 9_000,
  });
});

describe('what is refused', () => {
  test.each<[string, Record<string, string>, RegExp]>([
    [
      'an unknown setting',
      { SO_CAI_AUTH_ISUER: 'x' },
      /SO_CAI_AUTH_ISUER is not a setting .*SO_CAI_AUTH_ISSUER/,
    ],
    ['an unknown setting, though empty', { SO_CAI_NOTHING: '' }, /SO_CAI_NOTHING/],
    ['a port that is none', { PORT: 'http' }, /PORT .*"http"/],
    ['a port too large', { PORT: '65536' }, /PORT .*65535/],
    ['a log level that is none', { SO_CAI_LOG: 'loud' }, /SO_CAI_LOG is one of debug, .*"loud"/],
    ['metrics for some', { SO_CAI_METRICS: 'yes' }, /SO_CAI_METRICS is one of open, authenticated/],
    ['a limit that is none', { SO_CAI_RATE_LIMITS: 'export=many' }, /SO_CAI_RATE_LIMITS .*"export=many"/],
    [
      'a limit of nothing',
      { SO_CAI_RATE_LIMITS: 'exports=1' },
      /SO_CAI_RATE_LIMITS .*read, write, look-back/,
    ],
    ['no requests at all', { SO_CAI_RATE_LIMITS: 'read=0' }, /SO_CAI_RATE_LIMITS/],
    ['an issuer alone', { SO_CAI_AUTH_ISSUER: 'https://a.vn' }, /given together or not at all/],
    ['an issuer without audience', { ...REMOTE, SO_CAI_AUTH_AUDIENCE: '' }, /given together or not at all/],
    ['keys that are nowhere', { ...REMOTE, SO_CAI_AUTH_JWKS_URL: 'keys.json' }, /SO_CAI_AUTH_JWKS_URL/],
    ['keys in a file', { ...REMOTE, SO_CAI_AUTH_JWKS_URL: 'file:///keys' }, /SO_CAI_AUTH_JWKS_URL/],
    [
      'keys over plain http in production',
      { ...REMOTE, NODE_ENV: 'production', SO_CAI_AUTH_JWKS_URL: 'http://sso.example.vn/keys' },
      /must begin with https/,
    ],
    ['no algorithm', { SO_CAI_AUTH_ALGORITHMS: 'none' }, /may not hold "none"/],
    ['a shared secret', { SO_CAI_AUTH_ALGORITHMS: 'ES256,HS256' }, /may not hold "HS256"/],
    ['an algorithm in other letters', { SO_CAI_AUTH_ALGORITHMS: 'es256' }, /may not hold "es256"/],
    ['a gap in the list', { SO_CAI_AUTH_ALGORITHMS: 'ES256,' }, /may not hold ""/],
    [
      'the local issuer without its algorithm',
      { SO_CAI_AUTH_ALGORITHMS: 'ES256' },
      /local issuer signs with EdDSA/,
    ],
    [
      'one server of three',
      { SO_CAI_REDIS_URL: 'redis://redis' },
      /SO_CAI_KURRENTDB_URL, .* together or not/,
    ],
    ['two servers of three', { ...SERVERS, SO_CAI_KURRENTDB_URL: '' }, /together or not at all/],
    ['events on the web', { ...SERVERS, SO_CAI_KURRENTDB_URL: 'http://k' }, /SO_CAI_KURRENTDB_URL begins/],
    ['read models elsewhere', { ...SERVERS, SO_CAI_MONGODB_URL: 'postgres://m' }, /begins with mongodb:/],
    ['jobs elsewhere', { ...SERVERS, SO_CAI_REDIS_URL: 'redis' }, /redis:\/\/ or rediss:\/\//],
    ['a role that is none', { ...SERVERS, SO_CAI_ROLES: 'api,reader' }, /SO_CAI_ROLES .*"reader".*projector/],
    ['a gap in the roles', { ...SERVERS, SO_CAI_ROLES: 'api,' }, /SO_CAI_ROLES may not hold ""/],
    ['a part of the work where there are no servers', { SO_CAI_ROLES: 'api' }, /one process does everything/],
    ['the local issuer in production', { NODE_ENV: 'production' }, /SO_CAI_AUTH_LOCAL=allow/],
    [
      'another word for allow',
      { NODE_ENV: 'production', SO_CAI_AUTH_LOCAL: 'yes' },
      /SO_CAI_AUTH_LOCAL is one of/,
    ],
  ])('%s', (_, env, message) => {
    expect(() => readConfig(env)).toThrow(BadConfig);
    expect(() => readConfig(env)).toThrow(message);
  });
});

test('a password in an address is not repeated', () => {
  const secret = { ...SERVERS, SO_CAI_MONGODB_URL: 'mongo://ledger:s3cret@mongodb' };
  expect(() => readConfig(secret)).toThrow(/^(?!.*s3cret)/);
});

test('one process may do everything on servers, or with files', () => {
  expect(readConfig(SERVERS).roles).toEqual(['api', 'projector', 'worker']);
  expect(readConfig({ SO_CAI_ROLES: 'worker,projector,api' }).roles).toEqual(['api', 'projector', 'worker']);
});

test('in production the local issuer runs when it is allowed, and an issuer on the network runs', () => {
  expect(readConfig({ NODE_ENV: 'production', SO_CAI_AUTH_LOCAL: 'allow' }).auth.kind).toBe('local');
  expect(readConfig({ NODE_ENV: 'production', ...REMOTE }).auth.kind).toBe('remote');
  const loopback = { ...REMOTE, NODE_ENV: 'production', SO_CAI_AUTH_JWKS_URL: 'http://127.0.0.1:9000/keys' };
  expect(readConfig(loopback).auth.kind).toBe('remote');
});

test('other programs’ variables are left alone', () => {
  expect(readConfig({ PATH: '/bin', SOCAI_X: '1', so_cai_x: '1' }).port).toBe(3000);
});

test('a command about the files asks for no issuer, and takes no setting that there is not', () => {
  const env = { NODE_ENV: 'production', DATA_DIR: 'x' };
  expect(() => readConfig(env)).toThrow(BadConfig);
  expect(readPlace(env)).toEqual({ dataDir: resolve('x'), stores: { kind: 'embedded' } });
  expect(() => readPlace({ ...env, SO_CAI_DATA: 'y' })).toThrow(/SO_CAI_DATA is not a setting/);
});
