import { beforeAll, describe, expect, it } from '@jest/globals';
import type { OpenApi } from '../support/openapi.js';
import { konTumServer } from '../support/server.js';

const server = konTumServer({ load: false });

type Node = Readonly<Record<string, unknown>>;

let document: OpenApi;
beforeAll(async () => {
  document = await server.get<OpenApi>('/docs/openapi.json');
});

/** Every object of the document but those that are examples, by where it stands. */
const objectsOf = (value: unknown, place = '#'): (readonly [place: string, object: Node])[] => {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.entries(value).flatMap(([key, part]) =>
    key === 'example' ? [] : objectsOf(part, `${place}/${key}`),
  );
  return Array.isArray(value) ? inside : [[place, value as Node], ...inside];
};

const schemas = (): Readonly<Record<string, Node>> => document.components.schemas as Record<string, Node>;

describe('a schema of the document', () => {
  it('says of what type it is where null is taken too', () => {
    const nullable = objectsOf(document).filter(([, object]) => object['nullable'] === true);
    expect(nullable.length).toBeGreaterThan(50);
    expect(nullable.filter(([, { type }]) => typeof type !== 'string').map(([place]) => place)).toEqual([]);
  });

  it('that stands in itself has a name wherever it goes round', () => {
    const byName = (object: unknown): readonly string[] =>
      objectsOf(object).flatMap(([, { $ref }]) =>
        typeof $ref === 'string' ? [$ref.replace('#/components/schemas/', '')] : [],
      );
    const reached = (name: string, seen = new Set<string>()): ReadonlySet<string> => {
      for (const next of byName(schemas()[name])) if (!seen.has(next)) reached(next, seen.add(next));
      return seen;
    };
    const round = Object.keys(schemas()).filter((name) => reached(name).has(name));
    expect(round.sort()).toEqual(['Criterion', 'CriterionAll', 'CriterionPart']);
  });

  it('has no name that a generator gives to a property of another', () => {
    const given = Object.entries(schemas()).flatMap(([name, { properties = {} }]) =>
      Object.entries(properties as Record<string, Node>).flatMap(([property, { $ref }]) =>
        $ref === undefined ? [`${name}${property.charAt(0).toUpperCase()}${property.slice(1)}`] : [],
      ),
    );
    expect(given.filter((name) => name in schemas())).toEqual([]);
  });
});
