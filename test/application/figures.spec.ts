import { describe, expect, it } from '@jest/globals';
import { indicatorStatus } from '../../projections/indicator-status.js';
import { measurementHistory } from '../../projections/measurement-history.js';
import { IndicatorQuery, IndicatorQueryHandler } from '../../src/application/queries/indicators.js';
import {
  MeasurementQuery,
  MeasurementQueryHandler,
  type MeasurementsAsked,
  MeasurementsHandler,
  MeasurementsQuery,
} from '../../src/application/queries/measurements.js';
import type { Paging } from '../../src/application/queries/paging.js';
import { PlanStatusHandler, PlanStatusQuery } from '../../src/application/queries/plan-status.js';
import { Questions } from '../../src/application/questions.js';
import type { Actor } from '../../src/domain/message.js';
import { MAX_FIND_ROWS, type ReadModels } from '../../src/ports/read-models.js';
import { adopted, reported } from '../projections/events.js';
import { AUDITOR, asked, ledgers, reporterOf, type TestLedger } from '../support/ledger.js';
import { newEvent } from '../support/new-events.js';
import {
  ALONE,
  assignTo,
  correct,
  found,
  KHCN,
  moveTo,
  PLAN,
  report,
  retract,
  TAI_CHINH,
  TTTT,
  target,
  XAY_DUNG,
} from './world.js';

const open = ledgers();
const paging = { limit: 500, cursor: null };

const listed = (
  { questions }: TestLedger,
  wanted: MeasurementsAsked,
  limit = paging.limit,
  cursor: Paging['cursor'] = null,
  actor = AUDITOR,
) => new MeasurementsHandler(questions).execute(new MeasurementsQuery(wanted, { limit, cursor }, actor));

const statusOf = (questions: Questions) =>
  new PlanStatusHandler(questions).execute(
    new PlanStatusQuery(
      PLAN,
      { asOf: '2026-06-01', as: 'assigned', figures: 'all', sort: 'order', descending: false },
      paging,
      AUDITOR,
    ),
  );

describe('the figures of an indicator', () => {
  it('are all found, and none of those whose ids stand beside theirs', async () => {
    const ledger = await open();
    await found(ledger.order);
    const days = Array.from({ length: 230 }, (_, n) =>
      new Date(Date.UTC(2025, 0, 1 + n)).toISOString().slice(0, 10),
    );
    const of = (code: string, figures: readonly string[]) =>
      [adopted(code), ...figures.map((day) => reported(code, day, '50'))].map(({ type, data }) =>
        newEvent(data, { planId: PLAN }, type),
      );
    for (const [code, figures] of [
      ['7', days.slice(0, 1)],
      ['7.1', days],
      ['7.10', days.slice(0, 3)],
      ['7.1-2', days.slice(0, 3)],
    ] as const)
      await ledger.events.append(`indicator-${PLAN}/${code}`, of(code, figures), 'none');
    await ledger.settled();
    const ids = async (wanted: MeasurementsAsked) =>
      (await listed(ledger, wanted)).items.map(({ id, indicatorId }) => {
        expect(indicatorId).toBe(wanted.indicator);
        return id;
      });
    const all = days.map((day) => `${PLAN}/7.1@${day}#1`).reverse();
    expect(await ids({ indicator: `${PLAN}/7.1` })).toEqual(all);
    expect(await ids({ indicator: `${PLAN}/7.1`, plan: PLAN, state: 'reported' })).toEqual(all);
    expect(await ids({ indicator: `${PLAN}/7.1`, period: '2025-01-02' })).toEqual([
      `${PLAN}/7.1@2025-01-02#1`,
    ]);
    expect(await ids({ indicator: `${PLAN}/7.1`, plan: 'kh-khac' })).toEqual([]);
    expect(await ids({ indicator: `${PLAN}/7.1`, agency: KHCN, plan: PLAN })).toEqual([]);
    expect(await ids({ indicator: `${PLAN}/7` })).toEqual([`${PLAN}/7@2025-01-01#1`]);
  });
});

describe('the figures that wait', () => {
  const days = Array.from({ length: MAX_FIND_ROWS + 5 }, (_, n) =>
    new Date(Date.UTC(2023, 0, 1 + n)).toISOString().slice(0, 10),
  );

  /** One indicator with a figure a day, and two in other plans with a figure before and one after most of these. */
  const many = async (): Promise<TestLedger> => {
    const ledger = await open();
    await found(ledger.order);
    const others = [`${PLAN}-khac`, `${PLAN}0`];
    for (const plan of [PLAN, ...others])
      for (const [from, to] of [[0, 900] as const, [900, days.length] as const]) {
        const figures = days.slice(from, plan === PLAN ? to : from + 1);
        const events = [
          ...(from === 0 ? [adopted('7')] : []),
          ...figures.map((day) => reported('7', day, '50')),
        ].map(({ type, data }) =>
          newEvent(
            JSON.parse(JSON.stringify(data).replaceAll(`${PLAN}/`, `${plan}/`)),
            { planId: plan },
            type,
          ),
        );
        const before = from === 0 ? 'none' : plan === PLAN ? 900 : 1;
        await ledger.events.append(`indicator-${plan}/7`, events, before);
      }
    await ledger.settled();
    return ledger;
  };

  it('are all found, the newest first, also where they are more than a page of rows', async () => {
    const ledger = await many();
    const ids = async (wanted: MeasurementsAsked) =>
      (await listed(ledger, wanted, 2_000)).items.map(({ id }) => id);
    const own = days.map((day) => `${PLAN}/7@${day}#1`).reverse();
    expect(await ids({ plan: PLAN, state: 'reported' })).toEqual(own);
    expect(await ids({ plan: PLAN, state: 'accepted' })).toEqual([]);
    const all = await ids({ state: 'reported' });
    expect(all).toHaveLength(own.length + 4);
    expect(all.filter((id) => id.startsWith(`${PLAN}/`))).toEqual(own);
    expect(await ids({})).toEqual(all);
    const paged = [];
    for (let cursor: Paging['cursor'] = null, more = true; more; ) {
      const { items, next } = await listed(ledger, {}, 300, cursor);
      paged.push(...items.map(({ id }) => id));
      [cursor, more] = [next as Paging['cursor'], next !== null];
    }
    expect(paged).toEqual(all);
  });

  it('are read as far as a page needs, and let others have their turn where much of it may not be seen', async () => {
    const ledger = await many();
    const reads: number[] = [];
    const { find } = ledger.models;
    ledger.models.find = async (collection, query) => {
      const rows = await find.call(ledger.models, collection, query);
      if (collection.name === measurementHistory.name) reads.push(rows.length);
      return rows;
    };
    expect((await listed(ledger, {}, 10)).items).toHaveLength(10);
    expect(reads).toEqual([200]);
    let [turns, isOver] = [0, false];
    const count = () => {
      turns += 1;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    const reporter: Actor = { ...AUDITOR, role: 'reporter', agencyId: TAI_CHINH };
    expect((await listed(ledger, {}, 10, null, reporter)).items).toEqual([]);
    isOver = true;
    expect(reads.reduce((sum, rows) => sum + rows)).toBe(200 + days.length + 4);
    expect(turns).toBeGreaterThanOrEqual(5);
  });

  it('are of one indicator those that were left to the reporter’s agency, and not those of whoever leads beside it', async () => {
    const ledger = await open();
    await found(ledger.order);
    await ledger.order.indicator(ALONE, assignTo(ALONE, [TTTT, XAY_DUNG]));
    const reports = async (agency: string, period: string) =>
      (await ledger.order.indicator(ALONE, report(ALONE, period, '70', agency), asked(reporterOf(agency))))
        .measurementId;
    await reports(XAY_DUNG, '2025-01');
    const left = [await reports(TTTT, '2025-02'), await reports(TTTT, '2025-03')];
    await ledger.order.indicator(ALONE, moveTo(ALONE, TTTT, KHCN, '2025-05-01'));
    await ledger.settled();
    const { items } = await listed(ledger, { indicator: ALONE }, 10, null, reporterOf(KHCN));
    expect(items.map(({ id }) => id)).toEqual(left.reverse());
  });
});

describe('a figure', () => {
  it('says everything that was said of it, up to what its row knows', async () => {
    const ledger = await open();
    await found(ledger.order);
    const said = { value: '70', evidence: 'báo cáo số 1', note: 'tạm tính' };
    const { measurementId } = await ledger.order.indicator(ALONE, report(ALONE, '2025-Q1', said, KHCN));
    const id = measurementId as string;
    await ledger.order.indicator(ALONE, correct(ALONE, id, { value: '75', source: 'Cục Thống kê' }));
    await ledger.order.indicator(ALONE, report(ALONE, '2025-Q2', '80', KHCN));
    await ledger.settled();
    const one = () =>
      new MeasurementQueryHandler(ledger.questions).execute(new MeasurementQuery(id, undefined, AUDITOR));
    const answer = await one();
    expect(answer).toMatchObject({
      ...{ id, indicatorId: ALONE, planId: PLAN, agencyId: KHCN, state: 'reported', value: '75' },
      ...{ source: 'Cục Thống kê', evidence: null, note: null, met: null, components: null, qualifier: null },
      history: [
        { event: 'MeasurementReported', figure: { ...said, source: null }, reason: null, legalBasis: null },
        { event: 'MeasurementCorrected', figure: { value: '75', evidence: null }, reason: 'nhập nhầm' },
      ],
    });
    const { revision, position, ...told } = answer;
    const [item, ...others] = (await listed(ledger, { indicator: ALONE, period: '2025-Q1' })).items;
    expect([item, others]).toEqual([{ ...told, position: expect.any(String) }, []]);
    // Of the one it is told what was read: beside the row, what was recorded since of its indicator.
    expect([revision, position > (item?.position ?? '')]).toEqual([3, true]);

    await ledger.projector.stop();
    await ledger.order.indicator(ALONE, retract(ALONE, id));
    expect(await one()).toEqual(answer);
  });
});

describe('an indicator is put together from rows that come one after the other', () => {
  const setUp = async () => {
    const ledger = await open();
    await found(ledger.order);
    await ledger.order.indicator(ALONE, target(ALONE, '≥ 80'));
    await ledger.order.indicator(ALONE, report(ALONE, '2025', '90', KHCN));
    await ledger.settled();
    return ledger;
  };

  /** Questions of a ledger whose read models lack what one projection has folded. */
  const without = ({ events, models, clock, progress }: TestLedger, name: string): Questions => {
    const lacking = {
      get: models.get.bind(models),
      getMany: models.getMany.bind(models),
      find: async (...[collection, query]: Parameters<ReadModels['find']>) =>
        collection.name === name ? [] : models.find(collection, query),
    } as ReadModels;
    return new Questions(events, lacking, clock, progress);
  };

  it('and has no figures before theirs are there', async () => {
    const ledger = await setUp();
    const statuses = async (questions: Questions) =>
      (await statusOf(questions)).items.map(({ id, verdict }) => [id, verdict?.measurement?.value ?? null]);
    const whole = await statuses(ledger.questions);
    expect(whole).toContainEqual([ALONE, '90']);
    expect(await statuses(without(ledger, measurementHistory.name))).toEqual(whole.map(([id]) => [id, null]));
  });

  it('while a figure without its indicator is none of anybody', async () => {
    const ledger = await setUp();
    expect((await statusOf(without(ledger, indicatorStatus.name))).items).toEqual([]);
  });

  it('and is read at the earlier of their positions', async () => {
    const ledger = await setUp();
    const issued = (await ledger.log()).find(({ type }) => type === 'PlanIssued');
    const late = issued?.position as string;
    const { checkpoints } = ledger.progress;
    for (const name of [indicatorStatus.name, measurementHistory.name]) {
      const progress = Object.assign(Object.create(ledger.progress), {
        checkpoints: async (names: readonly string[]) => {
          const found = await checkpoints.call(ledger.progress, names);
          return found.map((checkpoint, index) => (names[index] === name ? late : checkpoint));
        },
      });
      const questions = new Questions(ledger.events, ledger.models, ledger.clock, progress);
      expect((await statusOf(questions)).position).toBe(late);
      const query = new IndicatorQuery(
        ALONE,
        { asOf: '2026-06-01', as: 'assigned', figures: 'all' },
        AUDITOR,
      );
      await expect(new IndicatorQueryHandler(questions).execute(query)).rejects.toThrow('no indicator');
    }
    expect((await statusOf(ledger.questions)).position).toBe(await ledger.events.head());
  });
});
