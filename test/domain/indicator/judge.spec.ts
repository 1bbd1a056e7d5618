import { describe, expect, it } from '@jest/globals';
import { indicatorDecider } from '../../../src/domain/indicator/decider.js';
import { evolve, type Indicator } from '../../../src/domain/indicator/indicator.js';
import type { PlanCommand } from '../../../src/domain/plan/commands.js';
import { planDecider } from '../../../src/domain/plan/decider.js';
import { evolve as evolvePlan, type Plan } from '../../../src/domain/plan/plan.js';
import { type Family, type Judged, judge } from '../../../src/domain/status/judge.js';
import { PLAN, yielded } from '../../support/decider.js';
import { issue, supersede } from '../plan/commands.js';
import { adopt, drop, report, target } from './commands.js';

/** A row of the annex: its code, the row above it, and where it has one its target and figure of 2025. */
type Row = readonly [
  code: string,
  parent: string | null,
  notation?: string | undefined,
  value?: string | undefined,
  dropped?: string | undefined,
];

const indicatorOf = ([code, parent, notation, value, dropped]: Row): Indicator => {
  const of = { indicatorId: `${PLAN}/${code}` };
  const state = yielded(indicatorDecider, [
    adopt({ ...of, code, parent: parent && `${PLAN}/${parent}` }),
    ...(notation === undefined ? [] : [target(notation, of)]),
    ...(value === undefined ? [] : [report(value, of)]),
    ...(dropped === undefined ? [] : [drop({ ...of, effectiveOn: dropped })]),
  ]).reduce(evolve, null as Indicator | null);
  if (state === null) throw new Error('The row must be adopted.');
  return state;
};

const planned = (...after: PlanCommand[]): Plan => {
  const plan = yielded(planDecider, [issue(), ...after]).reduce(evolvePlan, null as Plan | null);
  if (plan === null) throw new Error('The plan must be issued.');
  return plan;
};

const judged = (code: string, ...rows: Row[]): Judged => judgedIn(planned(), code, ...rows);

const judgedIn = (plan: Plan, code: string, ...rows: Row[]): Judged => {
  const indicators = rows.map(indicatorOf);
  const family: Family = {
    plan,
    figures: 'all',
    find: (id) => indicators.find((one) => one.id === id),
    members: () => null,
    childrenOf: (id) => indicators.filter(({ parent }) => parent === id),
  };
  const asked = indicators.find((one) => one.code === code);
  if (!asked) throw new Error(`There is no row ${code}.`);
  return judge(asked, '2026-03-10', family);
};

describe('judging a row', () => {
  it('without rows under it is judged by its own target', () => {
    expect(judged('1', ['1', null, '≥ 80', '85'])).toMatchObject({ status: 'achieved', children: null });
    expect(judged('1', ['1', null, '≥ 80'])).toMatchObject({ status: 'not-reported', children: null });
  });

  it('without rows under it and without a target has no status', () => {
    expect(judged('1', ['1', null])).toEqual({ status: null, assessment: null, children: null });
  });

  it('as a group takes the worst of its rows and counts them, those without a target left out', () => {
    const group = judged('7', ['7', null], ['7.1', '7', '≥ 80', '85'], ['7.2', '7', '≥ 80'], ['7.3', '7']);
    expect(group).toMatchObject({
      status: 'not-reported',
      assessment: null,
      children: { judgedBy: 'children', counts: { achieved: 1, 'not-reported': 1, missed: 0 } },
    });
  });

  it('reaches through groups within groups, each counting its own rows', () => {
    const rows: Row[] = [
      ['8', null],
      ['8.1', '8', '≥ 80', '85'],
      ['8.2', '8'],
      ['8.2.1', '8.2'],
      ['8.2.1.a', '8.2.1', '≥ 80'],
      ['8.2.1.b', '8.2.1', '≥ 80', '90'],
    ];
    expect(judged('8', ...rows)).toMatchObject({
      status: 'not-reported',
      children: { counts: { achieved: 1, 'not-reported': 1 } },
    });
    expect(judged('8.2', ...rows).children?.counts).toMatchObject({ achieved: 0, 'not-reported': 1 });
  });

  it('with a target of its own is judged by it, whatever its rows come to', () => {
    const rows: Row[] = [
      ['6', null],
      ['6.1', '6', '≥ 80', '85'],
      ['6.1.a', '6.1', '≥ 80'],
    ];
    expect(judged('6.1', ...rows)).toMatchObject({
      status: 'achieved',
      assessment: { status: 'achieved' },
      children: { judgedBy: 'target', counts: { 'not-reported': 1 } },
    });
    expect(judged('6', ...rows).status).toBe('achieved');
  });

  it('as a group in which nothing has a target has no status', () => {
    expect(judged('9', ['9', null], ['9.1', '9'])).toMatchObject({
      status: null,
      children: { judgedBy: 'children' },
    });
  });

  it('leaves out of a group what was dropped, and keeps what a dropped group had on its last day', () => {
    const rows = (group?: string): Row[] => [
      ['7', null, undefined, undefined, group],
      ['7.1', '7', '≥ 80', '85', group],
      ['7.2', '7', '≥ 80', undefined, '2026-02-01'],
    ];
    const counts = (...all: Row[]) => judged('7', ...all).children?.counts;
    expect(counts(...rows())).toMatchObject({ achieved: 1, 'not-reported': 0 });
    expect(counts(...rows('2026-03-01'))).toMatchObject({ achieved: 1, 'not-reported': 0 });
    expect(counts(...rows('2026-02-01'))).toMatchObject({ achieved: 1, 'not-reported': 1 });
    expect(judged('7', ...rows('2026-03-01'))).toMatchObject({ status: 'achieved' });
  });

  it('of a plan that another took the place of is judged with what stood there on its last day', () => {
    const superseded = planned(supersede({ effectiveOn: '2026-01-15' }));
    const rows: Row[] = [
      ['7', null],
      ['7.1', '7', '≥ 80', '85', '2026-02-01'],
    ];
    expect(judgedIn(superseded, '7', ...rows).status).toBe('achieved');
    expect(judged('7', ...rows).status).toBe(null);
  });
});
