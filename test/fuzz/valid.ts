import fc from 'fast-check';
import type { Bodies, Schema } from '../support/openapi.js';

/** Ids of what is in the ledger that is asked, by the noun of the address or the name of the field. */
export type Known = Readonly<Record<string, readonly string[]>>;

const DAYS = ['2025-06-01', '2025-07-01', '2026-01-01', '2026-06-30', '2027-01-01'] as const;
const PERIODS = ['2024', '2025', '2025-H2', '2026-Q1', '2026-Q2', '2026-06', '2026-06-30'] as const;
const DECIMALS = ['0', '1', '55.5', '82.5', '100', '-3', '12345.678'] as const;

/** Values that fit a schema of the OpenAPI document, with ids of what is there. */
export class Valid {
  constructor(
    private readonly bodies: Bodies,
    private readonly known: Known,
  ) {}

  value(schema: Schema, name = ''): fc.Arbitrary<unknown> {
    const { type, enum: choices, example, items, properties, required = [] } = this.bodies.resolved(schema);
    if (choices && choices.length > 0) return fc.constantFrom(...choices);
    if (properties) return this.object(properties, new Set(required));
    if (items && (this.known[name] || !Array.isArray(example)))
      return fc.array(this.value(items, name), { minLength: 1, maxLength: 3 });
    if (type === 'number' || type === 'integer')
      return name === 'year' ? fc.constantFrom(2025, 2026) : fc.integer({ min: 1, max: 500 });
    if (typeof example === 'object' && example !== null) return fc.constant(example);
    return this.text(name, schema, example);
  }

  private object(
    properties: Readonly<Record<string, Schema>>,
    required: ReadonlySet<string>,
  ): fc.Arbitrary<object> {
    const parts = Object.entries(properties).map(([name, part]): [string, fc.Arbitrary<unknown>] => [
      name,
      this.value(part, name),
    ]);
    return fc.record(Object.fromEntries(parts), { requiredKeys: [...required] });
  }

  private text(name: string, { format }: Schema, example: unknown): fc.Arbitrary<string> {
    const ids = this.known[name];
    const sample = typeof example === 'string' ? example : 'Văn bản';
    if (ids) return fc.constantFrom(...ids);
    if (format === 'date' || name === 'date' || /^\d{4}-\d\d-\d\d$/.test(sample))
      return fc.constantFrom(...DAYS, sample);
    if (name === 'period') return fc.constantFrom(...PERIODS);
    if (name === 'value') return fc.constantFrom(...DECIMALS);
    return fc.oneof(
      { weight: 3, arbitrary: fc.constant(sample) },
      { weight: 1, arbitrary: fc.constant('Văn bản khác') },
    );
  }
}
