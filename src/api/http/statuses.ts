import { STATUS_CODES } from 'node:http';
import type { FieldError } from './problem.js';

/** A problem before it is told to a client; `kind` is the last part of its type. */
export interface HttpProblem {
  readonly status: number;
  readonly kind: string;
  readonly title: string;
  readonly detail: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly errors?: readonly FieldError[];
  readonly code?: string;
}

type Words = readonly [kind: string, title: string, detail: string];

// What no part of the product says for itself: the words of the HTTP layer, by status.
const BY_STATUS: Readonly<Record<number, Words>> = {
  400: ['invalid-request', 'The request is not valid', 'The request cannot be read.'],
  401: ['unauthenticated', 'Not signed in', 'This needs a bearer token that is valid.'],
  403: ['forbidden', 'Not allowed', 'You may not do this.'],
  404: ['not-found', 'Not found', 'There is nothing at this address.'],
  405: ['method-not-allowed', 'Not possible here', 'This cannot be done at this address.'],
  406: ['not-acceptable', 'Not in that form', 'This cannot be answered in any form that Accept names.'],
  408: ['request-timeout', 'Too slow', 'The request did not arrive in time.'],
  413: ['too-large', 'Too much at once', 'The body is larger than can be taken.'],
  414: ['address-too-long', 'Address too long', 'An id in the address is longer than any there is.'],
  415: [
    'unsupported-media-type',
    'Not in this form',
    'A body is JSON in UTF-8, not compressed: send Content-Type: application/json.',
  ],
  417: ['expectation-failed', 'Not to be expected', 'The only expectation that can be met is 100-continue.'],
  431: ['headers-too-large', 'Headers too large', 'The headers are larger than can be taken.'],
  500: [
    'internal',
    'Something went wrong',
    'The server failed at this. Its log says more under the request id.',
  ],
  503: ['unavailable', 'Not available', 'This cannot be done now. Try again shortly.'],
};

// Fastify's own names for what it refuses, where its status alone would say too little.
const BY_REASON: Readonly<Record<string, Words>> = {
  FST_ERR_BAD_URL: [
    'invalid-request',
    'The request is not valid',
    'The address is not encoded as it must be.',
  ],
};

/** The problem of an HTTP status that the framework gave, and its own name for the reason when it has one. */
export const problemOfStatus = (status: number, reason: string | null): HttpProblem => {
  const fallback: Words = ['http', STATUS_CODES[status] ?? 'Refused', 'The request was refused.'];
  const known = BY_STATUS[status] ?? (status >= 500 ? BY_STATUS[500] : undefined) ?? fallback;
  const [kind, title, detail] = (reason !== null && status < 500 && BY_REASON[reason]) || known;
  return { status, kind, title, detail, headers: headersOf(status) };
};

const headersOf = (status: number): Readonly<Record<string, string>> => {
  if (status === 401) return { 'www-authenticate': 'Bearer' };
  return status === 503 ? { 'retry-after': '1' } : {};
};

export const PROBLEM_TYPE = 'application/problem+json';

/** The body of a problem, as text; `id` is the request's. */
export const problemText = (
  { kind, headers: _, status, title, detail, ...more }: HttpProblem,
  id: string,
): string =>
  JSON.stringify({
    type: `urn:so-cai:problem:${kind}`,
    title,
    status,
    detail,
    instance: `urn:uuid:${id}`,
    ...more,
  });
