import type { OpenAPIObject } from '@nestjs/swagger';
import { POSITION } from '../../ports/event-store.js';

type Plain = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];

declare const VALUE: unique symbol;

/** A schema that takes every value of a type: the compiler refuses one that would leave out some of them. */
export type Schema<Value> = Plain & { readonly [VALUE]?: (value: Value) => void };

/** The schema of a property that may be left out. */
export interface Optional<Value> {
  readonly optional: Schema<Value>;
}

/** The schemas of a type's properties: of each of them, and of no other. */
export type Properties<Value> = {
  readonly [Name in keyof Value]-?: unknown extends Value[Name]
    ? Schema<unknown>
    : undefined extends Value[Name]
      ? Optional<Exclude<Value[Name], undefined>>
      : Schema<Value[Name]>;
};

export const text: Schema<string> = { type: 'string' };
export const day: Schema<string> = { type: 'string', format: 'date' };
export const instant: Schema<string> = { type: 'string', format: 'date-time' };
export const uuid: Schema<string> = { type: 'string', format: 'uuid' };
export const number: Schema<number> = { type: 'number' };
export const integer: Schema<number> = { type: 'integer' };
export const flag: Schema<boolean> = { type: 'boolean' };
export const position: Schema<string> = { type: 'string', pattern: POSITION.source };
export const decimal: Schema<string> = { type: 'string', pattern: '^-?\\d+(\\.\\d+)?$' };
/** Numbers by names that differ. */
export const counts: Schema<Readonly<Record<string, number>>> = {
  type: 'object',
  additionalProperties: { type: 'integer' },
};

export const oneOf = <const Choice extends string>(...choices: readonly Choice[]): Schema<Choice> => ({
  type: 'string',
  enum: [...choices],
});

/** What differs by what it is of; a schema without a type takes null too. */
export const any = (description: string): Schema<unknown> => ({ description });

export const listOf = <Item>(items: Schema<Item>): Schema<readonly Item[]> => ({ type: 'array', items });

export const optional = <Value>(schema: Schema<Value>): Optional<Value> => ({ optional: schema });

// `nullable` only adds to the type beside it: where there is none, null is a choice of its own.
export const NOTHING: Plain = { type: 'object', nullable: true, enum: [null] };

export const nullable = <Value>(schema: Schema<Value>): Schema<Value | null> => {
  const plain: Plain = schema;
  if ('$ref' in plain) return { oneOf: [plain, NOTHING] };
  if (plain.oneOf) return { ...plain, oneOf: [...plain.oneOf, NOTHING] };
  return plain.enum
    ? { ...plain, nullable: true, enum: [...plain.enum, null] }
    : { ...plain, nullable: true };
};

export const described = <Value>(description: string, schema: Schema<Value>): Schema<Value> =>
  '$ref' in schema ? { description, allOf: [schema] } : { ...schema, description };

export const objectOf = <Value extends object>(properties: Properties<Value>): Schema<Value> => {
  const all: [string, Plain | Optional<unknown>][] = Object.entries(properties);
  return {
    type: 'object',
    required: all.flatMap(([name, schema]) => ('optional' in schema ? [] : [name])),
    properties: Object.fromEntries(
      all.map(([name, schema]) => [name, 'optional' in schema ? schema.optional : schema]),
    ),
  };
};

export const eitherOf = <One, Other>(one: Schema<One>, other: Schema<Other>): Schema<One | Other> => ({
  oneOf: [one, other],
});

/** One of several kinds of object, each of which says which it is and has a name that begins as said. */
export const kindOf = <Value extends { readonly kind: string }>(
  name: string,
  kinds: {
    readonly [Kind in Value['kind']]: Omit<Properties<Extract<Value, { kind: Kind }>>, 'kind'>;
  },
): Schema<Value> => ({
  oneOf: Object.entries<object>(kinds).map(([kind, properties]) =>
    named(
      `${name}${kind.charAt(0).toUpperCase()}${kind.slice(1)}`,
      objectOf({ kind: oneOf(kind), ...properties } as Properties<object>),
    ),
  ),
});

const components = new Map<string, Plain>();

/** A schema that the document names once. */
export const named = <Value>(name: string, schema: Schema<Value>): Schema<Value> => {
  if (components.has(name)) throw new Error(`there are two schemas ${name}`);
  components.set(name, schema);
  return known(name);
};

/** A schema by its name, where it stands in itself. */
export const known = <Value>(name: string): Schema<Value> => ({ $ref: `#/components/schemas/${name}` });

export const namedSchemas = (): Readonly<Record<string, Plain>> => Object.fromEntries(components);
