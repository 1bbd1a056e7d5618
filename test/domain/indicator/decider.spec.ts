import { describe, expect, it } from '@jest/globals';
import type { IndicatorCommand, RewordIndicator } from '../../../src/domain/indicator/commands.js';
import { indicatorDecider } from '../../../src/domain/indicator/decider.js';
import type { IndicatorReworded } from '../../../src/domain/indicator/events.js';
import { evolve } from '../../../src/domain/indicator/indicator.js';
import { amendedOn, knowing, PLAN, plan, specify, WHY, yielded } from '../../support/decider.js';
import {
  AT_LEAST_80,
  accept,
  adopt,
  assign,
  baseline,
  benchmark,
  correct,
  drop,
  FROM,
  giveBack,
  INDICATOR,
  INDICATOR_STORIES,
  readAs,
  release,
  report,
  retract,
  reword,
  target,
  transfer,
  withdraw,
  wording,
} from './commands.js';

const { given } = specify(indicatorDecider);
const having = (...commands: IndicatorCommand[]) => given(...yielded(indicatorDecider, commands));

const dated = [
  reword(),
  drop(),
  baseline('76'),
  target('≥ 80'),
  withdraw(),
  assign(),
  release(),
  transfer(),
  benchmark(),
];
const undated = [readAs(AT_LEAST_80), report('76'), accept(), giveBack(), correct('75'), retract()];

describe('an indicator', () => {
  it('is adopted with everything that its row says', () => {
    given()
      .when(adopt())
      .yields([{ type: 'IndicatorAdopted', data: { ...adopt().data, planId: PLAN } }]);
    expect(
      given()
        .when(adopt({ section: null, parent: null }))
        .events(),
    ).toHaveLength(1);
  });

  it('adopted again as it was changes nothing, whatever has happened to it since', () => {
    having(
      adopt(),
      reword(),
      baseline('76'),
      target('≥ 80'),
      assign(),
      benchmark(),
      report('76'),
      accept(),
      drop(),
    )
      .when(adopt())
      .yields([]);
  });

  it('cannot take the code of another', () => {
    having(adopt())
      .when(adopt({ title: 'another' }))
      .refuses('AlreadyAdopted', 'code');
    having(adopt())
      .when(adopt({ parent: null }))
      .refuses('AlreadyAdopted', 'code');
  });

  it('stands in a section of its plan, and under a row of its plan', () => {
    given()
      .when(adopt({ section: 'IX' }))
      .refuses('UnknownSection', 'section');
    given()
      .when(adopt({ parent: 'kh-419-2024/7' }))
      .refuses('ForeignParent', 'parent');
  });

  it('stands in a section that the plan has on its day', () => {
    const known = { plan: amendedOn('2027-01-01') };
    const asked = (section: string, effectiveOn: string) =>
      given().when(adopt({ section, effectiveOn }, known));
    asked('III', '2026-12-31').refuses('UnknownSection', 'section');
    expect(asked('III', '2027-01-01').events()).toHaveLength(1);
    expect(asked('I', '2026-12-31').events()).toHaveLength(1);
    asked('I', '2027-01-01').refuses('UnknownSection', 'section');
  });

  it('needs a plan, on a day on which the plan holds', () => {
    given()
      .when(adopt({}, { plan: null }))
      .refuses('UnknownPlan', 'planId');
    given()
      .when(adopt({ effectiveOn: '2025-05-07' }))
      .refuses('BeforePlan', 'effectiveOn');
    given()
      .when(adopt({ effectiveOn: '2026-01-01' }, { plan: { ...plan, closedOn: '2026-01-01' } }))
      .refuses('PlanClosed', 'effectiveOn');
  });

  it.each([...dated, ...undated])('that was never adopted is not there: $type', (command) => {
    given().when(command).refuses('UnknownIndicator', 'indicatorId');
  });

  it.each(dated)('lets nothing take effect before it was adopted: $type', (command) => {
    const early = { ...command, data: { ...command.data, effectiveOn: '2025-05-31' } } as IndicatorCommand;
    having(adopt()).when(early).refuses('BeforeAdoption', 'effectiveOn');
  });

  it.each(dated)('lets nothing take effect before its plan was issued: $type', (command) => {
    const early = { ...command, data: { ...command.data, effectiveOn: '2025-05-07' } } as IndicatorCommand;
    having(adopt()).when(early).refuses('BeforePlan', 'effectiveOn');
  });

  it.each(dated)('lets nothing take effect once its plan is closed: $type', (command) => {
    const known = knowing({ plan: { ...plan, closedOn: command.data.effectiveOn } });
    having(adopt())
      .when({ ...command, given: known })
      .refuses('PlanClosed', 'effectiveOn');
  });

  it.each(dated.filter(({ type }) => type !== 'DropIndicator'))(
    'lets nothing take effect once it is dropped: $type',
    (command) => {
      having(adopt(), drop({ effectiveOn: command.data.effectiveOn }))
        .when(command)
        .refuses('IndicatorDropped', 'effectiveOn');
    },
  );

  it('that is dropped can still be put right for the days before', () => {
    expect(having(adopt(), drop()).when(target('≥ 80')).events()).toHaveLength(1);
  });
});

describe('rewording an indicator', () => {
  it('states the whole wording from a day on', () => {
    having(adopt())
      .when(reword())
      .yields([{ type: 'IndicatorReworded', data: reword().data as IndicatorReworded['data'] }]);
  });

  it('leaves as it was on that day what it does not name', () => {
    const { title } = reword().data;
    const only = { indicatorId: INDICATOR, effectiveOn: '2026-01-01', ...WHY };
    const formula = { numerator: ['a'], denominator: ['b'] };
    const rich = adopt({ unit: '%', guidance: 'a/b', formula, direction: 'lower-is-better' });
    const reworded = (data: Partial<RewordIndicator['data']>) =>
      having(rich)
        .when({ ...reword(), data: { ...only, ...data } })
        .events()[0]?.data;
    expect(reworded({ title })).toMatchObject({ title, unit: '%', guidance: 'a/b', formula });
    expect(reworded({ title })).toMatchObject({ direction: 'lower-is-better' });
    const bare = { unit: null, guidance: null, formula: null };
    expect(reworded(bare)).toMatchObject({ title: rich.data.title, ...bare });
    having(rich)
      .when({ ...reword(), data: { ...only, reason: '' } })
      .yields([]);
  });

  it('to what it is changes nothing; otherwise it needs a reason', () => {
    having(adopt())
      .when(reword({ title: wording.title, reason: '' }))
      .yields([]);
    having(adopt())
      .when(reword({ reason: ' ' }))
      .refuses('ReasonMissing', 'reason');
  });

  it('is compared with the wording of its own day', () => {
    const back = reword({ title: wording.title, effectiveOn: '2026-02-01' });
    expect(having(adopt(), reword()).when(back).events()).toHaveLength(1);
    having(adopt(), reword())
      .when(reword({ title: wording.title, effectiveOn: '2025-12-31' }))
      .yields([]);
  });
});

describe('dropping an indicator', () => {
  it('ends it from a day, with a reason, once', () => {
    having(adopt())
      .when(drop())
      .yields([{ type: 'IndicatorDropped', data: drop().data }]);
    having(adopt())
      .when(drop({ reason: '' }))
      .refuses('ReasonMissing', 'reason');
    having(adopt(), drop())
      .when(drop({ effectiveOn: '2026-04-01' }))
      .refuses('IndicatorDropped', 'effectiveOn');
  });
});

describe('a baseline', () => {
  it('is kept verbatim, with its number where it plainly is one', () => {
    having(adopt())
      .when(baseline('Đã đạt 75,5%', { qualifier: '5G' }))
      .yields([
        {
          type: 'BaselineRecorded',
          data: {
            indicatorId: INDICATOR,
            notation: 'Đã đạt 75,5%',
            value: '75.5',
            unit: '%',
            qualifier: '5G',
            period: '2024',
            effectiveOn: FROM,
          },
        },
      ]);
    having(adopt())
      .when(baseline('13/21'))
      .yields([
        {
          type: 'BaselineRecorded',
          data: {
            indicatorId: INDICATOR,
            ...{ notation: '13/21', value: null, unit: null, qualifier: null, period: '2024' },
            effectiveOn: FROM,
          },
        },
      ]);
  });

  it('recorded again as it is changes nothing', () => {
    having(adopt(), baseline('76'))
      .when(baseline('76', { effectiveOn: '2026-01-01' }))
      .yields([]);
  });

  it.each(['', '2024-13', '2024-Q5', '2024-02-30', 'năm 2024'])('is of a period, and not of %j', (period) => {
    having(adopt()).when(baseline('76', { period })).refuses('UnknownPeriod', 'period');
  });
});

describe('a benchmark', () => {
  it('is recorded with its period and source', () => {
    having(adopt())
      .when(benchmark())
      .yields([{ type: 'BenchmarkRecorded', data: benchmark().data }]);
  });

  it('recorded again as it is changes nothing; a new value for the period takes its place', () => {
    having(adopt(), benchmark())
      .when(benchmark({ value: '31.50' }))
      .yields([]);
    const put = [adopt(), benchmark(), benchmark({ value: '32' })];
    having(...put)
      .when(benchmark({ value: '32' }))
      .yields([]);
    expect(
      having(...put)
        .when(benchmark())
        .events(),
    ).toHaveLength(1);
  });

  it('is compared with what holds from its day on', () => {
    const later = benchmark({ value: '35', effectiveOn: '2027-06-01' });
    having(adopt(), later)
      .when(benchmark({ value: '35' }))
      .yields([{ type: 'BenchmarkRecorded', data: benchmark({ value: '35' }).data }]);
    having(adopt(), benchmark(), later)
      .when(benchmark({ effectiveOn: '2026-12-31' }))
      .yields([]);
  });

  it('is a decimal, kept in its one form, for a period', () => {
    having(adopt())
      .when(benchmark({ value: '031.50' }))
      .yields([{ type: 'BenchmarkRecorded', data: benchmark().data }]);
    having(adopt())
      .when(benchmark({ value: '31,5' }))
      .refuses('NotADecimal', 'value');
    having(adopt())
      .when(benchmark({ period: '2025-Q0' }))
      .refuses('UnknownPeriod', 'period');
  });
});

describe('the assignments of an indicator', () => {
  it('are those of the indicator', () => {
    const subject = { kind: 'indicator', id: INDICATOR };
    expect(having(adopt()).when(assign()).events()[0]?.data).toMatchObject({ subject });
    expect(having(adopt(), assign()).when(release()).events()[0]?.data).toMatchObject({ subject });
    expect(having(adopt(), assign()).when(transfer()).events()[0]?.data).toMatchObject({ subject });
  });
});

describe('every event of an indicator', () => {
  it.each(Object.entries(INDICATOR_STORIES))('%s follows from commands', (type, commands) => {
    expect(yielded(indicatorDecider, commands).at(-1)?.type).toBe(type);
  });

  it('before adoption changes nothing', () => {
    for (const [type, commands] of Object.entries(INDICATOR_STORIES)) {
      const last = yielded(indicatorDecider, commands).at(-1);
      if (last && type !== 'IndicatorAdopted') expect(evolve(null, last)).toBeNull();
    }
  });
});
