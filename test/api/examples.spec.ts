import { beforeAll, describe, expect, it } from '@jest/globals';
import * as documented from '../../src/api/controllers/examples.js';
import { IMPORTER } from '../../src/cli/folder.js';
import { konTumTables, loadTables } from '../support/ledger.js';
import { konTumServer } from '../support/server.js';

const EXAMPLES = Object.entries(documented).flatMap(([name, value]) =>
  typeof value === 'object' ? [[name, value] as const] : [],
);

/** What differs from ledger to ledger: when it was loaded, and the ids drawn for the load. */
const comparable = (answer: unknown): unknown =>
  JSON.parse(
    JSON.stringify(answer)
      .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<instant>')
      .replace(/"(recordedOn|next)":"[^"]*"/g, '"$1":"<drawn>"'),
  );

describe('the examples of the OpenAPI document', () => {
  const server = konTumServer({ load: false });

  beforeAll(async () => {
    await loadTables(server.ledger, await konTumTables(), { actor: IMPORTER });
    await server.ledger.progress.reached(server.ledger.progress.names(), await server.head(), 20_000);
  });

  it.each(EXAMPLES)('%s is what the ledger of the documents answers', async (_, { request, answer }) => {
    expect(comparable(await server.get(request))).toEqual(comparable(answer));
  });
});
