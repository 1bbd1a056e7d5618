import { describe, expect, it } from '@jest/globals';
import { ledgers, type TestLedger } from '../support/ledger.js';
import { apply, merger, preview, revoke, sweep } from './decreeing.js';
import { adopt, assignTo, found, KHCN, PLAN, TTTT } from './world.js';

const open = ledgers();

/** A province in which an agency leads so many indicators, opened anew: no state is kept. */
const holding = async (
  subjects: number,
  decided: (ledger: TestLedger) => Promise<unknown>,
): Promise<TestLedger> => {
  const { folder, order, ...ledger } = await open();
  await found(order);
  for (let n = 0; n < subjects; n++) {
    const id = `${PLAN}/9.${n}`;
    await order.indicator(id, adopt(`9.${n}`));
    await order.indicator(id, assignTo(id, [TTTT]));
  }
  await decided({ folder, order, ...ledger });
  await ledger.close();
  const again = await open({ folder });
  await again.settled();
  return again;
};

/** How many turns of the event loop others get meanwhile. */
const turnsDuring = async (work: Promise<unknown>): Promise<number> => {
  let turns = 0;
  let isOver = false;
  const turn = () => {
    turns += 1;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  await work;
  isOver = true;
  return turns;
};

const MERGER = merger(TTTT, KHCN, '2025-03-01');

describe('others get their turn, the more often the more an agency holds,', () => {
  it.each<[string, (ledger: TestLedger) => Promise<unknown>, (ledger: TestLedger) => Promise<unknown>]>([
    ['during a preview', async () => undefined, (ledger) => preview(ledger, MERGER)],
    [
      'during a sweep that looks whether a revoked decree left anything',
      async (ledger) => {
        await apply(ledger, MERGER);
        await revoke(ledger, MERGER.reorganizationId, '2025-06-01');
        await sweep(ledger);
      },
      sweep,
    ],
  ])('%s', async (_, decided, work) => {
    const [few, many] = [20, 100];
    const turns = async (subjects: number) => turnsDuring(work(await holding(subjects, decided)));
    expect((await turns(many)) - (await turns(few))).toBeGreaterThanOrEqual((many - few) / 20);
  });
});
