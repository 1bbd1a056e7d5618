import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../src/adapters/sqlite/database.js';
import { EVENTS_SHAPE } from '../../src/adapters/sqlite/event-log.js';
import { SqliteEventStore } from '../../src/adapters/sqlite/event-store.js';
import { canonicalText } from '../../src/domain/canonical.js';
import type { NewEvent } from '../../src/ports/event-store.js';
import { OFFICE } from './people.js';
import { Random } from './random.js';

const APPENDS = 1_000;
const TIMES = 9;

/** Appends a second, each of one event to a stream of its own, durable when they are counted. */
export interface Appending {
  /** A thousand at once through the event store, as one command causes them. */
  readonly caused: number;
  /** A thousand inserts of ready texts in one transaction. */
  readonly raw: number;
}

/** Takes turns between the two, and gives the median of each. */
export const measureAppends = async (folder: string, seed: number): Promise<Appending> => {
  rmSync(folder, { recursive: true, force: true });
  const random = new Random(seed);
  const store = SqliteEventStore.open(join(folder, 'events.db'));
  const database = openDatabase(join(folder, 'raw.db'), EVENTS_SHAPE);
  const stream = database.prepare<[number, string]>('INSERT INTO streams (key, name) VALUES (?, ?)');
  const event = database.prepare<[number, number, number, string, string, string, string]>(
    'INSERT INTO events (position, stream, revision, id, type, data, metadata) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const [caused, raw]: [number[], number[]] = [[], []];
  for (let n = 0; n < TIMES; n++) {
    const events = Array.from({ length: APPENDS }, () => transferred(random));
    const texts = events.map(({ data, metadata }) => [canonicalText(data), canonicalText(metadata)] as const);
    caused.push(
      await taken(() =>
        Promise.all(events.map((one, index) => store.append(`indicator-${n}/${index}`, [one], 'none'))),
      ),
    );
    raw.push(
      await taken(async () =>
        database
          .transaction(() =>
            texts.forEach(([data, metadata], index) => {
              const key = n * APPENDS + index + 1;
              stream.run(key, `indicator-${n}/${index}`);
              event.run(key, key, 0, events[index]?.id ?? '', 'AssignmentTransferred', data, metadata);
            }),
          )
          .immediate(),
      ),
    );
  }
  await store.close();
  database.close();
  rmSync(folder, { recursive: true, force: true });
  return { caused: median(caused), raw: median(raw) };
};

const taken = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now();
  await work();
  return (APPENDS * 1_000) / (performance.now() - started);
};

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

const transferred = (random: Random): NewEvent => {
  const [correlationId, commandId] = [random.uuid(), random.uuid()];
  return {
    id: random.uuid(),
    type: 'AssignmentTransferred',
    data: {
      ...{ subject: { kind: 'indicator', id: 'kh-1570-2025/7.1' }, role: 'lead', agencies: ['so-khcn'] },
      ...{ moves: [{ from: 'so-tttt', to: 'so-khcn' }], notation: null, effectiveOn: '2025-03-01' },
      ...{
        reason: 'Sắp xếp tổ chức bộ máy',
        legalBasis: null,
        reorganizationId: 'nq-1',
        allocation: 'default',
      },
    },
    metadata: {
      ...{
        actor: OFFICE,
        recordedAt: '2025-03-01T02:00:00.000Z',
        correlationId,
        causationId: null,
        commandId,
      },
      ...{ fingerprint: null, planId: 'kh-1570-2025', schema: 1 },
    },
  };
};
