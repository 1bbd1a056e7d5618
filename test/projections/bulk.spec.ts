import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Projection } from '../../projections/projection.js';
import { projection } from '../../projections/projection.js';
import { foldLog, foldPage } from '../../src/application/fold.js';
import { Pass } from '../../src/application/pass.js';
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
        const targets = PROJECTIONS.map((one) => target(one));
        // Some have folded a part of it before.
        for (const [index, { projection: one, build }] of targets.entries())
          if (index % 3 > 0) await foldPage(one, build, log.slice(0, index * 7), refuse);
        const before = await Promise.all(targets.map(({ build }) => build.checkpoint()));
        const outcomes = await foldLog(targets, inPages(log, 3), { changedRows });
        for (const [index, { projection: one, build }] of targets.entries()) {
          const left = log.filter(({ position }) => position > (before[index] ?? ''));
          expect(outcomes?.[index]).toEqual({ status: 'fulfilled', value: left.length });
          expect(await build.checkpoint()).toBe(log.at(-1)?.position);
          expect(textOf(build.rows)).toEqual(textOf((await folded(one, [log])).rows));
        }
      }),
      { numRuns: 8, endOnFailure: true },
    );
  });

  it('is read once for all builds', async () => {
    const log = logOf(['1', '2', '3'].map((code) => adopted(code)));
    const { readAll } = inPages(log, 1);
    const asked: (string | null)[] = [];
    const counted = {
      readAll(after: string | null) {
        asked.push(after);
        return readAll(after);
      },
    };
    await foldLog([target(seen), target(seen), target(seen)], counted);
    expect(asked).toEqual([null]);
  });

  it('finds the event that made a row which cannot be stored, and stops its key alone', async () => {
    const log = logOf(['1', '2', '3', '4', '5', '6'].map((code) => adopted(code)));
    const faults: Fault[] = [];
    const [build, other] = [picky(log[3] as RecordedEvent), memoryBuild()];
    const onFault = (fault: Fault) => faults.push(fault);
    await foldLog([{ projection: seen, build, onFault }, target(seen, other)], inPages(log, 2), {
      changedRows: 3,
    });
    expect(faults.map(({ position }) => position)).toEqual([log[3]?.position]);
    expect([...build.rows.values()].filter(({ staleSince }) => staleSince !== undefined)).toHaveLength(1);
    expect([...other.rows.values()].filter(({ staleSince }) => staleSince !== undefined)).toEqual([]);
    for (const { rows, checkpoint } of [build, other]) {
      expect(rows.size).toBe(log.length);
      expect(await checkpoint()).toBe(log.at(-1)?.position);
    }
  });

  it('writes nothing of what it had in memory for one that is told to end, and goes on with the others', async () => {
    const log = logOf(['1', '2', '3'].map((code) => adopted(code)));
    const [ending, going] = [target(seen), target(seen)];
    const reason = new Error('the process stops');
    const onPage = async () => Promise.reject(reason);
    const outcomes = await foldLog([{ ...ending, onPage }, going], inPages(log, 1));
    expect(outcomes).toEqual([
      { status: 'rejected', reason },
      { status: 'fulfilled', value: 3 },
    ]);
    expect([ending.build.rows.size, await ending.build.checkpoint()]).toEqual([0, null]);
    expect(going.build.rows.size).toBe(3);
  });

  it('is given up while nothing is written, and not after that', async () => {
    const log = logOf(['1', '2', '3', '4'].map((code) => adopted(code)));
    const given = target(seen);
    let pages = 0;
    const isOutdated = () => ++pages === 3;
    expect(await foldLog([given], inPages(log, 1), { isOutdated })).toBeUndefined();
    expect(given.build.rows.size).toBe(0);
    pages = 0;
    expect(await foldLog([given], inPages(log, 1), { isOutdated, changedRows: 1 })).toHaveLength(1);
    expect(given.build.rows.size).toBe(4);
  });
});

describe('a build of many rows', () => {
  const log = logOf(Array.from({ length: 12_000 }, (_, n) => adopted(String(n + 1))));
  /** How many events were folded whenever something was written. */
  const written = async (one: Projection, before: readonly RecordedEvent[]) => {
    const build = memoryBuild();
    if (before.length > 0) await foldPage(one, build, before, refuse);
    const { commit } = build;
    const reached: number[] = [];
    build.commit = (rows, checkpoint, ...rest) => {
      reached.push(Number(checkpoint));
      return commit(rows, checkpoint, ...rest);
    };
    await foldLog([target(one, build)], inPages(log, 1_000));
    expect(build.rows.size).toBe(log.length);
    return reached;
  };

  it('is written late where it begins at the beginning: a row that changes again is written once', async () => {
    expect(await written(seen, [])).toEqual([12_000]);
  });

  it('is written as it goes along where somebody may read it', async () => {
    expect(await written(seen, log.slice(0, 1))).toEqual([5_001, 10_001, 12_000]);
  });

  it('is written as it goes along where no row changes again', async () => {
    expect(await written({ ...seen, isJournal: true }, [])).toEqual(
      log.filter((_, n) => n % 1_000 === 999).map(({ position }) => Number(position)),
    );
  });
});

describe('a build that is written more slowly than it is folded', () => {
  it('holds no more rows than it may, beside those that changed', async () => {
    const [rows, heldRows, changedRows] = [60, 10, 5];
    const codes = Array.from({ length: rows }, (_, n) => String(n + 1));
    const log = logOf([...codes, ...codes].map((code) => adopted(code)));
    const build = memoryBuild();
    const { commit, getMany } = build;
    let written = () => undefined as unknown;
    build.commit = async (...args) => {
      await new Promise<unknown>((resolve) => {
        written = () => resolve(undefined);
      });
      await commit(...args);
    };
    let asked = 0;
    build.getMany = (keys) => {
      asked += keys.length;
      return getMany(keys);
    };
    let events = 0;
    // What is written has been written when there is more to write, and not before.
    const onPage = async (page: readonly RecordedEvent[]) => {
      events += page.length;
      if (events % changedRows === 0) written();
    };
    const pages = async function* () {
      for (let at = 0; at < rows; at++) yield log.slice(at, at + 1);
      asked = 0;
      yield log.slice(rows);
      for (;;) {
        if ((await build.checkpoint()) === log.at(-1)?.position) return;
        written();
        await new Promise(setImmediate);
      }
    };
    await foldLog([{ ...target(seen, build), onPage }], { readAll: pages }, { heldRows, changedRows });
    expect(rows - asked).toBeLessThanOrEqual(heldRows + 2 * changedRows);
    expect(textOf(build.rows)).toEqual(textOf((await folded(seen, [log])).rows));
  });
});

describe('a pass along the log', () => {
  const log = logOf(['1', '2', '3', '4'].map((code) => adopted(code)));
  /** A log that tells how often it was read, and waits at its second page. */
  const held = () => {
    const asked: (string | null)[] = [];
    const gate = new EventEmitter();
    const readAll = async function* (after: string | null) {
      asked.push(after);
      for await (const page of inPages(log, 1).readAll(after)) {
        if (page[0] === log[1] && asked.length === 1) {
          gate.emit('reached');
          await once(gate, 'go');
        }
        yield page;
      }
    };
    return { asked, gate, events: { readAll } };
  };

  it('takes along who comes before anything is written', async () => {
    const { asked, gate, events } = held();
    const pass = new Pass(events);
    const reached = once(gate, 'reached');
    const all = [pass.fold(target(seen))];
    await reached;
    all.push(pass.fold(target(seen)), pass.fold(target(seen)));
    gate.emit('go');
    expect(await Promise.all(all)).toEqual([4, 4, 4]);
    expect(asked).toEqual([null, null]);
  });

  it('tells one of its failure while the others go on', async () => {
    const { gate, events } = held();
    const pass = new Pass(events);
    const reached = once(gate, 'reached');
    const reason = new Error('the process stops');
    const ending = pass.fold({ ...target(seen), onPage: async () => Promise.reject(reason) });
    const going = pass.fold(target(seen));
    await expect(ending).rejects.toBe(reason);
    await reached;
    gate.emit('go');
    expect(await going).toBe(4);
  });

  it('tells each of its own failure, also when the log cannot be read, and can be begun again', async () => {
    let broken = true;
    const reason = new Error('the store is away');
    const pass = new Pass({
      readAll: (after) => {
        if (broken) throw reason;
        return inPages(log, 2).readAll(after);
      },
    });
    const failed = await Promise.allSettled([pass.fold(target(seen)), pass.fold(target(seen))]);
    expect(failed).toEqual([
      { status: 'rejected', reason },
      { status: 'rejected', reason },
    ]);
    broken = false;
    const onPage = async () => Promise.reject(reason);
    const [ending, going] = [pass.fold({ ...target(seen), onPage }), pass.fold(target(seen))];
    await expect(ending).rejects.toBe(reason);
    expect(await going).toBe(4);
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

const target = (one: Projection, build = memoryBuild()) => ({ projection: one, build, onFault: refuse });
