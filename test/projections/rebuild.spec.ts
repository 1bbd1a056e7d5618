import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Projection } from '../../projections/projection.js';
import { PROJECTIONS } from '../../src/ledger.js';
import type { RecordedEvent } from '../../src/ports/event-store.js';
import { happen, histories } from '../application/history.js';
import { ALONE, found, PLAN, target } from '../application/world.js';
import { ledgers, type TestLedger } from '../support/ledger.js';
import { folded, liveRows, textOf } from './support.js';

const open = ledgers();

const rowsOf = async ({ models }: TestLedger): Promise<Map<string, string[]>> => {
  const rows = new Map<string, string[]>();
  for (const projection of PROJECTIONS) rows.set(projection.name, textOf(await liveRows(models, projection)));
  return rows;
};

const pagesOf = (events: readonly RecordedEvent[], size: number): RecordedEvent[][] =>
  Array.from({ length: Math.ceil(events.length / size) }, (_, n) => events.slice(n * size, (n + 1) * size));

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
      { numRuns: 12 },
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
      { numRuns: 12 },
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
    for (let n = 1; n <= 40; n += 1)
      await ledger.order.indicator(ALONE, target(ALONE, `≥ ${n}`, { effectiveOn: '2025-02-01' }));
    await ledger.settled();
    const [indicatorStatus] = PROJECTIONS.filter(({ name }) => name === 'indicator-status.v1') as [
      Projection,
    ];
    const whole = textOf(await liveRows(ledger.models, indicatorStatus));
    const seen: string[][] = [];
    let building = true;
    const reading = (async () => {
      while (building) {
        seen.push(textOf(await liveRows(ledger.models, indicatorStatus)));
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    for (let n = 0; n < 5; n += 1) await ledger.projector.rebuild(indicatorStatus.name);
    building = false;
    await reading;
    expect(seen.length).toBeGreaterThan(5);
    for (const rows of seen) expect(rows).toEqual(whole);
    expect(whole.length).toBe(4);
  });

  it('says how far it is, and is over when it has switched', async () => {
    const ledger = await open();
    await found(ledger.order);
    const said: number[] = [];
    await ledger.projector.rebuild('plan-overview.v1', ({ done }) => said.push(done));
    expect(said.at(-1)).toBe((await ledger.log()).length);
    expect(ledger.projector.rebuilding('plan-overview.v1')).toBeNull();
    expect(await ledger.questions.facts.plan(PLAN, { known: undefined })).toMatchObject({
      indicators: 4,
      tasks: 1,
    });
  });

  it('of what does not exist is refused', async () => {
    const ledger = await open();
    await expect(ledger.projector.rebuild('nothing.v1')).rejects.toThrow('no projection nothing.v1');
  });
});
