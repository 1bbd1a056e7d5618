import { describe, expect, it } from '@jest/globals';
import { Forbidden } from '../../src/application/errors.js';
import { mayAtAll } from '../../src/application/policy.js';
import type { Actor } from '../../src/domain/message.js';
import { AUDITOR, asked, ledgers, OFFICE, reporterOf, type TestLedger } from '../support/ledger.js';
import { FIRST, found, KHCN, report } from './world.js';

const open = ledgers();

const setUp = async (): Promise<TestLedger> => {
  const ledger = await open();
  await found(ledger.order);
  return ledger;
};

describe('a role', () => {
  const TYPES = [
    ...['IssuePlan', 'OpenPlan', 'AmendPlan', 'SupersedePlan', 'ClosePlan'],
    ...[
      'AdoptIndicator',
      'RewordIndicator',
      'DropIndicator',
      'RecordBaseline',
      'SetTarget',
      'WithdrawTarget',
    ],
    ...['ReadCriterion', 'AssignIndicator', 'ReleaseIndicator', 'TransferIndicator', 'RecordBenchmark'],
    ...[
      'ReportMeasurement',
      'AcceptMeasurement',
      'ReturnMeasurement',
      'CorrectMeasurement',
      'RetractMeasurement',
    ],
    ...['GiveTask', 'ReviseDeadline', 'AssignTask', 'ReleaseTask', 'TransferTask', 'MeetTaskCondition'],
    ...['ReportTaskProgress', 'CompleteTask', 'ReopenTask', 'DropTask'],
    ...[
      'EstablishAgency',
      'DefineAgencyGroup',
      'AliasAgency',
      'RenameAgency',
      'DissolveAgency',
      'ChangeAgencyGroup',
    ],
    ...['DecreeReorganization', 'RevokeReorganization'],
  ];
  const UNNAMED = ['AnythingElse', 'constructor', 'toString', '__proto__', ''];
  const allowed = (actor: Actor): string[] =>
    [...TYPES, ...UNNAMED].filter((type) => {
      try {
        mayAtAll(actor, [type]);
        return true;
      } catch (error) {
        if (error instanceof Forbidden) return false;
        throw error;
      }
    });

  it('writes everything, its reports, or nothing', () => {
    expect(allowed(OFFICE)).toEqual(TYPES);
    expect(allowed({ ...OFFICE, role: 'admin' })).toEqual(TYPES);
    expect(allowed(AUDITOR)).toEqual([]);
    expect(allowed(reporterOf(KHCN))).toEqual([
      ...['ReportMeasurement', 'CorrectMeasurement', 'RetractMeasurement', 'ReportTaskProgress'],
    ]);
  });
});

describe('who reported a figure', () => {
  it('does not accept it', async () => {
    const ledger = await setUp();
    const { measurementId } = await ledger.order.indicator(FIRST, report(FIRST, '2025-Q1', '70'));
    const accept = {
      type: 'AcceptMeasurement',
      data: { indicatorId: FIRST, measurementId: measurementId as string, note: null },
    } as const;
    await expect(ledger.order.indicator(FIRST, accept)).rejects.toMatchObject({ code: 'OwnFigure' });
    await ledger.order.indicator(FIRST, accept, asked({ ...OFFICE, subject: 'hoa' }));
  });
});
