import { describe, expect, it } from '@jest/globals';
import type { IndicatorCommand } from '../../../src/domain/indicator/commands.js';
import { indicatorDecider } from '../../../src/domain/indicator/decider.js';
import { evolve, type Indicator } from '../../../src/domain/indicator/indicator.js';
import type { Criterion } from '../../../src/domain/target/criterion.js';
import { valueAt } from '../../../src/domain/timeline.js';
import { amendedOn, BASIS, knowing, specify, WHY, yielded } from '../../support/decider.js';
import {
  AT_LEAST_80,
  adopt,
  FROM,
  INDICATOR,
  readAs,
  revise,
  reword,
  target,
  UNREAD,
  withdraw,
} from './commands.js';

const { given } = specify(indicatorDecider);
const having = (...commands: IndicatorCommand[]) => given(...yielded(indicatorDecider, commands));
const targetOn = (day: string, ...commands: IndicatorCommand[]): string | null | undefined => {
  const state = yielded(indicatorDecider, commands).reduce(evolve, null as Indicator | null);
  const held = valueAt(state?.targets[0]?.timeline ?? [], day);
  return held === null ? null : held?.notation;
};
const at = { indicatorId: INDICATOR, milestone: '2030' } as const;

describe('setting a target', () => {
  it('keeps the notation and what was read from it', () => {
    having(adopt())
      .when(target('≥ 80'))
      .yields([
        {
          type: 'TargetSet',
          data: { ...at, notation: '≥ 80', criterion: AT_LEAST_80, effectiveOn: FROM },
        },
      ]);
  });

  it('keeps what could not be read as unread', () => {
    expect(having(adopt()).when(target(UNREAD)).events()[0]?.data).toMatchObject({
      notation: UNREAD,
      criterion: { kind: 'unread' },
    });
  });

  it('reads it by the unit and direction of its day', () => {
    const ranked = reword({ unit: 'Thứ bậc', direction: 'lower-is-better' });
    const criterionOn = (effectiveOn: string) =>
      having(adopt(), ranked).when(target('45', { effectiveOn })).events()[0]?.data;
    expect(criterionOn('2025-12-31')).toMatchObject({ criterion: { kind: 'threshold' } });
    expect(criterionOn('2026-01-01')).toMatchObject({ criterion: { kind: 'rank', within: '45' } });
  });

  it('is only for a milestone that the plan has', () => {
    having(adopt())
      .when(target('≥ 80', { milestone: '2035' }))
      .refuses('UnknownMilestone', 'milestone');
    expect(
      having(adopt())
        .when(target('≥ 80', { milestone: 'yearly' }))
        .events(),
    ).toHaveLength(1);
  });

  it('is for a milestone that the plan has on its day', () => {
    const known = knowing({ plan: amendedOn('2027-01-01') });
    const asked = (milestone: string, effectiveOn: string) =>
      having(adopt()).when({ ...target('≥ 80', { milestone, effectiveOn }), given: known });
    asked('2040', '2026-12-31').refuses('UnknownMilestone', 'milestone');
    expect(asked('2040', '2027-01-01').events()).toHaveLength(1);
    expect(asked('2030', '2026-12-31').events()).toHaveLength(1);
    asked('2030', '2027-02-01').refuses('UnknownMilestone', 'milestone');
  });

  it('for a day on which there was none needs no reason, and leaves those that take effect later', () => {
    const dated = target('≥ 80', { effectiveOn: '2026-01-01' });
    expect(having(adopt(), dated).when(target('≥ 60')).events()).toMatchObject([{ type: 'TargetSet' }]);
    expect(targetOn('2025-12-31', adopt(), dated, target('≥ 60'))).toBe('≥ 60');
    expect(targetOn('2026-01-01', adopt(), dated, target('≥ 60'))).toBe('≥ 80');
    having(adopt(), target('≥ 60'), revise('≥ 80'))
      .when(target('≥ 70', { effectiveOn: '2025-12-31' }))
      .refuses('LegalBasisMissing', 'legalBasis');
  });

  it('keeps the reason and the legal basis that were given, though it needs none', () => {
    expect(having(adopt()).when(target('≥ 80', WHY)).events()[0]?.data).toMatchObject(WHY);
  });

  it('to what it is changes nothing and needs no reason', () => {
    having(adopt(), target('≥ 80'))
      .when(target('≥ 80', { effectiveOn: '2026-01-01' }))
      .yields([]);
  });

  it('of one milestone leaves the others', () => {
    expect(
      having(adopt(), target('≥ 80'))
        .when(target('100', { milestone: '2045' }))
        .events(),
    ).toMatchObject([{ type: 'TargetSet' }]);
  });
});

describe('revising a target', () => {
  it('says why, and on which legal basis', () => {
    having(adopt(), target('≥ 80'))
      .when(revise('≥ 85'))
      .yields([
        {
          type: 'TargetRevised',
          data: {
            ...at,
            notation: '≥ 85',
            criterion: { ...AT_LEAST_80, value: '85' },
            effectiveOn: '2026-01-01',
            ...WHY,
          },
        },
      ]);
    having(adopt(), target('≥ 80'))
      .when(revise('≥ 85', { legalBasis: null }))
      .refuses('LegalBasisMissing', 'legalBasis');
    having(adopt(), target('≥ 80'))
      .when(revise('≥ 85', { legalBasis: { ...BASIS, number: '' } }))
      .refuses('LegalBasisMissing', 'legalBasis');
    having(adopt(), target('≥ 80'))
      .when(revise('≥ 85', { reason: null }))
      .refuses('ReasonMissing', 'reason');
  });

  it('late does not undo a revision that takes effect later', () => {
    const commands = [
      adopt(),
      target('≥ 80'),
      revise('≥ 90', { effectiveOn: '2027-01-01' }),
      revise('≥ 85', { effectiveOn: '2026-01-01' }),
    ];
    expect(targetOn('2025-12-31', ...commands)).toBe('≥ 80');
    expect(targetOn('2026-12-31', ...commands)).toBe('≥ 85');
    expect(targetOn('2027-01-01', ...commands)).toBe('≥ 90');
  });

  it('on the same day counts as the last one recorded', () => {
    expect(targetOn('2026-01-01', adopt(), target('≥ 80'), revise('≥ 85'), revise('≥ 87'))).toBe('≥ 87');
  });
});

describe('setting a target to the same words', () => {
  const at2026 = { effectiveOn: '2026-01-01' };
  const again = (notation: string, ...before: IndicatorCommand[]) => {
    const { yields, refuses, events } = having(adopt({ unit: '%' }), ...before).when(revise(notation));
    return { yields, refuses, events };
  };

  it('that now ask for something else revises it', () => {
    const lower = reword({ direction: 'lower-is-better', ...at2026 });
    again('10', target('10'), lower).yields([
      {
        type: 'TargetRevised',
        data: {
          ...{ ...at, notation: '10', ...at2026, ...WHY },
          criterion: { ...AT_LEAST_80, relation: '<=', value: '10' },
        },
      },
    ]);
    having(adopt(), target('10'), lower)
      .when(target('10', at2026))
      .refuses('LegalBasisMissing', 'legalBasis');
    again('≤ 10', target('≤ 10'), lower).yields([]);
  });

  it('under a wording that was corrected for its own day revises it too', () => {
    const corrected = reword({ direction: 'lower-is-better', effectiveOn: FROM });
    expect(
      having(adopt(), target('10'), corrected)
        .when(revise('10', { effectiveOn: FROM }))
        .events(),
    ).toMatchObject([{ type: 'TargetRevised', data: { criterion: { relation: '<=' } } }]);
  });

  it('in another unit revises it where it asks for a number', () => {
    const people = reword({ unit: 'người', ...at2026 });
    expect(again('≥ 80', target('≥ 80'), people).events()).toMatchObject([{ type: 'TargetRevised' }]);
    expect(
      again('100% xã; tối thiểu 70% trường', target('100% xã; tối thiểu 70% trường'), people).events(),
    ).toMatchObject([{ type: 'TargetRevised' }]);
    again('Duy trì', target('Duy trì'), people).yields([]);
    again('-', target('-'), people).yields([]);
  });

  it('among another number of provinces revises a rank, and nothing else', () => {
    const ranked = reword({ unit: 'Thứ bậc', direction: 'lower-is-better', effectiveOn: FROM });
    expect(again('30', ranked, target('30')).events()).toMatchObject([{ type: 'TargetRevised' }]);
    again('30', ranked, target('30', { effectiveOn: '2025-07-01' })).yields([]);
    again('≥ 80', target('≥ 80')).yields([]);
  });

  it('leaves what a person read, until it is revised', () => {
    const read = [adopt(), target(UNREAD), readAs(AT_LEAST_80)];
    having(...read)
      .when(target(UNREAD, at2026))
      .yields([]);
    expect(
      having(...read)
        .when(revise(UNREAD))
        .events(),
    ).toMatchObject([{ type: 'TargetRevised', data: { criterion: { kind: 'unread' } } }]);
    const other = { ...AT_LEAST_80, value: '90' };
    expect(
      having(...read, revise(UNREAD))
        .when(readAs(other))
        .events(),
    ).toMatchObject([{ type: 'CriterionRead', data: { criterion: other, ...at2026 } }]);
  });

  it('that now cannot be read is no repeat where nobody read them, though for another day they were left unread', () => {
    const average = 'Cao hơn mức trung bình chung của cả nước';
    const ranked = reword({ unit: 'Thứ bậc', direction: 'lower-is-better', ...at2026 });
    const unread = [adopt(), target(average), ranked, revise(average, { effectiveOn: '2026-06-01' })];
    expect(
      yielded(indicatorDecider, unread).map(({ data }) => 'criterion' in data && data.criterion),
    ).toEqual([
      ...[false, expect.objectContaining({ kind: 'comparative' })],
      ...[false, expect.objectContaining({ kind: 'unread' })],
    ]);
    having(...unread)
      .when(target(average, at2026))
      .refuses('LegalBasisMissing', 'legalBasis');
  });
});

describe('withdrawing a target', () => {
  it('says why, on a legal basis', () => {
    having(adopt(), target('≥ 80'))
      .when(withdraw())
      .yields([{ type: 'TargetWithdrawn', data: withdraw().data }]);
    having(adopt(), target('≥ 80'))
      .when(withdraw({ legalBasis: null }))
      .refuses('LegalBasisMissing', 'legalBasis');
    having(adopt(), target('≥ 80'))
      .when(withdraw({ reason: '' }))
      .refuses('ReasonMissing', 'reason');
  });

  it('is only of one that holds on that day', () => {
    having(adopt()).when(withdraw()).refuses('TargetNotSet', 'milestone');
    having(adopt(), target('≥ 80', { effectiveOn: '2026-03-01' }))
      .when(withdraw())
      .refuses('TargetNotSet', 'milestone');
  });

  it('again changes nothing, and it may be set anew', () => {
    having(adopt(), target('≥ 80'), withdraw())
      .when(withdraw({ effectiveOn: '2026-02-02' }))
      .yields([]);
    const commands = [adopt(), target('≥ 80'), withdraw(), target('≥ 70', { effectiveOn: '2026-03-01' })];
    expect(targetOn('2026-02-28', ...commands)).toBeNull();
    expect(targetOn('2026-03-01', ...commands)).toBe('≥ 70');
  });
});

describe('reading a criterion', () => {
  it('holds from the day from which the target holds', () => {
    having(adopt(), target(UNREAD))
      .when(readAs(AT_LEAST_80))
      .yields([
        {
          type: 'CriterionRead',
          data: {
            ...at,
            notation: UNREAD,
            criterion: AT_LEAST_80,
            reason: 'Sở KH&CN xác nhận',
            effectiveOn: FROM,
          },
        },
      ]);
  });

  it('is of the target that holds today, or else of the first', () => {
    const revised = [adopt(), target('≥ 80'), revise(UNREAD)];
    expect(
      having(...revised)
        .when(readAs(AT_LEAST_80))
        .events()[0]?.data,
    ).toMatchObject({
      effectiveOn: '2026-01-01',
    });
    const future = [adopt(), target(UNREAD, { effectiveOn: '2027-01-01' })];
    expect(
      having(...future)
        .when(readAs(AT_LEAST_80))
        .events()[0]?.data,
    ).toMatchObject({
      effectiveOn: '2027-01-01',
    });
    having(...future, readAs(AT_LEAST_80))
      .when(readAs(AT_LEAST_80))
      .yields([]);
  });

  it('is of the target that holds on the day that is named, in the past as in the future', () => {
    const both = [
      adopt(),
      target(UNREAD),
      revise('≥ 80'),
      revise('tăng 3 bậc', { effectiveOn: '2027-01-01' }),
    ];
    const past = readAs(AT_LEAST_80, { effectiveOn: '2025-12-31' });
    const { reason } = past.data;
    having(...both)
      .when(past)
      .yields([
        {
          type: 'CriterionRead',
          data: { ...at, notation: UNREAD, criterion: AT_LEAST_80, reason, effectiveOn: FROM },
        },
      ]);
    expect(
      having(...both, past)
        .when(readAs(AT_LEAST_80, { effectiveOn: '2028-01-01' }))
        .events(),
    ).toMatchObject([{ data: { notation: 'tăng 3 bậc', effectiveOn: '2027-01-01' } }]);
    having(...both)
      .when(readAs({ ...AT_LEAST_80, value: '85' }, { effectiveOn: '2026-01-01' }))
      .refuses('CriterionAlreadyRead', 'milestone');
  });

  it('of a day before the first target, or of a withdrawn one, is refused', () => {
    const withdrawn = [adopt(), target(UNREAD), withdraw()];
    for (const effectiveOn of ['2025-05-31', '2026-02-01'])
      having(...withdrawn)
        .when(readAs(AT_LEAST_80, { effectiveOn }))
        .refuses('TargetNotSet', 'milestone');
    expect(
      having(...withdrawn)
        .when(readAs(AT_LEAST_80, { effectiveOn: '2026-01-31' }))
        .events(),
    ).toHaveLength(1);
  });

  it('is only of a target that there is', () => {
    having(adopt()).when(readAs(AT_LEAST_80)).refuses('TargetNotSet', 'milestone');
    having(adopt(), target(UNREAD), withdraw())
      .when(readAs(AT_LEAST_80))
      .refuses('TargetNotSet', 'milestone');
  });

  it('does not change what has been read: that is a revision', () => {
    having(adopt(), target('≥ 90')).when(readAs(AT_LEAST_80)).refuses('CriterionAlreadyRead', 'milestone');
    having(adopt(), target('≥ 80')).when(readAs(AT_LEAST_80)).yields([]);
  });

  it.each([
    ['unread', { kind: 'unread', reason: 'unclear' }],
    ['no target', { kind: 'none' }],
    ['a number that is none', { ...AT_LEAST_80, value: '80%' }],
    ['a field too many', { ...AT_LEAST_80, more: '1' }],
    ['no kind that is known', { kind: 'guess' }],
    ['parts of which one is unread', parts(AT_LEAST_80, { kind: 'unread', reason: 'unclear' })],
    ['parts within parts of which one is none', parts(AT_LEAST_80, parts({ kind: 'none' }))],
  ])('gives one that can be judged, and not %s', (_, criterion) => {
    having(adopt(), target(UNREAD))
      .when(readAs(criterion as Criterion))
      .refuses('CriterionNotRead', 'criterion');
  });

  it('may give several that must all hold, and says why', () => {
    const several = parts(AT_LEAST_80, { kind: 'rising' });
    expect(having(adopt(), target(UNREAD)).when(readAs(several)).events()).toHaveLength(1);
    having(adopt(), target(UNREAD))
      .when(readAs(several, { reason: ' ' }))
      .refuses('ReasonMissing', 'reason');
  });
});

function parts(...criteria: Criterion[]): Criterion {
  return { kind: 'all', parts: criteria.map((criterion) => ({ name: null, criterion })) };
}
