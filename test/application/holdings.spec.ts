import { describe, expect, it } from '@jest/globals';
import { holdingsOf } from '../../src/application/holdings.js';
import type { TestLedger } from '../support/ledger.js';
import { dissolve, regroup } from './decreeing.js';
import { assignTo, COLLECTIVE, FIRST, KHCN, moveTo, provinces, SECOND, TTTT, XAY_DUNG } from './world.js';

const small = provinces();

const asked = (ledger: TestLedger, days: readonly string[]) =>
  Promise.all(days.map((day) => holdingsOf(ledger, ledger.questions)(TTTT, day)));

describe('what an agency holds before it is dissolved', () => {
  it('is every role of its own on the day or later, as soon as it is recorded', async () => {
    const ledger = await small();
    const { indicator } = ledger.order;
    await indicator(FIRST, assignTo(FIRST, [TTTT]));
    await indicator(FIRST, moveTo(FIRST, TTTT, KHCN, '2025-04-01'));
    await indicator(SECOND, assignTo(SECOND, [TTTT], { role: 'coordinating', effectiveOn: '2025-05-01' }));
    const found = await asked(ledger, ['2025-03-31', '2025-04-01', '2025-05-01']);
    expect(found.map(({ holdings }) => holdings)).toEqual([2, 1, 1]);
  });

  it('is also its place in the collectives that live on the day and name it then or later', async () => {
    const ledger = await small();
    await regroup(ledger, [KHCN], '2025-04-01');
    await regroup(ledger, [KHCN, TTTT], '2026-01-01');
    await regroup(ledger, [KHCN, XAY_DUNG], '2026-02-01');
    const days = ['2025-03-31', '2025-04-01', '2026-01-31', '2026-02-01'];
    const found = await asked(ledger, days);
    expect(found.map(({ memberOf }) => memberOf)).toEqual([[COLLECTIVE], [COLLECTIVE], [COLLECTIVE], []]);
    await dissolve(ledger, COLLECTIVE, '2025-04-01');
    const left = await asked(ledger, ['2025-03-31', '2025-04-01']);
    expect(left.map(({ memberOf }) => memberOf)).toEqual([[COLLECTIVE], []]);
  });
});
