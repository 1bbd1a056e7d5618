import { expect, it } from '@jest/globals';
import {
  AgenciesHandler,
  AgenciesQuery,
  AgencyQuery,
  AgencyQueryHandler,
  PortfolioHandler,
  PortfolioQuery,
} from '../../src/application/queries/agencies.js';
import { IndicatorQuery, IndicatorQueryHandler } from '../../src/application/queries/indicators.js';
import { OverviewHandler, OverviewQuery } from '../../src/application/queries/overview.js';
import { PlanStatusHandler, PlanStatusQuery } from '../../src/application/queries/plan-status.js';
import {
  PlanQuery,
  PlanQueryHandler,
  PlansHandler,
  PlansQuery,
} from '../../src/application/queries/plans.js';
import {
  TaskQuery,
  TaskQueryHandler,
  TasksHandler,
  TasksQuery,
} from '../../src/application/queries/tasks.js';
import { Questions } from '../../src/application/questions.js';
import type { ReadModels } from '../../src/ports/read-models.js';
import { AUDITOR, type TestLedger } from '../support/ledger.js';
import { seenAs } from '../support/seen-as.js';
import {
  ALONE,
  adopt,
  assignTo,
  BASIS,
  correct,
  FIRST,
  KHCN,
  PLAN,
  provinces,
  report,
  SECOND,
  TASK,
  target,
} from './world.js';

const open = provinces();

const ALL = { limit: 500, cursor: null };
const READ = { as: 'assigned', figures: 'all', sort: 'order', descending: false } as const;

interface At {
  readonly knownAt?: string;
}
type Ask = (questions: Questions, at: At) => Promise<{ readonly position: string | null }>;

const ASKED: readonly (readonly [what: string, ask: Ask])[] = [
  [
    'the status of a plan',
    (questions, at) =>
      new PlanStatusHandler(questions).execute(new PlanStatusQuery(PLAN, { ...READ, ...at }, ALL, AUDITOR)),
  ],
  [
    'one indicator',
    (questions, at) =>
      new IndicatorQueryHandler(questions).execute(new IndicatorQuery(FIRST, { ...READ, ...at }, AUDITOR)),
  ],
  [
    'the tasks of a plan',
    (questions, at) => new TasksHandler(questions).execute(new TasksQuery(PLAN, { ...READ, ...at }, ALL)),
  ],
  [
    'one task',
    (questions, at) => new TaskQueryHandler(questions).execute(new TaskQuery(TASK, { ...READ, ...at })),
  ],
  [
    'the overview',
    (questions, at) => new OverviewHandler(questions).execute(new OverviewQuery({ ...READ, ...at }, AUDITOR)),
  ],
  [
    'a portfolio',
    (questions, at) =>
      new PortfolioHandler(questions).execute(
        new PortfolioQuery(KHCN, { as: 'inherited', ...at }, ALL, AUDITOR),
      ),
  ],
  ['the plans', (questions, at) => new PlansHandler(questions).execute(new PlansQuery(at, ALL))],
  ['one plan', (questions, at) => new PlanQueryHandler(questions).execute(new PlanQuery(PLAN, at))],
  ['the agencies', (questions, at) => new AgenciesHandler(questions).execute(new AgenciesQuery(at, ALL))],
  ['one agency', (questions, at) => new AgencyQueryHandler(questions).execute(new AgencyQuery(KHCN, at))],
];

const begun = async (): Promise<TestLedger> => {
  const ledger = await open();
  for (const id of [FIRST, SECOND, ALONE]) {
    await ledger.order.indicator(id, target(id, '≥ 80'));
    await ledger.order.indicator(id, assignTo(id, [KHCN]));
    await ledger.order.indicator(id, report(id, '2025-Q1', '0'));
  }
  return ledger;
};

let written = 0;

/** Something of everything that a question may tell. */
const write = async ({ order, settled }: TestLedger): Promise<void> => {
  const n = ++written;
  for (const id of [FIRST, SECOND, ALONE]) await order.indicator(id, correct(id, `${id}@2025-Q1#1`, `${n}`));
  await order.indicator(`${PLAN}/9.${n}`, adopt(`9.${n}`));
  const why = { reason: 'đổi tên', legalBasis: BASIS };
  const naming = { agencyId: KHCN, name: `Sở ${n}`, shortName: null, effectiveOn: '2025-03-01' };
  await order.agency(KHCN, { type: 'RenameAgency', data: { ...naming, ...why } });
  const progress = { taskId: TASK, effectiveOn: '2025-05-01', agencyId: null, note: `${n}`, evidence: null };
  await order.task(TASK, { type: 'ReportTaskProgress', data: progress });
  await settled();
};

/** Questions whose n-th reading of rows comes after something was written. */
const interrupted = (
  { events, models, clock, progress }: TestLedger,
  n: number,
  meanwhile: () => Promise<void>,
) => {
  let reads = 0;
  const next = async () => {
    if (++reads === n) await meanwhile();
  };
  const seen = seenAs<ReadModels>(models, {
    get: async (...all) => next().then(() => models.get(...all)),
    getMany: async (...all) => next().then(() => models.getMany(...all)),
    find: async (...all) => next().then(() => models.find(...all)),
    keys: async (...all) => next().then(() => models.keys(...all)),
    count: async (...all) => next().then(() => models.count(...all)),
  });
  return { questions: new Questions(events, seen, clock, progress), reads: () => reads };
};

it.each(ASKED)(
  '%s is told as it was at the position that is stated, whatever is written meanwhile',
  async (_, ask) => {
    const ledger = await begun();
    await ledger.settled();
    let isThere = true;
    for (let n = 1; isThere; n++) {
      const { questions, reads } = interrupted(ledger, n, () => write(ledger));
      const { position, ...told } = await ask(questions, {});
      const again = await ask(ledger.questions, { knownAt: `@${position}` });
      expect({ ...told, position }).toEqual({ ...again, knownAt: null });
      isThere = reads() >= n;
      expect(position === (await ledger.events.head())).toBe(!isThere);
    }
  },
);
