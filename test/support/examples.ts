import { REQUESTS } from '../../src/api/bodies/examples.js';
import { type OpenApi, type Operation, operationsOf } from './openapi.js';
import { ADMIN, OFFICE, type Reply, type TestServer } from './server.js';

/** The operations of a server's document, by method and path. */
export const operationsBy = async (server: TestServer): Promise<ReadonlyMap<string, Operation>> =>
  new Map(
    operationsOf(await server.get<OpenApi>('/docs/openapi.json')).map((one) => [
      `${one.method} ${one.path}`,
      one,
    ]),
  );

/** Sends the examples of some writes as they stand in the document, each after the one that it follows. */
export const sendExamples = async (
  server: TestServer,
  operations: ReadonlyMap<string, Operation>,
  writes: readonly string[],
): Promise<ReadonlyMap<string, Reply>> => {
  const replies = new Map<string, Reply>();
  const send = async (write: string): Promise<void> => {
    const { follows } = REQUESTS[write] ?? {};
    if (follows !== undefined && !replies.has(follows)) await send(follows);
    const operation = operations.get(write);
    if (!operation) throw new Error(`there is no ${write}`);
    const { path, body } = operation.example;
    if (write === 'POST /reorganizations/{id}/revocation')
      await applied(server, path.replace('/revocation', ''));
    const who = write.includes('/projections') ? ADMIN : OFFICE;
    replies.set(write, await server.send('POST', path, { who, body }));
  };
  for (const write of writes) if (!replies.has(write)) await send(write);
  return replies;
};

const applied = async (server: TestServer, path: string): Promise<void> => {
  while ((await server.get<{ state: string }>(path)).state !== 'applied');
};
