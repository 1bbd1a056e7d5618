import { describe, expect, it } from '@jest/globals';
import type { IndicatorCommand } from '../../../src/domain/indicator/commands.js';
import { indicatorDecider } from '../../../src/domain/indicator/decider.js';
import { evolve, type Indicator } from '../../../src/domain/indicator/indicator.js';
import type { Measurement } from '../../../src/domain/indicator/measurement.js';
import { knowing, specify, WHY, yielded } from '../../support/decider.js';
import {
  accept,
  adopt,
  correct,
  drop,
  figure,
  giveBack,
  INDICATOR,
  idOf,
  report,
  retract,
  reword,
  target,
} from './commands.js';

const { given } = specify(indicatorDecider);
const having = (...commands: IndicatorCommand[]) => given(...yielded(indicatorDecider, commands));
const figures = (...commands: IndicatorCommand[]): readonly Measurement[] =>
  yielded(indicatorDecider, commands).reduce(evolve, null as Indicator | null)?.measurements ?? [];
const warningsOf = (command: IndicatorCommand, ...before: IndicatorCommand[]) => {
  const [event] = having(...before)
    .when(command)
    .events();
  return event && 'warnings' in event.data ? event.data.warnings : undefined;
};

describe('reporting a figure', () => {
  it('keeps whose it is, who reported it, and for which period', () => {
    having(adopt())
      .when(report('76.4', { source: 'Cổng DVC', evidence: 'Báo cáo 120/BC-VP' }))
      .yields([
        {
          type: 'MeasurementReported',
          data: {
            indicatorId: INDICATOR,
            measurementId: idOf(),
            period: '2025',
            agencyId: 'so-khcn',
            reportedBy: 'lan',
            ...figure({ value: '76.4', source: 'Cổng DVC', evidence: 'Báo cáo 120/BC-VP' }),
            warnings: [],
          },
        },
      ]);
  });

  it('keeps a decimal in its one form', () => {
    expect(having(adopt()).when(report('076.40')).events()[0]?.data).toMatchObject({ value: '76.4' });
    having(adopt(), report('76.4')).when(report('76.40')).yields([]);
    const share = { components: [{ name: 'a', value: '-0.0' }] };
    expect(having(adopt()).when(report(share)).events()[0]?.data).toMatchObject({
      components: [{ name: 'a', value: '0' }],
    });
  });

  it('of the same agency for the same period is one: a second is a correction', () => {
    having(adopt(), report('76')).when(report('77')).refuses('AlreadyReported', 'period');
    expect(having(adopt(), report('76')).when(report('77')).refusal()).toContain(idOf());
    having(adopt(), report('76'), accept()).when(report('77')).refuses('AlreadyReported', 'period');
    having(adopt(), report('76'), giveBack()).when(report('77')).refuses('AlreadyReported', 'period');
  });

  it('again in the same words changes nothing', () => {
    having(adopt(), report('76'), accept()).when(report('76')).yields([]);
  });

  it('of another agency, the office or another period is another figure, numbered within the period', () => {
    const before = [adopt(), report('76')];
    const idOfNext = (over: Parameters<typeof report>[1]) =>
      having(...before)
        .when(report('76', over))
        .events()[0]?.data;
    expect(idOfNext({ agencyId: 'so-tai-chinh' })).toMatchObject({ measurementId: idOf('2025', 2) });
    expect(idOfNext({ agencyId: null })).toMatchObject({ measurementId: idOf('2025', 2), agencyId: null });
    expect(idOfNext({ period: '2025-Q4' })).toMatchObject({ measurementId: idOf('2025-Q4') });
  });

  it('after a retraction is a new figure with a new number', () => {
    expect(having(adopt(), report('76'), retract()).when(report('77')).events()[0]?.data).toMatchObject({
      measurementId: idOf('2025', 2),
    });
  });

  it('is for a period that has begun', () => {
    having(adopt())
      .when(report('76', { period: '2026-03-11' }))
      .refuses('PeriodNotBegun', 'period');
    expect(
      having(adopt())
        .when(report('76', { period: '2026-03-10' }))
        .events(),
    ).toHaveLength(1);
    having(adopt())
      .when(report('76', { period: '2026-Q5' }))
      .refuses('UnknownPeriod', 'period');
  });

  it('ends on the day the indicator is dropped', () => {
    having(adopt(), drop({ effectiveOn: '2026-03-10' }))
      .when(report('76'))
      .refuses('IndicatorDropped', 'effectiveOn');
    expect(
      having(adopt(), drop({ effectiveOn: '2026-03-11' }))
        .when(report('76'))
        .events(),
    ).toHaveLength(1);
  });

  it.each([
    ['nothing', {}, 'FigureUnclear', 'value'],
    ['a value and a judgement', { value: '1', met: 'met', note: 'x' }, 'FigureUnclear', 'value'],
    ['no components', { components: [] }, 'FigureUnclear', 'components'],
    ['a comma', { value: '76,4' }, 'NotADecimal', 'value'],
    ['a percent sign', { value: '76%' }, 'NotADecimal', 'value'],
    ['an exponent', { value: '1e3' }, 'NotADecimal', 'value'],
    ['a judgement without a note', { met: 'partly' }, 'NoteMissing', 'note'],
    ['a judgement with a blank note', { met: 'partly', note: ' ' }, 'NoteMissing', 'note'],
    [
      'a component that is no number',
      {
        components: [
          { name: 'a', value: '1' },
          { name: 'b', value: '' },
        ],
      },
      'NotADecimal',
      'components[1].value',
    ],
    [
      'a component twice',
      {
        components: [
          { name: 'a', value: '1' },
          { name: 'a', value: '2' },
        ],
      },
      'FigureUnclear',
      'components',
    ],
  ] as const)('is exactly one thing that is well formed, and not %s', (_, said, code, field) => {
    having(adopt()).when(report(said)).refuses(code, field);
    having(adopt(), report('1')).when(correct(said)).refuses(code, field);
  });

  it('may be a judgement with a note, or components', () => {
    const judged = { met: 'partly', note: 'Quyết định 12/QĐ-UBND' } as const;
    expect(having(adopt()).when(report(judged)).events()).toHaveLength(1);
    const components = [
      { name: 'a', value: '9996' },
      { name: 'b', value: '10000' },
    ];
    expect(having(adopt()).when(report({ components })).events()).toHaveLength(1);
  });
});

describe('an odd figure is taken, and said to be odd', () => {
  const OVER = 'a percentage over 100';
  const fall = (from: string, period: string) => `a fall by half or more from ${from} for ${period}`;

  it('where it is a percentage over 100', () => {
    expect(warningsOf(report('100'), adopt())).toEqual([]);
    expect(warningsOf(report('100.01'), adopt())).toEqual([OVER]);
    expect(warningsOf(report('101'), adopt({ unit: 'người' }))).toEqual([]);
    expect(warningsOf(report('101'), adopt({ unit: null }))).toEqual([]);
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
    expect(warningsOf(report('40'), ...before)).toEqual([fall('80', '2024')]);
    expect(warningsOf(report('1', { period: '2022' }), ...before)).toEqual([]);
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
    expect(warningsOf(report('1', { agencyId: null }), ...own)).toEqual([fall('80', '2024')]);
  });

  it('when it is corrected too', () => {
    const before = [adopt(), report('80', { period: '2024' }), report('81')];
    expect(warningsOf(correct('8.1'), ...before)).toEqual([fall('80', '2024')]);
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

describe('accepting a figure', () => {
  it('is done once, by another than who reported it', () => {
    having(adopt(), report('76'))
      .when(accept())
      .yields([{ type: 'MeasurementAccepted', data: accept().data }]);
    having(adopt(), report('76')).when(accept(idOf(), 'lan')).refuses('OwnFigure', 'measurementId');
    having(adopt(), report('76'), accept()).when(accept(idOf(), 'minh')).yields([]);
  });

  it('is not done by who corrected it', () => {
    having(adopt(), report('76'), correct('75', {}, 'hoa'))
      .when(accept())
      .refuses('OwnFigure', 'measurementId');
    expect(
      having(adopt(), report('76'), correct('75', {}, 'hoa'))
        .when(accept(idOf(), 'minh'))
        .events(),
    ).toHaveLength(1);
  });

  it('is not for one that was returned or retracted, or is not there', () => {
    having(adopt(), report('76'), giveBack()).when(accept()).refuses('MeasurementReturned', 'measurementId');
    having(adopt(), report('76'), retract()).when(accept()).refuses('MeasurementRetracted', 'measurementId');
    having(adopt()).when(accept()).refuses('UnknownMeasurement', 'measurementId');
  });
});

describe('returning a figure', () => {
  it('says why, and may follow an acceptance', () => {
    having(adopt(), report('76'))
      .when(giveBack())
      .yields([{ type: 'MeasurementReturned', data: giveBack().data }]);
    having(adopt(), report('76'))
      .when(giveBack({ reason: '' }))
      .refuses('ReasonMissing', 'reason');
    expect(having(adopt(), report('76'), accept()).when(giveBack()).events()).toHaveLength(1);
  });

  it('again changes nothing; a retracted one, or one that is not there, is not returned', () => {
    having(adopt(), report('76'), giveBack())
      .when(giveBack({ reason: '' }))
      .yields([]);
    having(adopt(), report('76'), retract())
      .when(giveBack())
      .refuses('MeasurementRetracted', 'measurementId');
    having(adopt()).when(giveBack()).refuses('UnknownMeasurement', 'measurementId');
  });
});

describe('correcting a figure', () => {
  it('states it anew, with the reason', () => {
    having(adopt(), report('76'))
      .when(correct('75.50'))
      .yields([
        {
          type: 'MeasurementCorrected',
          data: {
            indicatorId: INDICATOR,
            measurementId: idOf(),
            ...figure('75.5'),
            ...WHY,
            correctedBy: 'lan',
            warnings: [],
          },
        },
      ]);
    having(adopt(), report('76'))
      .when(correct('75', { reason: '' }))
      .refuses('ReasonMissing', 'reason');
  });

  it('to what it is changes nothing', () => {
    having(adopt(), report('76'))
      .when(correct('76.0', { reason: '' }))
      .yields([]);
  });

  it('of a retracted one is refused, as of one that is not there', () => {
    having(adopt(), report('76'), retract())
      .when(correct('75'))
      .refuses('MeasurementRetracted', 'measurementId');
    having(adopt()).when(correct('75')).refuses('UnknownMeasurement', 'measurementId');
  });

  it('waits to be accepted anew, whether it had been accepted or returned', () => {
    for (const before of [accept(), giveBack()])
      expect(figures(adopt(), report('76'), before, correct('75'))).toMatchObject([
        { value: '75', state: 'reported', corrected: true },
      ]);
  });

  it('counts as recorded later than what was reported in between', () => {
    const [first, second] = figures(adopt(), report('76'), report('70', { agencyId: null }), correct('75'));
    expect(first?.sequence).toBeGreaterThan(second?.sequence ?? 0);
  });
});

describe('retracting a figure', () => {
  it('says why, once', () => {
    having(adopt(), report('76'))
      .when(retract())
      .yields([{ type: 'MeasurementRetracted', data: retract().data }]);
    having(adopt(), report('76'))
      .when(retract({ reason: '' }))
      .refuses('ReasonMissing', 'reason');
    having(adopt(), report('76'), retract())
      .when(retract({ reason: '' }))
      .yields([]);
    having(adopt()).when(retract()).refuses('UnknownMeasurement', 'measurementId');
  });

  it('is possible whatever state the figure is in, and after the indicator was dropped', () => {
    for (const before of [accept(), giveBack(), drop()])
      expect(figures(adopt(), report('76'), before, retract())).toMatchObject([{ state: 'retracted' }]);
  });
});

describe('a figure of the day', () => {
  it('is tested against the day the command arrives', () => {
    const early = { ...report('76', { period: '2026' }), given: knowing({ today: '2025-12-31' }) };
    having(adopt()).when(early).refuses('PeriodNotBegun', 'period');
    expect(
      having(adopt())
        .when({ ...early, given: knowing({ today: '2026-01-01' }) })
        .events(),
    ).toHaveLength(1);
  });
});
