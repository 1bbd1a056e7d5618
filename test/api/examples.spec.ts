import { beforeAll, describe, expect, it } from '@jest/globals';
import { REQUESTS } from '../../src/api/bodies/examples.js';
import * as documented from '../../src/api/controllers/examples.js';
import { IMPORTER } from '../../src/cli/folder.js';
import { operationsBy, sendExamples } from '../support/examples.js';
import { konTumTables, loadTables } from '../support/ledger.js';
import type { Operation } from '../support/openapi.js';
import { ADMIN, konTumServer, type Listed, LOADED_AT, type Reply } from '../support/server.js';

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

const WRITES = Object.keys(REQUESTS);
/** What is answered otherwise than with 201. */
const STATUSES: Readonly<Record<string, number>> = {
  'POST /imports': 200,
  'POST /projections/{name}/rebuild': 202,
};

describe.each<[string, string, readonly string[]]>([
  ['on the day the documents are loaded', LOADED_AT, WRITES],
  ['a year later, the last first', '2026-06-02T02:00:00.000Z', WRITES.toReversed()],
])('a page that fills in the examples %s', (_, now, writes) => {
  const server = konTumServer();
  let operations: ReadonlyMap<string, Operation>;
  let replies: ReadonlyMap<string, Reply>;

  beforeAll(async () => {
    server.clock.set(now);
    operations = await operationsBy(server);
    replies = await sendExamples(server, operations, writes);
  });

  it('has one for every write', () => {
    const there = [...operations.keys()].filter((name) => name.startsWith('POST'));
    expect(WRITES.toSorted()).toEqual(there.sort());
  });

  it('is given what it asks for by every write', () => {
    const refused = [...replies].filter(
      ([write, { status, text }]) => status !== (STATUSES[write] ?? 201) || /"problems":\[[^\]]/.test(text),
    );
    expect(refused.map(([write, { text }]) => [write, text])).toEqual([]);
  });

  it('is answered by every question, and with something', async () => {
    for (const [name, { method, example }] of operations) {
      if (method === 'POST' || name === 'GET /stream') continue;
      const { status, body } = await server.send<Listed<unknown>>('GET', example.path, { who: ADMIN });
      expect([example.path, status, body?.items?.length]).not.toEqual([example.path, 200, 0]);
      expect([example.path, status]).toEqual([example.path, 200]);
    }
  });
});
