import { describe, expect, it } from '@jest/globals';
import { indicatorDecider } from '../../../src/domain/indicator/decider.js';
import { evolve, type Indicator } from '../../../src/domain/indicator/indicator.js';
import { type Family, type Judged, judge } from '../../../src/domain/status/judge.js';
import { PLAN, yielded } from '../../support/decider.js';
import { adopt, report, target } from './commands.js';

/** A row of the annex: its code, the row above it, and where it has one its target and figure of 2025. */
type Row = readonly [code: string, parent: string | null, notation?: string, value?: string];

const indicatorOf = ([code, parent, notation, value]: Row): Indicator => {
  const of = { indicatorId: `${PLAN}/${code}` };
  const state = yielded(indicatorDecider, [
    adopt({ ...of, code, parent: parent && `${PLAN}/${parent}` }),
    ...(notation === undefined ? [] : [target(notation, of)]),
    ...(value === undefined ? [] : [report(value, of)]),
  ]).reduce(evolve, null as Indicator | null);
  if (state === null) throw new Error('The row must be adopted.');
  return state;
};

const judged = (code: string, ...rows: Row[]): Judged => {
  const indicators = rows.map(indicatorOf);
  const family: Family = {
    childrenOf: (id) => indicators.filter(({ parent }) => parent === id),
    contextOf: () => ({
      asOf: '2026-03-10',
      figures: 'all',
      plan: { from: '2025-05-08', endsOn: null },
      collective: null,
    }),
  };
  const asked = indicators.find((one) => one.code === code);
  if (!asked) throw new Error(`There is no row ${code}.`);
  return judge(asked, family);
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
});
