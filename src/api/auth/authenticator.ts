import { type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { AuthConfig } from '../../config.js';
import type { Actor } from '../../domain/message.js';
import type { Clock } from '../../ports/clock.js';
import { actorOfClaims } from './claims.js';
import { AuthUnavailable, Unauthenticated } from './errors.js';
import { LOCAL_AUDIENCE, LOCAL_ISSUER, type LocalIssuer } from './local-issuer.js';
import { remoteKeys } from './remote-keys.js';

/** How far the issuer's clock and this one's may be apart, in seconds. */
export const CLOCK_TOLERANCE_SECONDS = 10;

/** Who brings a token, and until when (instant) it holds. */
export interface Identity {
  readonly actor: Actor;
  readonly until: string;
}

/** Tells who brings a token. */
export interface Authenticator {
  /** @throws Unauthenticated for a token that is not good; AuthUnavailable when that cannot be told now */
  authenticate(token: string): Promise<Identity>;
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
export const trustOf = (auth: AuthConfig, local: LocalIssuer | null, clock: Clock): Trust => {
  if (auth.kind === 'remote') return { ...auth, keys: remoteKeys(auth.jwksUrl, clock) };
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
      const until = new Date((Number(payload.exp) + CLOCK_TOLERANCE_SECONDS) * 1_000).toISOString();
      return { actor: actorOfClaims(payload), until };
    } catch (error) {
      if (error instanceof AuthUnavailable || error instanceof Unauthenticated) throw error;
      throw new Unauthenticated('the token was refused', { cause: error });
    }
  },
});
