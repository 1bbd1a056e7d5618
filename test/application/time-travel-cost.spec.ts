import { expect, it } from '@jest/globals';
import { IndicatorQuery, IndicatorQueryHandler } from '../../src/application/queries/indicators.js';
import { PlanStatusHandler, PlanStatusQuery } from '../../src/application/queries/plan-status.js';
import { Questions } from '../../src/application/questions.js';
import type { EventStore } from '../../src/ports/event-store.js';
import { adopted, reported } from '../projections/events.js';
import { AUDITOR, ledgers, type TestLedger } from '../support/ledger.js';
import { newEvent } from '../support/new-events.js';
import { ALONE, found, PLAN } from './world.js';

const open = ledgers();
const OTHERS = 40;
const MORE = 300;

/** Questions of a ledger that count the events they read, from streams and from the log. */
const counting = ({ events, models, clock, progress }: TestLedger) => {
  let read = 0;
  const counted: EventStore = Object.assign(Object.create(events), {
    async *read(...all: Parameters<EventStore['read']>) {
      for await (const event of events.read(...all)) {
        read += 1;
        yield event;
      }
    },
    async *readAll(...all: Parameters<EventStore['readAll']>) {
      for await (const page of events.readAll(...all)) {
        read += page.length;
        yield page;
      }
    },
    head: () => events.head(),
    positionAt: (instant: string) => events.positionAt(instant),
  });
  const questions = new Questions(counted, models, clock, progress);
  const cost = async (question: Promise<unknown>) => {
    const before = read;
    await question;
    return read - before;
  };
  return { questions, cost };
};

/** What happens elsewhere: in other streams, to other subjects. */
const elsewhere = async ({ events, settled }: TestLedger): Promise<void> => {
  for (let n = 0; n < OTHERS; n++) {
    const stream = `indicator-kh-khac/${n}`;
    const of = (event: { type: string; data: object }) => {
      const data = { ...event.data, indicatorId: `kh-khac/${n}`, planId: 'kh-khac' };
      return newEvent(data, { planId: 'kh-khac' }, event.type);
    };
    const figures = Array.from({ length: MORE / OTHERS + 1 }, () => of(reported('x', '2025-Q1', '50')));
    await events.append(stream, [of(adopted('x')), ...figures], 'none');
  }
  await settled();
};

it('time travel reads the subject’s own history, however long the log has become', async () => {
  const ledger = await open();
  await found(ledger.order);
  await ledger.settled();
  const knownAt = ledger.clock.now();
  const { questions, cost } = counting(ledger);
  const asked = { asOf: '2025-06-01', knownAt, as: 'assigned', figures: 'all' } as const;
  const costs = async () => [
    await cost(
      new PlanStatusHandler(questions).execute(
        new PlanStatusQuery(
          PLAN,
          { ...asked, sort: 'order', descending: false },
          { limit: 50, cursor: null },
          AUDITOR,
        ),
      ),
    ),
    await cost(new IndicatorQueryHandler(questions).execute(new IndicatorQuery(ALONE, asked, AUDITOR))),
  ];
  const before = await costs();
  const log = (await ledger.log()).length;
  await elsewhere(ledger);
  expect((await ledger.log()).length).toBeGreaterThan(log + MORE);
  expect(await costs()).toEqual(before);
  expect(Math.max(...before)).toBeLessThanOrEqual(log);
  expect(Math.min(...before)).toBeGreaterThan(0);
});
