import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { AgencyHandler, type Holdings } from '../../src/application/commands/agency.handler.js';
import { IndicatorHandler } from '../../src/application/commands/indicator.handler.js';
import {
  OrderAgency,
  type Ordered,
  OrderIndicator,
  OrderPlan,
  OrderTask,
} from '../../src/application/commands/orders.js';
import { PlanHandler } from '../../src/application/commands/plan.handler.js';
import { TaskHandler } from '../../src/application/commands/task.handler.js';
import type { Writing } from '../../src/application/handle.js';
import { holdingsOf } from '../../src/application/holdings.js';
import { type LoadResult, load } from '../../src/application/load/load.js';
import type { Files } from '../../src/application/load/tables.js';
import type { Answer, Request } from '../../src/application/request.js';
import { readFolder } from '../../src/cli/folder.js';
import type { AgencyCommand } from '../../src/domain/agency/commands.js';
import type { IndicatorCommand } from '../../src/domain/indicator/commands.js';
import type { Actor } from '../../src/domain/message.js';
import type { PlanCommand } from '../../src/domain/plan/commands.js';
import type { TaskCommand } from '../../src/domain/task/commands.js';
import { type Ledger, openLedger } from '../../src/ledger.js';
import type { Clock } from '../../src/ports/clock.js';
import { collect, type EventStore, type RecordedEvent } from '../../src/ports/event-store.js';
import { temporaryFolder } from './temporary-folder.js';

/** How long a test waits for the read loop, in milliseconds; it never sleeps. */
const MAX_WAIT_MS = 20_000;

/** A clock that stands still until the test sets it. */
export class TestClock implements Clock {
  constructor(private instant = '2025-06-01T02:00:00.000Z') {}

  now(): string {
    return this.instant;
  }

  /** Sets an instant (ISO UTC), or the morning of a day (ISO). */
  set(when: string): void {
    this.instant = when.length === 10 ? `${when}T02:00:00.000Z` : when;
  }
}

export const OFFICE: Actor = {
  subject: 'lan',
  name: 'Nguyễn Thị Lan',
  role: 'office',
  agencyId: 'vp-ubnd-tinh',
};
export const AUDITOR: Actor = { subject: 'minh', name: 'Trần Minh', role: 'auditor', agencyId: null };
export const LOADER: Actor = { subject: 'hoa', name: 'Lê Hoa', role: 'admin', agencyId: null };
export const reporterOf = (agencyId: string): Actor => ({
  subject: `reporter of ${agencyId}`,
  name: `Reporter of ${agencyId}`,
  role: 'reporter',
  agencyId,
});

/** A command as one actor asks it, once. */
export const asked = (actor: Actor = OFFICE, over: Partial<Request> = {}): Request => ({
  actor,
  correlationId: 'c0c0c0c0-0000-4000-8000-000000000000',
  repeatable: null,
  ifMatch: null,
  ...over,
});

/** The handlers of a ledger, without the bus around them. */
export const ordersOf = (
  writing: Writing,
  holdings: Holdings = async () => ({ holdings: 0, memberOf: [] }),
) => {
  const [plan, indicator, task, agency] = [
    new PlanHandler(writing),
    new IndicatorHandler(writing),
    new TaskHandler(writing),
    new AgencyHandler(writing, holdings),
  ];
  return {
    plan: (id: string, order: Ordered<PlanCommand>, request = asked()): Promise<Answer> =>
      plan.execute(new OrderPlan(id, order, request)),
    indicator: (id: string, order: Ordered<IndicatorCommand>, request = asked()): Promise<Answer> =>
      indicator.execute(new OrderIndicator(id, order, request)),
    task: (id: string, order: Ordered<TaskCommand>, request = asked()): Promise<Answer> =>
      task.execute(new OrderTask(id, order, request)),
    agency: (id: string, order: Ordered<AgencyCommand>, request = asked()): Promise<Answer> =>
      agency.execute(new OrderAgency(id, order, request)),
  };
};

export type Orders = ReturnType<typeof ordersOf>;

/** An open ledger in a folder of its own, with a clock that the test sets. */
export interface TestLedger extends Ledger {
  readonly folder: string;
  readonly clock: TestClock;
  readonly order: Orders;
  /** What the ledger warned of. */
  readonly warnings: readonly string[];
  /** Waits until every projection holds the whole log. */
  settled(): Promise<void>;
  log(): Promise<RecordedEvent[]>;
}

/** Opens real ledgers in temporary folders; to be called at the top of a test file. */
export const ledgers = () => {
  const opened = new Set<TestLedger>();
  afterAll(async () => {
    for (const ledger of opened) await ledger.close();
  });
  const root = temporaryFolder();
  let made = 0;
  return async ({
    folder = join(root, String(++made)),
    clock = new TestClock(),
  } = {}): Promise<TestLedger> => {
    const warnings: string[] = [];
    const ledger = await openLedger(folder, clock, (message) => warnings.push(message));
    const test: TestLedger = {
      ...ledger,
      ...{ folder, clock, warnings },
      order: ordersOf(ledger, holdingsOf(ledger, ledger.questions)),
      settled: () => settled(ledger),
      log: () => wholeLog(ledger.events),
      async close() {
        opened.delete(test);
        await ledger.close();
      },
    };
    opened.add(test);
    return test;
  };
};

const settled = async ({ events, progress }: Ledger): Promise<void> => {
  const head = await events.head();
  if (head !== null) await progress.reached(progress.names(), head, MAX_WAIT_MS);
};

export const wholeLog = async (events: EventStore): Promise<RecordedEvent[]> =>
  (await collect(events.readAll(null))).flat();

let konTum: Files | undefined;

/** The five documents as tables. */
export const konTumTables = async (): Promise<Files> => {
  konTum ??= await readFolder(join(process.cwd(), 'data', 'kon-tum'));
  return konTum;
};

/** Loads tables into a ledger, as the person who imports. */
export const loadTables = (
  writing: Writing,
  files: Files,
  {
    dryRun = false,
    onlyFill = false,
    actor = LOADER,
    repeatable = null,
  }: { dryRun?: boolean; onlyFill?: boolean; actor?: Actor; repeatable?: Request['repeatable'] } = {},
): Promise<LoadResult> => load(writing, files, actor, { dryRun, onlyFill, repeatable });
