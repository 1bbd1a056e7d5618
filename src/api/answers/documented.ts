import type { Example } from '../controllers/examples.js';
import type { Schema } from './schema.js';

/** An answer as the document tells of it: what it is made of, and one of them. */
export const documented = (schema: Schema<never>, example?: Example) => ({
  description: example ? `For example, of GET ${example.request}` : 'The answer',
  content: { 'application/json': { schema, ...(example ? { example: example.answer } : {}) } },
});

type Documented = ReturnType<typeof documented>;

const headerOf = (description: string) => ({ description, schema: { type: 'string' } });

/** An answer that is also given as a table. */
export const tabular = (answer: Documented) => ({
  ...answer,
  headers: {
    'X-Position': headerOf('Of a table: `position` as the list states it'),
    'X-As-Of': headerOf('Of a table: the day that it tells of'),
    'X-Known-At': headerOf('Of a table that was asked for with `knownAt`: when what it tells was known'),
  },
  content: { ...answer.content, 'text/csv': { schema: { type: 'string' } } },
});

/** What a later write can be held against. */
const ETAG = { ETag: { $ref: '#/components/headers/ETag' } };

/** An answer about something that has a revision. */
export const revised = (answer: Documented) => ({ ...answer, headers: ETAG });
