import { describe, expect, it } from '@jest/globals';
import { membersAt } from '../../src/domain/agency/agency.js';
import { ledgers, type TestLedger } from '../support/ledger.js';
import { agencyOf, all, apply, decree, leadTask, merger, preview, regroup } from './decreeing.js';
import {
  ALONE,
  assignTo,
  BASIS,
  COLLECTIVE,
  establish,
  FIRST,
  found,
  GROUP,
  KHCN,
  moveTo,
  SECOND,
  TAI_CHINH,
  TASK,
  TTTT,
  XAY_DUNG,
} from './world.js';

const open = ledgers();

const DAY = '2026-01-01';

/** The collective of Sở KH&CN and Sở TTTT leads one indicator, Sở TTTT another. */
const province = async (): Promise<TestLedger> => {
  const ledger = await open();
  await found(ledger.order);
  await ledger.order.agency('vp-ubnd', establish('vp-ubnd'));
  await ledger.order.indicator(FIRST, assignTo(FIRST, [COLLECTIVE]));
  await ledger.order.indicator(SECOND, assignTo(SECOND, [TTTT]));
  await ledger.order.indicator(ALONE, assignTo(ALONE, [XAY_DUNG]));
  return ledger;
};

describe('the preview of a decree', () => {
  it('tells who comes into a collective and who leaves it, and counts what the collective leads', async () => {
    const ledger = await province();
    const data = merger(TTTT, TAI_CHINH, DAY);
    const { collectives, reporting } = await preview(ledger, data);
    expect(collectives).toEqual([
      { group: COLLECTIVE, effectiveOn: DAY, leaves: [TTTT], joins: [TAI_CHINH], leads: 1 },
    ]);
    expect(reporting).toEqual([
      { agency: TAI_CHINH, gains: 2, handsOver: 0, from: DAY },
      { agency: TTTT, gains: 0, handsOver: 2, from: DAY },
    ]);
  });

  it('counts once what an agency leads itself and through a collective', async () => {
    const ledger = await province();
    await ledger.order.indicator(FIRST, assignTo(FIRST, [COLLECTIVE, TAI_CHINH]));
    const { reporting } = await preview(ledger, merger(TTTT, TAI_CHINH, DAY));
    expect(reporting).toEqual([
      { agency: TAI_CHINH, gains: 1, handsOver: 0, from: DAY },
      { agency: TTTT, gains: 0, handsOver: 2, from: DAY },
    ]);
  });

  it('tells also which coordinating role ends with it: who comes to lead leaves that', async () => {
    const ledger = await province();
    await ledger.order.indicator(SECOND, assignTo(SECOND, [TAI_CHINH], { role: 'coordinating' }));
    const data = merger(TTTT, TAI_CHINH, DAY);
    const { plans } = await preview(ledger, data);
    const told = plans.flatMap(({ moves }) =>
      moves.map(({ subject, role, moves }) => [subject.id, role, moves]),
    );
    await apply(ledger, data);
    const { id } = (await ledger.log()).find(({ type }) => type === 'ReorganizationDecreed') ?? { id: '' };
    const done = (await ledger.log()).flatMap(({ metadata, data }) => {
      const { subject, role, moves } = data as { subject?: { id: string }; role?: string; moves?: unknown };
      return metadata.causationId === id && subject ? [[subject.id, role, moves]] : [];
    });
    expect(told).toEqual(done);
    expect(told).toContainEqual([SECOND, 'coordinating', [{ from: TAI_CHINH, to: null }]]);
  });

  it('of a split that is not finished lists what is still to be allocated', async () => {
    const ledger = await province();
    await ledger.order.indicator(ALONE, assignTo(ALONE, [TTTT]));
    const data = merger(TTTT, KHCN, DAY, {
      kind: 'split',
      predecessors: [TTTT],
      successors: [KHCN, XAY_DUNG],
    });
    const only = { ...all(TTTT, XAY_DUNG), scope: { kind: 'indicator', id: ALONE } } as const;
    const { unallocated } = await preview(ledger, { ...data, allocations: [only] });
    expect(unallocated.map(({ subject }) => subject.id)).toEqual([SECOND]);
  });

  it('is refused where a decree of that id is there, as the decree would be', async () => {
    const ledger = await province();
    await apply(ledger, merger(TTTT, TAI_CHINH, DAY));
    const other = merger(XAY_DUNG, KHCN, DAY, { reorganizationId: `${TTTT}-${TAI_CHINH}` });
    await expect(preview(ledger, other)).rejects.toMatchObject({ code: 'ReorganizationExists' });
    await expect(decree(ledger, other)).rejects.toMatchObject({ code: 'ReorganizationExists' });
  });

  it('lets nobody join where the successor is a member already', async () => {
    const ledger = await province();
    const { collectives, reporting } = await preview(ledger, merger(TTTT, KHCN, DAY));
    expect(collectives).toMatchObject([{ leaves: [TTTT], joins: [] }]);
    expect(reporting).toEqual([
      { agency: KHCN, gains: 1, handsOver: 0, from: DAY },
      { agency: TTTT, gains: 0, handsOver: 2, from: DAY },
    ]);
  });

  it('tells of no collective that the decree leaves as it is', async () => {
    const ledger = await province();
    const data = merger(TTTT, TAI_CHINH, DAY, { kind: 'transfer', predecessors: [TTTT] });
    const { collectives, reporting } = await preview(ledger, { ...data, successors: [TAI_CHINH] });
    expect(collectives).toEqual([]);
    expect(reporting).toEqual([
      { agency: TAI_CHINH, gains: 1, handsOver: 0, from: DAY },
      { agency: TTTT, gains: 0, handsOver: 1, from: DAY },
    ]);
  });

  it('tells what the members of a collective that ends hand over', async () => {
    const ledger = await province();
    const { collectives, reporting } = await preview(ledger, merger(COLLECTIVE, XAY_DUNG, DAY));
    expect(collectives).toEqual([]);
    expect(reporting).toEqual(
      [
        ...[COLLECTIVE, KHCN].map((agency) => ({ agency, gains: 0, handsOver: 1, from: DAY })),
        { agency: TTTT, gains: 0, handsOver: 1, from: DAY },
        { agency: XAY_DUNG, gains: 1, handsOver: 0, from: DAY },
      ].sort((one, other) => (one.agency < other.agency ? -1 : 1)),
    );
  });

  it('lists what is left over of who ends, on its day or later, and for which the decree is refused', async () => {
    const ledger = await open();
    await found(ledger.order);
    const { indicator } = ledger.order;
    const day = '2025-03-01';
    await indicator(FIRST, assignTo(FIRST, [TTTT]));
    // Led until before that day, and coordinated since.
    await indicator(SECOND, assignTo(SECOND, [TTTT]));
    await indicator(SECOND, moveTo(SECOND, TTTT, XAY_DUNG, '2025-02-01'));
    await indicator(SECOND, assignTo(SECOND, [TTTT], { role: 'coordinating', effectiveOn: '2025-02-01' }));
    // Led on that day only.
    await indicator(ALONE, assignTo(ALONE, [TTTT], { effectiveOn: day }));
    await indicator(ALONE, moveTo(ALONE, TTTT, XAY_DUNG, '2025-03-02'));
    await indicator(GROUP, assignTo(GROUP, [TTTT]));
    await indicator(GROUP, {
      type: 'DropIndicator',
      data: { indicatorId: GROUP, effectiveOn: day, reason: 'thôi', legalBasis: BASIS },
    });
    await leadTask(ledger, TTTT, '2025-06-01');
    const data = merger(TTTT, KHCN, day, {
      ...{ kind: 'dissolve', predecessors: [TTTT], successors: [KHCN] },
      allocations: [{ ...all(TTTT, KHCN), scope: { kind: 'indicator', id: FIRST } }],
    });
    const left = [
      { subject: { kind: 'indicator', id: SECOND }, role: 'coordinating', agency: TTTT },
      { subject: { kind: 'indicator', id: ALONE }, role: 'lead', agency: TTTT },
      { subject: { kind: 'task', id: TASK }, role: 'lead', agency: TTTT },
    ];
    await expect(decree(ledger, data)).rejects.toMatchObject({
      code: 'Unallocated',
      message: `Nobody takes over: ${left.map(({ subject, role }) => `${subject.id} (${role} of ${TTTT})`).join(', ')}.`,
    });
    expect((await preview(ledger, data)).unallocated).toEqual(left);
  });

  it.each([
    ['somebody that was there', merger(TTTT, TAI_CHINH, DAY)],
    [
      'whom the decree establishes',
      merger(TTTT, 'so-moi', DAY, {
        ...{ predecessors: [TTTT, XAY_DUNG], successors: ['so-moi'] },
        establishes: [{ agencyId: 'so-moi', name: 'Sở Mới', shortName: null, level: 'province' }],
        allocations: [all(TTTT, 'so-moi'), all(XAY_DUNG, 'so-moi')],
      }),
    ],
    [
      'one for most and another for the rest',
      merger(TTTT, TAI_CHINH, DAY, {
        ...{ kind: 'dissolve', predecessors: [TTTT], successors: [TAI_CHINH, XAY_DUNG] },
        allocations: [
          all(TTTT, TAI_CHINH),
          { ...all(TTTT, XAY_DUNG), scope: { kind: 'indicator', id: SECOND } },
        ],
      }),
    ],
  ] as const)('says of the collectives what the decree does, for %s', async (_, data) => {
    const ledger = await province();
    // Two entries of one day: the last recorded holds.
    for (const other of [TAI_CHINH, XAY_DUNG]) await regroup(ledger, [TTTT, other], '2026-03-01');
    const days = [DAY, '2026-03-01'];
    const members = async () => {
      const group = await agencyOf(ledger, COLLECTIVE);
      return days.map((day) => membersAt(group, day));
    };
    const before = await members();
    const { collectives } = await preview(ledger, data);
    await apply(ledger, data);
    const after = await members();
    expect(collectives.map(({ effectiveOn }) => effectiveOn)).toEqual(days);
    for (const [index, { leaves, joins }] of collectives.entries()) {
      const [then, now] = [before[index] ?? [], after[index] ?? []];
      expect(leaves).toEqual(then.filter((agency) => !now.includes(agency)));
      expect(joins).toEqual(now.filter((agency) => !then.includes(agency)));
    }
  });
});
