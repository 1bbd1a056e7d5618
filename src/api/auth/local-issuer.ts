import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTVerifyGetKey,
  SignJWT,
} from 'jose';
import type { Actor } from '../../domain/message.js';
import { actorOfClaims } from './claims.js';

export const LOCAL_ISSUER = 'urn:so-cai:local';
export const LOCAL_AUDIENCE = 'so-cai';
/** Holds the private key, so only the owner may read it. */
export const ISSUER_FILE = 'issuer.json';

const ALGORITHM = 'EdDSA';
const CURVE = 'Ed25519';

/** What a token says, and how long it holds. */
export interface Grant {
  readonly role: Actor['role'];
  readonly agency: string | null;
  readonly subject: string;
  readonly name: string;
  readonly ttlSeconds: number;
}

/** Signs tokens with a key of this installation's own, where no issuer on the network is used. */
export interface LocalIssuer {
  /** The public key, to verify with. */
  readonly keys: JWTVerifyGetKey;
  /** A token that holds from `now` (ISO UTC). @throws RangeError for what no token can say */
  issueToken(grant: Grant, now: string): Promise<string>;
}

/** The key in `issuer.json` of a folder is no key that can be used. */
export class DamagedIssuer extends Error {
  override readonly name = 'DamagedIssuer';
}

/**
 * The local issuer of a data folder; its key is made when there is none.
 * @throws DamagedIssuer, or what the file system throws
 */
export const openLocalIssuer = async (dataDir: string): Promise<LocalIssuer> => {
  const file = join(dataDir, ISSUER_FILE);
  const jwk = (await stored(file)) ?? (await made(dataDir, file));
  const { d: _secret, ...publicKey } = jwk;
  const key = await importJWK(jwk, ALGORITHM);
  const { kid } = jwk;
  return {
    keys: createLocalJWKSet({ keys: [publicKey] }),
    issueToken: async (grant, now) => {
      if (!Number.isSafeInteger(grant.ttlSeconds) || grant.ttlSeconds <= 0)
        throw new RangeError('a token holds for a whole number of seconds, at least 1');
      const { subject, name, role, agency } = grant;
      const claims = { sub: subject, name, role, ...(agency === null ? {} : { agency }) };
      checked(claims);
      const issuedAt = Math.floor(Date.parse(now) / 1000);
      return new SignJWT(claims)
        .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', ...(kid === undefined ? {} : { kid }) })
        .setIssuer(LOCAL_ISSUER)
        .setAudience(LOCAL_AUDIENCE)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + grant.ttlSeconds)
        .sign(key);
    },
  };
};

/** A token of these claims would be refused whenever it is used. */
export class UnusableGrant extends RangeError {
  override readonly name = 'UnusableGrant';
}

// What would be refused when it is used is better not issued.
const checked = (claims: Readonly<Record<string, unknown>>): void => {
  try {
    actorOfClaims(claims);
  } catch (cause) {
    throw new UnusableGrant(`no such token can be used: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
};

const stored = async (file: string): Promise<JWK | null> => {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const jwk = parsed(text);
  if (jwk?.kty !== 'OKP' || jwk.crv !== CURVE || !jwk.d || !jwk.x)
    throw new DamagedIssuer(
      `${file} holds no ${CURVE} key. Put it back, or remove it: a new key is made, and tokens issued so far end.`,
    );
  return jwk;
};

const parsed = (text: string): JWK | null => {
  try {
    return JSON.parse(text) as JWK | null;
  } catch {
    return null;
  }
};

// Written whole under another name and then linked: nobody sees half a key, and of two who start at once the first wins.
const made = async (dataDir: string, file: string): Promise<JWK> => {
  const { privateKey } = await generateKeyPair(ALGORITHM, { crv: CURVE, extractable: true });
  const bare = await exportJWK(privateKey);
  const jwk: JWK = { ...bare, kid: await calculateJwkThumbprint(bare), alg: ALGORITHM, use: 'sig' };
  await mkdir(dataDir, { recursive: true });
  const draft = join(dataDir, `.issuer-${randomUUID()}`);
  try {
    await written(draft, `${JSON.stringify(jwk)}\n`);
    await link(draft, file);
    return jwk;
  } catch (error) {
    const others = await stored(file);
    if (others === null) throw error;
    return others;
  } finally {
    await rm(draft, { force: true });
  }
};

const written = async (file: string, text: string): Promise<void> => {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
};
