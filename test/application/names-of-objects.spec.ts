import { describe, expect, it } from '@jest/globals';
import type { Files } from '../../src/application/load/tables.js';
import { agencyDecider } from '../../src/domain/agency/decider.js';
import { Rejected } from '../../src/domain/decider.js';
import { indicatorDecider } from '../../src/domain/indicator/decider.js';
import { reorganizationDecider } from '../../src/domain/reorganization/decider.js';
import { define, dissolve, establish, regroup } from '../domain/agency/commands.js';
import { adopt, assign } from '../domain/indicator/commands.js';
import { all, decree } from '../domain/reorganization/commands.js';
import { yielded } from '../support/decider.js';
import { ledgers, loadTables } from '../support/ledger.js';
import { smallTables, withCell, withLines } from './tables.js';

/** What every object has: as the id of an agency it is one that does not exist. */
const NAMES = [...Object.getOwnPropertyNames(Object.prototype), 'prototype'];

const open = ledgers();

const PLACES: readonly (readonly [file: string, row: number, column: string])[] = [
  ['kh-1/indicators.csv', 3, 'lead'],
  ['kh-1/indicators.csv', 3, 'coordinating'],
  ['kh-1/tasks.csv', 2, 'lead'],
  ['kh-1/tasks.csv', 2, 'coordinating'],
  ['agency-groups.csv', 2, 'member'],
  ['agency-groups.csv', 3, 'member'],
];

describe.each(NAMES)('%s is no agency', (name) => {
  it.each(PLACES)('in %s, row %i, %s', async (file, row, column) => {
    const { problems } = await loadTables(await open(), withCell(smallTables, file, row, column, name), {
      dryRun: true,
    });
    const message = `There is no agency ${name}.`;
    expect(problems).toContainEqual({ file, row, column, message });
  });

  it.each<[string, () => unknown]>([
    ['a member', () => agencyDecider.decide(define({ members: [name] }), null)],
    ['another member', () => yielded(agencyDecider, [define(), regroup({ members: [name] })])],
    ['a successor', () => yielded(agencyDecider, [establish(), dissolve({ successors: [name] })])],
    ['a lead', () => yielded(indicatorDecider, [adopt(), assign({ agencies: [name] })])],
    ['a predecessor', () => reorganizationDecider.decide(decree({ predecessors: ['so-cu', name] }), null)],
    [
      'who takes over',
      () =>
        reorganizationDecider.decide(
          decree({ predecessors: ['so-cu'], kind: 'transfer', successors: [name], allocations: [] }),
          null,
        ),
    ],
  ])('as %s', (_, decide) => {
    expect(decide).toThrow(new Rejected('UnknownAgency', `There is no agency ${name}.`));
  });

  it('so that a decree can establish it', () => {
    const command = decree({
      predecessors: ['so-cu'],
      kind: 'transfer',
      successors: [name],
      establishes: [{ agencyId: name, name: 'Sở mới', shortName: null, level: 'province' }],
      allocations: [all('so-cu', name)],
    });
    expect(reorganizationDecider.decide(command, null)).toHaveLength(1);
  });
});

describe('an agency that is called as what every object has', () => {
  it('is loaded, and leads', async () => {
    const agencies = withLines(smallTables, 'agencies.csv', ['constructor,Ban Xây dựng,,province,agency,']);
    const files: Files = withCell(agencies, 'kh-1/indicators.csv', 3, 'lead', 'constructor');
    const { problems, plans } = await loadTables(await open(), files);
    expect(problems).toEqual([]);
    expect(plans.map(({ state }) => state)).toEqual(['loaded', 'loaded']);
  });
});
