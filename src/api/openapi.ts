import { DocumentBuilder, type OpenAPIObject } from '@nestjs/swagger';
import { ASKED, REQUESTS, type RequestExample } from './bodies/examples.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['post']>;
type Responses = Operation['responses'];

/** What the OpenAPI document says of itself. */
export const description = (): Omit<OpenAPIObject, 'paths'> =>
  new DocumentBuilder()
    .setTitle('Sổ Cái')
    .setDescription(
      'The ledger of a province’s plans: every target change, assignment shift and reported figure is an event; every answer is read as of a day and as known at an instant. An id with a slash is sent percent-encoded (`kh-1570-2025%2F7.1`).',
    )
    .setVersion('1')
    .addBearerAuth()
    .build();

/**
 * Adds to each operation what holds for all of its kind: the headers that every write takes, and how it is refused; and
 * what to try it with.
 */
export const withCommonParts = (document: OpenAPIObject): OpenAPIObject => {
  for (const [path, { get, post }] of Object.entries(document.paths)) {
    const route = path.replace(/^\/api\/v1/, '');
    for (const operation of [get, post])
      if (operation?.security) operation.responses = { ...operation.responses, ...SECURED };
    const asked = ASKED[route] ?? ASKED[route.split('/')[1] ?? ''];
    if (get && asked !== undefined) exemplify(get, { id: asked });
    if (!post) continue;
    exemplify(post, REQUESTS[`POST ${route}`] ?? {});
    post.parameters = [...(post.parameters ?? []), ...HEADERS];
    post.responses = { ...post.responses, ...WRITING };
  }
  return document;
};

const exemplify = (operation: Operation, { id, body, follows }: RequestExample): void => {
  const { parameters = [], requestBody } = operation;
  for (const parameter of parameters)
    if (id !== undefined && 'in' in parameter && parameter.in === 'path') parameter.example = id;
  if (!requestBody || !('content' in requestBody)) return;
  const json = requestBody.content['application/json'];
  if (json && body) json.example = body;
  if (follows) requestBody.description = `The example can be sent after that of \`${follows}\`.`;
};

const HEADERS: NonNullable<Operation['parameters']> = [
  {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description:
      'A text of the caller’s own, 1 to 255 printable ASCII characters: the same request sent again with it is answered as the first time, and done once.',
    schema: { type: 'string', maxLength: 255 },
  },
  {
    name: 'If-Match',
    in: 'header',
    required: false,
    description:
      'The ETag that was read, with its quotes (`"12"`): what has changed since is not written to. Left out, nothing is compared.',
    schema: { type: 'string' },
  },
];

const problem = (description: string): Responses[string] => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemBody' } } },
});

const SECURED: Responses = {
  401: problem('No token, or none that is good'),
  403: problem('Not for this role, or not for this agency today'),
};

const WRITING: Responses = {
  400: problem('Not formed as it must be; `errors` names the fields'),
  409: problem('A request with this Idempotency-Key is still being answered'),
  412: problem('Changed since the ETag in If-Match was read'),
  422: problem('Refused by a rule (`code`), or the Idempotency-Key was used with another body'),
};
