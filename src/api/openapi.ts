import { DocumentBuilder, type OpenAPIObject } from '@nestjs/swagger';
import { ETAG } from './answers/documented.js';
import { namedSchemas } from './answers/schema.js';
import { ASKED, REQUESTS, type RequestExample } from './bodies/examples.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['post']>;
type Parameters = NonNullable<Operation['parameters']>;
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

/** Adds to each operation what holds for all of its kind: headers, how it is refused, and what it can be tried with. */
export const withCommonParts = (document: OpenAPIObject): OpenAPIObject => {
  for (const [path, { get, post }] of Object.entries(document.paths)) {
    const route = path.replace(/^\/api\/v1/, '');
    if (get) asking(get, route);
    if (post) writing(post, route);
  }
  const { components } = document;
  return {
    ...document,
    components: { ...components, schemas: { ...components?.schemas, ...namedSchemas() } },
  };
};

const asking = (operation: Operation, route: string): void => {
  const id = ASKED[route] ?? ASKED[route.split('/')[1] ?? ''];
  exemplify(operation, id === undefined ? {} : { id });
  if (!operation.security) return;
  const isTable = tableOf(operation) !== undefined;
  add(operation, { 400: problem('Not asked as it must be; `errors` names the parameters') });
  add(operation, { ...SECURED, ...(isTable ? { 406: problem('Neither JSON nor CSV is welcome') } : {}) });
  if (route.includes('{')) add(operation, ABSENT);
};

/** What runs or loads has no revision of its own that could have moved on. */
const WITHOUT_REVISION: readonly string[] = ['/imports', '/projections/{name}/rebuild'];

const writing = (operation: Operation, route: string): void => {
  exemplify(operation, REQUESTS[`POST ${route}`] ?? {});
  operation.parameters = [...(operation.parameters ?? []), IDEMPOTENCY_KEY];
  const { 201: done } = operation.responses;
  if (done && 'description' in done) {
    Object.assign(done, { description: 'Recorded', headers: ETAG });
    add(operation, { 200: { ...done, description: 'There was nothing new to record' } });
  }
  add(operation, { ...SECURED, ...WRITING, ...(route.includes('{') ? ABSENT : {}) });
  if (operation.requestBody) add(operation, BODIES);
  if (WITHOUT_REVISION.includes(route)) return;
  operation.parameters.push(IF_MATCH);
  add(operation, { 412: problem('Changed since the ETag in If-Match was read') });
};

/** What the operation says of itself stands. */
const add = (operation: Operation, responses: Responses): void => {
  operation.responses = { ...responses, ...operation.responses };
};

const tableOf = ({ responses: { 200: answer } }: Operation): unknown =>
  answer && 'content' in answer ? answer.content?.['text/csv'] : undefined;

const exemplify = (operation: Operation, { id, body, follows }: RequestExample): void => {
  const { parameters = [], requestBody } = operation;
  for (const parameter of parameters)
    if (id !== undefined && 'in' in parameter && parameter.in === 'path') parameter.example = id;
  if (!requestBody || !('content' in requestBody)) return;
  const json = requestBody.content['application/json'];
  if (json && body) json.example = body;
  if (follows) requestBody.description = `The example can be sent after that of \`${follows}\`.`;
};

const IDEMPOTENCY_KEY: Parameters[number] = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'A text of the caller’s own, 1 to 255 printable ASCII characters: the same request sent again with it is answered as the first time, and done once.',
  schema: { type: 'string', maxLength: 255 },
};

const IF_MATCH: Parameters[number] = {
  name: 'If-Match',
  in: 'header',
  required: false,
  description:
    'The ETag that was read, with its quotes (`"12"`): what has changed since is not written to. Left out, nothing is compared.',
  schema: { type: 'string' },
};

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemBody' } } },
});

const later = (description: string) => ({
  ...problem(description),
  headers: { 'Retry-After': { description: 'Seconds', schema: { type: 'integer' } } },
});

const SECURED: Responses = {
  401: problem('No token, or none that is good'),
  403: problem('Not for this role, or not for this agency today'),
  429: later('More requests of this kind in a minute than one caller may send'),
  503: later('Not now: a store does not answer, or has not caught up'),
};

const ABSENT: Responses = { 404: problem('What the address names is not there, or was not yet') };

const WRITING: Responses = {
  400: problem('Not formed as it must be; `errors` names the fields'),
  409: problem('A request with this Idempotency-Key is still being answered'),
};

const BODIES: Responses = {
  413: problem('The body is larger than can be taken'),
  415: problem('The body is not JSON'),
  422: problem('Refused by a rule (`code`), or the Idempotency-Key was used with another body'),
};
