import { describe, expect, it } from '@jest/globals';
import { agencyPortfolio, NO_END } from '../../projections/agency-portfolio.js';
import { agencyRegistry } from '../../projections/agency-registry.js';
import { auditTrail } from '../../projections/audit-trail.js';
import { indicatorStatus } from '../../projections/indicator-status.js';
import { measurementHistory } from '../../projections/measurement-history.js';
import { planOverview } from '../../projections/plan-overview.js';
import type { Projection } from '../../projections/projection.js';
import { taskStatus } from '../../projections/task-status.js';
import type { DomainEvent } from '../../src/domain/events.js';
import type { Recorded } from '../../src/domain/message.js';
import { PLAN, PLAN_FROM } from '../application/world.js';
import { numberedId } from '../support/new-events.js';
import {
  accepted,
  adopted,
  assigned,
  completed,
  corrected,
  established,
  given,
  grouped,
  idOfFigure,
  issued,
  planOpened,
  regrouped,
  released,
  reported,
  retracted,
  returned,
  targetRevised,
  targetSet,
  transferred,
} from './events.js';
import { folded, logOf, positionAt, textOf } from './support.js';

/** The rows that some events make of nothing, each delivered twice and in pages that are delivered again. */
const rowsOf = async (projection: unknown, ...events: DomainEvent[]) => {
  const log = logOf(events);
  const once = await folded(projection as Projection, [log]);
  const again = await folded(projection as Projection, [...log.map((event) => [event, event]), log]);
  expect(textOf(again.rows)).toEqual(textOf(once.rows));
  expect(once.faults).toEqual([]);
  return once.rows;
};

describe('plan-overview', () => {
  it('counts what was entered, and says when it was opened', async () => {
    const entering = [issued, adopted('1'), adopted('1.1', '1'), given];
    expect((await rowsOf(planOverview, ...entering)).get(PLAN)).toMatchObject({
      ...{ id: PLAN, indicators: 2, tasks: 1, opened: false, position: positionAt(3) },
    });
    expect((await rowsOf(planOverview, ...entering, planOpened)).get(PLAN)).toMatchObject({
      ...{ opened: true, position: positionAt(4) },
    });
  });

  it('holds the revision of its own stream, whatever else happens in the plan', async () => {
    const entered = [issued, adopted('1'), given, planOpened, adopted('2')];
    expect((await rowsOf(planOverview, issued)).get(PLAN)).toMatchObject({ revision: 0 });
    expect((await rowsOf(planOverview, ...entered)).get(PLAN)).toMatchObject({ revision: 1 });
  });

  it('knows nothing of agencies, nor of what was never issued', async () => {
    expect([...(await rowsOf(planOverview, established('a'), adopted('1'))).keys()]).toEqual([]);
  });
});

describe('indicator-status', () => {
  it('holds every fact by date, and no verdict', async () => {
    const rows = await rowsOf(
      indicatorStatus,
      ...[adopted('1'), targetSet('1', '≥ 80'), targetRevised('1', '≥ 90', '2025-06-01')],
      reported('1', '2025-Q1', '70'),
      established('a'),
    );
    expect([...rows.keys()]).toEqual([`${PLAN}/1`]);
    expect(rows.get(`${PLAN}/1`)).toMatchObject({
      targets: [
        {
          milestone: '2025',
          timeline: [
            { effectiveOn: PLAN_FROM, value: { notation: '≥ 80' } },
            { effectiveOn: '2025-06-01', value: { notation: '≥ 90' } },
          ],
        },
      ],
      position: positionAt(2),
    });
    expect(rows.get(`${PLAN}/1`)).not.toHaveProperty('status');
    expect(JSON.stringify(rows.get(`${PLAN}/1`))).not.toContain('2025-Q1');
  });

  it('stands still at an event that nobody knows, also where its name says that it is of a figure', async () => {
    for (const type of ['IndicatorBlessed', 'MeasurementBlessed']) {
      const log = logOf([adopted('1'), targetSet('1', '≥ 80'), targetSet('1', '≥ 90')]);
      const odd = { ...(log[1] as Recorded), type };
      const { rows, faults } = await folded(indicatorStatus as Projection, [
        [log[0] as Recorded, odd, log[2] as Recorded],
      ]);
      expect(rows.get(`${PLAN}/1`)).toMatchObject({ targets: [], staleSince: positionAt(1) });
      expect(faults).toMatchObject([{ error: `Error: ${type} is unknown` }]);
    }
  });

  it('puts an entry made late before those that take effect later', async () => {
    const rows = await rowsOf(
      indicatorStatus,
      ...[adopted('1'), targetSet('1', '≥ 80'), targetRevised('1', '≥ 90', '2025-06-01')],
      targetRevised('1', '≥ 85', '2025-03-01'),
    );
    const row = rows.get(`${PLAN}/1`) as unknown as {
      targets: { timeline: { value: { notation: string } }[] }[];
    };
    expect(row.targets[0]?.timeline.map(({ value }) => value.notation)).toEqual(['≥ 80', '≥ 85', '≥ 90']);
  });
});

describe('task-status', () => {
  it('holds what was given and done', async () => {
    expect((await rowsOf(taskStatus, given, completed, adopted('1'))).get(`${PLAN}/t/1`)).toMatchObject({
      completions: [{ year: null, timeline: [{ effectiveOn: '2025-05-01', value: { done: true } }] }],
      position: positionAt(1),
    });
  });
});

describe('agency-registry', () => {
  it('holds a collective’s members by date', async () => {
    const rows = await rowsOf(
      agencyRegistry,
      ...[established('a'), grouped('g', ['a']), regrouped('g', ['a', 'b'], '2025-03-01')],
    );
    expect([...rows.keys()]).toEqual(['a', 'g']);
    expect(rows.get('a')).toMatchObject({ revision: 0 });
    expect(rows.get('g')).toMatchObject({
      ...{ kind: 'group', revision: 1 },
      members: [
        { effectiveOn: PLAN_FROM, value: ['a'] },
        { effectiveOn: '2025-03-01', value: ['a', 'b'] },
      ],
    });
  });
});

describe('measurement-history', () => {
  const key = idOfFigure('1', '2025-Q1');
  const report = reported('1', '2025-Q1', '70', 'a');

  it('follows a figure through its states', async () => {
    const state = async (...events: DomainEvent[]) =>
      (await rowsOf(measurementHistory, adopted('1'), report, ...events)).get(key);
    expect(await state()).toMatchObject({ state: 'reported', value: '70', agencyId: 'a' });
    expect(await state(accepted('1', '2025-Q1'))).toMatchObject({ state: 'accepted' });
    expect(await state(returned('1', '2025-Q1'))).toMatchObject({ state: 'returned' });
    expect(await state(retracted('1', '2025-Q1'))).toMatchObject({ state: 'retracted' });
  });

  it('waits again once it was corrected, and keeps where it was first reported', async () => {
    const rows = await rowsOf(
      measurementHistory,
      ...[adopted('1'), report, accepted('1', '2025-Q1'), corrected('1', '2025-Q1', '75')],
    );
    expect(rows.get(key)).toEqual({
      ...{ period: '2025-Q1', agencyId: 'a', reportedBy: 'hoa', state: 'reported', value: '75' },
      ...{ sequence: 3, first: positionAt(1), corrected: true, position: positionAt(3) },
    });
  });

  it('holds nothing of what a correction no longer says', async () => {
    const said = { value: null, met: 'partly', qualifier: '5G' } as const;
    const correction = corrected('1', '2025-Q1', '75') as Extract<
      DomainEvent,
      { type: 'MeasurementCorrected' }
    >;
    const rows = await rowsOf(
      measurementHistory,
      ...[adopted('1'), report, { ...correction, data: { ...correction.data, ...said } }],
    );
    expect(rows.get(key)).toMatchObject({ met: 'partly', qualifier: '5G' });
    expect(rows.get(key)).not.toHaveProperty('value');
  });
});

describe('agency-portfolio', () => {
  const keyOf = (agency: string) => `${agency}|indicator|${PLAN}/1`;
  const lead = async (agency: string, ...events: DomainEvent[]) =>
    (
      (await rowsOf(agencyPortfolio, adopted('1'), ...events)).get(keyOf(agency)) as unknown as {
        lead: { effectiveOn: string; value: boolean }[];
      }
    )?.lead;
  const from = (effectiveOn: string, value = true) => ({ effectiveOn, value });

  it('says from when to when an agency holds a role', async () => {
    const moved = transferred('1', 'a', 'b', ['b'], '2025-03-01');
    expect(await lead('a', assigned('1', ['a']), moved)).toEqual([
      from(PLAN_FROM),
      from('2025-03-01', false),
    ]);
    expect(await lead('b', assigned('1', ['a']), moved)).toEqual([from('2025-03-01')]);
    expect(await lead('c', assigned('1', ['a']), moved)).toBeUndefined();
    expect(await lead('a', assigned('1', ['a', 'b']), released('1', 'a', ['b'], '2025-04-01'))).toEqual([
      from(PLAN_FROM),
      from('2025-04-01', false),
    ]);
  });

  it('ends at a later entry that does not name the agency, of what is entered late', async () => {
    const events = [
      assigned('1', ['a']),
      transferred('1', 'a', 'b', ['b'], '2025-03-01'),
      assigned('1', ['a', 'c'], { effectiveOn: '2025-02-01' }),
    ];
    expect(await lead('c', ...events)).toEqual([from('2025-02-01'), from('2025-03-01', false)]);
  });

  it('says until when an agency holds anything, and leaves alone whom an entry does not concern', async () => {
    const row = async (agency: string, ...events: DomainEvent[]) =>
      (await rowsOf(agencyPortfolio, adopted('1'), ...events)).get(keyOf(agency));
    const events = [
      assigned('1', ['a', 'c']),
      transferred('1', 'a', 'b', ['c', 'b'], '2025-03-01'),
      assigned('1', ['a'], { role: 'coordinating', effectiveOn: '2025-04-01' }),
      released('1', 'a', [], '2025-06-01', 'coordinating'),
    ];
    expect(await row('a', ...events.slice(0, 2))).toMatchObject({ heldUntil: '2025-03-01' });
    expect(await row('a', ...events.slice(0, 3))).toMatchObject({ heldUntil: NO_END });
    expect(await row('a', ...events)).toMatchObject({ heldUntil: '2025-06-01', position: positionAt(4) });
    expect(await row('b', ...events)).toMatchObject({ heldUntil: NO_END, position: positionAt(2) });
    expect(await row('c', ...events)).toMatchObject({ heldUntil: NO_END, position: positionAt(1) });
  });

  it('keeps the roles apart, and tasks from indicators', async () => {
    const rows = await rowsOf(
      agencyPortfolio,
      ...[
        assigned('1', ['a']),
        assigned('1', ['b'], { role: 'coordinating' }),
        assigned('t/1', ['a'], { kind: 'task' }),
      ],
    );
    expect(rows.get(keyOf('b'))).toMatchObject({ lead: [], coordinating: [from(PLAN_FROM)], planId: PLAN });
    expect(rows.get(`a|task|${PLAN}/t/1`)).toMatchObject({ agencyId: 'a', subject: { kind: 'task' } });
  });
});

describe('audit-trail', () => {
  const placed = { planId: PLAN, by: 'lan', recordedOn: '2025-03-01' };

  it('holds where an event stands and what it is searched by, and nothing of what it did', async () => {
    const rows = await rowsOf(auditTrail, adopted('1.1', '1'), reported('1.1', '2025-Q1', { value: '3' }));
    expect([...rows.values()]).toStrictEqual([
      {
        ...{ ...placed, stream: `indicator-${PLAN}/1.1`, revision: 0, type: 'IndicatorAdopted' },
        ...{ holdsOn: PLAN_FROM, parent: `${PLAN}/1`, position: positionAt(0) },
      },
      {
        ...{ ...placed, stream: `indicator-${PLAN}/1.1`, revision: 1, type: 'MeasurementReported' },
        ...{ measurementId: idOfFigure('1.1', '2025-Q1'), position: positionAt(1) },
      },
    ]);
  });

  it('holds the command of what came with a key, and the id of what has a cause', async () => {
    const log = logOf([
      { event: planOpened, metadata: { fingerprint: 'f', commandId: numberedId(7) } },
      { event: planOpened, metadata: { causationId: numberedId(8) } },
    ]);
    const { rows } = await folded(auditTrail, [log]);
    const [keyed, caused] = [...rows.values()];
    expect(keyed).toMatchObject({ commandId: numberedId(7) });
    expect(caused).toMatchObject({ causationId: numberedId(8), eventId: log[1]?.id });
    expect(keyed).not.toHaveProperty('causationId');
    expect(caused).not.toHaveProperty('commandId');
  });
});
