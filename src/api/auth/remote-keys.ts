import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import type { Clock } from '../../ports/clock.js';
import { AuthUnavailable } from './errors.js';

/** How long to wait for the issuer's keys, the whole of them, in milliseconds. */
export const JWKS_TIMEOUT_MS = 5_000;
/** Largest set of keys that is read, in bytes. */
export const MAX_JWKS_BYTES = 65_536;
/** How long after fetching the keys a token with a key that is not among them cannot make us fetch again. */
export const JWKS_COOLDOWN_MS = 30_000;
/** How long after a fetch that failed nobody can make us fetch again. */
export const JWKS_RETRY_MS = 1_000;
/** From which age on keys are fetched anew, while they are still used. */
export const JWKS_REFRESH_MS = 300_000;
/** How long fetched keys hold: a key that the issuer withdrew is trusted, and an outage of it bridged, at most this long. */
export const JWKS_MAX_AGE_MS = 900_000;

interface Held {
  readonly find: ReturnType<typeof createLocalJWKSet>;
  readonly at: number;
}

/**
 * The issuer's published keys, fetched when they are needed, one fetch at a time. However many tokens come, whatever keys
 * they name and whatever the issuer answers, there is at most one fetch a second while it fails, and one in half a minute
 * while it does not. What fails in fetching is told apart from what is wrong with a token.
 */
export const remoteKeys = (url: string, clock: Clock, timeoutMs = JWKS_TIMEOUT_MS): JWTVerifyGetKey => {
  const now = () => Date.parse(clock.now());
  let held: Held | null = null;
  let fetching: Promise<Held> | null = null;
  let failure: { readonly error: unknown; readonly at: number } | null = null;

  const fetchOnce = (): Promise<Held> => {
    fetching ??= fetchKeys(url, timeoutMs)
      .then((keys) => {
        failure = null;
        held = { find: createLocalJWKSet(keys), at: now() };
        return held;
      })
      .catch((cause) => {
        const error = isTimeout(cause) ? new Error(`the issuer takes longer than ${timeoutMs} ms`) : cause;
        failure = { error, at: now() };
        throw unavailable(error);
      })
      .finally(() => {
        fetching = null;
      });
    return fetching;
  };
  const refreshed = async (): Promise<Held> => {
    if (!fetching && failure && within(failure.at, JWKS_RETRY_MS, now())) throw unavailable(failure.error);
    return fetchOnce();
  };
  const current = async (): Promise<Held> => {
    if (!held || !within(held.at, JWKS_MAX_AGE_MS, now())) return refreshed();
    // In the background: nobody waits for keys while there are some, and the last failure is told by the next.
    if (!within(held.at, JWKS_REFRESH_MS, now())) void refreshed().catch(() => undefined);
    return held;
  };

  return async (header, token) => {
    const keys = await current();
    try {
      return await keys.find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      // It may be a key that the issuer has begun to use since; others may have fetched it by now.
      const latest = held ?? keys;
      if (latest === keys && within(keys.at, JWKS_COOLDOWN_MS, now())) throw error;
      return (latest === keys ? await refreshed() : latest).find(header, token);
    }
  };
};

/** Whether an instant lies at most so long before now; a clock that was set back makes it too old. */
const within = (at: number, ms: number, now: number): boolean => at <= now && now - at < ms;

const isTimeout = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'name' in error && error.name === 'TimeoutError';

const unavailable = (cause: unknown): AuthUnavailable =>
  new AuthUnavailable("the issuer's keys cannot be had", { cause });

/** One answer of the issuer, bounded in time and in size. */
const fetchKeys = async (url: string, timeoutMs: number): Promise<JSONWebKeySet> => {
  const response = await fetch(url, {
    headers: { accept: 'application/json, application/jwk-set+json' },
    // Where the keys are is what the configuration says, not what an answer does.
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`the issuer answers ${response.status}`);
  }
  return JSON.parse(await bounded(response)) as JSONWebKeySet;
};

const bounded = async (response: Response): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop ends the connection.
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_JWKS_BYTES) throw new Error(`the issuer's keys are more than ${MAX_JWKS_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};
