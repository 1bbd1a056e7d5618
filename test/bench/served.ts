import type { Grant } from '../../src/api/auth/local-issuer.js';

/** Where a server answers, and tokens that it takes. */
export interface Served {
  readonly url: string;
  readonly office: string;
  readonly auditor: string;
}

const TOKEN_SECONDS = 86_400;

export const grantOf = (role: 'office' | 'auditor'): Grant => ({
  ...{ role, agency: null, subject: `do-${role}`, name: 'Người đo' },
  ttlSeconds: TOKEN_SECONDS,
});
