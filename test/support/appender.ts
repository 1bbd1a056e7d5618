// Appends to a log until it is killed or refused, and prints each event that was acknowledged: `id stream revision position`.
// Several writers at once, so that a kill falls into a group.
import { SqliteEventStore } from '../../src/adapters/sqlite/event-store.js';
import { collect, type ExpectedRevision } from '../../src/ports/event-store.js';
import { numberedId, plainMetadata } from './new-events.js';

const [file = '', round = '0'] = process.argv.slice(2);
const WRITERS = 8;
const IDS_A_ROUND = 1_000_000;

const store = SqliteEventStore.open(file);
let made = Number(round) * IDS_A_ROUND;

const event = (text: string) => ({
  id: numberedId(++made),
  type: 'Noted',
  data: { text },
  metadata: plainMetadata,
});

const write = async (stream: string): Promise<never> => {
  const before = await collect(store.read(stream));
  let revision: ExpectedRevision = before.at(-1)?.revision ?? 'none';
  for (;;) {
    const events = [event('a'.repeat(200)), event('b')];
    const answer = await store.append(stream, events, revision);
    revision = answer.revision;
    const lines = events.map(
      ({ id }, index) => `${id} ${stream} ${answer.revision - 1 + index} ${answer.position}`,
    );
    process.stdout.write(`${lines.join('\n')}\n`);
  }
};

const outcomes = await Promise.allSettled(
  Array.from({ length: WRITERS }, (_, number) => write(`plan/${number}`)),
);
for (const outcome of outcomes) {
  if (outcome.status === 'rejected')
    process.stdout.write(`refused: ${outcome.reason.name}: ${outcome.reason.cause?.code}\n`);
}
