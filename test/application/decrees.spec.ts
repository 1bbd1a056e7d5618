import { describe, expect, it } from '@jest/globals';
import { Heirs } from '../../src/application/heirs.js';
import { PortfolioHandler, PortfolioQuery } from '../../src/application/queries/agencies.js';
import { Reader } from '../../src/application/reader.js';
import { MEMBERSHIP } from '../../src/application/reorganization/affected.js';
import { membersAt, nameAt } from '../../src/domain/agency/agency.js';
import type { Decree } from '../../src/domain/reorganization/events.js';
import { AUDITOR } from '../support/ledger.js';
import {
  agencyOf,
  all,
  apply,
  decree,
  leadsOf,
  leadTask,
  merger,
  sweep,
  transfers,
  undo,
} from './decreeing.js';
import {
  assignTo,
  BASIS,
  COLLECTIVE,
  FIRST,
  KHCN,
  moveTo,
  PLAN,
  provinces,
  SECOND,
  TAI_CHINH,
  TASK,
  TTTT,
  XAY_DUNG,
} from './world.js';

const small = provinces();

describe('a decree in a small province', () => {
  const plain = (over: Partial<Decree>): Decree =>
    merger(TTTT, KHCN, '2025-03-01', { reorganizationId: 'mot', ...over });

  const handingOver = (effectiveOn: string): Decree =>
    plain({ kind: 'transfer', predecessors: [TTTT], successors: [KHCN], effectiveOn });

  it('moves several predecessors of one subject as one, and leaves an empty set empty', async () => {
    const ledger = await small();
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT, TAI_CHINH, XAY_DUNG]));
    await apply(
      ledger,
      plain({
        ...{ predecessors: [TTTT, TAI_CHINH], successors: [KHCN] },
        allocations: [all(TTTT, KHCN), all(TAI_CHINH, KHCN)],
      }),
    );
    expect(await leadsOf(ledger, FIRST, '2025-03-01')).toEqual([KHCN, XAY_DUNG]);
    expect(await leadsOf(ledger, SECOND, '2025-03-01')).toEqual([]);
    const [moved, ...more] = transfers(await ledger.log());
    expect(more).toEqual([]);
    expect(moved?.data).toMatchObject({
      moves: [
        { from: TTTT, to: KHCN },
        { from: TAI_CHINH, to: KHCN },
      ],
      allocation: 'default',
    });
  });

  it('leaves each predecessor to its own successor, who leads and does not coordinate beside that', async () => {
    const ledger = await small();
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT]));
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TAI_CHINH], { role: 'coordinating' }));
    const allocations = [
      all(TTTT, XAY_DUNG),
      all(TAI_CHINH, KHCN),
      { ...all(TTTT, KHCN), scope: { kind: 'indicator', id: FIRST } } as const,
    ];
    const predecessors = [TTTT, TAI_CHINH];
    await apply(ledger, plain({ kind: 'dissolve', predecessors, successors: [KHCN, XAY_DUNG], allocations }));
    expect(transfers(await ledger.log()).map(({ data }) => data)).toMatchObject([
      { role: 'lead', agencies: [KHCN], allocation: 'indicator' },
      { role: 'coordinating', agencies: [], allocation: 'default' },
    ]);
    const ends = await Promise.all(predecessors.map((id) => agencyOf(ledger, id)));
    expect(ends.map(({ dissolutions }) => dissolutions[0]?.successors)).toEqual([[XAY_DUNG, KHCN], [KHCN]]);
  });

  it('establishes its successor; revoked, it ends that too, unless something was given to it', async () => {
    const data = plain({
      ...{ predecessors: [TTTT, KHCN], successors: ['so-moi'] },
      allocations: [all(TTTT, 'so-moi'), all(KHCN, 'so-moi')],
      establishes: [{ agencyId: 'so-moi', name: 'Sở Mới', shortName: null, level: 'province' }],
    });
    const [undone, kept, joined] = [await small(), await small(), await small()];
    for (const ledger of [undone, kept, joined]) {
      await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT]));
      await apply(ledger, data);
      expect(await leadsOf(ledger, FIRST, '2025-03-01')).toEqual(['so-moi']);
      expect((await agencyOf(ledger, 'so-moi')).establishedOn).toBe('2025-03-01');
      const begun = (await ledger.log()).filter(({ stream }) => stream === 'agency-so-moi');
      expect(begun).toMatchObject([{ data: { reason: data.reason, legalBasis: BASIS } }]);
    }
    await kept.order.indicator(SECOND, assignTo(SECOND, ['so-moi'], { effectiveOn: '2025-04-01' }));
    const group = {
      agencyId: 'to-cong-tac',
      name: 'Tổ công tác',
      shortName: null,
      level: 'province',
    } as const;
    await joined.order.agency(group.agencyId, {
      type: 'DefineAgencyGroup',
      data: { ...group, members: ['so-moi'], effectiveOn: '2025-07-01' },
    });
    for (const ledger of [undone, kept, joined]) {
      await undo(ledger, 'mot', '2025-06-01');
      expect(await leadsOf(ledger, FIRST, '2025-05-31')).toEqual(['so-moi']);
      expect(await leadsOf(ledger, FIRST, '2025-06-01')).toEqual([TTTT]);
      expect((await agencyOf(ledger, TTTT)).dissolutions).toMatchObject([
        { effectiveOn: '2025-03-01', restoredOn: '2025-06-01' },
      ]);
    }
    expect((await agencyOf(undone, 'so-moi')).dissolutions).toMatchObject([{ effectiveOn: '2025-06-01' }]);
    // The decree allocates nothing of what it established: those answer for it to whom it was left.
    const heirs = await Heirs.of(new Reader(undone.states), ['so-moi']);
    expect(heirs.of('so-moi', MEMBERSHIP, '2025-05-31')).toEqual(['so-moi']);
    expect(heirs.of('so-moi', MEMBERSHIP, '2025-06-01')).toEqual([TTTT, KHCN]);
    expect(heirs.withPredecessors([KHCN])).toContain('so-moi');
    for (const ledger of [kept, joined]) expect((await agencyOf(ledger, 'so-moi')).dissolutions).toEqual([]);
    expect(await leadsOf(kept, SECOND, '2025-06-01')).toEqual(['so-moi']);
  });

  it('that ends an agency once more leaves to whom it was left before what was left to them', async () => {
    const ledger = await small();
    await apply(ledger, plain({}));
    await undo(ledger, 'mot', '2025-06-01');
    const again = { reorganizationId: 'hai', predecessors: [TTTT, TAI_CHINH], successors: [TAI_CHINH] };
    await apply(ledger, plain({ ...again, effectiveOn: '2027-01-01', allocations: [all(TTTT, TAI_CHINH)] }));
    const heirs = await Heirs.of(new Reader(ledger.states), [TTTT]);
    const days = ['2025-02-28', '2025-03-01', '2025-06-01', '2027-01-01'];
    expect(days.map((day) => heirs.of(TTTT, MEMBERSHIP, day))).toEqual([[TTTT], [KHCN], [TTTT], [TAI_CHINH]]);
  });

  it('renames from its day on, and no more once it is revoked', async () => {
    const ledger = await small();
    await apply(
      ledger,
      plain({
        ...{ kind: 'rename', predecessors: [KHCN], successors: [KHCN], allocations: [] },
        renaming: { name: 'Sở Số', shortName: null },
      }),
    );
    await undo(ledger, 'mot', '2025-06-01');
    const agency = await agencyOf(ledger, KHCN);
    const days = ['2025-02-28', '2025-03-01', '2025-05-31', '2025-06-01'];
    expect(days.map((day) => nameAt(agency, day).name)).toEqual([KHCN, 'Sở Số', 'Sở Số', KHCN]);
  });

  it('takes who ended out of every collective, also of one that is entered for an earlier day later', async () => {
    const ledger = await small();
    await apply(ledger, plain({}));
    await ledger.order.agency('cac-don-vi', {
      type: 'DefineAgencyGroup',
      data: {
        ...{ agencyId: 'cac-don-vi', name: 'Các đơn vị', shortName: null, level: 'province' },
        ...{ members: [TTTT, TAI_CHINH], effectiveOn: '2025-01-01' },
      },
    });
    await sweep(ledger);
    const membersOf = async (id: string, day: string) => membersAt(await agencyOf(ledger, id), day);
    expect(await membersOf(COLLECTIVE, '2025-02-28')).toEqual([KHCN, TTTT]);
    expect(await membersOf(COLLECTIVE, '2025-03-01')).toEqual([KHCN]);
    expect(await membersOf('cac-don-vi', '2025-02-28')).toEqual([TTTT, TAI_CHINH]);
    expect(await membersOf('cac-don-vi', '2025-03-01')).toEqual([KHCN, TAI_CHINH]);
    await undo(ledger, 'mot', '2025-06-01');
    expect(await membersOf(COLLECTIVE, '2025-06-01')).toEqual([KHCN, TTTT]);
    expect(await membersOf('cac-don-vi', '2025-06-01')).toEqual([TTTT, TAI_CHINH]);
  });

  it('revoked, leaves alone what changed hands, role by role, and gives back the rest', async () => {
    const ledger = await small();
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT]));
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TAI_CHINH], { role: 'coordinating' }));
    await ledger.order.indicator(SECOND, assignTo(SECOND, [TAI_CHINH]));
    await ledger.order.indicator(SECOND, assignTo(SECOND, [TTTT], { role: 'coordinating' }));
    await apply(ledger, plain({}));
    await ledger.order.indicator(FIRST, moveTo(FIRST, KHCN, XAY_DUNG, '2025-04-01'));
    const { leftAlone, givenBack } = await undo(ledger, 'mot', '2025-06-01');
    expect(leftAlone).toEqual([
      { subject: { kind: 'indicator', id: FIRST }, role: 'lead', effectiveOn: '2025-03-01' },
    ]);
    const back = givenBack.filter(({ type }) => type === 'AssignmentTransferred');
    expect(back.map(({ about, role }) => [about, role])).toEqual([[SECOND, 'coordinating']]);
    expect(await leadsOf(ledger, FIRST, '2025-06-01')).toEqual([XAY_DUNG]);
  });

  it('gives back also what somebody else joined meanwhile, and what is stated for a later day', async () => {
    const ledger = await small();
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT]));
    await apply(ledger, plain({}));
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TAI_CHINH], { effectiveOn: '2025-04-01' }));
    await ledger.order.indicator(FIRST, assignTo(FIRST, [XAY_DUNG], { effectiveOn: '2026-01-01' }));
    await undo(ledger, 'mot', '2025-06-01');
    expect(await leadsOf(ledger, FIRST, '2025-05-31')).toEqual([KHCN, TAI_CHINH]);
    expect((await leadsOf(ledger, FIRST, '2025-06-01')).toSorted()).toEqual([TAI_CHINH, TTTT].sort());
    expect((await leadsOf(ledger, FIRST, '2026-01-01')).toSorted()).toEqual(
      [TAI_CHINH, TTTT, XAY_DUNG].sort(),
    );
  });

  it('that leaves its predecessor living, does not move what is given to that agency later', async () => {
    const ledger = await small();
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT]));
    await apply(ledger, handingOver('2025-03-01'));
    await ledger.order.indicator(SECOND, assignTo(SECOND, [TTTT], { effectiveOn: '2025-06-01' }));
    await sweep(ledger);
    expect(await leadsOf(ledger, FIRST, '2025-06-01')).toEqual([KHCN]);
    expect(await leadsOf(ledger, SECOND, '2025-06-01')).toEqual([TTTT]);
  });

  it('that leaves its predecessor living, does not move what is given to that agency on the very day', async () => {
    const ledger = await small();
    const day = '2025-07-01';
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT]));
    await apply(ledger, handingOver(day));
    ledger.clock.set('2025-06-30');
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT], { effectiveOn: day }));
    ledger.clock.set(day);
    await ledger.order.indicator(SECOND, assignTo(SECOND, [TTTT], { effectiveOn: day }));
    await sweep(ledger);
    expect(await leadsOf(ledger, FIRST, day)).toEqual([KHCN]);
    expect(await leadsOf(ledger, SECOND, day)).toEqual([TTTT]);
  });

  it('moves once more what its predecessor is given anew for its day, by an event of its own', async () => {
    const ledger = await small();
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT]));
    await apply(ledger, handingOver('2026-01-01'));
    for (let times = 2; times <= 3; times += 1) {
      await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT], { effectiveOn: '2026-01-01' }));
      await sweep(ledger);
      expect(await leadsOf(ledger, FIRST, '2026-01-01')).toEqual([KHCN]);
      const log = await ledger.log();
      expect(transfers(log)).toHaveLength(times);
      expect(new Set(log.map(({ id }) => id)).size).toBe(log.length);
    }
  });

  it('moves nothing that is dropped on its very day', async () => {
    const ledger = await small();
    for (const id of [FIRST, SECOND]) await ledger.order.indicator(id, assignTo(id, [TTTT]));
    for (const [id, effectiveOn] of [
      [FIRST, '2025-03-01'],
      [SECOND, '2025-03-02'],
    ] as const)
      await ledger.order.indicator(id, {
        type: 'DropIndicator',
        data: { indicatorId: id, effectiveOn, reason: 'thôi', legalBasis: BASIS },
      });
    await leadTask(ledger, TTTT);
    await ledger.order.task(TASK, {
      type: 'DropTask',
      data: { taskId: TASK, effectiveOn: '2025-03-01', reason: 'thôi', legalBasis: BASIS },
    });
    await apply(ledger, plain({}));
    expect(transfers(await ledger.log()).map(({ stream }) => stream)).toEqual([`indicator-${SECOND}`]);
  });

  it.each([
    ['nothing', 'on', '2025-03-01', 0],
    ['what stands', 'after', '2025-03-02', 1],
  ])('moves %s in a plan that is closed %s its day', async (_, __, effectiveOn, moved) => {
    const ledger = await small();
    await leadTask(ledger, TTTT);
    const closing = { planId: PLAN, reason: 'hết hạn', legalBasis: BASIS, effectiveOn };
    await ledger.order.plan(PLAN, { type: 'ClosePlan', data: closing });
    await apply(ledger, plain({}));
    expect(transfers(await ledger.log())).toHaveLength(moved);
  });

  it('leaves what had ended by then to its last holder, and to the portfolio of whoever answers for it now', async () => {
    const ledger = await small();
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT]));
    const closing = { planId: PLAN, reason: 'hết hạn', legalBasis: BASIS, effectiveOn: '2025-02-01' };
    await ledger.order.plan(PLAN, { type: 'ClosePlan', data: closing });
    await apply(ledger, plain({}));
    await apply(
      ledger,
      plain({
        ...{ reorganizationId: 'hai', predecessors: [KHCN, XAY_DUNG], successors: [XAY_DUNG] },
        ...{ effectiveOn: '2025-04-01', allocations: [all(KHCN, XAY_DUNG)] },
      }),
    );
    expect(await leadsOf(ledger, FIRST, '2025-06-01')).toEqual([TTTT]);
    await ledger.settled();
    const held = async (agency: string, as: 'assigned' | 'inherited', more = {}) => {
      const query = new PortfolioQuery(agency, { as, ...more }, { limit: 500, cursor: null }, AUDITOR);
      return (await new PortfolioHandler(ledger.questions).execute(query)).items.map(
        ({ subject }) => subject.id,
      );
    };
    expect(await held(TTTT, 'assigned')).toEqual([FIRST]);
    expect(await held(XAY_DUNG, 'assigned')).toEqual([]);
    expect(await held(TTTT, 'inherited')).toEqual([]);
    expect(await held(KHCN, 'inherited')).toEqual([]);
    expect(await held(XAY_DUNG, 'inherited')).toEqual([FIRST]);
    const head = (await ledger.events.head()) as string;
    expect(await held(XAY_DUNG, 'inherited', { knownAt: `@${head}` })).toEqual([FIRST]);
  });

  it('whose successor has ended by its day, hands on to whoever came after that one', async () => {
    const ledger = await small();
    await apply(ledger, plain({ effectiveOn: '2027-01-01' }));
    await apply(
      ledger,
      plain({
        ...{ reorganizationId: 'hai', predecessors: [KHCN, XAY_DUNG], successors: [XAY_DUNG] },
        ...{ effectiveOn: '2026-01-01', allocations: [all(KHCN, XAY_DUNG)] },
      }),
    );
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT]));
    await sweep(ledger);
    expect(await leadsOf(ledger, FIRST, '2026-12-31')).toEqual([TTTT]);
    expect(await leadsOf(ledger, FIRST, '2027-01-01')).toEqual([XAY_DUNG]);
  });

  it('is refused where an agency ends already, or where in the end nobody would go on', async () => {
    const ledger = await small();
    await apply(ledger, plain({ effectiveOn: '2027-01-01' }));
    const again = plain({
      reorganizationId: 'hai',
      predecessors: [TTTT, TAI_CHINH],
      successors: [TAI_CHINH],
    });
    await expect(decree(ledger, { ...again, allocations: [all(TTTT, TAI_CHINH)] })).rejects.toMatchObject({
      ...{ code: 'AlreadyEnding', field: 'predecessors' },
    });
    const circle = plain({ reorganizationId: 'hai', predecessors: [KHCN, TAI_CHINH], successors: [TTTT] });
    await expect(
      decree(ledger, { ...circle, allocations: [all(KHCN, TTTT), all(TAI_CHINH, TTTT)] }),
    ).rejects.toMatchObject({
      code: 'Cycle',
      message: expect.stringContaining('so-khcn → so-tttt → so-khcn'),
    });
  });
});
