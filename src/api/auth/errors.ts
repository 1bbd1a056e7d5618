/**
 * Who asks is not known. The answer is the same whatever the reason: a hint would help whoever is guessing. The cause is
 * for the log.
 */
export class Unauthenticated extends Error {
  override readonly name = 'Unauthenticated';
}

/** The issuer's keys cannot be had now, so nobody can be let in. */
export class AuthUnavailable extends Error {
  override readonly name = 'AuthUnavailable';
}
