import type { Example } from '../controllers/examples.js';
import type { Schema } from './schema.js';

/** An answer as the document tells of it: what it is made of, and one of them. */
export const documented = (schema: Schema<never>, example?: Example) => ({
  description: example ? `For example, of GET ${example.request}` : 'The answer',
  content: { 'application/json': { schema, ...(example ? { example: example.answer } : {}) } },
});

type Documented = ReturnType<typeof documented>;

/** An answer that is also given as a table. */
export const tabular = (answer: Documented) => ({
  ...answer,
  content: { ...answer.content, 'text/csv': { schema: { type: 'string' } } },
});

/** What a later write can be held against. */
export const ETAG = {
  ETag: { description: 'The revision, as If-Match takes it', schema: { type: 'string' } },
};

/** An answer about something that has a revision. */
export const revised = (answer: Documented) => ({ ...answer, headers: ETAG });
