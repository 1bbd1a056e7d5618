import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { IndicatorEvent } from '../../../src/domain/indicator/events.js';
import { assess, ownStatus } from '../../../src/domain/status/assess.js';
import { leavesStatus } from '../../../src/domain/status/leaves.js';
import { type Assessment, STATUSES } from '../../../src/domain/status/verdict.js';
import type { Criterion, Relation } from '../../../src/domain/target/criterion.js';
import {
  accepted,
  adopted,
  atLeast,
  baseline,
  benchmark,
  corrected,
  folded,
  given,
  ledBy,
  on,
  parts,
  reported,
  retracted,
  returned,
  revised,
  reworded,
  target,
  withdrawn,
} from './given.js';

const decimal = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -5, max: 120 }).map(String) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 9 }))
      .map(([a, b]) => `${a}.${b}`),
  },
);
const year = fc.integer({ min: 2022, max: 2031 }).map(String);
const day = fc.tuple(year, fc.constantFrom('01-01', '06-30', '07-01', '12-31')).map((both) => both.join('-'));
const period = fc
  .tuple(year, fc.constantFrom('', '-H1', '-H2', '-Q1', '-Q4', '-02', '-12', '-12-31', '-06-30'))
  .map((both) => both.join(''));
const unit = fc.constantFrom(null, '%', 'người');
const qualifier = fc.constantFrom(null, null, '5G', '6G');
const relation = fc.constantFrom<Relation>('>=', '>', '<=', '<');
const name = fc.constantFrom('a', 'b', 'c');

const single: fc.Arbitrary<Criterion> = fc.oneof(
  fc.record({ kind: fc.constant('threshold' as const), relation, value: decimal, unit, qualifier }),
  fc.record({ kind: fc.constant('between' as const), low: decimal, high: decimal, unit, qualifier }),
  fc.record({ kind: fc.constant('rank' as const), within: decimal }),
  fc.record({ kind: fc.constant('comparative' as const), relation, benchmark: fc.constant('cả nước') }),
  fc.constantFrom<Criterion>(
    { kind: 'state', text: 'Có Trung tâm' },
    { kind: 'maintain', text: 'Duy trì' },
    { kind: 'rising' },
    { kind: 'none' },
    { kind: 'unread', reason: 'unclear' },
  ),
  fc.record({
    kind: fc.constant('growth' as const),
    low: decimal,
    high: fc.option(decimal, { nil: null }),
  }),
);
const criterion: fc.Arbitrary<Criterion> = fc.oneof(
  { weight: 4, arbitrary: single },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('all' as const),
      parts: fc.array(fc.record({ name: fc.option(name, { nil: null }), criterion: single }), {
        maxLength: 3,
      }),
    }),
  },
);

const said = fc.oneof(
  decimal,
  fc.record({ value: decimal, qualifier }),
  fc.record({ met: fc.constantFrom('met' as const, 'partly' as const, 'not-met' as const) }),
  fc.dictionary(name, decimal, { minKeys: 1 }).map(parts),
);
const n = fc.integer({ min: 1, max: 4 });
const agency = fc.constantFrom(null, 'so-yt', 'so-gd', 'vp-ubnd');
const wording = fc.record({
  unit,
  direction: fc.constantFrom('higher-is-better' as const, 'lower-is-better' as const),
  formula: fc.constantFrom(
    null,
    { numerator: ['a', 'b'], denominator: ['c'] },
    { numerator: [], denominator: [] },
  ),
});
const milestone = fc.constantFrom('2025', '2028', '2030', 'open', 'yearly');

const event: fc.Arbitrary<IndicatorEvent> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(milestone, criterion, day).map((of) => target(...of)) },
  { weight: 1, arbitrary: fc.tuple(milestone, criterion, day).map((of) => revised(...of)) },
  { weight: 1, arbitrary: fc.tuple(milestone, day).map((of) => withdrawn(...of)) },
  { weight: 1, arbitrary: fc.tuple(day, wording).map((of) => reworded(...of)) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(period, fc.option(decimal, { nil: null }), fc.record({ unit, qualifier }))
      .map((of) => baseline(...of)),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(period, decimal, fc.constant('cả nước'), day).map((of) => benchmark(...of)),
  },
  {
    weight: 8,
    arbitrary: fc.tuple(period, said, fc.record({ n, agencyId: agency })).map((of) => reported(...of)),
  },
  { weight: 3, arbitrary: fc.tuple(period, n).map((of) => accepted(...of)) },
  { weight: 1, arbitrary: fc.tuple(period, n).map((of) => returned(...of)) },
  { weight: 1, arbitrary: fc.tuple(period, said, n).map((of) => corrected(...of)) },
  { weight: 1, arbitrary: fc.tuple(period, n).map((of) => retracted(...of)) },
);
const history = fc
  .tuple(wording, fc.array(event, { maxLength: 25 }))
  .map(([first, events]) => [adopted(first), ...events]);
const COLLECTIVES = [
  ...[ledBy([]), ledBy(['so-yt']), ledBy(['so-yt', 'so-gd'])],
  ...[ledBy(['so-yt'], ['so-gd']), ledBy(['so-yt'], []), ledBy(['so-gd']).and('so-yt')],
].map(({ collective }) => collective);
const context = fc
  .record({
    asOf: day,
    figures: fc.constantFrom('all' as const, 'accepted' as const),
    collective: fc.constantFrom(null, null, ...COLLECTIVES),
    endsOn: fc.option(day, { nil: null }),
  })
  .map(({ asOf, figures, collective, endsOn }) =>
    on(asOf, { figures, collective, plan: { from: '2024-01-01', endsOn } }),
  );

describe('over every history', () => {
  it('assess never throws, says one of the statuses, and missed only of a milestone that has passed', () => {
    fc.assert(
      fc.property(history, context, (events, asked) => {
        const assessment = assess(folded(events), asked);
        for (const verdict of assessment?.milestones ?? []) {
          expect(STATUSES).toContain(verdict.status);
          const passed = /^\d{4}$/.test(verdict.milestone) && asked.asOf > `${verdict.milestone}-12-31`;
          if (verdict.status === 'missed' || verdict.overdue) expect(passed).toBe(true);
          if (verdict.reachedLater) expect(verdict.status).toBe('missed');
          if (passed) expect(['on-track', 'at-risk', 'behind', 'in-progress']).not.toContain(verdict.status);
          expect(verdict.line !== null).toBe(['on-track', 'at-risk', 'behind'].includes(verdict.status));
          expect(verdict.because).toMatch(/^[A-Z].*\.$/);
          expect(verdict.because).not.toMatch(/undefined|NaN|\[object|null/);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('its status alone is the one that it has with everything beside it', () => {
    fc.assert(
      fc.property(history, context, (events, asked) => {
        const indicator = folded(events);
        expect(ownStatus(indicator, asked)).toBe(assess(indicator, asked)?.status ?? null);
      }),
      { numRuns: 2_000 },
    );
  });

  it('an acceptance that is said to leave the status as it was does so', () => {
    const sameEnd = fc.constantFrom('2026', '2026-H2', '2026-Q4', '2026-12', '2026-Q3');
    const told = fc.array(fc.tuple(sameEnd, fc.constantFrom('10', '90'), fc.integer({ min: 1, max: 2 })), {
      minLength: 1,
      maxLength: 5,
    });
    let [left, judged] = [0, 0];
    fc.assert(
      fc.property(told, fc.nat(), fc.boolean(), context, (figures, which, first, asked) => {
        const [of, , n] = figures[which % figures.length] as (typeof figures)[number];
        const said = figures.flatMap((one, index) => [
          reported(one[0], one[1], { n: one[2] }),
          ...(first && index === 0 ? [accepted(one[0], one[2])] : []),
        ]);
        const events = [adopted(), target('2030', atLeast('50')), ...said];
        const last = accepted(of, n);
        const [before, after] = [folded(events), folded([...events, last])];
        if (!leavesStatus(last, after)) {
          judged += 1;
          return;
        }
        left += 1;
        for (const { collective } of [asked, { collective: null }]) {
          const seen = on('2027-06-01', { collective });
          expect(ownStatus(after, seen)).toBe(ownStatus(before, seen));
        }
      }),
      { numRuns: 1_000 },
    );
    expect(Math.min(left, judged)).toBeGreaterThan(50);
  });

  it('the verdict is one of its milestones’ own', () => {
    fc.assert(
      fc.property(history, context, (events, asked) => {
        const assessment = assess(folded(events), asked);
        if (assessment === null) return;
        const { milestones, ...verdict } = assessment;
        expect(milestones).toContainEqual(verdict);
      }),
    );
  });

  it('what has not happened by asOf does not change it', () => {
    fc.assert(
      fc.property(history, context, (events, asked) => {
        const later = [
          reported('2040', '1000'),
          accepted('2040'),
          revised('2030', atLeast('1'), '2040-01-01'),
          withdrawn('yearly', '2040-01-01'),
          benchmark('2024', '1000', 'cả nước', '2040-01-01'),
        ];
        expect(assess(folded([...events, ...later]), asked)).toEqual(assess(folded(events), asked));
      }),
      { numRuns: 2_000 },
    );
  });
});

const rank = (status: Assessment['status']): number => STATUSES.indexOf(status);

describe('a threshold', () => {
  it('is never met worse by a figure that meets it better, on the same day for the same period', () => {
    const asked = fc.record({
      relation,
      threshold: decimal,
      start: fc.option(decimal, { nil: null }),
      figure: fc.integer({ min: -50, max: 150 }),
      more: fc.integer({ min: 0, max: 100 }),
      acceptedFirst: fc.boolean(),
      asOf: fc.constantFrom('2026-06-01', '2028-12-31', '2029-01-01'),
    });
    fc.assert(
      fc.property(asked, ({ relation, threshold, start, figure, more, acceptedFirst, asOf }) => {
        const better = relation.startsWith('>') ? figure + more : figure - more;
        const before = [
          ...(start === null ? [] : [baseline('2023', start)]),
          target('2028', atLeast(threshold, { relation })),
          reported(asOf === '2026-06-01' ? '2025' : '2028', String(figure)),
          ...(acceptedFirst ? [accepted(asOf === '2026-06-01' ? '2025' : '2028')] : []),
        ];
        const added = reported(asOf === '2026-06-01' ? '2025' : '2028', String(better), { n: 2 });
        const then = given(...before).on(asOf).status;
        expect(rank(given(...before, added).on(asOf).status)).toBeGreaterThanOrEqual(rank(then));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the order of figures', () => {
  // Several figures of one period may stand beside each other in other agencies' names.
  const figures = fc.uniqueArray(fc.record({ period, n, value: decimal, isAccepted: fc.boolean() }), {
    selector: (row) => `${row.period}#${row.n}`,
    maxLength: 8,
  });

  it('does not matter where each period end has one', () => {
    const onePerEnd = fc.uniqueArray(fc.record({ year, value: decimal, isAccepted: fc.boolean() }), {
      selector: (row) => row.year,
      maxLength: 8,
    });
    fc.assert(
      fc.property(onePerEnd, day, (rows, asOf) => {
        const told = rows.map((row) => [
          reported(row.year, row.value),
          ...(row.isAccepted ? [accepted(row.year)] : []),
        ]);
        const goals = [target('2025', atLeast('50')), target('2030', atLeast('80'))];
        expect(given(...goals, ...told.toReversed().flat()).maybe(asOf)).toEqual(
          given(...goals, ...told.flat()).maybe(asOf),
        );
      }),
    );
  });

  it('matters within one period only between figures equally accepted, where the last recorded wins', () => {
    fc.assert(
      fc.property(figures, day, fc.nat(), (rows, asOf, seed) => {
        const goal = target('2035', atLeast('80'));
        const tell = (of: typeof rows) =>
          given(
            goal,
            ...of.map((row) => reported(row.period, row.value, { n: row.n })),
            ...of.filter((row) => row.isAccepted).map((row) => accepted(row.period, row.n)),
          ).maybe(asOf)?.measurement;
        const shuffled = rows
          .map((row, index) => ({ row, key: (index * 7919 + seed) % 101 }))
          .sort((a, b) => a.key - b.key)
          .map(({ row }) => row);
        const [one, other] = [tell(rows), tell(shuffled)];
        expect(other?.state).toBe(one?.state);
        if (one && other) {
          const lastOf = (of: typeof rows, period: string) =>
            of.findLast((row) => row.period === period && row.isAccepted === (one.state === 'accepted'));
          expect(one.value).toBe(lastOf(rows, one.period)?.value);
          expect(other.value).toBe(lastOf(shuffled, other.period)?.value);
        }
      }),
    );
  });
});
