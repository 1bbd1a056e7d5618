import { expect, it } from '@jest/globals';
import { indicatorStatus } from '../../projections/indicator-status.js';
import { measurementHistory } from '../../projections/measurement-history.js';
import type { Ordered } from '../../src/application/commands/orders.js';
import {
  AgenciesHandler,
  AgenciesQuery,
  AgencyQuery,
  AgencyQueryHandler,
  PortfolioHandler,
  PortfolioQuery,
} from '../../src/application/queries/agencies.js';
import { AuditHandler, AuditQuery } from '../../src/application/queries/audit.js';
import {
  HistoryHandler,
  HistoryQuery,
  IndicatorQuery,
  IndicatorQueryHandler,
} from '../../src/application/queries/indicators.js';
import { PlanEventsHandler, PlanEventsQuery } from '../../src/application/queries/log.js';
import { OverviewHandler, OverviewQuery } from '../../src/application/queries/overview.js';
import { PlanStatusHandler, PlanStatusQuery } from '../../src/application/queries/plan-status.js';
import {
  PlanQuery,
  PlanQueryHandler,
  PlansHandler,
  PlansQuery,
} from '../../src/application/queries/plans.js';
import {
  ReorganizationQuery,
  ReorganizationQueryHandler,
} from '../../src/application/queries/reorganizations.js';
import {
  TaskQuery,
  TaskQueryHandler,
  TasksHandler,
  TasksQuery,
} from '../../src/application/queries/tasks.js';
import { Questions } from '../../src/application/questions.js';
import type { IndicatorCommand } from '../../src/domain/indicator/commands.js';
import { type EventStore, StoreUnavailable } from '../../src/ports/event-store.js';
import type { ReadModels } from '../../src/ports/read-models.js';
import { AUDITOR, asked, OFFICE, reporterOf, type TestLedger } from '../support/ledger.js';
import { seenAs } from '../support/seen-as.js';
import { decree, merger, sweep } from './decreeing.js';
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
  TTTT,
  target,
} from './world.js';

const open = provinces();

const ALL = { limit: 500, cursor: null };
const FIRST_PAGE = { limit: 30, cursor: null };
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
  [
    'a trail, as the agency of others sees it',
    (questions, at) =>
      new AuditHandler(questions).execute(new AuditQuery(PLAN, { as: 'assigned', ...at }, FIRST_PAGE, OTHER)),
  ],
  [
    'a history, as the agency of others sees it',
    (questions, at) =>
      new HistoryHandler(questions).execute(new HistoryQuery(`indicator-${FIRST}`, at, OTHER)),
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
    await ledger.order.indicator(id, accept(id), COLLEAGUE);
  }
  return ledger;
};

const accept = (indicatorId: string): Ordered<IndicatorCommand> => ({
  type: 'AcceptMeasurement',
  data: { indicatorId, measurementId: `${indicatorId}@2025-Q1#1`, note: null },
});

/** Sees nothing of a figure of others that is not accepted. */
const OTHER = reporterOf(TTTT);
/** Accepts what somebody else reported. */
const COLLEAGUE = asked({ ...OFFICE, subject: 'hoa' });

let written = 0;

/** Something of everything that a question may tell. */
const write = async ({ order, settled }: TestLedger): Promise<void> => {
  const n = ++written;
  for (const id of [FIRST, SECOND, ALONE])
    if (n % 2 === 1) await order.indicator(id, correct(id, `${id}@2025-Q1#1`, `${n}`));
    else await order.indicator(id, accept(id), COLLEAGUE);
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

const FROM_ROWS = ASKED.filter(([what]) => !/trail|history|one indicator|one task/.test(what));

it.each(FROM_ROWS)('%s is told as the rows are while the log cannot be read', async (_, ask) => {
  const ledger = await begun();
  await ledger.settled();
  const away = async (): Promise<never> => {
    throw new StoreUnavailable('away');
  };
  const { position } = await ask(ledger.questions, {});
  const { models, clock } = ledger;
  const events = seenAs<EventStore>(ledger.events, {
    readMany: away,
    read: () => ({ [Symbol.asyncIterator]: () => ({ next: away }) }),
  });
  const progress = Object.create(ledger.progress) as typeof ledger.progress;
  progress.checkpoints = async (names) => names.map(() => position);
  await write(ledger);
  const { position: stated, ...told } = await ask(new Questions(events, models, clock, progress), {});
  const { position: __, ...now } = await ask(ledger.questions, {});
  expect({ stated, told }).toEqual({ stated: position, told: now });
});

const isLater = (position: string | null) => (one: { readonly position: string }) =>
  one.position > (position ?? '');

it('the raw events of a plan end at the position that is stated', async () => {
  const ledger = await begun();
  await ledger.settled();
  const { questions } = interrupted(ledger, 1, () => write(ledger));
  const { items, position } = await new PlanEventsHandler(questions).execute(
    new PlanEventsQuery(PLAN, ALL, undefined),
  );
  expect(items.length).toBeGreaterThan(0);
  expect(items.filter(isLater(position))).toEqual([]);
});

it('a decree is told with what it had caused by the position that is stated', async () => {
  const ledger = await begun();
  const data = merger(KHCN, TTTT, '2025-03-01');
  await decree(ledger, data);
  await ledger.settled();
  const { questions } = interrupted(ledger, 1, async () => {
    await sweep(ledger);
    await ledger.settled();
  });
  const query = new ReorganizationQuery(data.reorganizationId, undefined, AUDITOR);
  const { state, caused, position } = await new ReorganizationQueryHandler(questions).execute(query);
  expect([state, caused.filter(isLater(position))]).toEqual(['applying', []]);
});

/** Questions of a ledger one of whose projections has come no further than a position. */
const behind = (
  { events, models, clock, progress }: TestLedger,
  late: string,
  position: string,
): Questions => {
  const until = <Found extends { readonly row: { readonly position: string } }>(found: readonly Found[]) =>
    found.filter(({ row }) => row.position <= position);
  const seen = seenAs<ReadModels>(models, {
    find: async (collection, query) => {
      const found = await models.find(collection, query);
      return collection.name === late ? until(found) : found;
    },
    getMany: async (collection, keys) => {
      const found = [...(await models.getMany(collection, keys))];
      const there = found.filter(([, row]) => collection.name !== late || row.position <= position);
      return new Map(there);
    },
  });
  const slow = Object.create(progress) as typeof progress;
  slow.checkpoints = async (names) =>
    (await progress.checkpoints(names)).map((checkpoint, at) => (names[at] === late ? position : checkpoint));
  return new Questions(events, seen, clock, slow);
};

it.each([measurementHistory.name, indicatorStatus.name])(
  'a trail is told as of where %s stands, as who sees what and who leads is read from it',
  async (late) => {
    const ledger = await begun();
    await ledger.settled();
    const position = (await ledger.events.head()) ?? '';
    await ledger.order.indicator(`${PLAN}/9.0`, adopt('9.0'));
    await ledger.order.indicator(`${PLAN}/9.0`, assignTo(`${PLAN}/9.0`, [TTTT]));
    await ledger.order.indicator(`${PLAN}/9.0`, report(`${PLAN}/9.0`, '2025-Q1', '1', TTTT), asked(OTHER));
    await ledger.settled();
    const ask = (questions: Questions, knownAt?: string) =>
      new AuditHandler(questions).execute(
        new AuditQuery(PLAN, { as: 'assigned', ...(knownAt ? { knownAt } : {}) }, ALL, OTHER),
      );
    const told = await ask(behind(ledger, late, position));
    expect(told).toEqual({ ...(await ask(ledger.questions, `@${told.position}`)), knownAt: null });
  },
);
