import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { IndicatorCommand } from '../../../src/domain/indicator/commands.js';
import { indicatorDecider } from '../../../src/domain/indicator/decider.js';
import { periodEnd } from '../../../src/domain/time.js';
import { specify, yielded } from '../../support/decider.js';
import { accept, adopt, correct, giveBack, idOf, report, retract, reword, target } from './commands.js';

const { given } = specify(indicatorDecider);
const having = (...commands: IndicatorCommand[]) => given(...yielded(indicatorDecider, commands));
const warningsOf = (command: IndicatorCommand, ...before: IndicatorCommand[]) => {
  const [event] = having(...before)
    .when(command)
    .events();
  return event && 'warnings' in event.data ? event.data.warnings : undefined;
};

describe('an odd figure is taken, and said to be odd', () => {
  const OVER = 'a percentage over 100';
  const fall = (from: string, period: string) => `a fall by half or more from ${from} for ${period}`;
  const UNQUOTED = fall('the figure', '2024');

  it('where it is a percentage over 100', () => {
    expect(warningsOf(report('100'), adopt())).toEqual([]);
    expect(warningsOf(report('100.01'), adopt())).toEqual([OVER]);
    expect(warningsOf(report('101'), adopt({ unit: 'người' }))).toEqual([]);
    expect(warningsOf(report('101'), adopt({ unit: null }))).toEqual([]);
  });

  it('where its components make such a percentage, or a target asks for one, or it is below nothing', () => {
    const share = (a: string, b: string) => ({
      components: [
        { name: 'a', value: a },
        { name: 'b', value: b },
      ],
    });
    expect(warningsOf(report(share('150', '100')), adopt())).toEqual([OVER]);
    expect(warningsOf(report(share('150', '100')), adopt({ unit: null }))).toEqual([OVER]);
    expect(warningsOf(report(share('100', '100')), adopt())).toEqual([]);
    expect(warningsOf(report(share('150', '100')), adopt({ unit: 'máy/người' }))).toEqual([]);
    expect(warningsOf(report('150'), adopt({ unit: null }), target('≥ 80%'))).toEqual([OVER]);
    expect(warningsOf(report('-3'), adopt())).toEqual(['a percentage below 0']);
    const fell = [adopt(), report(share('90', '100'), { period: '2024' }), accept(idOf('2024'))];
    expect(warningsOf(report(share('45', '100')), ...fell)).toEqual([fall('90', '2024')]);
    expect(warningsOf(report(share('46', '100')), ...fell)).toEqual([]);
  });

  it('of what each criterion names, where a target has several', () => {
    const several = [adopt({ unit: null }), target('100% thôn; 70% hộ')];
    const of = (a: string, b: string) => ({
      components: [
        { name: 'a', value: a },
        { name: 'b', value: b },
      ],
    });
    expect(warningsOf(report(of('100', '70')), ...several)).toEqual([]);
    expect(warningsOf(report(of('100', '170')), ...several)).toEqual([`b: ${OVER}`]);
    const before = [...several, report(of('90', '40'), { period: '2024' })];
    expect(warningsOf(report(of('90', '100')), ...before)).toEqual([]);
    expect(warningsOf(report(of('45', '40')), ...before)).toEqual([`a: ${UNQUOTED}`]);
    const later = target('100% thôn; 90% hộ', { milestone: '2045' });
    expect(warningsOf(report(of('100', '170')), ...several, later)).toEqual([`b: ${OVER}`]);
    const level = target('≥ 80%', { milestone: '2045' });
    expect(warningsOf(report(of('150', '100')), ...several, level)).toEqual([OVER, `a: ${OVER}`]);
    expect(warningsOf(report(of('90', '60')), ...several, level)).toEqual([OVER]);
  });

  it('where its dot may have been meant to group thousands', () => {
    const people = adopt({ unit: 'người' });
    const read = (text: string, as: string) => `${text} is read as ${as}: a dot is a decimal mark`;
    expect(warningsOf(report('35.000'), people)).toEqual([read('35.000', '35')]);
    const components = [
      { name: 'a', value: '1.250' },
      { name: 'b', value: '2000' },
    ];
    expect(warningsOf(report({ components }), adopt())).toEqual([read('1.250', '1.25')]);
    const corrected = correct('35.000');
    expect(warningsOf(corrected, people, report('40'))).toEqual([read('35.000', '35')]);
    for (const text of ['35000', '35.00', '0.125', '1000.125', '1.2500'])
      expect(warningsOf(report(text), people)).toEqual([]);
    expect(warningsOf(report('63.722'), adopt())).toEqual([]);
  });

  it('where it is a place beyond those that are ranked', () => {
    const ranked = adopt({ unit: 'Thứ bậc', direction: 'lower-is-better' });
    const beyond = (field: number) => [`a place beyond the ${field} that are ranked`];
    expect(warningsOf(report('63', { period: '2024' }), ranked)).toEqual([]);
    expect(warningsOf(report('64', { period: '2024' }), ranked)).toEqual(beyond(63));
    expect(warningsOf(report('35', { period: '2025' }), ranked)).toEqual(beyond(34));
  });

  it('by the unit of its period, and before the first wording by the first', () => {
    const persons = reword({ unit: 'người' });
    expect(warningsOf(report('101', { period: '2025' }), adopt(), persons)).toEqual([OVER]);
    expect(warningsOf(report('101', { period: '2026-01' }), adopt(), persons)).toEqual([]);
    expect(warningsOf(report('101', { period: '2024' }), adopt(), persons)).toEqual([OVER]);
    expect(warningsOf(report('101'), adopt({ unit: null }), reword({ unit: '%' }))).toEqual([]);
  });

  it('where it falls by half or more from the newest earlier period', () => {
    const before = [adopt(), report('10', { period: '2023' }), report('80', { period: '2024' })];
    expect(warningsOf(report('40.01'), ...before)).toEqual([]);
    expect(warningsOf(report('40'), ...before)).toEqual([UNQUOTED]);
    expect(warningsOf(report('40'), ...before, accept(idOf('2024')))).toEqual([fall('80', '2024')]);
    expect(warningsOf(report('1', { period: '2022' }), ...before)).toEqual([]);
  });

  it('and of two earlier periods that end on one day, from the figure that was reported last', () => {
    const [year, month] = ['2024', '2024-12'];
    for (const periods of [
      [year, month],
      [month, year],
    ]) {
      const [first = '', last = ''] = periods;
      const before = [adopt(), report('50', { period: first }), report('80', { period: last })];
      const accepted = [first, last].map((period) => accept(idOf(period)));
      expect(warningsOf(report('40'), ...before, ...accepted)).toEqual([fall('80', last)]);
    }
  });

  it('and whatever came in whichever order, from the one that a look at each of them finds', () => {
    const PERIODS = [
      '2022',
      '2023-Q1',
      '2023-H1',
      '2023-Q4',
      '2023',
      '2024-12-31',
      '2024',
      '2024-06',
      '2025-Q1',
    ];
    const done = fc.constantFrom('left', 'accepted', 'returned', 'retracted');
    const steps = fc.array(fc.tuple(fc.constantFrom(...PERIODS), done), { maxLength: 14 });
    const asked = fc.tuple(fc.constantFrom(...PERIODS, '2025'), steps);
    fc.assert(
      fc.property(asked, ([period, told]) => {
        let state = indicatorDecider.initial;
        const does = (command: IndicatorCommand) => {
          const events = indicatorDecider.decide(command, state);
          for (const event of events) state = indicatorDecider.evolve(state, event);
          return events;
        };
        does(adopt());
        const standing: { period: string; from: string }[] = [];
        for (const [earlier, then] of new Map(told)) {
          does(report('80', { period: earlier }));
          if (then === 'left') standing.push({ period: earlier, from: 'the figure' });
          if (then === 'accepted') {
            does(accept(idOf(earlier)));
            standing.push({ period: earlier, from: '80' });
          }
          if (then === 'returned') does(giveBack({ measurementId: idOf(earlier) }));
          if (then === 'retracted') does(retract({ measurementId: idOf(earlier) }));
        }
        if (new Map(told).has(period)) return;
        const before = standing.filter((one) => periodEnd(one.period) < periodEnd(period));
        const newest = before
          .map((one) => periodEnd(one.period))
          .sort()
          .at(-1);
        const found = before.findLast((one) => periodEnd(one.period) === newest);
        const [event] = does(report('1', { period }));
        expect(event?.data).toMatchObject({ warnings: found ? [fall(found.from, found.period)] : [] });
      }),
    );
  });

  it('and neither a returned nor a retracted figure is what it fell from', () => {
    const first = { period: '2024' };
    const id = { measurementId: idOf('2024') };
    expect(warningsOf(report('1'), adopt(), report('80', first), accept(id.measurementId))).toHaveLength(1);
    expect(warningsOf(report('1'), adopt(), report('80', first), giveBack(id))).toEqual([]);
    expect(warningsOf(report('1'), adopt(), report('80', first), retract(id))).toEqual([]);
  });

  it('and it fell from a figure of the same thing, above nothing', () => {
    expect(warningsOf(report('1', { qualifier: '5G' }), adopt(), report('80', { period: '2024' }))).toEqual(
      [],
    );
    expect(warningsOf(report('0'), adopt(), report('0', { period: '2024' }))).toEqual([]);
    const judged = report({ met: 'met', note: 'x' }, { period: '2024' });
    expect(warningsOf(report('1'), adopt(), judged)).toEqual([]);
  });

  it('and what another agency, or the office, reported is not quoted before it is accepted', () => {
    const others = [{ agencyId: 'so-tai-chinh' }, { agencyId: null }];
    for (const other of others) {
      const before = [adopt(), report('80', { period: '2024', ...other })];
      expect(warningsOf(report('1'), ...before)).toEqual([]);
      expect(warningsOf(correct('1'), ...before, report('79'))).toEqual([]);
      expect(warningsOf(report('1'), ...before, accept(idOf('2024')))).toEqual([fall('80', '2024')]);
    }
    const own = [adopt(), report('80', { period: '2024', agencyId: null })];
    expect(warningsOf(report('1', { agencyId: null }), ...own)).toEqual([UNQUOTED]);
  });

  it('when it is corrected too', () => {
    const before = [adopt(), report('80', { period: '2024' }), report('81')];
    expect(warningsOf(correct('8.1'), ...before)).toEqual([UNQUOTED]);
    expect(warningsOf(correct('810'), ...before)).toEqual([OVER]);
  });
});

describe('a figure of what the targets ask for', () => {
  const of6G = [adopt(), target('6G (50%)')];
  const said = (command: IndicatorCommand, ...before: IndicatorCommand[]) =>
    having(...before)
      .when(command)
      .events()[0]?.data;

  it('is taken for it where they ask for one thing, and nothing else is said', () => {
    expect(said(report('40'), ...of6G)).toMatchObject({ qualifier: '6G', warnings: [] });
    expect(said(correct('41'), ...of6G, report('40'))).toMatchObject({ qualifier: '6G' });
    having(...of6G, report('40'))
      .when(report('40'))
      .yields([]);
  });

  it('is the same beside a milestone at which there is no target', () => {
    const none = target('-', { milestone: '2045' });
    expect(said(report('40'), ...of6G, none)).toMatchObject({ qualifier: '6G', warnings: [] });
  });

  it('is the same in other spellings', () => {
    const spelt = { value: '40', qualifier: 'TRUNG TÂM  xã'.normalize('NFD') };
    expect(warningsOf(report(spelt), adopt(), target('trung tâm xã (50%)'))).toEqual([]);
  });

  it('is left as it was said where they ask for several things', () => {
    const other = target('≥ 80', { milestone: '2045' });
    expect(said(report('40'), ...of6G, other)).toMatchObject({ qualifier: null, warnings: [] });
  });

  it('is said to count for none where it is of something else', () => {
    expect(warningsOf(report({ value: '40', qualifier: '5G' }), ...of6G)).toEqual([
      'no target asks for 5G: it counts for none',
    ]);
  });
});
