import { describe, expect, it } from '@jest/globals';
import { Forbidden } from '../../src/application/errors.js';
import { MeasurementQuery, MeasurementQueryHandler } from '../../src/application/queries/measurements.js';
import type { Answer } from '../../src/application/request.js';
import { asked, ledgers, OFFICE, reporterOf, type TestLedger } from '../support/ledger.js';
import { all, decree, leadTask, merger, regroup, sweep } from './decreeing.js';
import {
  adopt,
  assignTo,
  BASIS,
  COLLECTIVE,
  correct,
  establish,
  FIRST,
  found,
  GROUP,
  KHCN,
  moveTo,
  PLAN,
  PLAN_FROM,
  report,
  retract,
  SECOND,
  TAI_CHINH,
  TASK,
  TTTT,
  target,
  XAY_DUNG,
} from './world.js';

const open = ledgers();

const setUp = async (): Promise<TestLedger> => {
  const ledger = await open();
  await found(ledger.order);
  return ledger;
};

const reports = ({ order }: TestLedger, agency: string, id: string, period = '2025-Q1') =>
  order.indicator(id, report(id, period, '70', agency), asked(reporterOf(agency)));

const progress = ({ order }: TestLedger, agencyId: string) => {
  const data = { taskId: TASK, agencyId, note: 'đang làm', evidence: null, effectiveOn: '2025-05-01' };
  return order.task(TASK, { type: 'ReportTaskProgress', data }, asked(reporterOf(agencyId)));
};

describe('a reporter', () => {
  it('reports what its agency leads, and nothing of others', async () => {
    const ledger = await setUp();
    await ledger.order.indicator(FIRST, assignTo(FIRST, [KHCN]));
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT], { role: 'coordinating' }));
    expect((await reports(ledger, KHCN, FIRST)).eventIds).toHaveLength(1);
    for (const agency of [TTTT, TAI_CHINH, 'no-such-agency'])
      await expect(reports(ledger, agency, FIRST)).rejects.toThrow(Forbidden);
  });

  it('reports from the day its agency leads, as long as it does, by the day the command arrives', async () => {
    const ledger = await setUp();
    await ledger.order.indicator(FIRST, assignTo(FIRST, [KHCN]));
    await ledger.order.indicator(FIRST, moveTo(FIRST, KHCN, TTTT, '2025-07-01'));
    ledger.clock.set('2025-06-30T16:59:59.999Z');
    await expect(reports(ledger, TTTT, FIRST)).rejects.toThrow(Forbidden);
    await reports(ledger, KHCN, FIRST);
    ledger.clock.set('2025-06-30T17:00:00.000Z');
    await expect(reports(ledger, KHCN, FIRST, '2025-Q2')).rejects.toThrow(Forbidden);
    // The period lies before the transfer: what counts is the day of the command.
    await reports(ledger, TTTT, FIRST, '2025-Q2');
  });

  it('reports a row without a lead where its agency leads the row above, or the one above that', async () => {
    const ledger = await setUp();
    await ledger.order.indicator(GROUP, assignTo(GROUP, [KHCN]));
    await reports(ledger, KHCN, FIRST);
    await ledger.order.indicator(`${FIRST}.1`, adopt('1.1.1', { parent: FIRST }));
    await reports(ledger, KHCN, `${FIRST}.1`);
    await ledger.order.indicator(SECOND, assignTo(SECOND, [TTTT]));
    await expect(reports(ledger, KHCN, SECOND)).rejects.toThrow(Forbidden);
  });

  it('reports nothing that nobody leads: the office does', async () => {
    const ledger = await setUp();
    await expect(reports(ledger, KHCN, FIRST)).rejects.toThrow(Forbidden);
    expect((await ledger.order.indicator(FIRST, report(FIRST, '2025-Q1', '70'))).eventIds).toHaveLength(1);
  });

  it('of a member reports for itself what a collective leads, while it is a member', async () => {
    const ledger = await setUp();
    await ledger.order.indicator(FIRST, assignTo(FIRST, [COLLECTIVE]));
    await reports(ledger, KHCN, FIRST);
    await reports(ledger, TTTT, FIRST);
    await expect(reports(ledger, TAI_CHINH, FIRST)).rejects.toThrow(Forbidden);
    await ledger.order.agency(COLLECTIVE, {
      type: 'ChangeAgencyGroup',
      data: {
        ...{ agencyId: COLLECTIVE, members: [TTTT, TAI_CHINH], effectiveOn: '2025-07-01' },
        ...{ reason: 'sắp xếp bộ máy', legalBasis: null },
      },
    });
    await expect(reports(ledger, TAI_CHINH, FIRST)).rejects.toThrow(Forbidden);
    ledger.clock.set('2025-07-01');
    await reports(ledger, TAI_CHINH, FIRST);
    await expect(reports(ledger, KHCN, FIRST, '2025-Q2')).rejects.toThrow(Forbidden);
  });

  it('of a collective itself answers for nothing: its members do', async () => {
    const ledger = await setUp();
    await ledger.order.indicator(FIRST, assignTo(FIRST, [COLLECTIVE]));
    await ledger.order.indicator(SECOND, assignTo(SECOND, [COLLECTIVE], { role: 'coordinating' }));
    for (const id of [FIRST, SECOND])
      await expect(reports(ledger, COLLECTIVE, id)).rejects.toMatchObject({
        name: 'Forbidden',
        message: `${COLLECTIVE} is a collective: each of its members answers for itself.`,
      });
    const { measurementId } = await reports(ledger, KHCN, FIRST);
    const correcting = correct(FIRST, measurementId as string, '75');
    await expect(ledger.order.indicator(FIRST, correcting, asked(reporterOf(COLLECTIVE)))).rejects.toThrow(
      Forbidden,
    );
    await ledger.order.task(TASK, {
      type: 'AssignTask',
      data: { taskId: TASK, role: 'lead', agencies: [COLLECTIVE], notation: null, effectiveOn: '2025-02-01' },
    });
    await expect(progress(ledger, COLLECTIVE)).rejects.toThrow(Forbidden);
  });

  it('speaks for its own agency alone', async () => {
    const ledger = await setUp();
    await ledger.order.indicator(FIRST, assignTo(FIRST, [COLLECTIVE]));
    const inTheNameOf = (agency: string | null) =>
      ledger.order.indicator(FIRST, report(FIRST, '2025-Q1', '70', agency), asked(reporterOf(KHCN)));
    await expect(inTheNameOf(TTTT)).rejects.toThrow(Forbidden);
    await expect(inTheNameOf(null)).rejects.toThrow(Forbidden);
    await expect(inTheNameOf(XAY_DUNG)).rejects.toThrow(Forbidden);
  });

  it('corrects and retracts its own agency’s figure, not another’s nor the office’s', async () => {
    const ledger = await setUp();
    await ledger.order.indicator(FIRST, assignTo(FIRST, [KHCN, TTTT]));
    const { measurementId } = await reports(ledger, KHCN, FIRST);
    const own = measurementId as string;
    const ofOffice = (await ledger.order.indicator(FIRST, report(FIRST, '2025-Q1', '71')))
      .measurementId as string;
    const by = (agency: string) => asked(reporterOf(agency));
    // Neither may see the other's before it is accepted: it is as if there were none.
    const hidden = { name: 'Rejected', code: 'UnknownMeasurement', message: 'There is no such figure.' };
    for (const [mid, agency] of [
      [own, TTTT],
      [ofOffice, KHCN],
      ['none', KHCN],
    ] as const) {
      const correcting = ledger.order.indicator(FIRST, correct(FIRST, mid, '1'), by(agency));
      await expect(correcting).rejects.toMatchObject(hidden);
      await expect(ledger.order.indicator(FIRST, retract(FIRST, mid), by(agency))).rejects.toMatchObject(
        hidden,
      );
    }
    for (const measurementId of [own, ofOffice]) {
      const data = { indicatorId: FIRST, measurementId, note: null };
      const order = { type: 'AcceptMeasurement', data } as const;
      await ledger.order.indicator(FIRST, order, asked({ ...OFFICE, subject: 'hoa' }));
    }
    const others = { name: 'Forbidden', message: `This figure is of ${KHCN}: each answers for its own.` };
    await expect(ledger.order.indicator(FIRST, correct(FIRST, own, '1'), by(TTTT))).rejects.toMatchObject(
      others,
    );
    await expect(ledger.order.indicator(FIRST, retract(FIRST, ofOffice), by(KHCN))).rejects.toMatchObject({
      message: 'This figure is the office’s: each answers for its own.',
    });
    await ledger.order.indicator(FIRST, correct(FIRST, own, '75'), by(KHCN));
    await ledger.order.indicator(FIRST, retract(FIRST, own), by(KHCN));
  });

  it('corrects what the agency reported that its own succeeded', async () => {
    const ledger = await setUp();
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT]));
    const { measurementId } = await reports(ledger, TTTT, FIRST);
    await ledger.order.indicator(FIRST, moveTo(FIRST, TTTT, KHCN, '2025-03-01'));
    const correction = correct(FIRST, measurementId as string, '75');
    await expect(ledger.order.indicator(FIRST, correction, asked(reporterOf(TTTT)))).rejects.toThrow(
      Forbidden,
    );
    expect((await ledger.order.indicator(FIRST, correction, asked(reporterOf(KHCN)))).eventIds).toHaveLength(
      1,
    );
  });

  it('is told how its agency stands to what it may not report', async () => {
    const ledger = await setUp();
    await ledger.order.indicator(GROUP, assignTo(GROUP, [COLLECTIVE], { effectiveOn: '2025-01-01' }));
    await ledger.order.indicator(GROUP, moveTo(GROUP, COLLECTIVE, XAY_DUNG, '2025-03-01'));
    await ledger.order.indicator(GROUP, assignTo(GROUP, [TAI_CHINH], { effectiveOn: '2026-01-01' }));
    await ledger.order.indicator(FIRST, assignTo(FIRST, [COLLECTIVE], { role: 'coordinating' }));
    await ledger.order.agency('vp-ubnd', establish('vp-ubnd'));
    await regroup(ledger, [KHCN, TTTT, 'vp-ubnd'], '2025-02-01');
    await regroup(ledger, [TTTT], '2025-05-01');
    const told = async (agency: string) =>
      (await reports(ledger, agency, FIRST).catch((error: Error) => error)) as Error;
    for (const [agency, words] of [
      [KHCN, 'does not lead this indicator any more'],
      ['vp-ubnd', 'does not lead this indicator any more'],
      [TTTT, 'coordinates this indicator and does not lead it'],
      [TAI_CHINH, 'does not lead this indicator yet'],
      ['so-khac', 'does not lead this indicator today'],
    ] as const)
      expect(await told(agency)).toMatchObject({ name: 'Forbidden', message: `${agency} ${words}.` });
    expect(await told(XAY_DUNG)).toMatchObject({ eventIds: [expect.any(String)] });
  });

  it('tells of the progress of tasks that its agency leads', async () => {
    const ledger = await setUp();
    await ledger.order.task(TASK, {
      type: 'AssignTask',
      data: { taskId: TASK, role: 'lead', agencies: [KHCN], notation: null, effectiveOn: '2025-02-01' },
    });
    expect((await progress(ledger, KHCN)).eventIds).toHaveLength(1);
    await expect(progress(ledger, TTTT)).rejects.toThrow(Forbidden);
  });

  it('accepts nothing, sets nothing and assigns nothing, not even what it leads', async () => {
    const ledger = await setUp();
    await ledger.order.indicator(FIRST, assignTo(FIRST, [KHCN]));
    const { measurementId } = await reports(ledger, KHCN, FIRST);
    const by = asked(reporterOf(KHCN));
    await expect(
      ledger.order.indicator(
        FIRST,
        {
          type: 'AcceptMeasurement',
          data: { indicatorId: FIRST, measurementId: measurementId as string, note: null },
        },
        by,
      ),
    ).rejects.toThrow(Forbidden);
    await expect(ledger.order.indicator(FIRST, target(FIRST, '≥ 80'), by)).rejects.toThrow(Forbidden);
    await expect(ledger.order.indicator(FIRST, assignTo(FIRST, [KHCN]), by)).rejects.toThrow(Forbidden);
  });
});

describe('a reporter of whoever came after an agency that ended', () => {
  const refused = (done: Promise<unknown>) => expect(done).rejects.toThrow(Forbidden);
  const merge = async (ledger: TestLedger, from: string, into: string, effectiveOn: string) => {
    await decree(ledger, merger(from, into, effectiveOn));
    await sweep(ledger);
  };

  it.each([
    [
      'dropped by then',
      ({ order }: TestLedger) =>
        order.indicator(FIRST, {
          type: 'DropIndicator',
          data: { indicatorId: FIRST, effectiveOn: '2025-02-01', reason: 'thôi', legalBasis: BASIS },
        }),
    ],
    [
      'of a plan closed by then',
      ({ order }: TestLedger) =>
        order.plan(PLAN, {
          type: 'ClosePlan',
          data: { planId: PLAN, effectiveOn: '2025-02-01', reason: 'thôi', legalBasis: BASIS },
        }),
    ],
  ])('puts right what is %s, and the agency that ended does not', async (_, end) => {
    const ledger = await setUp();
    ledger.clock.set('2025-01-20');
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT]));
    const { measurementId } = await reports(ledger, TTTT, FIRST, '2025-01-10');
    await ledger.order.indicator(FIRST, moveTo(FIRST, TTTT, XAY_DUNG, '2025-04-01'));
    await end(ledger);
    await merge(ledger, TTTT, KHCN, '2025-03-01');
    ledger.clock.set('2025-06-01');
    const correction = (agency: string) =>
      ledger.order.indicator(FIRST, correct(FIRST, measurementId as string, '75'), asked(reporterOf(agency)));
    for (const agency of [TTTT, TAI_CHINH, XAY_DUNG]) await refused(correction(agency));
    expect((await correction(KHCN)).eventIds).toHaveLength(1);
  });

  it('reports a row whose lead stands on a row above it that was dropped', async () => {
    const ledger = await setUp();
    await ledger.order.indicator(GROUP, assignTo(GROUP, [TTTT]));
    await ledger.order.indicator(GROUP, {
      type: 'DropIndicator',
      data: { indicatorId: GROUP, effectiveOn: '2025-02-01', reason: 'thôi', legalBasis: BASIS },
    });
    await merge(ledger, TTTT, KHCN, '2025-03-01');
    await refused(reports(ledger, TTTT, FIRST));
    expect((await reports(ledger, KHCN, FIRST)).eventIds).toHaveLength(1);
  });

  it('alone sees and corrects in a collective what that agency reported there', async () => {
    const ledger = await setUp();
    ledger.clock.set('2025-02-01');
    await ledger.order.indicator(FIRST, assignTo(FIRST, [COLLECTIVE]));
    const { measurementId } = await reports(ledger, TTTT, FIRST, '2025-01');
    await merge(ledger, TTTT, TAI_CHINH, '2025-03-01');
    ledger.clock.set('2025-06-01');
    const id = measurementId as string;
    const sees = async (agency: string) => {
      await ledger.settled();
      const query = new MeasurementQuery(id, undefined, reporterOf(agency));
      return new MeasurementQueryHandler(ledger.questions).execute(query);
    };
    const correction = (agency: string) =>
      ledger.order.indicator(FIRST, correct(FIRST, id, '75'), asked(reporterOf(agency)));
    await expect(sees(KHCN)).rejects.toThrow('no figure');
    await expect(correction(KHCN)).rejects.toThrow('no such figure');
    expect(await sees(TAI_CHINH)).toMatchObject({ id });
    expect((await correction(TAI_CHINH)).eventIds).toHaveLength(1);
  });

  it('of a member of the collective that it was left to corrects what it reported, not what is of the whole', async () => {
    const ledger = await setUp();
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT, COLLECTIVE]));
    const ofAgency = await reports(ledger, TTTT, FIRST);
    const ofAll = await ledger.order.indicator(FIRST, report(FIRST, '2025-Q1', '71', COLLECTIVE));
    const successors = [COLLECTIVE];
    await decree(
      ledger,
      merger(TTTT, COLLECTIVE, '2025-03-01', { kind: 'dissolve', predecessors: [TTTT], successors }),
    );
    await sweep(ledger);
    const correction = ({ measurementId }: Pick<Answer, 'measurementId'>) =>
      ledger.order.indicator(FIRST, correct(FIRST, measurementId as string, '75'), asked(reporterOf(KHCN)));
    await expect(correction(ofAll)).rejects.toThrow('no such figure');
    expect((await correction(ofAgency)).eventIds).toHaveLength(1);
  });

  it('of a collective leaves what a member that went reported to nobody beside it', async () => {
    const ledger = await setUp();
    await ledger.order.indicator(FIRST, assignTo(FIRST, [COLLECTIVE]));
    const { measurementId } = await reports(ledger, TTTT, FIRST);
    await ledger.order.agency(COLLECTIVE, {
      type: 'ChangeAgencyGroup',
      data: {
        ...{ agencyId: COLLECTIVE, members: [KHCN], effectiveOn: '2025-05-01' },
        ...{ reason: 'sắp xếp bộ máy', legalBasis: null },
      },
    });
    const correction = correct(FIRST, measurementId as string, '75');
    await expect(ledger.order.indicator(FIRST, correction, asked(reporterOf(KHCN)))).rejects.toThrow(
      'no such figure',
    );
  });

  it('reports, and that agency does not, though it is named for an earlier day, or still a member of a collective', async () => {
    const ledger = await setUp();
    await merge(ledger, TTTT, KHCN, '2025-03-01');
    // What follows from these nobody has done yet.
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT]));
    await ledger.order.agency('cac-don-vi', {
      type: 'DefineAgencyGroup',
      data: {
        ...{ agencyId: 'cac-don-vi', name: 'Các đơn vị', shortName: null, level: 'province' },
        ...{ members: [TTTT, KHCN], effectiveOn: PLAN_FROM },
      },
    });
    await ledger.order.indicator(SECOND, assignTo(SECOND, ['cac-don-vi']));
    for (const id of [FIRST, SECOND]) {
      await refused(reports(ledger, TTTT, id));
      expect((await reports(ledger, KHCN, id)).eventIds).toHaveLength(1);
    }
  });
  it('reports what the decree leaves to it by name, be it the row above or a task', async () => {
    const ledger = await setUp();
    const parts = [GROUP, TASK].map((id) => ({
      ...all(TTTT, XAY_DUNG),
      scope: { kind: id === TASK ? 'task' : 'indicator', id } as const,
    }));
    const sides = { kind: 'split', predecessors: [TTTT], successors: [KHCN, XAY_DUNG] } as const;
    const allocations = [all(TTTT, KHCN), ...parts];
    await decree(ledger, merger(TTTT, KHCN, '2025-03-01', { ...sides, allocations }));
    await sweep(ledger);
    // What follows from these nobody has done yet.
    await ledger.order.indicator(GROUP, assignTo(GROUP, [TTTT]));
    await leadTask(ledger, TTTT);
    await refused(reports(ledger, KHCN, FIRST));
    await refused(progress(ledger, KHCN));
    for (const done of [reports(ledger, XAY_DUNG, FIRST), progress(ledger, XAY_DUNG)])
      expect((await done).eventIds).toHaveLength(1);
  });
});
