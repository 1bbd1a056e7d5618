import { describe, expect, it } from '@jest/globals';
import type { DomainEvent } from '../../src/domain/events.js';
import { BASIS, PLAN, PLAN_FROM } from '../application/world.js';
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
  issued,
  planOpened,
  regrouped,
  released,
  reported,
  retracted,
  returned,
  targetRevised,
  targetSet,
  targetWithdrawn,
  transferred,
} from './events.js';
import { last, type Told } from './told.js';

const id = (code: string): string => `${PLAN}/${code}`;

describe('before and after', () => {
  const one = [issued, adopted('1')];
  const withTarget = [...one, targetSet('1', '≥ 80')];
  const withLead = [...one, assigned('1', ['a'])];
  const withFigure = [...one, reported('1', '2025-Q1', '70')];
  const why = { reason: 'theo quyết định', legalBasis: BASIS };

  const CASES: readonly (readonly [type: string, told: Told[], before: unknown, after: unknown])[] = [
    [
      'PlanIssued',
      [issued],
      null,
      {
        ...{ title: 'Kế hoạch', milestones: ['2025', '2030'] },
        ...{ number: '1/KH-UBND', issuer: 'UBND tỉnh', issuedOn: PLAN_FROM, supersedes: null },
      },
    ],
    ['PlanOpened', [issued, planOpened], { opened: false }, { opened: true }],
    [
      'IndicatorAdopted',
      [...one, adopted('1.1', '1')],
      null,
      {
        title: 'Chỉ tiêu 1.1',
        unit: '%',
        code: '1.1',
        parent: id('1'),
        section: null,
        order: 1,
        deadline: null,
      },
    ],
    ['TargetSet', withTarget, null, { notation: '≥ 80' }],
    [
      'TargetRevised',
      [...withTarget, targetRevised('1', '≥ 90', '2025-06-01')],
      { notation: '≥ 80' },
      { notation: '≥ 90' },
    ],
    ['TargetWithdrawn', [...withTarget, targetWithdrawn('1', '2025-06-01')], { notation: '≥ 80' }, null],
    [
      'CriterionRead',
      [
        ...[...one, targetSet('1', 'khó đọc')],
        {
          type: 'CriterionRead',
          data: {
            ...{
              indicatorId: id('1'),
              milestone: '2025',
              notation: 'khó đọc',
              reason: 'đã hỏi',
              effectiveOn: PLAN_FROM,
            },
            criterion: { kind: 'state', text: 'khó đọc' },
          },
        } as DomainEvent,
      ],
      { notation: 'khó đọc' },
      { criterion: { kind: 'state' } },
    ],
    [
      'IndicatorReworded',
      [
        ...one,
        {
          type: 'IndicatorReworded',
          data: {
            ...{
              indicatorId: id('1'),
              title: 'Khác',
              unit: null,
              direction: 'lower-is-better',
              guidance: null,
            },
            ...{ formula: null, effectiveOn: '2025-06-01', ...why },
          },
        },
      ],
      { title: 'Chỉ tiêu 1' },
      { title: 'Khác' },
    ],
    ['IndicatorDropped', [...one, dropped('1', '2025-06-01')], null, { effectiveOn: '2025-06-01' }],
    [
      'BaselineRecorded',
      [
        ...one,
        {
          type: 'BaselineRecorded',
          data: {
            ...{
              indicatorId: id('1'),
              notation: '40%',
              value: '40',
              unit: '%',
              qualifier: null,
              period: '2024',
            },
            effectiveOn: PLAN_FROM,
          },
        },
      ],
      null,
      { notation: '40%' },
    ],
    [
      'BenchmarkRecorded',
      [
        ...one,
        {
          type: 'BenchmarkRecorded',
          data: {
            indicatorId: id('1'),
            benchmark: 'cả nước',
            value: '60',
            period: '2025',
            source: 'Bộ',
            effectiveOn: PLAN_FROM,
          },
        },
      ],
      null,
      { value: '60' },
    ],
    ['AgencyAssigned', withLead, null, { agencies: ['a'] }],
    [
      'AgencyReleased',
      [...withLead, released('1', 'a', [], '2025-06-01')],
      { agencies: ['a'] },
      { agencies: [] },
    ],
    [
      'AssignmentTransferred',
      [...withLead, transferred('1', 'a', 'b', ['b'], '2025-06-01')],
      { agencies: ['a'] },
      { agencies: ['b'] },
    ],
    ['MeasurementReported', withFigure, null, { value: '70', state: 'reported' }],
    [
      'MeasurementAccepted',
      [...withFigure, accepted('1', '2025-Q1')],
      { state: 'reported' },
      { state: 'accepted' },
    ],
    [
      'MeasurementReturned',
      [...withFigure, returned('1', '2025-Q1')],
      { state: 'reported' },
      { state: 'returned' },
    ],
    [
      'MeasurementRetracted',
      [...withFigure, retracted('1', '2025-Q1')],
      { state: 'reported' },
      { state: 'retracted' },
    ],
    [
      'MeasurementCorrected',
      [...withFigure, corrected('1', '2025-Q1', '75')],
      { value: '70', corrected: false },
      { value: '75', corrected: true },
    ],
    ['TaskGiven', [issued, given], null, { title: 'Nhiệm vụ', dueOn: '2025-06-30' }],
    ['TaskCompleted', [issued, given, completed], null, { done: true }],
    ['AgencyEstablished', [established('a')], null, { name: 'a' }],
    ['AgencyGroupDefined', [established('a'), grouped('g', ['a'])], null, { name: 'g', members: ['a'] }],
    [
      'AgencyGroupChanged',
      [established('a'), grouped('g', ['a']), regrouped('g', [], '2025-06-01')],
      ['a'],
      [],
    ],
  ];

  for (const [type, told, before, after] of CASES)
    it(`${type} is told from what was there`, async () => {
      const entry = await last(...told);
      expect(entry.type).toBe(type);
      for (const [said, expected] of [
        [entry.before, before],
        [entry.after, after],
      ])
        if (expected === null) expect(said).toBeNull();
        else expect(said).toMatchObject(expected as object);
    });
});
