/** The parts of the product's OpenAPI document that the tests walk. */
export interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly example?: unknown;
  readonly default?: unknown;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly description?: string;
  readonly schema: Schema;
  readonly example?: string;
}

interface Media {
  readonly schema?: Schema;
  readonly example?: unknown;
}

interface Response {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, Media>>;
}

interface Described {
  readonly operationId: string;
  readonly summary?: string;
  readonly parameters?: readonly Parameter[];
  readonly responses: Readonly<Record<string, Response | { readonly $ref: string }>>;
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
}

export interface OpenApi {
  readonly info: { readonly license?: { readonly name: string } };
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, Response>>;
    readonly headers: Readonly<Record<string, unknown>>;
  };
}

/** One operation: its path below the API's address, and its body's schema where it takes one. */
export interface Operation {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly summary: string;
  readonly query: readonly Parameter[];
  readonly headers: readonly string[];
  /** The statuses that it says it answers. */
  readonly statuses: readonly number[];
  /** What it answers with a status, by media type. */
  readonly answers: Readonly<Record<number, Readonly<Record<string, Media>>>>;
  readonly body: Schema | null;
  /** How it can be tried: its path with an id in it, the parameters that have an example, and the body's. */
  readonly example: { readonly path: string; readonly body: unknown };
}

export const operationsOf = (document: OpenApi): Operation[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary = '', parameters = [], responses, requestBody }]) => ({
      method: method === 'get' ? 'GET' : 'POST',
      path: path.replace('/api/v1', ''),
      summary,
      query: parameters.filter((parameter) => parameter.in === 'query'),
      headers: parameters.filter((parameter) => parameter.in === 'header').map(({ name }) => name),
      statuses: Object.keys(responses).map(Number),
      answers: Object.fromEntries(
        Object.entries(responses).map(([status, response]) => [
          status,
          whole(document, response).content ?? {},
        ]),
      ),
      body: requestBody?.content['application/json']?.schema ?? null,
      example: {
        path: tried(path.replace('/api/v1', ''), parameters),
        body: requestBody?.content['application/json']?.example,
      },
    })),
  );

/** A response, also where it is only named. */
const whole = ({ components }: OpenApi, response: Response | { readonly $ref: string }): Response =>
  '$ref' in response ? (components.responses[response.$ref.split('/').at(-1) ?? ''] ?? {}) : response;

/** The path as a page fills it in by itself. */
const tried = (path: string, parameters: readonly Parameter[]): string => {
  const given = parameters.map(({ name, in: place, schema, example }) => ({
    ...{ name, place },
    value: example ?? schema.example ?? schema.default,
  }));
  const filled = given.filter(({ place, value }) => place === 'query' && value !== undefined);
  const query = new URLSearchParams(filled.map(({ name, value }): [string, string] => [name, String(value)]));
  const id = given.find(({ place }) => place === 'path')?.value;
  const whole = id === undefined ? path : path.replace(/\{\w+\}/, encodeURIComponent(String(id)));
  return query.size === 0 ? whole : `${whole}?${query}`;
};

/** A field of a body by its path (`legalBasis.number`, `sections[0].code`), with a way to give it another value. */
export interface Field {
  readonly path: string;
  readonly schema: Schema;
  readonly required: boolean;
  readonly value: unknown;
  /** The body with this field as said; left out for undefined. */
  with(value: unknown): unknown;
}

/** Reads schemas of one document: bodies that fit them, and their fields. */
export class Bodies {
  constructor(private readonly document: OpenApi) {}

  resolved(schema: Schema): Schema {
    const { $ref, allOf = [], oneOf = [], ...own } = schema;
    const name = $ref?.split('/').at(-1);
    const [only, ...others] = oneOf.filter((choice) => !choice.enum?.includes(null));
    const parts = [
      ...(name ? [this.document.components.schemas[name] ?? {}] : []),
      ...allOf,
      // What may be null beside it. Of several choices none is taken.
      ...(only && others.length === 0 ? [only] : []),
    ];
    return Object.assign({}, own, ...parts.map((part) => this.resolved(part)));
  }

  /** A body with every field, as the examples give them. */
  sample(schema: Schema): unknown {
    const { type, enum: choices, example, items, properties } = this.resolved(schema);
    if (example !== undefined) return example;
    if (choices?.[0] !== undefined) return choices[0];
    if (type === 'array') return items ? [this.sample(items)] : [];
    if (properties)
      return Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, this.sample(part)]));
    if (type === 'number' || type === 'integer') return 1;
    if (type === 'object') return {};
    return schema.format === 'date' ? '2025-07-01' : 'Văn bản';
  }

  /** Every field of a body, those inside its parts and lists too. */
  fields(schema: Schema, above = '', whole = (part: unknown): unknown => part): Field[] {
    const { properties = {}, required = [] } = this.resolved(schema);
    const own = this.sample(schema) as Record<string, unknown>;
    return Object.entries(properties).flatMap(([name, part]) => {
      const path = above === '' ? name : `${above}.${name}`;
      const put = (value: unknown): unknown => {
        const { [name]: _, ...others } = own;
        return whole(value === undefined ? others : { ...others, [name]: value });
      };
      const value = own[name];
      const { items } = this.resolved(part);
      const inside = items
        ? this.fields(items, `${path}[0]`, (item) => put([item]))
        : this.fields(part, path, put);
      return [
        { path, schema: this.resolved(part), required: required.includes(name), value, with: put },
        ...inside,
      ];
    });
  }
}
