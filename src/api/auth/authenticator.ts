import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { AuthConfig } from '../../config.js';
import type { Actor } from '../../domain/message.js';
import type { Clock } from '../../ports/clock.js';
import { actorOfClaims } from './claims.js';
import { AuthUnavailable, Unauthenticated } from './errors.js';
import { LOCAL_AUDIENCE, LOCAL_ISSUER, type LocalIssuer } from './local-issuer.js';

/** How far the issuer's clock and this one's may be apart, in seconds. */
export const CLOCK_TOLERANCE_SECONDS = 10;
/** How long to wait for the issuer's keys, in milliseconds. */
export const JWKS_TIMEOUT_MS = 5_000;
/** How long after fetching the keys a token with a key that is not among them cannot make us fetch again. */
export const JWKS_COOLDOWN_MS = 30_000;
/** How long fetched keys hold: a key that the issuer withdrew is trusted at most this long. */
export const JWKS_MAX_AGE_MS = 600_000;

/** Tells who brings a token. */
export interface Authenticator {
  /** @throws Unauthenticated for a token that is not good; AuthUnavailable when that cannot be told now */
  authenticate(token: string): Promise<Actor>;
}

export const AUTHENTICATOR = Symbol('Authenticator');

/** What a token must satisfy. The keys come from here alone: what a token's own header offers (`jwk`, `jku`, `x5u`) is not looked at. */
export interface Trust {
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: readonly string[];
  readonly keys: JWTVerifyGetKey;
}

/** Trust in the issuer that the configuration names, or in the local one. */
export const trustOf = (auth: AuthConfig, local: LocalIssuer | null): Trust => {
  if (auth.kind === 'remote') return { ...auth, keys: remoteKeys(new URL(auth.jwksUrl)) };
  if (local === null) throw new Error('the local issuer has not been opened');
  return {
    issuer: LOCAL_ISSUER,
    audience: LOCAL_AUDIENCE,
    algorithms: auth.algorithms,
    keys: local.keys,
  };
};

/** Verifies tokens (JWS in compact form) against what is trusted, at the clock's time. */
export const authenticator = (trust: Trust, clock: Clock): Authenticator => ({
  authenticate: async (token) => {
    try {
      const { payload } = await jwtVerify(token, trust.keys, {
        issuer: trust.issuer,
        audience: trust.audience,
        algorithms: [...trust.algorithms],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: new Date(clock.now()),
        requiredClaims: ['sub', 'exp'],
      });
      return actorOfClaims(payload);
    } catch (error) {
      if (error instanceof AuthUnavailable || error instanceof Unauthenticated) throw error;
      throw new Unauthenticated('the token was refused', { cause: error });
    }
  },
});

/** The issuer's published keys, fetched when needed. What fails in fetching is told apart from what is wrong with a token. */
const remoteKeys = (url: URL): JWTVerifyGetKey => {
  const keys = createRemoteJWKSet(url, {
    timeoutDuration: JWKS_TIMEOUT_MS,
    cooldownDuration: JWKS_COOLDOWN_MS,
    cacheMaxAge: JWKS_MAX_AGE_MS,
  });
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      if (aboutTheToken(error)) throw error;
      throw new AuthUnavailable("the issuer's keys cannot be had", { cause: error });
    }
  };
};

const aboutTheToken = (error: unknown): boolean =>
  error instanceof errors.JWKSNoMatchingKey ||
  error instanceof errors.JWKSMultipleMatchingKeys ||
  error instanceof errors.JOSENotSupported;
