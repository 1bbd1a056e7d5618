import { describe, expect, it } from '@jest/globals';
import { Unreadable } from '../../src/application/errors.js';
import { PortfolioHandler, PortfolioQuery } from '../../src/application/queries/agencies.js';
import { PlanStatusHandler, PlanStatusQuery } from '../../src/application/queries/plan-status.js';
import { TasksHandler, TasksQuery } from '../../src/application/queries/tasks.js';
import { Questions } from '../../src/application/questions.js';
import { StreamStates } from '../../src/application/stream-states.js';
import type { Fact } from '../../src/domain/message.js';
import { collect } from '../../src/ports/event-store.js';
import type { ReadModels } from '../../src/ports/read-models.js';
import { AUDITOR, ledgers, ordersOf, type TestLedger } from '../support/ledger.js';
import { newEvents } from '../support/new-events.js';
import { seenAs } from '../support/seen-as.js';
import {
  ALONE,
  assignTo,
  COLLECTIVE,
  FIRST,
  found,
  KHCN,
  PLAN,
  report,
  TASK,
  TTTT,
  target,
} from './world.js';

const open = ledgers();

/** An event as a damaged disk gives it back: of a kind that nobody knows, or without what it must have. */
const UNKNOWN: Fact = { type: 'TargetSeu', data: { milestone: '2025' } };
const WITHOUT_ITS_DATA: Fact = { type: 'TargetSet', data: { milestone: '2025' } };

/** Puts an event at the end of a stream, whatever it is; gives its position. */
const damage = async ({ events }: TestLedger, stream: string, { type, data }: Fact): Promise<string> => {
  const last = (await collect(events.read(stream))).at(-1);
  if (!last) throw new Error(`there is no stream ${stream}`);
  const [fresh] = newEvents(1);
  const { position } = await events.append(
    stream,
    [{ ...fresh, type, data, metadata: last.metadata } as never],
    last.revision,
  );
  return position;
};

const whole = async (): Promise<TestLedger> => {
  const ledger = await open();
  await found(ledger.order);
  await ledger.order.indicator(FIRST, assignTo(FIRST, [KHCN]));
  return ledger;
};

const PAGING = { cursor: null, limit: 100 };

const statuses = async (ledger: TestLedger, knownAt?: string) => {
  await ledger.settled();
  const asked = { as: 'assigned', figures: 'all', sort: 'order', descending: false, knownAt } as const;
  const query = new PlanStatusQuery(PLAN, asked, PAGING, AUDITOR);
  return (await new PlanStatusHandler(ledger.questions).execute(query)).items;
};

const stale = (items: readonly { readonly id: string; readonly staleSince: string | null }[]) =>
  Object.fromEntries(items.flatMap(({ id, staleSince }) => (staleSince === null ? [] : [[id, staleSince]])));

describe('a subject of which an event cannot be read', () => {
  it.each([
    ['is of no kind that is known', UNKNOWN],
    [
      'has lost what it said',
      {
        type: 'AgencyAssigned',
        data: { role: 'lead', effectiveOn: '2025-01-01', subject: { kind: 'indicator', id: FIRST } },
      },
    ],
  ])('is marked in a status and beside the counts of a portfolio, where the event %s', async (_, fact) => {
    const ledger = await whole();
    expect(stale(await statuses(ledger))).toEqual({});
    const position = await damage(ledger, `indicator-${FIRST}`, fact as Fact);
    expect(stale(await statuses(ledger))).toEqual({ [FIRST]: position });
    expect(stale(await statuses(ledger, `@${position}`))).toEqual({ [FIRST]: position });
    const query = new PortfolioQuery(KHCN, { as: 'assigned' }, PAGING, AUDITOR);
    const { items, standingStill } = await new PortfolioHandler(ledger.questions).execute(query);
    expect(items.find(({ subject }) => subject.id === FIRST)?.indicator?.staleSince).toBe(position);
    expect(standingStill).toBe(1);
  });

  it('is marked where the event is of one of its figures, also the first of that', async () => {
    const ledger = await whole();
    const { measurementId } = await ledger.order.indicator(FIRST, report(FIRST, '2025-Q1', '70'));
    const reported = (id: string | null) => ({ type: 'MeasurementReported', data: { measurementId: id } });
    const again = await damage(ledger, `indicator-${FIRST}`, reported(measurementId));
    const first = await damage(ledger, `indicator-${ALONE}`, reported(`${ALONE}@2025-Q1#1`));
    expect(stale(await statuses(ledger))).toEqual({ [FIRST]: again, [ALONE]: first });
  });

  it('is not marked in an answer of a position before', async () => {
    const ledger = await whole();
    await ledger.settled();
    let isDamaged = false;
    const models = seenAs<ReadModels>(ledger.models, {
      find: async (...all) => {
        if (!isDamaged) {
          isDamaged = true;
          await damage(ledger, `indicator-${FIRST}`, UNKNOWN);
          await ledger.settled();
        }
        return ledger.models.find(...all);
      },
    });
    const { events, clock, progress } = ledger;
    const questions = new Questions(events, models, clock, progress);
    const asked = { as: 'assigned', figures: 'all', sort: 'order', descending: false } as const;
    const told = await new PlanStatusHandler(questions).execute(
      new PlanStatusQuery(PLAN, asked, PAGING, AUDITOR),
    );
    expect(stale(told.items)).toEqual({});
    expect(told.items).toEqual(await statuses(ledger, `@${told.position}`));
    expect(stale(await statuses(ledger))).toHaveProperty([FIRST]);
  });

  it('is marked among the tasks', async () => {
    const ledger = await whole();
    const position = await damage(ledger, `task-${TASK}`, { type: 'TaskCompletee', data: { taskId: TASK } });
    await ledger.settled();
    const asked = { as: 'assigned', sort: 'order', descending: false } as const;
    const { items } = await new TasksHandler(ledger.questions).execute(new TasksQuery(PLAN, asked, PAGING));
    expect(stale(items)).toEqual({ [TASK]: position });
  });

  it.each([
    ['is of no kind that is known', UNKNOWN],
    ['has lost what it said', WITHOUT_ITS_DATA],
  ])('takes no command, in words that say why, where the event %s', async (_, fact) => {
    const ledger = await whole();
    await damage(ledger, `indicator-${FIRST}`, fact);
    const before = await ledger.events.head();
    const { indicator } = ordersOf({ ...ledger, states: new StreamStates(ledger.events) });
    const refused = indicator(FIRST, target(FIRST, '≥ 90'));
    await expect(refused).rejects.toThrow(Unreadable);
    await expect(refused).rejects.toThrow(`of indicator-${FIRST} cannot be read`);
    expect(await ledger.events.head()).toBe(before);
    await indicator(ALONE, target(ALONE, '≥ 90'));
  });

  it('is named to a command that needs it for another', async () => {
    const ledger = await whole();
    await damage(ledger, `agency-${COLLECTIVE}`, { type: 'AgencyGroupChangee', data: {} });
    await expect(ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT, COLLECTIVE]))).rejects.toThrow(
      `of agency-${COLLECTIVE} cannot be read`,
    );
  });
});
