import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { SqliteEventStore } from '../../src/adapters/sqlite/event-store.js';
import { FolderInUse } from '../../src/adapters/sqlite/folder-lock.js';
import { collect } from '../../src/ports/event-store.js';
import { startChild } from '../support/child.js';
import { newEvents } from '../support/new-events.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const ROUNDS = 4;

/** Reads the whole log: no gap, no repeat, and every acknowledged line in it, once, where it was said to be. */
const expectAll = async (file: string, acknowledged: readonly string[]): Promise<number> => {
  const store = SqliteEventStore.open(file);
  try {
    const log = (await collect(store.readAll(null))).flat();
    expect(log.map(({ position }) => Number(position))).toEqual(log.map((_, index) => index + 1));
    expect(new Set(log.map(({ id }) => id)).size).toBe(log.length);
    const there = new Map(log.map((event) => [event.id, event]));
    const heads = new Map<string, number>();
    for (const { stream, revision } of log) {
      expect(revision).toBe((heads.get(stream) ?? -1) + 1);
      heads.set(stream, revision);
    }
    for (const line of acknowledged) {
      const [id = '', stream, revision, position = ''] = line.split(' ');
      expect(there.get(id)).toMatchObject({ stream, revision: Number(revision) });
      // The answer gives the position of the last event of its append, the second of two.
      expect(Number(position) - Number(there.get(id)?.position)).toBe(Number(revision) % 2 === 0 ? 1 : 0);
    }
    return log.length;
  } finally {
    await store.close();
  }
};

describe('sqlite: a killed process', () => {
  const folder = temporaryFolder();

  it('loses nothing that it acknowledged, and leaves nothing torn', async () => {
    const file = join(folder, 'killed', 'events.db');
    const acknowledged: string[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      const child = startChild('appender.ts', [file, String(round)]);
      await child.printed(randomInt(1, 2_000));
      expect(() => SqliteEventStore.open(file)).toThrow(FolderInUse);
      await pause(randomInt(0, 20));
      child.process.kill('SIGKILL');
      const lines = await child.ended();
      expect(lines.filter((line) => line.startsWith('refused'))).toEqual([]);
      acknowledged.push(...lines);
      expect(await expectAll(file, acknowledged)).toBeGreaterThanOrEqual(acknowledged.length);
    }
    expect(acknowledged.length).toBeGreaterThan(ROUNDS);
  });
});

describe('sqlite: a disk that takes no more', () => {
  const folder = temporaryFolder();

  it('refuses the whole group as unavailable, keeps what was acknowledged, and goes on when there is room', async () => {
    const file = join(folder, 'full', 'events.db');
    const lines = await startChild('appender.ts', [file, '0'], 1_400).ended();
    const refused = lines.filter((line) => line.startsWith('refused'));
    expect(refused).toHaveLength(8);
    for (const line of refused) expect(line).toMatch(/^refused: StoreUnavailable: SQLITE_(IOERR|FULL)/);

    const acknowledged = lines.filter((line) => !line.startsWith('refused'));
    expect(acknowledged.length).toBeGreaterThan(100);
    const count = await expectAll(file, acknowledged);
    // Nothing was written of what was refused.
    expect(count).toBe(acknowledged.length);

    const store = SqliteEventStore.open(file);
    const { position } = await store.append('plan/after', newEvents(1), 'none');
    expect(Number(position)).toBe(count + 1);
    await store.close();
  });
});
