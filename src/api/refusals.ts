import type { OpenAPIObject } from '@nestjs/swagger';

type Components = NonNullable<OpenAPIObject['components']>;
type Headers = NonNullable<Components['headers']>;
export type Responses = NonNullable<Components['responses']>;

const seconds: Headers[string] = { description: 'Seconds', schema: { type: 'integer' } };

/** The headers that several answers have. */
export const HEADERS: Headers = {
  ETag: { description: 'The revision, as If-Match takes it', schema: { type: 'string' } },
  'WWW-Authenticate': { description: 'The kind of token', schema: { type: 'string', enum: ['Bearer'] } },
  'Retry-After': seconds,
  'RateLimit-Limit': {
    description:
      'How many requests of this kind the caller may make in a minute; only where there are limits',
    schema: { type: 'integer' },
  },
  'RateLimit-Remaining': { description: 'How many of them are left', schema: { type: 'integer' } },
  'RateLimit-Reset': { ...seconds, description: 'Seconds until the minute is over' },
};

type Names = readonly (keyof typeof HEADERS)[];

/** Headers of an answer, by their names. */
export const headersNamed = (...names: Names): Headers =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** Where a caller stands: on whatever is answered once it is known who asks. */
export const COUNTED: Names = ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'];

const problem = (description: string, ...headers: Names) => ({
  description,
  ...(headers.length > 0 ? { headers: headersNamed(...headers) } : {}),
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemBody' } } },
});

/** How a request is refused, by the name of the component and its status. */
const ALL = {
  Invalid: [
    400,
    problem('Not asked or not formed as it must be; `errors` names the parameters and fields', ...COUNTED),
  ],
  NotSignedIn: [401, problem('No token, or none that is good', 'WWW-Authenticate')],
  NotAllowed: [403, problem('Not for this role, or not for this agency today', ...COUNTED)],
  NotThere: [404, problem('What the address names is not there, or was not yet', ...COUNTED)],
  NotAcceptable: [406, problem('Neither JSON nor CSV is welcome', ...COUNTED)],
  TooSlow: [408, problem('The request did not arrive in time')],
  InProgress: [
    409,
    problem('A request with this Idempotency-Key is still being answered', 'Retry-After', ...COUNTED),
  ],
  ChangedSince: [
    412,
    problem('Changed since the ETag in If-Match was read; ETag is that of now', 'ETag', ...COUNTED),
  ],
  TooLarge: [413, problem('The body is larger than can be taken', ...COUNTED)],
  AddressTooLong: [414, problem('An id in the address is longer than any there is')],
  NotJson: [415, problem('The body is not JSON in UTF-8, or it is compressed', ...COUNTED)],
  Refused: [
    422,
    problem('Refused by a rule (`code`), or the Idempotency-Key was used with another body', ...COUNTED),
  ],
  TooMany: [
    429,
    problem('More requests of this kind in a minute than one caller may send', 'Retry-After', ...COUNTED),
  ],
  Unavailable: [
    503,
    problem(
      'Not now: a store does not answer, or has not caught up; or an event cannot be read (`event-unreadable`, without Retry-After)',
      'Retry-After',
    ),
  ],
} as const satisfies Record<string, readonly [status: number, response: Responses[string]]>;

export const REFUSALS: Responses = Object.fromEntries(
  Object.entries(ALL).map(([name, [, response]]) => [name, response]),
);

/** Refusals as an operation has them: by their status, each said in full once for all. */
export const refusals = (...names: readonly (keyof typeof ALL)[]): Responses =>
  Object.fromEntries(names.map((name) => [ALL[name][0], { $ref: `#/components/responses/${name}` }]));
