import { describe, expect, it } from '@jest/globals';
import type { AuditEntry } from '../../src/application/trail/entries.js';
import type { DomainEvent } from '../../src/domain/events.js';
import type { Recorded } from '../../src/domain/message.js';
import { BASIS, figure, PLAN, PLAN_FROM } from '../application/world.js';
import {
  accepted,
  adopted,
  assigned,
  completed,
  corrected,
  dropped,
  established,
  given,
  grouped,
  idOfFigure,
  issued,
  reported,
  retracted,
  returned,
  targetRevised,
  targetSet,
  transferred,
} from './events.js';
import { logOf } from './support.js';
import { last, on, type Told, trail } from './told.js';

const id = (code: string): string => `${PLAN}/${code}`;
const flip = (code: string, asOf: string, from: string | null, to: string | null) => ({
  ...{ kind: 'indicator', id: id(code), asOf, from, to },
});

/** A group `1` of `1.1` and `1.2`, each with a target and, for the second, a figure that meets it. */
const group: Told[] = [
  ...[issued, adopted('1'), adopted('1.1', '1'), adopted('1.2', '1')],
  ...[targetSet('1.1', '≥ 80'), targetSet('1.2', '≥ 80'), reported('1.2', '2025-01', '90')],
];

describe('an entry', () => {
  it('says who did what, when, why and on which legal basis', async () => {
    const event = targetRevised('1', '≥ 90', '2025-02-01');
    const actor = { subject: 'hoa', name: 'Lê Hoa', role: 'office', agencyId: null } as const;
    const metadata = { actor, recordedAt: '2025-03-31T17:30:00.000Z', causationId: 'a-decree' };
    expect(await last(issued, adopted('1'), targetSet('1', '≥ 80'), { event, metadata })).toMatchObject({
      ...{ type: 'TargetRevised', planId: PLAN, subject: { kind: 'indicator', id: id('1') }, revision: 2 },
      ...{ actor, by: 'hoa', about: id('1'), recordedAt: metadata.recordedAt, recordedOn: '2025-04-01' },
      ...{ effectiveOn: '2025-02-01', holdsOn: '2025-02-01', backdated: true, laterEntries: [] },
      ...{ reason: 'theo quyết định', legalBasis: BASIS, causationId: 'a-decree', measurementId: null },
    });
  });

  it('says in which words a figure was accepted', async () => {
    const told = [issued, adopted('1'), reported('1', '2025-Q1', '70'), accepted('1', '2025-Q1')];
    expect(await last(...told)).toMatchObject({ type: 'MeasurementAccepted', reason: 'đã đối chiếu' });
  });

  it('says at which milestone, for which year, and by which allocation', async () => {
    const none = { milestone: null, year: null, allocation: null };
    const lead = [issued, adopted('1'), assigned('1', ['a'])];
    expect(await last(...lead)).toMatchObject(none);
    for (const milestone of ['2025', '2030'])
      expect(await last(...lead, targetSet('1', '≥ 80', PLAN_FROM, milestone))).toMatchObject({
        ...none,
        milestone,
      });
    expect(await last(...lead, transferred('1', 'a', 'b', ['b'], '2025-06-01'))).toMatchObject({
      ...none,
      allocation: 'default',
    });
    const yearly = { ...completed, data: { ...completed.data, year: 2025 } } as DomainEvent;
    expect(await last(issued, given, yearly)).toMatchObject({ ...none, year: 2025 });
  });

  it('of an agency holds from the day on which it was established', async () => {
    const since = (establishedOn: string | null) => {
      const event = established('a');
      return last(on('2025-06-01', { ...event, data: { ...event.data, establishedOn } } as DomainEvent));
    };
    expect(await since('2025-03-01')).toMatchObject({
      ...{ effectiveOn: '2025-03-01', holdsOn: '2025-03-01', backdated: true },
    });
    expect(await since(null)).toMatchObject({
      ...{ effectiveOn: null, holdsOn: '2025-06-01', backdated: false },
    });
  });

  it('is backdated only when it was recorded after the day from which it holds', async () => {
    const backdated = async (day: string) =>
      (await last(issued, adopted('1'), on(day, targetSet('1', '≥ 80', '2025-03-01')))).backdated;
    expect(await backdated('2025-02-28')).toBe(false);
    expect(await backdated('2025-03-01')).toBe(false);
    expect(await backdated('2025-03-02')).toBe(true);
  });

  it('lists the entries that take effect later, which it does not undo', async () => {
    const told = [issued, adopted('1'), targetSet('1', '≥ 80'), targetRevised('1', '≥ 90', '2025-06-01')];
    const entry = await last(
      ...told,
      targetRevised('1', '≥ 95', '2026-01-01'),
      targetRevised('1', '≥ 85', '2025-03-01'),
    );
    expect(entry).toMatchObject({
      laterEntries: ['2025-06-01', '2026-01-01'],
      before: { notation: '≥ 80' },
      after: { notation: '≥ 85' },
    });
  });

  it('of what has no day holds from the day it was recorded', async () => {
    const entry = await last(issued, adopted('1'), on('2025-04-02', reported('1', '2025-Q1', '70')));
    expect(entry).toMatchObject({
      ...{
        effectiveOn: null,
        holdsOn: '2025-04-02',
        backdated: false,
        measurementId: idOfFigure('1', '2025-Q1'),
      },
    });
  });
});

describe('an event that cannot be folded', () => {
  it('leaves what it and later ones did to its subject untold, and no other’s', async () => {
    const broken = { type: 'AgencyAssigned', data: { indicatorId: id('1') } } as unknown as DomainEvent;
    const told = await trail(issued, adopted('1'), broken, targetSet('1', '≥ 80'), adopted('2'));
    const { position } = logOf([issued, adopted('1'), broken])[2] as Recorded;
    const untold = { before: null, after: null, effect: [], staleSince: position };
    expect(told.slice(2, 4)).toMatchObject([untold, untold]);
    for (const one of [1, 4]) {
      expect(told[one]).toMatchObject({ type: 'IndicatorAdopted', after: { unit: '%' } });
      expect(told[one]).not.toHaveProperty('staleSince');
    }
  });
});

describe('an event of a kind that nobody knows', () => {
  it.each([
    ['task', given, { taskId: id('t/1') }],
    ['plan', issued, { planId: PLAN }],
    ['agency', established('a'), { agencyId: 'a' }],
    ['indicator', adopted('1'), { indicatorId: id('1') }],
  ])('is listed among those of its %s, and nothing is said of what it did', async (_, first, data) => {
    const unknown = { type: 'FromTheFuture', data } as unknown as DomainEvent;
    const [before, itself] = (await trail(first, unknown)) as [AuditEntry, AuditEntry];
    expect(before.after).not.toBeNull();
    const { position } = logOf([first, unknown])[1] as Recorded;
    expect(itself).toMatchObject({ type: 'FromTheFuture', before: null, after: null, staleSince: position });
  });
});

describe('the effect', () => {
  it('names every group above whose verdict flips with it', async () => {
    const nested: Told[] = [
      ...[issued, adopted('1'), adopted('1.1', '1'), adopted('1.1.1', '1.1'), targetSet('1.1.1', '≥ 80')],
      on('2025-06-01', reported('1.1.1', '2025-Q1', '90')),
    ];
    expect((await last(...nested)).effect).toEqual([
      flip('1.1.1', '2025-06-01', 'not-reported', 'achieved'),
      flip('1.1', '2025-06-01', 'not-reported', 'achieved'),
      flip('1', '2025-06-01', 'not-reported', 'achieved'),
    ]);
  });

  it('ends where a group’s verdict stays', async () => {
    const third = [...group, adopted('1.3', '1'), targetSet('1.3', '≥ 80')];
    expect((await last(...third, on('2025-06-01', reported('1.1', '2025-Q1', '90')))).effect).toEqual([
      flip('1.1', '2025-06-01', 'not-reported', 'achieved'),
    ]);
  });

  it('is that on the later of the day it was recorded and the day from which it holds', async () => {
    const asOf = async (recorded: string, effectiveOn: string) =>
      (await last(issued, adopted('1'), on(recorded, targetSet('1', '≥ 80', effectiveOn)))).effect;
    expect(await asOf('2025-06-01', '2025-03-01')).toEqual([flip('1', '2025-06-01', null, 'not-reported')]);
    expect(await asOf('2025-06-01', '2025-09-01')).toEqual([flip('1', '2025-09-01', null, 'not-reported')]);
  });

  it('of a target that is raised may be a miss', async () => {
    const told = [issued, adopted('1'), targetSet('1', '≥ 80'), reported('1', '2025', '85')];
    expect((await last(...told, on('2026-02-01', targetRevised('1', '≥ 90', '2025-06-01')))).effect).toEqual([
      flip('1', '2026-02-01', 'achieved', 'missed'),
    ]);
  });

  it('of a figure that is corrected, returned or retracted is what is left', async () => {
    const told = [issued, adopted('1'), targetSet('1', '≥ 80'), reported('1', '2025', '85')];
    const then = async (event: DomainEvent) => (await last(...told, on('2026-02-01', event))).effect;
    expect(await then(corrected('1', '2025', '70'))).toEqual([flip('1', '2026-02-01', 'achieved', 'missed')]);
    expect(await then(returned('1', '2025'))).toEqual([flip('1', '2026-02-01', 'achieved', 'not-reported')]);
    expect(await then(retracted('1', '2025'))).toEqual([flip('1', '2026-02-01', 'achieved', 'not-reported')]);
    expect(await then(accepted('1', '2025'))).toEqual([]);
  });

  it('of an indicator that is dropped is its group’s, which goes on without it', async () => {
    expect((await last(...group, on('2025-06-01', dropped('1.1', '2025-06-01')))).effect).toEqual([
      flip('1', '2025-06-01', 'not-reported', 'achieved'),
    ]);
  });

  it('leaves out a row that is not yet adopted on the day', async () => {
    const future = [...group, adopted('1.3', '1', '2026-01-01'), targetSet('1.3', '≥ 80', '2026-01-01')];
    expect((await last(...future, on('2025-06-01', reported('1.1', '2025-Q1', '90')))).effect).toEqual([
      flip('1.1', '2025-06-01', 'not-reported', 'achieved'),
      flip('1', '2025-06-01', 'not-reported', 'achieved'),
    ]);
  });

  it('of a handing over from a collective is told from what its members owed', async () => {
    const formula = { numerator: ['a'], denominator: ['b'] };
    const adoption = adopted('1');
    const share = { ...adoption, data: { ...adoption.data, formula } } as DomainEvent;
    const said = figure({
      value: null,
      components: [
        { name: 'a', value: '9' },
        { name: 'b', value: '10' },
      ],
    });
    const told = [
      ...[
        established('x'),
        established('y'),
        grouped('g', ['x', 'y']),
        issued,
        share,
        targetSet('1', '≥ 80'),
      ],
      ...[assigned('1', ['g']), reported('1', '2025-Q1', said, 'x')],
    ];
    expect(
      (await last(...told, on('2025-06-01', transferred('1', 'g', 'x', ['x'], '2025-06-01')))).effect,
    ).toEqual([flip('1', '2025-06-01', 'not-reported', 'achieved')]);
  });

  it('of a task is its own', async () => {
    const told = [issued, given, on('2025-07-15', completed)];
    expect((await last(...told)).effect).toEqual([
      { kind: 'task', id: id('t/1'), asOf: '2025-07-15', from: 'overdue', to: 'done' },
    ]);
  });
});
