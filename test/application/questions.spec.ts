import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { auditTrail } from '../../projections/audit-trail.js';
import { measurementHistory } from '../../projections/measurement-history.js';
import { SqliteReadModels } from '../../src/adapters/sqlite/read-models.js';
import { Busy } from '../../src/application/errors.js';
import { Progress } from '../../src/application/progress.js';
import { AuditHandler, AuditQuery, type TrailItem } from '../../src/application/queries/audit.js';
import {
  type HistoryAnswer,
  HistoryHandler,
  HistoryQuery,
  IndicatorQuery,
  IndicatorQueryHandler,
} from '../../src/application/queries/indicators.js';
import { MeasurementQuery, MeasurementQueryHandler } from '../../src/application/queries/measurements.js';
import { OF_NAMES } from '../../src/application/queries/names.js';
import { OverviewHandler, OverviewQuery } from '../../src/application/queries/overview.js';
import type { Page } from '../../src/application/queries/paging.js';
import { PlanStatusHandler, PlanStatusQuery } from '../../src/application/queries/plan-status.js';
import {
  TaskQuery,
  TaskQueryHandler,
  TasksHandler,
  TasksQuery,
} from '../../src/application/queries/tasks.js';
import { Questions } from '../../src/application/questions.js';
import type { Answer } from '../../src/application/request.js';
import { PROJECTIONS } from '../../src/ledger.js';
import { AUDITOR, ledgers, type TestLedger } from '../support/ledger.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { ALONE, BASIS, correct, FIRST, found, PLAN, report, TASK, target } from './world.js';

const open = ledgers();
const folder = temporaryFolder();

const fail = (file: string, reason: string): never => {
  throw new Error(`${file}: ${reason}`);
};

const ALL = { limit: 500, cursor: null };
const READ = { as: 'assigned', figures: 'all', sort: 'order', descending: false } as const;

type Ask = (ledger: TestLedger, after: string) => Promise<{ readonly position: string | null }>;

const ASKED: readonly (readonly [what: string, ask: Ask, alsoReads: string])[] = [
  [
    'the status of a plan',
    ({ questions }, after) =>
      new PlanStatusHandler(questions).execute(new PlanStatusQuery(PLAN, { ...READ, after }, ALL, AUDITOR)),
    measurementHistory.name,
  ],
  [
    'one indicator',
    ({ questions }, after) =>
      new IndicatorQueryHandler(questions).execute(new IndicatorQuery(FIRST, { ...READ, after }, AUDITOR)),
    measurementHistory.name,
  ],
  [
    'the tasks of a plan',
    ({ questions }, after) =>
      new TasksHandler(questions).execute(new TasksQuery(PLAN, { ...READ, sort: 'order', after }, ALL)),
    'task-status.v1',
  ],
  [
    'the overview',
    ({ questions }, after) =>
      new OverviewHandler(questions).execute(new OverviewQuery({ ...READ, after }, AUDITOR)),
    'task-status.v1',
  ],
  [
    'a trail',
    ({ questions }, after) =>
      new AuditHandler(questions).execute(new AuditQuery(PLAN, { after }, ALL, AUDITOR)),
    auditTrail.name,
  ],
];

describe('a question that names the write it wants to see', () => {
  it.each(ASKED)('waits for all that %s is read from, names and successors too', async (_what, ask, also) => {
    const ledger = await open();
    await found(ledger.order);
    const head = (await ledger.events.head()) as string;
    const reached = jest.spyOn(ledger.questions.progress, 'reached');
    expect((await ask(ledger, head)).position).toBe(head);
    expect(reached).toHaveBeenCalledWith(
      expect.arrayContaining([...OF_NAMES, also]),
      head,
      expect.any(Number),
    );
  });
});

/** Questions during which something is written: after the moment they are about, or before a row is read. */
const meanwhile = (
  { questions }: TestLedger,
  when: 'moment' | 'task',
  write: () => Promise<unknown>,
): Questions => {
  const facts = Object.create(questions.facts) as Questions['facts'];
  const asking = Object.create(questions) as Questions;
  Object.defineProperty(asking, 'facts', { value: facts });
  if (when === 'task')
    facts.task = async (...asked) => {
      await write();
      return questions.facts.task(...asked);
    };
  else
    asking.moment = async (...asked) => {
      const moment = await questions.moment(...asked);
      await write();
      return moment;
    };
  return asking;
};

describe('an answer during which something is written', () => {
  it.each<[string, (questions: Questions) => Promise<HistoryAnswer | Page<TrailItem>>]>([
    [
      'a history',
      (questions) =>
        new HistoryHandler(questions).execute(new HistoryQuery(`indicator-${FIRST}`, {}, AUDITOR)),
    ],
    ['a trail', (questions) => new AuditHandler(questions).execute(new AuditQuery(PLAN, {}, ALL, AUDITOR))],
  ])('%s holds nothing that came after the position it names', async (_what, ask) => {
    const ledger = await open();
    await found(ledger.order);
    await ledger.settled();
    const asking = meanwhile(ledger, 'moment', async () => {
      await ledger.order.indicator(FIRST, target(FIRST, '≥ 80'));
      await ledger.settled();
    });
    const { items, position } = await ask(asking);
    expect(items.length).toBeGreaterThan(0);
    expect(items.filter(({ entry }) => entry > (position ?? ''))).toEqual([]);
    expect((await ask(ledger.questions)).items.length).toBe(items.length + 1);
  });

  it('a task names the revision that it had at the position it names', async () => {
    const ledger = await open();
    await found(ledger.order);
    await ledger.settled();
    const data = {
      taskId: TASK,
      agencyId: null,
      note: 'Đã gửi dự thảo',
      effectiveOn: '2025-05-01',
      evidence: null,
    };
    const asking = meanwhile(ledger, 'task', async () => {
      await ledger.order.task(TASK, { type: 'ReportTaskProgress', data });
      await ledger.settled();
    });
    const { revision } = await new TaskQueryHandler(asking).execute(new TaskQuery(TASK, READ));
    expect(revision).toBe(0);
  });

  it('a figure names the revision that what it tells of stands at', async () => {
    const ledger = await open();
    await found(ledger.order);
    const { measurementId } = await ledger.order.indicator(ALONE, report(ALONE, '2025-Q1', '70'));
    const id = measurementId as string;
    await ledger.settled();
    const written: Answer[] = [];
    const asking = meanwhile(ledger, 'moment', async () => {
      written.push(await ledger.order.indicator(ALONE, correct(ALONE, id, '75')));
      await ledger.settled();
    });
    const query = new MeasurementQuery(id, undefined, AUDITOR);
    const { value, revision, position } = await new MeasurementQueryHandler(asking).execute(query);
    expect([{ value, revision, position }]).toEqual(
      written.map((answer) => ({ value: '75', revision: answer.revision, position: answer.position })),
    );
  });
});

describe('the overview', () => {
  it('calls a plan as it was called on the day', async () => {
    const ledger = await open();
    await found(ledger.order);
    const changed = { planId: PLAN, reason: 'điều chỉnh', legalBasis: BASIS };
    for (const [title, effectiveOn] of [
      ['Kế hoạch mới', '2025-05-01'],
      ['Kế hoạch sau', '2026-01-01'],
    ] as const)
      await ledger.order.plan(PLAN, { type: 'AmendPlan', data: { ...changed, title, effectiveOn } });
    await ledger.settled();
    const titles = async (asOf: string) =>
      (
        await new OverviewHandler(ledger.questions).execute(new OverviewQuery({ ...READ, asOf }, AUDITOR))
      ).plans.map(({ title }) => title);
    expect(await titles('2025-04-30')).toEqual(['Kế hoạch']);
    expect(await titles('2025-12-31')).toEqual(['Kế hoạch mới']);
    expect(await titles('2026-01-01')).toEqual(['Kế hoạch sau']);
  });
});

describe('a question asked before a projection has folded anything', () => {
  it('is no question to an empty one, unless the log is empty', async () => {
    const ledger = await open();
    const nobody = {
      ...{ changes: 0, stopped: true, isStuck: false, holds: () => false },
      nextChange: async () => undefined,
    };
    const models = SqliteReadModels.open(join(folder, 'read.db'), fail);
    const progress = new Progress(models, PROJECTIONS, nobody);
    const { events, clock } = ledger;
    const questions = new Questions(events, models, clock, progress);
    const ask = () => questions.moment({}, progress.names(), undefined);
    expect(await ask()).toMatchObject({ position: null });
    await found(ledger.order);
    await expect(ask()).rejects.toBeInstanceOf(Busy);
    await models.close();
  });

  it('waits for it', async () => {
    const ledger = await open();
    await found(ledger.order);
    const { position } = await ledger.questions.moment({}, ledger.questions.progress.names(), undefined);
    expect(position).not.toBeNull();
  });
});
