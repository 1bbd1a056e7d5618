import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type RebuildProgress, reporting } from '../../src/application/reporting.js';
import { PROJECTIONS } from '../../src/ledger.js';
import { BuildGone, type ReadModels } from '../../src/ports/read-models.js';
import { happen, histories } from '../application/history.js';
import { ALONE, found, PLAN, target } from '../application/world.js';
import { delivering, pagesOf } from '../support/delivering.js';
import { ledgers, type TestLedger } from '../support/ledger.js';
import { adopted } from './events.js';
import { folded, followers, liveRows, logOf, textOf } from './support.js';

const follow = followers();
const open = ledgers();

const rowsOf = async ({ models }: TestLedger): Promise<Map<string, string[]>> => {
  const rows = new Map<string, string[]>();
  for (const projection of PROJECTIONS) rows.set(projection.name, textOf(await liveRows(models, projection)));
  return rows;
};

/** Read models where somebody looks whenever a fresh build was written to. */
const watched = (models: ReadModels, look: () => Promise<void>): ReadModels => ({
  live: (...all) => models.live(...all),
  async fresh(collection) {
    const build = await models.fresh(collection);
    const commit = build.commit.bind(build);
    build.commit = async (...all) => {
      await commit(...all);
      await look();
    };
    return build;
  },
  prepare: (build) => models.prepare(build),
  activate: (...all) => models.activate(...all),
  get: (...all) => models.get(...all),
  getMany: (...all) => models.getMany(...all),
  find: (...all) => models.find(...all),
  keys: (...all) => models.keys(...all),
  count: (...all) => models.count(...all),
  checkpoints: (...all) => models.checkpoints(...all),
  faults: (...all) => models.faults(...all),
  close: () => models.close(),
});

describe('rows are what the log makes of them', () => {
  it('live rows equal those of a fresh rebuild, also when commands go on meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(histories(), histories({ min: 5, max: 10 }), async (before, meanwhile) => {
        const ledger = await open();
        await found(ledger.order);
        await happen(before, ledger.order, ledger.clock);
        await ledger.settled();
        const live = await rowsOf(ledger);
        for (const name of ledger.projector.names()) await ledger.projector.rebuild(name);
        expect(await rowsOf(ledger)).toEqual(live);

        const [going] = await Promise.all([
          happen(meanwhile, ledger.order, ledger.clock),
          ...ledger.projector.names().map((name) => ledger.projector.rebuild(name)),
        ]);
        expect(going).toBeUndefined();
        await ledger.settled();
        const rebuiltMeanwhile = await rowsOf(ledger);
        for (const name of ledger.projector.names()) await ledger.projector.rebuild(name);
        expect(await rowsOf(ledger)).toEqual(rebuiltMeanwhile);
        await ledger.close();
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });

  it('an event delivered twice, and a page delivered again, changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(histories(), fc.integer({ min: 1, max: 30 }), async (steps, size) => {
        const ledger = await open();
        await found(ledger.order);
        await happen(steps, ledger.order, ledger.clock);
        const log = await ledger.log();
        await ledger.close();
        for (const projection of PROJECTIONS) {
          const once = textOf((await folded(projection, [log])).rows);
          const pages = pagesOf(log, size);
          const twiceEach = pages.map((page) => page.flatMap((event) => [event, event]));
          const pagesTwice = pages.flatMap((page) => [page, page]);
          const allAgain = [...pages, log];
          for (const delivered of [pages, twiceEach, pagesTwice, allAgain]) {
            const { rows, faults } = await folded(projection, delivered);
            expect(faults).toEqual([]);
            expect(textOf(rows)).toEqual(once);
          }
        }
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });

  it('go on from their checkpoints after the ledger was closed', async () => {
    const ledger = await open();
    await found(ledger.order);
    await ledger.close();
    const again = await open({ folder: ledger.folder });
    await again.order.indicator(ALONE, target(ALONE, '≥ 80'));
    await again.settled();
    const live = await rowsOf(again);
    for (const name of again.projector.names()) await again.projector.rebuild(name);
    expect(await rowsOf(again)).toEqual(live);
  });
});

describe('a rebuild', () => {
  it('is never seen half-built', async () => {
    const ledger = await open();
    await found(ledger.order);
    await ledger.settled();
    const whole = await rowsOf(ledger);
    const seen: string[][] = [];
    for (const projection of PROJECTIONS) {
      const look = async () => {
        const rows = textOf(await liveRows(ledger.models, projection));
        expect(rows).toEqual(whole.get(projection.name));
        seen.push(rows);
      };
      const { projector } = await follow(
        delivering(ledger.events, { size: 3, beforeRead: look }),
        watched(ledger.models, look),
        [projection],
      );
      await projector.rebuild(projection.name);
      await look();
    }
    const pages = Math.ceil((await ledger.log()).length / 3);
    // Before each page, when the rows were written, and when they were switched in.
    expect(seen.length).toBe((pages + 2) * PROJECTIONS.length);
  });

  it('says how far it is, and is over when it has switched', async () => {
    const ledger = await open();
    await found(ledger.order);
    const said: number[] = [];
    await ledger.projector.rebuild('plan-overview.v2', ({ done }) => said.push(done));
    expect(said.at(-1)).toBe((await ledger.log()).length);
    expect(await ledger.questions.facts.plan(PLAN, { known: undefined })).toMatchObject({
      indicators: 4,
      tasks: 1,
    });
  });

  it('leaves nothing of what an earlier release read', async () => {
    const ledger = await open();
    await found(ledger.order);
    await ledger.settled();
    const left = await ledger.models.live({ name: 'audit-trail.v0', fields: [] });
    await ledger.projector.rebuild('plan-overview.v2');
    await expect(left.checkpoint()).rejects.toThrow(BuildGone);
  });

  it('of what does not exist is refused', async () => {
    const ledger = await open();
    await expect(ledger.projector.rebuild('nothing.v1')).rejects.toThrow('no projection nothing.v1');
  });
});

describe('the progress of a rebuild', () => {
  it('counts no event twice, however often a pass is begun anew', async () => {
    const log = logOf(['1', '2', '3', '4'].map((code) => adopted(code)));
    const told: RebuildProgress[] = [];
    const head = async () => log.at(-1)?.position ?? null;
    const report = await reporting({ head }, (progress) => told.push(progress));
    for (const [from, to] of [
      [0, 2],
      [0, 2],
      [0, 2],
      [2, 4],
    ])
      await report(log.slice(from, to));
    expect(told.map(({ done }) => done)).toEqual([2, 2, 2, 4]);
    expect(told.at(-1)?.secondsLeft).toBe(0);
  });
});
