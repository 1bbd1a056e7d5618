import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { OrderReorganization } from '../../src/application/commands/orders.js';
import { ReorganizationHandler } from '../../src/application/commands/reorganization.handler.js';
import { Reorganizer } from '../../src/application/reorganization/reorganizer.js';
import type { Fact } from '../../src/domain/message.js';
import type { Decree } from '../../src/domain/reorganization/events.js';
import { type Ledger, openLedger } from '../../src/ledger.js';
import { collect, type EventStore } from '../../src/ports/event-store.js';
import { seenAs } from '../support/seen-as.js';
import { LaterClock, MEASURED_FROM } from './clock.js';
import { OFFICE } from './people.js';
import { BASIS } from './reporting.js';
import type { Written } from './subjects.js';
import { writeHistory } from './write.js';

const PLAN = 'kh-2035';
const TAKES_EFFECT_ON = '2036-01-01';
const WAIT_MS = 60_000;

const agencyAt = (n: number): string => `so-${n}`;

/**
 * One agency after the other is merged into the next, with everything that it leads: assignments that one decree moves in
 * a second, each durable, counted from the order to the acknowledged `ReorganizationApplied`. The sweep's second look,
 * whether anything is left, comes after that. Gives the median.
 */
export const measureMergers = async (
  folder: string,
  seed: number,
  moved: number,
  times: number,
): Promise<number> => {
  rmSync(folder, { recursive: true, force: true });
  const warn = (message: string) => process.stderr.write(`${message}\n`);
  const ledger = await openLedger(folder, new LaterClock(), warn);
  await writeHistory(ledger.events, [entered(moved, times)], seed);
  const rates: number[] = [];
  for (let n = 0; n < times; n++) {
    await settled(ledger);
    const before = await ledger.events.head();
    const watched = watchedFor('ReorganizationApplied', ledger.events);
    const started = performance.now();
    await decree(ledger, merger(n));
    await new Reorganizer({ ...ledger, events: watched.events }, ledger.questions).sweep();
    const seconds = (watched.at() - started) / 1_000;
    const caused = (await collect(ledger.events.readAll(before))).flat();
    const transfers = caused.filter(({ type }) => type === 'AssignmentTransferred').length;
    if (transfers !== moved) throw new Error(`a merger moved ${transfers} of ${moved} assignments`);
    rates.push(moved / seconds);
  }
  await ledger.close();
  rmSync(folder, { recursive: true, force: true });
  return rates.sort((a, b) => a - b)[times >> 1] ?? 0;
};

/** The same store, with the time at which an event of a type was last acknowledged. */
const watchedFor = (type: string, store: EventStore): { events: EventStore; at: () => number } => {
  let at = Number.NaN;
  const events = seenAs(store, {
    append: async (stream, appending, expected) => {
      const appended = await store.append(stream, appending, expected);
      if (appending.some((event) => event.type === type)) at = performance.now();
      return appended;
    },
  });
  return { events, at: () => at };
};

const settled = async ({ events, progress }: Ledger): Promise<void> => {
  const head = await events.head();
  if (head !== null) await progress.reached(progress.names(), head, WAIT_MS);
};

const decree = (ledger: Ledger, data: Decree) =>
  new ReorganizationHandler(ledger, ledger.questions).execute(
    new OrderReorganization(
      data.reorganizationId,
      { type: 'DecreeReorganization', data },
      { actor: OFFICE, correlationId: randomUUID(), repeatable: null, ifMatch: null },
    ),
  );

const merger = (n: number): Decree => {
  const [from, into] = [agencyAt(n), agencyAt(n + 1)];
  const all = (predecessor: string) => ({
    ...{ predecessor, successor: into, role: null },
    scope: { kind: 'all' as const },
  });
  return {
    ...{ reorganizationId: `sap-xep-${n}`, kind: 'merge', predecessors: [from, into], successors: [into] },
    ...{ establishes: [], renaming: null, allocations: [all(from), all(into)] },
    ...{ effectiveOn: TAKES_EFFECT_ON, reason: 'Sắp xếp tổ chức bộ máy', legalBasis: BASIS },
  };
};

/** A plan whose every indicator is led by the first agency. */
const entered = (indicators: number, mergers: number): Written[] => {
  const written = (stream: string, planId: string | null, facts: Fact[]): Written => ({
    ...{ stream, planId, facts, actor: OFFICE },
    at: MEASURED_FROM,
  });
  const effectiveOn = '2035-01-01';
  const [source, assumed] = [null, [] as const];
  const agencies = Array.from({ length: mergers + 1 }, (_, n) => {
    const [agencyId, name] = [agencyAt(n), `Sở số ${n}`];
    const data = { agencyId, name, shortName: name, level: 'province', establishedOn: null };
    return written(`agency-${agencyId}`, null, [{ type: 'AgencyEstablished', data }]);
  });
  const plan = {
    ...{ planId: PLAN, title: 'Kế hoạch', milestones: ['2040'], sections: [], endsOn: null, effectiveOn },
    ...{ number: null, issuer: 'UBND', issuedOn: effectiveOn, supersedes: null, source, assumed },
  };
  const issued = written(`plan-${PLAN}`, PLAN, [{ type: 'PlanIssued', data: plan }]);
  const adopted = Array.from({ length: indicators }, (_, n) => {
    const indicatorId = `${PLAN}/${n + 1}`;
    const wording = { title: `Chỉ tiêu ${n + 1}`, unit: '%', direction: 'higher-is-better', guidance: null };
    const data = {
      ...{ indicatorId, planId: PLAN, code: String(n + 1), parent: null, section: null, order: n + 1 },
      ...{ deadline: null, source, assumed, ...wording, formula: null, effectiveOn },
    };
    const lead = {
      ...{ subject: { kind: 'indicator', id: indicatorId }, role: 'lead', agencies: [agencyAt(0)] },
      ...{ moves: [{ from: null, to: agencyAt(0) }], notation: null, effectiveOn },
    };
    const facts = [
      { type: 'IndicatorAdopted', data },
      { type: 'AgencyAssigned', data: lead },
    ];
    return written(`indicator-${indicatorId}`, PLAN, facts);
  });
  return [...agencies, issued, ...adopted];
};
