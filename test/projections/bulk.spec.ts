import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Projection } from '../../projections/projection.js';
import { projection } from '../../projections/projection.js';
import { foldLog } from '../../src/application/fold.js';
import type { Recorded } from '../../src/domain/message.js';
import { PROJECTIONS } from '../../src/ledger.js';
import { NotStorable, type RecordedEvent } from '../../src/ports/event-store.js';
import type { Fault } from '../../src/ports/read-models.js';
import { happen, histories } from '../application/history.js';
import { found } from '../application/world.js';
import { ledgers } from '../support/ledger.js';
import { adopted } from './events.js';
import { folded, logOf, memoryBuild, textOf } from './support.js';

const open = ledgers();

const inPages = (log: readonly Recorded[], size: number) => ({
  async *readAll(after: string | null) {
    const rest = log.filter(({ position }) => position > (after ?? ''));
    for (let at = 0; at < rest.length; at += size) yield rest.slice(at, at + size);
  },
});

describe('a log folded in bulk', () => {
  it('gives the rows of one folded page by page, however often they are written', async () => {
    await fc.assert(
      fc.asyncProperty(histories(), fc.integer({ min: 1, max: 40 }), async (steps, changedRows) => {
        const ledger = await open();
        await found(ledger.order);
        await happen(steps, ledger.order, ledger.clock);
        const log = await ledger.log();
        await ledger.close();
        for (const one of PROJECTIONS) {
          const build = memoryBuild();
          const done = await foldLog(one, build, inPages(log, 3), refuse, undefined, changedRows);
          expect(done).toBe(log.length);
          expect(await build.checkpoint()).toBe(log.at(-1)?.position);
          expect(textOf(build.rows)).toEqual(textOf((await folded(one, [log])).rows));
        }
      }),
      { numRuns: 8, endOnFailure: true },
    );
  });

  it('finds the event that made a row which cannot be stored, and stops its key alone', async () => {
    const log = logOf(['1', '2', '3', '4', '5', '6'].map((code) => adopted(code)));
    const faults: Fault[] = [];
    const build = picky(log[3] as RecordedEvent);
    await foldLog(seen, build, inPages(log, 2), (fault) => faults.push(fault), undefined, 3);
    expect(faults.map(({ position }) => position)).toEqual([log[3]?.position]);
    expect([...build.rows.values()].filter(({ staleSince }) => staleSince !== undefined)).toHaveLength(1);
    expect(build.rows.size).toBe(log.length);
    expect(await build.checkpoint()).toBe(log.at(-1)?.position);
  });

  it('writes nothing of what it had in memory when it is told to end', async () => {
    const log = logOf(['1', '2', '3'].map((code) => adopted(code)));
    const build = memoryBuild();
    const end = async () => Promise.reject(new Error('the process stops'));
    await expect(foldLog(seen, build, inPages(log, 1), refuse, end)).rejects.toThrow('the process stops');
    expect([build.rows.size, await build.checkpoint()]).toEqual([0, null]);
  });
});

const seen = projection<{ seen: true }>({
  name: 'seen.v1',
  fields: [],
  keys: ({ stream }) => [stream],
  fold: () => ({ seen: true }),
}) as Projection;

/** A build that cannot store what one event made. */
const picky = ({ position }: RecordedEvent) => {
  const build = memoryBuild();
  const commit = build.commit.bind(build);
  build.commit = async (rows, checkpoint) => {
    for (const row of rows.values())
      if (row?.position === position) throw new NotStorable(`a row made at ${position}`);
    await commit(rows, checkpoint);
  };
  return build;
};

const refuse = ({ error }: Fault): never => {
  throw new Error(error);
};
