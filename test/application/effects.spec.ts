import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { auditTrail } from '../../projections/audit-trail.js';
import { AuditHandler, AuditQuery, type TrailItem } from '../../src/application/queries/audit.js';
import { HistoryHandler, HistoryQuery } from '../../src/application/queries/indicators.js';
import { PlanStatusHandler, PlanStatusQuery } from '../../src/application/queries/plan-status.js';
import { TasksHandler, TasksQuery } from '../../src/application/queries/tasks.js';
import { Questions } from '../../src/application/questions.js';
import type { AuditEntry } from '../../src/application/trail/entries.js';
import { streamOf } from '../../src/domain/events.js';
import type { Actor } from '../../src/domain/message.js';
import type { ReadModels } from '../../src/ports/read-models.js';
import { AUDITOR, asked, ledgers, OFFICE, reporterOf, type TestLedger } from '../support/ledger.js';
import { seenAs } from '../support/seen-as.js';
import { regroup } from './decreeing.js';
import { happen, histories } from './history.js';
import {
  adopt,
  assignTo,
  BASIS,
  COLLECTIVE,
  FIRST,
  found,
  GROUP,
  issue,
  KHCN,
  LATER_PLAN,
  moveTo,
  PLAN,
  report,
  SECOND,
  TASK,
  TTTT,
  target,
  XAY_DUNG,
} from './world.js';

const open = ledgers();
const all = { limit: 500, cursor: null };

const trailOf = async ({ questions }: TestLedger, actor = AUDITOR): Promise<readonly TrailItem[]> =>
  (await new AuditHandler(questions).execute(new AuditQuery(PLAN, {}, all, actor))).items;

const changesOf = async ({ questions }: Pick<TestLedger, 'questions'>, actor = AUDITOR) => {
  const history = new HistoryQuery(streamOf('agency', COLLECTIVE), {}, actor);
  const { items } = await new HistoryHandler(questions).execute(history);
  return items.filter(({ type }) => type === 'AgencyGroupChanged');
};

const COMPONENTS = [
  { name: 'a', value: '8' },
  { name: 'b', value: '10' },
];

/** Every indicator and task on a day, as known at a position, in the order of the plan. */
const statuses = async ({ questions }: TestLedger, asOf: string, position: string, actor: Actor) => {
  const when = { asOf, knownAt: `@${position}`, as: 'assigned', sort: 'order', descending: false } as const;
  const indicators = await new PlanStatusHandler(questions).execute(
    new PlanStatusQuery(PLAN, { ...when, figures: 'all' }, all, actor),
  );
  const tasks = await new TasksHandler(questions).execute(new TasksQuery(PLAN, when, all));
  const found = [
    ...indicators.items.map(({ id, parent, status }) => ({ kind: 'indicator', id, parent, status })),
    ...tasks.items.map(({ id, status }) => ({ kind: 'task', id, parent: null, status })),
  ];
  return new Map(found.map((one) => [one.id, one]));
};

/** Whose status an event can flip: its subject's, those under it and that of the group above, or everything's in a plan. */
const reached = ({ subject }: AuditEntry, is: Awaited<ReturnType<typeof statuses>>): readonly string[] => {
  if (subject.kind === 'plan' || subject.kind === 'agency') return [...is.keys()];
  const under = [...is].flatMap(([id, { parent }]) => (parent === subject.id ? [id] : []));
  return [subject.id, ...under, is.get(subject.id)?.parent ?? null].filter((id) => id !== null);
};

const inOrder = <One extends { readonly id: string }>(effect: readonly One[]) =>
  [...effect].sort((a, b) => (a.id < b.id ? -1 : 1));

/** Every entry names the statuses that differ just before its event and just after. */
const expectTrue = async (ledger: TestLedger, actor: Actor): Promise<void> => {
  const log = await ledger.log();
  const trail = [...(await trailOf(ledger, actor)), ...(await changesOf(ledger, actor))];
  for (const entry of trail) {
    const asOf = [entry.effectiveOn ?? entry.recordedOn, entry.recordedOn].sort().at(-1) as string;
    const before = log[log.findIndex(({ position }) => position === entry.position) - 1];
    // The plan itself was not there before it was issued.
    if (entry.type === 'PlanIssued' || !before) continue;
    const [was, is] = [
      await statuses(ledger, asOf, before.position, actor),
      await statuses(ledger, asOf, entry.position, actor),
    ];
    const expected = reached(entry, is).flatMap((id) => {
      const [from, to] = [was.get(id)?.status ?? null, is.get(id)?.status ?? null];
      return from === to ? [] : [{ kind: is.get(id)?.kind, id, asOf, from, to }];
    });
    const what = `${entry.type} ${entry.revision} to ${actor.subject}`;
    // Of a collective, in the order in which it came to lead.
    const isOfMembers = entry.subject.kind === 'agency';
    const [told, due] = isOfMembers ? [inOrder(entry.effect), inOrder(expected)] : [entry.effect, expected];
    expect({ what, effect: told }).toEqual({ what, effect: due });
    expect(entry).not.toHaveProperty('seen');
  }
};

/** One who sees every figure, two who see their own agency's, and one who sees what is accepted alone. */
const READERS = [AUDITOR, reporterOf(KHCN), reporterOf(TTTT), reporterOf(XAY_DUNG)];

describe('the effect of an event', () => {
  it('is what the statuses of its subject, of the group above it and of everything in a plan were just before and just after', async () => {
    await fc.assert(
      fc.asyncProperty(histories({ min: 25, max: 45 }), async (steps) => {
        const ledger = await open();
        await found(ledger.order);
        await ledger.order.plan(LATER_PLAN, issue(LATER_PLAN));
        await happen(steps, ledger.order, ledger.clock);
        await ledger.settled();
        for (const actor of READERS) await expectTrue(ledger, actor);
        await ledger.close();
      }),
      { numRuns: 8, endOnFailure: true },
    );
  });

  it('names the indicator that a figure flips, and its group', async () => {
    const ledger = await open();
    await found(ledger.order);
    ledger.clock.set('2025-12-01');
    await ledger.order.indicator(FIRST, target(FIRST, '≥ 80'));
    await ledger.order.indicator(SECOND, target(SECOND, '≥ 80'));
    await ledger.order.indicator(SECOND, report(SECOND, '2025-Q3', '85'));
    const { position } = await ledger.order.indicator(FIRST, report(FIRST, '2025-Q3', '90'));
    await ledger.settled();
    const at = { asOf: '2025-12-01', from: 'not-reported', to: 'achieved' };
    const entry = (await trailOf(ledger)).find((item) => item.position === position);
    expect(entry?.effect).toEqual([
      { kind: 'indicator', id: FIRST, ...at },
      { kind: 'indicator', id: GROUP, ...at },
    ]);
  });

  it('names the rows that take their lead from the one that is given to another', async () => {
    const ledger = await open();
    await found(ledger.order);
    ledger.clock.set('2025-12-01');
    await ledger.order.indicator(GROUP, assignTo(GROUP, [KHCN]));
    await ledger.order.indicator(FIRST, target(FIRST, '≥ 80'));
    await ledger.order.indicator(FIRST, report(FIRST, '2025-Q3', '90', KHCN));
    const { position } = await ledger.order.indicator(GROUP, moveTo(GROUP, KHCN, COLLECTIVE, '2025-11-01'));
    await ledger.settled();
    const entry = (await trailOf(ledger)).find((item) => item.position === position);
    expect(entry?.effect.map(({ id, from }) => [id, from])).toEqual([
      [GROUP, 'achieved'],
      [FIRST, 'achieved'],
    ]);
    await expectTrue(ledger, AUDITOR);
  });

  it('names what a change of a collective’s members flips', async () => {
    const ledger = await open();
    await found(ledger.order);
    ledger.clock.set('2025-12-01');
    await ledger.order.indicator(GROUP, assignTo(GROUP, [COLLECTIVE]));
    await ledger.order.indicator(FIRST, target(FIRST, '≥ 50'));
    for (const agency of [KHCN, TTTT])
      await ledger.order.indicator(FIRST, report(FIRST, '2025-Q3', { components: COMPONENTS }, agency));
    await regroup(ledger, [KHCN, TTTT, XAY_DUNG], '2025-11-01');
    await ledger.settled();
    const entry = (await changesOf(ledger)).at(-1);
    const flip = { kind: 'indicator', asOf: '2025-12-01', from: 'achieved', to: 'not-reported' };
    expect(inOrder(entry?.effect ?? [])).toEqual([
      { ...flip, id: GROUP },
      { ...flip, id: FIRST },
    ]);
    await expectTrue(ledger, AUDITOR);
  });

  it('names what such a change flips of what the collective led until then, and the group above', async () => {
    const ledger = await open();
    await found(ledger.order);
    ledger.clock.set('2025-12-01');
    await ledger.order.indicator(FIRST, assignTo(FIRST, [COLLECTIVE]));
    await ledger.order.indicator(FIRST, target(FIRST, '≥ 50'));
    for (const agency of [KHCN, TTTT])
      await ledger.order.indicator(FIRST, report(FIRST, '2025-Q3', { components: COMPONENTS }, agency));
    await regroup(ledger, [KHCN, TTTT, XAY_DUNG], '2025-11-01');
    await ledger.order.indicator(FIRST, moveTo(FIRST, COLLECTIVE, KHCN, '2025-12-01'));
    await ledger.settled();
    const entry = (await changesOf(ledger)).at(-1);
    expect(entry?.effect.map(({ id, from, to }) => [id, from, to])).toEqual([
      [FIRST, 'achieved', 'not-reported'],
      [GROUP, 'achieved', 'not-reported'],
    ]);
  });

  it('looks at what stands around what a collective leads once, however much of it there is', async () => {
    const looks = async (rows: number): Promise<number> => {
      const ledger = await open();
      await found(ledger.order);
      await ledger.order.indicator(GROUP, assignTo(GROUP, [COLLECTIVE]));
      for (let n = 0; n < rows; n++) {
        const id = `${PLAN}/1.9${n}`;
        await ledger.order.indicator(id, adopt(`1.9${n}`, { parent: GROUP }));
        await ledger.order.indicator(id, assignTo(id, [COLLECTIVE]));
      }
      await regroup(ledger, [KHCN], '2025-11-01');
      await ledger.settled();
      let asked = 0;
      const models = seenAs<ReadModels>(ledger.models, {
        find: async (collection, query) => {
          if ('parent' in query.where) asked += 1;
          return ledger.models.find(collection, query);
        },
      });
      const { events, clock, progress } = ledger;
      await changesOf({ questions: new Questions(events, models, clock, progress) });
      return asked;
    };
    expect((await looks(20)) - (await looks(5))).toBeLessThanOrEqual(15);
  });

  it('names everything in a plan that its end, or another plan in its place, flips', async () => {
    const ledger = await open();
    await found(ledger.order);
    await ledger.order.plan(LATER_PLAN, issue(LATER_PLAN));
    ledger.clock.set('2026-06-01');
    await ledger.order.indicator(FIRST, target(FIRST, '≥ 80', { milestone: 'yearly' }));
    await ledger.order.indicator(FIRST, report(FIRST, '2025', '90'));
    await ledger.order.indicator(FIRST, report(FIRST, '2026-Q1', '50'));
    const change = { planId: PLAN, reason: 'theo quyết định', legalBasis: BASIS };
    const ended = await ledger.order.plan(PLAN, {
      type: 'AmendPlan',
      data: { ...change, endsOn: '2025-12-31', effectiveOn: '2025-11-01' },
    });
    const superseded = await ledger.order.plan(PLAN, {
      type: 'SupersedePlan',
      data: { ...change, by: LATER_PLAN, effectiveOn: '2025-06-01' },
    });
    await ledger.settled();
    const flips = (await trailOf(ledger))
      .filter(({ position }) => position >= ended.position)
      .map(({ position, effect }) => [position, effect.map(({ id, from, to }) => `${id} ${from} ${to}`)]);
    expect(flips).toEqual([
      [ended.position, [`${GROUP} in-progress achieved`, `${FIRST} in-progress achieved`]],
      [
        superseded.position,
        [`${GROUP} achieved not-reported`, `${FIRST} achieved not-reported`, `${TASK} overdue due`],
      ],
    ]);
    await expectTrue(ledger, AUDITOR);
  });

  it('names what a closing flips: of each year that a yearly target asks for, it is the last', async () => {
    const ledger = await open();
    await found(ledger.order);
    ledger.clock.set('2026-06-01');
    await ledger.order.indicator(FIRST, target(FIRST, '≥ 80', { milestone: 'yearly' }));
    await ledger.order.indicator(FIRST, report(FIRST, '2025', '90'));
    await ledger.order.indicator(FIRST, report(FIRST, '2026-Q1', '50'));
    const data = { planId: PLAN, effectiveOn: '2026-01-01', reason: 'hết hạn', legalBasis: BASIS };
    const closed = await ledger.order.plan(PLAN, { type: 'ClosePlan', data });
    await ledger.settled();
    const entry = (await trailOf(ledger)).find(({ position }) => position === closed.position);
    expect(entry?.effect.map(({ id, from, to }) => `${id} ${from} ${to}`)).toEqual([
      `${GROUP} in-progress achieved`,
      `${FIRST} in-progress achieved`,
    ]);
    await expectTrue(ledger, AUDITOR);
  });

  it('of a figure that is not accepted is told to nobody who may not see it, whatever happens around it', async () => {
    const ledger = await open();
    await found(ledger.order);
    ledger.clock.set('2025-12-01');
    await ledger.order.indicator(FIRST, assignTo(FIRST, [KHCN]));
    await ledger.order.indicator(FIRST, target(FIRST, '≥ 80'));
    const reported = await ledger.order.indicator(
      FIRST,
      report(FIRST, '2025-Q3', '85', KHCN),
      asked(reporterOf(KHCN)),
    );
    const raised = await ledger.order.indicator(FIRST, target(FIRST, '≥ 90'));
    await ledger.settled();
    const effectTo = async (actor: Actor, position: string) =>
      (await trailOf(ledger, actor))
        .find((item) => item.position === position)
        ?.effect.map(({ id, from, to }) => [id, from, to]);
    const flips = (from: string, to: string) => [
      [FIRST, from, to],
      [GROUP, from, to],
    ];
    for (const actor of [AUDITOR, OFFICE, reporterOf(KHCN)]) {
      expect(await effectTo(actor, reported.position)).toEqual(flips('not-reported', 'achieved'));
      expect(await effectTo(actor, raised.position)).toEqual(flips('achieved', 'in-progress'));
    }
    expect(await effectTo(reporterOf(TTTT), reported.position)).toBeUndefined();
    expect(await effectTo(reporterOf(TTTT), raised.position)).toEqual([]);
    const accepted = await ledger.order.indicator(FIRST, {
      type: 'AcceptMeasurement',
      data: { indicatorId: FIRST, measurementId: reported.measurementId as string, note: null },
    });
    await ledger.settled();
    // To those who could not see it, it takes effect when it is accepted.
    expect(await effectTo(reporterOf(TTTT), accepted.position)).toEqual(flips('not-reported', 'in-progress'));
    expect(await effectTo(AUDITOR, accepted.position)).toEqual([]);
    expect(await effectTo(reporterOf(TTTT), raised.position)).toEqual([]);
  });

  it('never changes afterwards, whatever is entered later, nor by a rebuild', async () => {
    const ledger = await open();
    await found(ledger.order);
    await ledger.order.indicator(FIRST, target(FIRST, '≥ 80'));
    await ledger.order.indicator(FIRST, report(FIRST, '2025-Q1', '90'));
    await ledger.settled();
    const then = await trailOf(ledger);
    ledger.clock.set('2026-03-01');
    await ledger.order.indicator(FIRST, target(FIRST, '≥ 95', { effectiveOn: '2025-02-01' }));
    await ledger.order.indicator(FIRST, {
      type: 'RetractMeasurement',
      data: {
        indicatorId: FIRST,
        measurementId: `${FIRST}@2025-Q1#1`,
        reason: 'sai nguồn',
        legalBasis: null,
      },
    });
    await ledger.settled();
    const now = await trailOf(ledger);
    expect(now.slice(0, then.length)).toEqual(then);
    await ledger.projector.rebuild(auditTrail.name);
    expect(await trailOf(ledger)).toEqual(now);
  });
});
