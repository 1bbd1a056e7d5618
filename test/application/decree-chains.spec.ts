import { describe, expect, it } from '@jest/globals';
import { membersAt, nameAt } from '../../src/domain/agency/agency.js';
import { absenceOn } from '../../src/domain/given.js';
import type { AssignmentEvent } from '../../src/domain/indicator/events.js';
import type { Decree } from '../../src/domain/reorganization/events.js';
import type { TestLedger } from '../support/ledger.js';
import {
  agencyOf,
  all,
  apply,
  decree,
  dissolve,
  leadsOf,
  merger,
  preview,
  regroup,
  revoke,
  sweep,
  toldOf,
  transfers,
  undo,
} from './decreeing.js';
import {
  assignTo,
  BASIS,
  COLLECTIVE,
  establish,
  FIRST,
  KHCN,
  PLAN,
  provinces,
  SECOND,
  TAI_CHINH,
  TTTT,
  XAY_DUNG,
} from './world.js';

const province = provinces();
const why = { reason: 'thôi', legalBasis: BASIS };

const small = async (): Promise<TestLedger> => {
  const ledger = await province();
  await ledger.order.agency('vp-ubnd', establish('vp-ubnd'));
  return ledger;
};

const collective = ({ order }: TestLedger, agencyId: string, members: string[]) =>
  order.agency(agencyId, {
    type: 'DefineAgencyGroup',
    data: {
      ...{ agencyId, name: agencyId, shortName: null, level: 'province', members, effectiveOn: '2025-01-01' },
    },
  });

const dissolving = (from: string, into: string, effectiveOn: string): Decree =>
  merger(from, into, effectiveOn, {
    ...{ reorganizationId: 'giai-the', kind: 'dissolve', predecessors: [from], successors: [into] },
  });

const renaming = (reorganizationId: string, name: string, effectiveOn: string): Decree =>
  merger(KHCN, KHCN, effectiveOn, {
    ...{ reorganizationId, kind: 'rename', predecessors: [KHCN], successors: [KHCN], allocations: [] },
    renaming: { name, shortName: null },
  });

describe('decrees one after the other, all revoked', () => {
  it.each([
    ['first', ['mot', 'hai'], 'Sở Hai'],
    ['last', ['hai', 'mot'], 'Sở Một'],
  ] as const)('give back members and names, the %s one revoked first', async (_, order, between) => {
    const ledger = await small();
    await apply(ledger, merger(TTTT, TAI_CHINH, '2025-03-01', { reorganizationId: 'mot' }));
    await apply(ledger, merger(TAI_CHINH, XAY_DUNG, '2025-04-01', { reorganizationId: 'hai' }));
    await apply(ledger, renaming('mot-ten', 'Sở Một', '2025-03-01'));
    await apply(ledger, renaming('hai-ten', 'Sở Hai', '2025-04-01'));
    const group = async (day: string) => membersAt(await agencyOf(ledger, COLLECTIVE), day);
    expect(await group('2025-04-01')).toEqual([KHCN, XAY_DUNG]);
    const days = ['2025-06-01', '2025-07-01'];
    for (const [index, id] of order.entries()) {
      await undo(ledger, id, days[index] as string);
      await undo(ledger, `${id}-ten`, days[index] as string);
    }
    expect([...(await group('2025-07-01'))].sort()).toEqual([KHCN, TTTT].sort());
    const agency = await agencyOf(ledger, KHCN);
    expect(days.map((day) => nameAt(agency, day).name)).toEqual([between, KHCN]);
  });

  it('give back the members that one of them took, where another of that day stands', async () => {
    const ledger = await small();
    await regroup(ledger, [KHCN, TTTT, XAY_DUNG], '2025-02-01');
    await apply(ledger, merger(TTTT, TAI_CHINH, '2025-03-01', { reorganizationId: 'mot' }));
    await apply(ledger, merger(XAY_DUNG, TAI_CHINH, '2025-03-01', { reorganizationId: 'hai' }));
    await regroup(ledger, [KHCN, TAI_CHINH, 'vp-ubnd'], '2025-04-01');
    const group = async (day: string) => membersAt(await agencyOf(ledger, COLLECTIVE), day);
    expect(await group('2025-03-31')).toEqual([KHCN, TAI_CHINH]);
    await undo(ledger, 'mot', '2025-06-01');
    expect(await group('2025-05-31')).toEqual([KHCN, TAI_CHINH, 'vp-ubnd']);
    expect([...(await group('2025-06-01'))].sort()).toEqual([KHCN, TAI_CHINH, TTTT, 'vp-ubnd'].sort());
    const head = await ledger.events.head();
    await sweep(ledger);
    expect(await ledger.events.head()).toBe(head);
  });

  it('leave alone the members that had been stated for a later day before they were made', async () => {
    const ledger = await small();
    await regroup(ledger, [KHCN, XAY_DUNG], '2026-01-01');
    await apply(ledger, dissolving(TTTT, XAY_DUNG, '2025-06-15'));
    await undo(ledger, 'giai-the', '2025-06-15');
    const group = async (day: string) => membersAt(await agencyOf(ledger, COLLECTIVE), day);
    expect([...(await group('2025-12-31'))].sort()).toEqual([KHCN, TTTT].sort());
    expect(await group('2026-01-01')).toEqual([KHCN, XAY_DUNG]);
  });

  it('leave alone who had been named for a later day before they were made', async () => {
    const ledger = await small();
    await ledger.order.indicator(FIRST, assignTo(FIRST, [XAY_DUNG], { effectiveOn: '2026-01-01' }));
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT], { effectiveOn: '2025-06-01' }));
    await apply(ledger, dissolving(TTTT, XAY_DUNG, '2025-06-15'));
    await undo(ledger, 'giai-the', '2025-06-15');
    expect(await leadsOf(ledger, FIRST, '2025-06-15')).toEqual([TTTT]);
    expect(await leadsOf(ledger, FIRST, '2026-01-01')).toEqual([XAY_DUNG]);
  });

  it('say what moved from who really held it, also where another was given back before', async () => {
    const ledger = await small();
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT]));
    const handOver = (id: string, from: string, to: string, effectiveOn: string) =>
      merger(from, to, effectiveOn, {
        ...{ reorganizationId: id, kind: 'transfer', predecessors: [from], successors: [to] },
      });
    await apply(ledger, handOver('mot', TTTT, KHCN, '2025-02-01'));
    await apply(ledger, handOver('hai', KHCN, XAY_DUNG, '2025-03-01'));
    await undo(ledger, 'hai', '2025-06-01');
    await undo(ledger, 'mot', '2025-06-01');
    const moved = transfers(await ledger.log()).map(({ data }) => (data as AssignmentEvent['data']).moves);
    expect(moved.slice(2)).toEqual([[{ from: XAY_DUNG, to: KHCN }], [{ from: KHCN, to: TTTT }]]);
  });

  const dissolved = async (): Promise<TestLedger> => {
    const ledger = await small();
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT, KHCN]));
    await apply(ledger, dissolving(TTTT, XAY_DUNG, '2025-03-01'));
    await undo(ledger, 'giai-the', '2025-06-01');
    return ledger;
  };

  it('are not given back anew where a late entry says who led before', async () => {
    const ledger = await dissolved();
    await ledger.order.indicator(FIRST, {
      type: 'ReleaseIndicator',
      data: { indicatorId: FIRST, role: 'lead', agencies: [TTTT], effectiveOn: '2025-02-01', ...why },
    });
    await sweep(ledger);
    expect(await leadsOf(ledger, FIRST, '2025-02-28')).toEqual([KHCN]);
    expect([...(await leadsOf(ledger, FIRST, '2025-03-01'))].sort()).toEqual([KHCN, XAY_DUNG]);
    expect([...(await leadsOf(ledger, FIRST, '2025-06-01'))].sort()).toEqual([KHCN, TTTT]);
  });

  it('move what a late entry leaves to who was not there while they were in force, and give it back', async () => {
    const ledger = await dissolved();
    await ledger.order.indicator(SECOND, assignTo(SECOND, [TTTT], { effectiveOn: '2025-02-01' }));
    await sweep(ledger);
    const days = ['2025-02-28', '2025-03-01', '2025-05-31', '2025-06-01'];
    const leads = await Promise.all(days.map((day) => leadsOf(ledger, SECOND, day)));
    expect(leads.flat()).toEqual([TTTT, XAY_DUNG, XAY_DUNG, TTTT]);
    const head = await ledger.events.head();
    await sweep(ledger);
    expect(await ledger.events.head()).toBe(head);
  });

  it('give back before an earlier decree looks at what they had moved', async () => {
    const ledger = await small();
    await apply(
      ledger,
      merger(XAY_DUNG, TAI_CHINH, '2025-01-15', {
        ...{ kind: 'transfer', predecessors: [XAY_DUNG], successors: [TAI_CHINH] },
      }),
    );
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT]));
    await apply(ledger, dissolving(TTTT, XAY_DUNG, '2025-03-01'));
    await undo(ledger, 'giai-the', '2025-03-01');
    expect(await leadsOf(ledger, FIRST, '2025-03-01')).toEqual([TTTT]);
  });

  it('tell what they changed and somebody stated anew since', async () => {
    const ledger = await small();
    await apply(ledger, merger(TTTT, TAI_CHINH, '2025-03-01', { reorganizationId: 'mot' }));
    await regroup(ledger, [KHCN, XAY_DUNG], '2025-04-01');
    await undo(ledger, 'mot', '2025-06-01');
    expect(membersAt(await agencyOf(ledger, COLLECTIVE), '2025-06-01')).toEqual([KHCN, XAY_DUNG]);
    expect((await toldOf(ledger, 'mot')).leftAlone).toEqual([
      { subject: { kind: 'agency', id: COLLECTIVE }, role: null, effectiveOn: '2025-03-01' },
    ]);
  });

  it.each([
    [
      'was dropped',
      ({ order }: TestLedger) =>
        order.indicator(FIRST, {
          type: 'DropIndicator',
          data: { indicatorId: FIRST, effectiveOn: '2025-05-01', ...why },
        }),
    ],
    [
      'is in a plan that was closed',
      ({ order }: TestLedger) =>
        order.plan(PLAN, { type: 'ClosePlan', data: { planId: PLAN, effectiveOn: '2025-05-01', ...why } }),
    ],
  ])('leave alone what %s meanwhile, and tell of it', async (_, end) => {
    const ledger = await small();
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT]));
    await apply(ledger, merger(TTTT, KHCN, '2025-03-01', { reorganizationId: 'mot' }));
    await end(ledger);
    await undo(ledger, 'mot', '2025-06-01');
    expect(transfers(await ledger.log())).toHaveLength(1);
    expect((await toldOf(ledger, 'mot')).leftAlone).toEqual([
      { subject: { kind: 'indicator', id: FIRST }, role: 'lead', effectiveOn: '2025-03-01' },
    ]);
  });

  const founding = (id: string, predecessors: string[], effectiveOn: string): Decree =>
    merger('', '', effectiveOn, {
      ...{ reorganizationId: id, kind: 'merge', predecessors, successors: ['so-moi'] },
      allocations: predecessors.map((agency) => all(agency, 'so-moi')),
      establishes: [{ agencyId: 'so-moi', name: 'Sở Mới', shortName: null, level: 'province' }],
    });

  it('end what the first of them established, and let it be established again', async () => {
    const ledger = await small();
    await apply(ledger, founding('mot', [TTTT, KHCN], '2025-03-01'));
    await apply(ledger, merger('so-moi', XAY_DUNG, '2025-04-01', { reorganizationId: 'hai' }));
    await undo(ledger, 'mot', '2025-06-01');
    await undo(ledger, 'hai', '2025-06-01');
    const isThere = async (day: string) => !absenceOn(await agencyOf(ledger, 'so-moi'), day);
    expect(await isThere('2025-06-01')).toBe(false);
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT], { effectiveOn: '2025-06-01' }));
    await apply(ledger, founding('ba', [TTTT, KHCN], '2025-07-01'));
    expect([await isThere('2025-06-30'), await isThere('2025-07-01')]).toEqual([false, true]);
    expect(await leadsOf(ledger, FIRST, '2025-07-01')).toEqual(['so-moi']);
    const head = await ledger.events.head();
    await sweep(ledger);
    expect(await ledger.events.head()).toBe(head);
    await expect(
      decree(ledger, {
        ...founding('bon', [XAY_DUNG, TAI_CHINH], '2025-08-01'),
      }),
    ).rejects.toMatchObject({ code: 'NotEstablishable' });
  });

  it('leave what one of them established to whoever another merged into it, until that is revoked too', async () => {
    const ledger = await small();
    await apply(ledger, founding('mot', [TTTT, KHCN], '2025-03-01'));
    await apply(ledger, merger(XAY_DUNG, 'so-moi', '2025-04-01', { reorganizationId: 'hai' }));
    const ends = async () => (await agencyOf(ledger, 'so-moi')).dissolutions.map((end) => end.effectiveOn);
    await undo(ledger, 'mot', '2025-06-01');
    expect(await ends()).toEqual([]);
    await undo(ledger, 'hai', '2025-07-01');
    expect(await ends()).toEqual(['2025-07-01']);
  });

  it('end an agency whose predecessor has ended since, and leave it to whoever came after that', async () => {
    const ledger = await small();
    await apply(ledger, {
      ...founding('mot', [TTTT], '2025-03-01'),
      kind: 'transfer',
    });
    await apply(ledger, merger(TTTT, XAY_DUNG, '2025-04-01', { reorganizationId: 'hai' }));
    await undo(ledger, 'mot', '2025-06-01');
    expect((await agencyOf(ledger, 'so-moi')).dissolutions).toMatchObject([
      { effectiveOn: '2025-06-01', successors: [XAY_DUNG] },
    ]);
  });
});

describe('a decree', () => {
  it('that leaves a member of a collective to another collective puts in the members of that', async () => {
    const ledger = await small();
    await collective(ledger, 'cac-xa', [XAY_DUNG, KHCN]);
    await apply(
      ledger,
      merger(TTTT, 'cac-xa', '2025-03-01', {
        kind: 'dissolve',
        predecessors: [TTTT],
        successors: ['cac-xa'],
      }),
    );
    expect((await toldOf(ledger, `${TTTT}-cac-xa`)).state).toBe('applied');
    expect(membersAt(await agencyOf(ledger, COLLECTIVE), '2025-03-01')).toEqual([KHCN, XAY_DUNG]);
  });

  it('that cannot be done is refused, as its preview is', async () => {
    const ledger = await small();
    await dissolve(ledger, XAY_DUNG, '2027-06-01');
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT]));
    await ledger.order.indicator(SECOND, assignTo(SECOND, [TTTT], { effectiveOn: '2027-07-01' }));
    const before = await ledger.log();
    const data = merger(TTTT, XAY_DUNG, '2026-01-01');
    for (const ask of [preview, decree])
      await expect(ask(ledger, data)).rejects.toMatchObject({ name: 'Rejected', field: 'moves' });
    expect(await ledger.log()).toEqual(before);
  });

  it('names in its allocations only what there is', async () => {
    const ledger = await small();
    for (const [scope, name] of [
      [{ kind: 'plan', planId: 'kh-khac' }, 'plan kh-khac'],
      [{ kind: 'section', planId: PLAN, section: 'IX' }, `section IX in ${PLAN}`],
      [{ kind: 'indicator', id: `${PLAN}/9` }, `indicator ${PLAN}/9`],
      [{ kind: 'task', id: FIRST }, `task ${FIRST}`],
    ] as const) {
      const part = { predecessor: TTTT, successor: KHCN, role: null, scope };
      const data = merger(TTTT, KHCN, '2025-03-01', { allocations: [all(TTTT, KHCN), part] });
      const refusal = {
        code: 'AllocationUnclear',
        field: 'allocations[1].scope',
        message: `There is no ${name}.`,
      };
      for (const ask of [preview, decree]) await expect(ask(ledger, data)).rejects.toMatchObject(refusal);
    }
  });

  it('moves what its preview says, and nothing that came to its predecessor by a later one', async () => {
    const ledger = await small();
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT]));
    await ledger.order.indicator(SECOND, assignTo(SECOND, [KHCN]));
    const handOver = (from: string, to: string, effectiveOn: string): Decree =>
      merger(from, to, effectiveOn, { kind: 'transfer', predecessors: [from], successors: [to] });
    await apply(ledger, handOver(TTTT, KHCN, '2025-06-01'));
    const data = handOver(KHCN, XAY_DUNG, '2025-03-01');
    const { plans } = await preview(ledger, data);
    const foreseen = plans.flatMap(({ moves }) =>
      moves.map(({ subject, effectiveOn }) => [subject.id, effectiveOn]),
    );
    const before = transfers(await ledger.log()).length;
    await apply(ledger, data);
    const moved = transfers(await ledger.log())
      .slice(before)
      .map(({ stream, data: said }) => [
        stream.slice('indicator-'.length),
        (said as { effectiveOn: string }).effectiveOn,
      ]);
    expect(foreseen).toEqual(moved);
    expect(moved).toEqual([[SECOND, '2025-03-01']]);
  });

  it('leaves nothing to who had left it to its predecessor, be it for the days of a revoked decree', async () => {
    const ledger = await small();
    await apply(ledger, merger(XAY_DUNG, TAI_CHINH, '2025-07-01'));
    await revoke(ledger, `${XAY_DUNG}-${TAI_CHINH}`, '2027-01-01');
    await sweep(ledger);
    const refusal = {
      code: 'Cycle',
      message: `${TAI_CHINH} → ${XAY_DUNG} → ${TAI_CHINH}: on 2025-07-01 they come after one another, and nobody goes on.`,
    };
    for (const ask of [preview, decree])
      await expect(ask(ledger, merger(TAI_CHINH, XAY_DUNG, '2025-03-01'))).rejects.toMatchObject(refusal);
    await apply(ledger, merger(TAI_CHINH, XAY_DUNG, '2027-01-01'));
  });

  it('leaves with its predecessor what comes to that as the heir of another’s successor', async () => {
    const ledger = await small();
    await decree(
      ledger,
      merger(TTTT, KHCN, '2026-01-01', {
        ...{ kind: 'transfer', predecessors: [TTTT, TAI_CHINH], successors: [KHCN, XAY_DUNG] },
        allocations: [all(TTTT, KHCN), all(TAI_CHINH, XAY_DUNG)],
      }),
    );
    await decree(ledger, merger(KHCN, TAI_CHINH, '2025-10-01'));
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT]));
    await sweep(ledger);
    expect(await leadsOf(ledger, FIRST, '2026-01-01')).toEqual([TAI_CHINH]);
  });

  it('is looked for behind those that an agency without a decree is left to', async () => {
    const ledger = await small();
    await dissolve(ledger, XAY_DUNG, '2025-07-01', [TAI_CHINH]);
    await dissolve(ledger, TAI_CHINH, '2025-09-01', ['vp-ubnd']);
    await expect(dissolve(ledger, 'vp-ubnd', '2025-03-01', [XAY_DUNG])).rejects.toMatchObject({
      code: 'Cycle',
      message: `vp-ubnd → ${XAY_DUNG} → ${TAI_CHINH} → vp-ubnd: on 2025-09-01 they come after one another, and nobody goes on.`,
    });
  });
});
