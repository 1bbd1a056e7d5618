import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COST_CLASSES, type CostClass, DEFAULT_RATE_LIMITS, type RateLimits } from './api/http/costs.js';

/** The environment does not say clearly how to run. The message is for the person who starts the server. */
export class BadConfig extends Error {
  override readonly name = 'BadConfig';
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Who issues the tokens that callers bring: an issuer on the network, or the one kept in DATA_DIR. */
export type AuthConfig =
  | {
      readonly kind: 'remote';
      readonly issuer: string;
      readonly audience: string;
      readonly jwksUrl: string;
      readonly algorithms: readonly string[];
    }
  | { readonly kind: 'local'; readonly algorithms: readonly string[] };

/** What a process does: answers over HTTP, folds the log into the read models, does the jobs. */
export const PROCESS_ROLES = Object.freeze(['api', 'projector', 'worker'] as const);
export type ProcessRole = (typeof PROCESS_ROLES)[number];

/** Where the ledger is kept: in files of DATA_DIR, or on servers that several processes share. */
export type StoresConfig =
  | { readonly kind: 'embedded' }
  | {
      readonly kind: 'distributed';
      /** The addresses may hold passwords: they are shown to nobody. */
      readonly kurrentdbUrl: string;
      readonly mongodbUrl: string;
      readonly redisUrl: string;
    };

/** How this process runs: read once at the start, and frozen. */
export interface Config {
  /** 0 takes a free port. */
  readonly port: number;
  readonly host: string;
  /** Absolute path. */
  readonly dataDir: string;
  readonly stores: StoresConfig;
  /** In the order of PROCESS_ROLES, at least one; all of them where the ledger is embedded. */
  readonly roles: readonly ProcessRole[];
  readonly auth: AuthConfig;
  /** Who may read /metrics. */
  readonly metrics: 'open' | 'authenticated';
  readonly log: LogLevel;
  /** Null where nothing is limited. */
  readonly rateLimits: RateLimits | null;
  /** Absolute path of the folder of documents that an empty ledger is filled from; null for none. */
  readonly load: string | null;
}

type Env = Readonly<Record<string, string | undefined>>;

export const DEFAULT_DATA_DIR = 'var';

const PREFIX = 'SO_CAI_';

const KEYS = [
  'SO_CAI_KURRENTDB_URL',
  'SO_CAI_MONGODB_URL',
  'SO_CAI_REDIS_URL',
  'SO_CAI_ROLES',
  'SO_CAI_AUTH_ISSUER',
  'SO_CAI_AUTH_AUDIENCE',
  'SO_CAI_AUTH_JWKS_URL',
  'SO_CAI_AUTH_ALGORITHMS',
  'SO_CAI_AUTH_LOCAL',
  'SO_CAI_METRICS',
  'SO_CAI_LOG',
  'SO_CAI_RATE_LIMITS',
  'SO_CAI_LOAD',
] as const;

const GENERAL = ['PORT', 'HOST', 'DATA_DIR', 'NODE_ENV'] as const;

type Key = (typeof GENERAL)[number] | (typeof KEYS)[number];

/** Every variable of the environment that is read. */
export const SETTINGS: readonly string[] = [...GENERAL, ...KEYS];

// Asymmetric only: with a shared secret, whoever can verify a token can forge one.
const ALGORITHMS = 'EdDSA Ed25519 ES256 ES384 ES512 RS256 RS384 RS512 PS256 PS384 PS512'.split(' ');
const DEFAULT_ALGORITHMS = ['EdDSA', 'ES256', 'RS256'];
/** What the local issuer signs with. */
const LOCAL_ALGORITHM = 'EdDSA';

/** Where the ledger is kept: all that a command about its files asks of an environment. @throws BadConfig, as `readConfig` */
export const readPlace = (env: Env): Pick<Config, 'dataDir' | 'stores'> => {
  refuseUnknown(env);
  return { dataDir: resolve(value(env, 'DATA_DIR') ?? DEFAULT_DATA_DIR), stores: storesOf(env) };
};

/**
 * The configuration that an environment (`process.env`) states.
 * @throws BadConfig, naming the variable and what it may be
 */
export const readConfig = (env: Env): Config => {
  const place = readPlace(env);
  const production = value(env, 'NODE_ENV') === 'production';
  return Object.freeze({
    port: port(env),
    host: value(env, 'HOST') ?? '127.0.0.1',
    ...place,
    roles: roles(env, place.stores),
    auth: auth(env, production),
    metrics: choice(env, 'SO_CAI_METRICS', ['open', 'authenticated'] as const, 'authenticated'),
    log: choice(env, 'SO_CAI_LOG', LOG_LEVELS, 'info'),
    rateLimits: rateLimits(env),
    load: load(env),
  });
};

// A mistyped name would otherwise leave a default in force that nobody chose.
const refuseUnknown = (env: Env): void => {
  for (const key of Object.keys(env)) {
    if (key.startsWith(PREFIX) && !KEYS.some((known) => known === key))
      throw new BadConfig(`${key} is not a setting of Sổ Cái. The settings are: ${KEYS.join(', ')}.`);
  }
};

/** A variable's text; one that is empty counts as not set, as compose files leave it. */
const value = (env: Env, key: Key): string | undefined => {
  const text = env[key]?.trim();
  return text === '' ? undefined : text;
};

const choice = <const T extends string>(env: Env, key: Key, choices: readonly T[], otherwise: T): T => {
  const text = value(env, key);
  if (text === undefined) return otherwise;
  const chosen = choices.find((one) => one === text);
  if (chosen === undefined) throw new BadConfig(`${key} is one of ${choices.join(', ')}, not "${text}".`);
  return chosen;
};

const port = (env: Env): number => {
  const text = value(env, 'PORT') ?? '3000';
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new BadConfig(`PORT is a number from 0 (any free port) to 65535, not "${text}".`);
  return Number(text);
};

const storesOf = (env: Env): StoresConfig => {
  const kurrentdbUrl = address(env, 'SO_CAI_KURRENTDB_URL', ['esdb:', 'esdb+discover:']);
  const mongodbUrl = address(env, 'SO_CAI_MONGODB_URL', ['mongodb:', 'mongodb+srv:']);
  const redisUrl = address(env, 'SO_CAI_REDIS_URL', ['redis:', 'rediss:']);
  if (kurrentdbUrl && mongodbUrl && redisUrl)
    return Object.freeze({ kind: 'distributed', kurrentdbUrl, mongodbUrl, redisUrl });
  if (kurrentdbUrl || mongodbUrl || redisUrl)
    throw new BadConfig(
      'SO_CAI_KURRENTDB_URL, SO_CAI_MONGODB_URL and SO_CAI_REDIS_URL are given together or not at all.',
    );
  return Object.freeze({ kind: 'embedded' });
};

/** The address of a server. It is not repeated in a complaint: it may hold a password. */
const address = (env: Env, key: Key, schemes: readonly string[]): string | undefined => {
  const text = value(env, key);
  if (text === undefined) return undefined;
  if (!schemes.some((scheme) => text.startsWith(`${scheme}//`)))
    throw new BadConfig(`${key} begins with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}.`);
  return text;
};

const roles = (env: Env, { kind }: StoresConfig): readonly ProcessRole[] => {
  const text = value(env, 'SO_CAI_ROLES');
  if (text === undefined) return PROCESS_ROLES;
  const named = text.split(',').map((name) => name.trim());
  const unknown = named.find((name) => !PROCESS_ROLES.some((role) => role === name));
  if (unknown !== undefined)
    throw new BadConfig(
      `SO_CAI_ROLES may not hold "${unknown}". It is a list, with commas, of ${PROCESS_ROLES.join(', ')}.`,
    );
  const chosen = PROCESS_ROLES.filter((role) => named.includes(role));
  if (kind === 'embedded' && chosen.length < PROCESS_ROLES.length)
    throw new BadConfig(
      'SO_CAI_ROLES divides the work between processes: that needs SO_CAI_KURRENTDB_URL, SO_CAI_MONGODB_URL and ' +
        'SO_CAI_REDIS_URL. Without them one process does everything.',
    );
  return Object.freeze(chosen);
};

const auth = (env: Env, production: boolean): AuthConfig => {
  const algorithms = signing(env);
  const issuer = value(env, 'SO_CAI_AUTH_ISSUER');
  const audience = value(env, 'SO_CAI_AUTH_AUDIENCE');
  const jwksUrl = value(env, 'SO_CAI_AUTH_JWKS_URL');
  const local = choice(env, 'SO_CAI_AUTH_LOCAL', ['allow', 'deny'] as const, production ? 'deny' : 'allow');
  if (issuer && audience && jwksUrl)
    return Object.freeze({
      kind: 'remote',
      issuer,
      audience,
      jwksUrl: keysUrl(jwksUrl, production),
      algorithms,
    });
  if (issuer || audience || jwksUrl)
    throw new BadConfig(
      'SO_CAI_AUTH_ISSUER, SO_CAI_AUTH_AUDIENCE and SO_CAI_AUTH_JWKS_URL are given together or not at all.',
    );
  if (local === 'deny')
    throw new BadConfig(
      'An issuer is needed: set SO_CAI_AUTH_ISSUER, SO_CAI_AUTH_AUDIENCE and SO_CAI_AUTH_JWKS_URL, ' +
        'or SO_CAI_AUTH_LOCAL=allow to let the local issuer sign tokens.',
    );
  if (!algorithms.includes(LOCAL_ALGORITHM))
    throw new BadConfig(
      `The local issuer signs with ${LOCAL_ALGORITHM}: SO_CAI_AUTH_ALGORITHMS must name it.`,
    );
  return Object.freeze({ kind: 'local', algorithms: Object.freeze([LOCAL_ALGORITHM]) });
};

const signing = (env: Env): readonly string[] => {
  const text = value(env, 'SO_CAI_AUTH_ALGORITHMS');
  const names = text === undefined ? DEFAULT_ALGORITHMS : text.split(',').map((name) => name.trim());
  for (const name of names) {
    if (!ALGORITHMS.includes(name))
      throw new BadConfig(
        `SO_CAI_AUTH_ALGORITHMS may not hold "${name}". It is a list, with commas, of ${ALGORITHMS.join(', ')}.`,
      );
  }
  return Object.freeze([...new Set(names)]);
};

/** `off`, or a list of the classes that have another limit than the default: `read=2400,export=10`. */
const rateLimits = (env: Env): RateLimits | null => {
  const text = value(env, 'SO_CAI_RATE_LIMITS');
  if (text === 'off') return null;
  const limits: Record<CostClass, number> = { ...DEFAULT_RATE_LIMITS };
  for (const part of text?.split(',') ?? []) {
    const [, name, most] = /^([a-z-]+)=([1-9]\d{0,8})$/.exec(part.trim()) ?? [];
    const known = COST_CLASSES.find((one) => one === name);
    if (known === undefined)
      throw new BadConfig(
        `SO_CAI_RATE_LIMITS may not hold "${part}". It is "off", or a list such as read=1200,export=60 of requests a ` +
          `minute; the classes are ${COST_CLASSES.join(', ')}.`,
      );
    limits[known] = Number(most);
  }
  return Object.freeze(limits);
};

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

// Keys that come over plain http can be replaced on the way, and with them who may do what.
const keysUrl = (text: string, production: boolean): string => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new BadConfig(`SO_CAI_AUTH_JWKS_URL is an http(s) address, not "${text}".`);
  if (production && url.protocol === 'http:' && !LOOPBACK.includes(url.hostname))
    throw new BadConfig('In production SO_CAI_AUTH_JWKS_URL must begin with https://.');
  return url.href;
};

// Here an empty text says something: load nothing.
const load = (env: Env): string | null => {
  const key: Key = 'SO_CAI_LOAD';
  const text = env[key]?.trim();
  if (text === undefined) return join(packageRoot(), 'data', 'kon-tum');
  return text === '' ? null : resolve(text);
};

/** The folder of package.json: the sources and what is built from them lie at different depths below it. */
export const packageRoot = (): string => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new BadConfig('The package of Sổ Cái is incomplete: no package.json.');
    folder = parent;
  }
  return folder;
};
