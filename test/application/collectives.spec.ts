import { describe, expect, it } from '@jest/globals';
import { membersAt } from '../../src/domain/agency/agency.js';
import type { TestLedger } from '../support/ledger.js';
import { agencyOf, apply, dissolve, merger, regroup, toldOf } from './decreeing.js';
import { assignTo, COLLECTIVE, FIRST, KHCN, provinces, TAI_CHINH, TTTT, XAY_DUNG } from './world.js';

const small = provinces();

const membersOn = async (ledger: TestLedger, id: string, day: string) =>
  membersAt(await agencyOf(ledger, id), day);

const MERGER = merger(TTTT, KHCN, '2025-03-01');

describe('a decree that ends a member of a collective', () => {
  it('leaves the collective as it was where that has ended before', async () => {
    const ledger = await small();
    await dissolve(ledger, COLLECTIVE, '2025-02-01');
    await apply(ledger, MERGER);
    expect((await toldOf(ledger, MERGER.reorganizationId)).state).toBe('applied');
    expect(await membersOn(ledger, COLLECTIVE, '2025-03-01')).toEqual([KHCN, TTTT]);
  });

  it('takes it out of what is stated for later days, too', async () => {
    const ledger = await small();
    await regroup(ledger, [TTTT, XAY_DUNG], '2026-01-01');
    await apply(ledger, MERGER);
    expect(await membersOn(ledger, COLLECTIVE, '2025-12-31')).toEqual([KHCN]);
    expect(await membersOn(ledger, COLLECTIVE, '2026-01-01')).toEqual([KHCN, XAY_DUNG]);
  });

  it('takes it out of the collective that it is left to', async () => {
    const ledger = await small();
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT]));
    await apply(ledger, {
      ...merger(TTTT, COLLECTIVE, '2025-03-01'),
      ...{ kind: 'dissolve', predecessors: [TTTT], successors: [COLLECTIVE] },
    });
    expect(await membersOn(ledger, COLLECTIVE, '2025-03-01')).toEqual([KHCN]);
  });

  it('takes out with it whoever had ended by then with nobody to follow', async () => {
    const ledger = await small();
    await dissolve(ledger, TAI_CHINH, '2025-02-01');
    const group = { agencyId: 'cac-don-vi', name: 'Các đơn vị', shortName: null, level: 'province' } as const;
    await ledger.order.agency(group.agencyId, {
      type: 'DefineAgencyGroup',
      data: { ...group, members: [TAI_CHINH, TTTT, XAY_DUNG], effectiveOn: '2025-01-01' },
    });
    await apply(ledger, MERGER);
    expect(await membersOn(ledger, group.agencyId, '2025-02-28')).toEqual([TAI_CHINH, TTTT, XAY_DUNG]);
    expect(await membersOn(ledger, group.agencyId, '2025-03-01')).toEqual([KHCN, XAY_DUNG]);
  });
});
