import { describe, expect, it } from '@jest/globals';
import type { IndicatorCommand } from '../../../src/domain/indicator/commands.js';
import { indicatorDecider } from '../../../src/domain/indicator/decider.js';
import { evolve, type Indicator } from '../../../src/domain/indicator/indicator.js';
import type { Measurement } from '../../../src/domain/indicator/measurement.js';
import { knowing, plan, specify, WHY, yielded } from '../../support/decider.js';
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
} from './commands.js';

const { given } = specify(indicatorDecider);
const having = (...commands: IndicatorCommand[]) => given(...yielded(indicatorDecider, commands));
const figures = (...commands: IndicatorCommand[]): readonly Measurement[] =>
  yielded(indicatorDecider, commands).reduce(evolve, null as Indicator | null)?.measurements ?? [];
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

describe('what is no figure', () => {
  it('names a component twice, in whatever spelling', () => {
    for (const other of ['a', 'A', ' a', 'a\u200b']) {
      const components = [
        { name: 'a', value: '1' },
        { name: other, value: '9' },
      ];
      having(adopt()).when(report({ components })).refuses('FigureUnclear', 'components');
    }
  });

  it('is no place in a ranking', () => {
    const ranked = adopt({ unit: 'Thứ bậc', direction: 'lower-is-better' });
    for (const value of ['0', '-1', '3.5']) having(ranked).when(report(value)).refuses('NotAPlace', 'value');
    having(ranked, report('3')).when(correct('3.5')).refuses('NotAPlace', 'value');
    expect(having(ranked).when(report('3')).events()).toHaveLength(1);
  });

  it('is of a period that began after the plan was closed', () => {
    const closed = knowing({ plan: { ...plan, closedOn: '2025-07-01' } });
    having(adopt())
      .when({ ...report('76', { period: '2025-Q3' }), given: closed })
      .refuses('PlanClosed', 'period');
    for (const period of ['2025', '2025-Q2'])
      expect(
        having(adopt())
          .when({ ...report('76', { period }), given: closed })
          .events(),
      ).toHaveLength(1);
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

  it('is not done by who reported it either, once another has corrected it', () => {
    const both = [adopt(), report('76'), correct({ value: '76', evidence: 'Báo cáo 9' }, {}, 'hoa')];
    having(...both)
      .when(accept(idOf(), 'lan'))
      .refuses('OwnFigure', 'measurementId');
    having(...both)
      .when(accept(idOf(), 'hoa'))
      .refuses('OwnFigure', 'measurementId');
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

  it('to what it is confirms one that was returned, with the reason', () => {
    const given = [adopt(), report('76'), giveBack()];
    having(...given)
      .when(correct('76', { reason: '' }))
      .refuses('ReasonMissing', 'reason');
    expect(figures(...given, correct('76'))).toMatchObject([{ value: '76', state: 'reported' }]);
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
