import { DocumentBuilder, type OpenAPIObject } from '@nestjs/swagger';
import { namedSchemas } from './answers/schema.js';
import { ASKED, REQUESTS, type RequestExample } from './bodies/examples.js';
import { MAX_ID_LENGTH } from './http/hardening.js';
import { ETAG, KEY, MAX_KEY_LENGTH } from './http/request.js';
import { COUNTED, HEADERS, headersNamed, REFUSALS, type Responses, refusals } from './refusals.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['post']>;
type Parameters = NonNullable<Operation['parameters']>;

/** What the OpenAPI document says of itself. */
export const description = (): Omit<OpenAPIObject, 'paths'> =>
  new DocumentBuilder()
    .setTitle('Sổ Cái')
    .setDescription(
      'The ledger of a province’s plans: every target change, assignment shift and reported figure is an event; every answer is read as of a day and as known at an instant. Days are those of Asia/Ho_Chi_Minh, instants are UTC, decimals are text. An id with a slash is sent percent-encoded (`kh-1570-2025%2F7.1`). A list goes on where `next` is given as `cursor`. Health and metrics stand at `/health/live`, `/health/ready` and `/metrics`, too. Whatever is refused is answered with a problem (RFC 9457), also where no operation says so: a method that an address does not have with 405, and `Allow` names those that it has; a request that does not arrive in time with 408; an `Expect` that cannot be met with 417; headers that are too large with 431; a failure of the server with 500. `docs/codes.md` of the product lists the types and codes of problems, and the codes of verdicts.',
    )
    .setVersion('1')
    .setLicense('Apache 2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/')
    .addBearerAuth()
    .build();

/** What clients call an operation: `plansList`, and not by the name of a class. */
export const operationIdFactory = (controller: string, method: string): string =>
  `${controller.replace('Controller', '').toLowerCase()}${method.charAt(0).toUpperCase()}${method.slice(1)}`;

/** Adds to each operation what holds for all of its kind: headers, how it is refused, and what it can be tried with. */
export const withCommonParts = (document: OpenAPIObject): OpenAPIObject => {
  for (const [path, { get, post }] of Object.entries(document.paths)) {
    const route = path.replace(/^\/api\/v1/, '');
    if (get) asking(get, route);
    if (post) writing(post, route);
  }
  const { components } = document;
  const schemas = { ...components?.schemas, ...namedSchemas() };
  return {
    ...document,
    components: { ...components, schemas, responses: REFUSALS, headers: HEADERS },
  };
};

const asking = (operation: Operation, route: string): void => {
  const id = ASKED[route] ?? ASKED[route.split('/')[1] ?? ''];
  exemplify(operation, id === undefined ? {} : { id });
  if (!operation.security) return;
  counted(operation);
  if (route === '/stream') telling(operation);
  const isTable = tableOf(operation) !== undefined;
  add(operation, refusals('Invalid', ...SECURED, ...(isTable ? (['NotAcceptable'] as const) : [])));
  addressed(operation, route);
};

/** What runs or loads has no revision of its own that could have moved on. */
const WITHOUT_REVISION: readonly string[] = ['/imports', '/projections/{name}/rebuild'];

const writing = (operation: Operation, route: string): void => {
  exemplify(operation, REQUESTS[`POST ${route}`] ?? {});
  operation.parameters = [...(operation.parameters ?? []), IDEMPOTENCY_KEY, CORRELATION_ID];
  const { 201: done } = operation.responses;
  if (done && 'description' in done) {
    Object.assign(done, { description: 'Recorded', headers: headersNamed('ETag') });
    add(operation, { 200: { ...done, description: 'There was nothing new to record' } });
  }
  counted(operation);
  add(operation, refusals('Invalid', ...SECURED, 'TooSlow', 'InProgress', 'TooLarge', 'NotJson'));
  addressed(operation, route);
  if (operation.requestBody) add(operation, refusals('Refused'));
  if (WITHOUT_REVISION.includes(route)) return;
  operation.parameters.push(IF_MATCH);
  add(operation, refusals('ChangedSince'));
};

const SECURED = ['NotSignedIn', 'NotAllowed', 'TooMany', 'Unavailable'] as const;

/** What the operation says of itself stands. */
const add = (operation: Operation, responses: Responses): void => {
  operation.responses = { ...responses, ...operation.responses };
};

/** Before the refusals are added: an answer tells the caller how many more there may be. */
const counted = ({ responses }: Operation): void => {
  for (const answer of Object.values(responses))
    if (answer && 'description' in answer)
      Object.assign(answer, { headers: { ...answer.headers, ...headersNamed(...COUNTED) } });
};

/** Of the stream: what each of its messages holds as `data`, which no schema of the whole can say. */
const telling = ({ responses: { 200: answer } }: Operation): void => {
  if (answer && 'content' in answer)
    Object.assign(answer.content?.['text/event-stream'] ?? {}, {
      'x-message': { $ref: '#/components/schemas/StreamMessage' },
    });
};

/** What an address names, by its first part. */
const ADDRESSED: Readonly<Record<string, string>> = {
  plans: 'Id of the plan',
  indicators: 'Id of the indicator: its plan’s, `/`, and its code',
  measurements: 'Id of the figure, as the answer to its report gave it',
  tasks: 'Id of the task: its plan’s, `/t/`, and its code',
  agencies: 'Id of the agency or collective',
  reorganizations: 'Id of the decree',
  projections: 'Name of the projection, as `GET /projections` gives it',
};

/** Of an address with an id in it. */
const addressed = (operation: Operation, route: string): void => {
  if (!route.includes('{')) return;
  const description = ADDRESSED[route.split('/')[1] ?? ''];
  add(operation, refusals('NotThere', 'AddressTooLong'));
  for (const parameter of operation.parameters ?? [])
    if ('in' in parameter && parameter.in === 'path')
      Object.assign(parameter, {
        description,
        schema: { ...parameter.schema, maxLength: MAX_ID_LENGTH },
      });
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
  schema: { type: 'string', pattern: KEY.source, minLength: 1, maxLength: MAX_KEY_LENGTH },
};

const CORRELATION_ID: Parameters[number] = {
  name: 'X-Correlation-Id',
  in: 'header',
  required: false,
  description:
    'The caller’s own id for what belongs together: every event that is recorded carries it as `correlationId`, and so does what follows from a decree. What is no UUID is passed over; then it is the id of the request.',
  schema: { type: 'string', format: 'uuid' },
};

const IF_MATCH: Parameters[number] = {
  name: 'If-Match',
  in: 'header',
  required: false,
  description:
    'The ETag that was read, with its quotes (`"12"`): what has changed since is not written to. Left out, nothing is compared.',
  schema: { type: 'string', pattern: ETAG.source },
};
