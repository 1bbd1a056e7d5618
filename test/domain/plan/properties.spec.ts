import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PlanCommand } from '../../../src/domain/plan/commands.js';
import { planDecider } from '../../../src/domain/plan/decider.js';
import { BASIS, expectOrdered, walk } from '../../support/decider.js';
import { amend, close, issue, open, supersede } from './commands.js';

const day = fc.constantFrom(
  '2025-05-07',
  '2025-05-08',
  '2026-01-01',
  '2026-02-28',
  '2027-01-01',
  '2029-06-30',
);
const title = fc.constantFrom('A', 'B', 'C');
const milestones = fc.subarray(['2030', '2045', 'yearly', 'open', 'unclear'], { maxLength: 4 });
const sections = fc.constantFrom(
  [],
  [{ code: 'I', title: 'Mục I' }],
  [
    { code: 'I', title: 'a' },
    { code: 'I', title: 'b' },
  ],
);
const endsOn = fc.constantFrom(null, '2045-12-31');
const reason = fc.constantFrom('điều chỉnh', 'điều chỉnh', ' ');
const legalBasis = fc.constantFrom(BASIS, BASIS, null);
const changed = { effectiveOn: day, reason, legalBasis };

const issued = fc.record({ title, milestones, endsOn }).map(issue);
const command: fc.Arbitrary<PlanCommand> = fc.oneof(
  issued,
  day.map(open),
  fc
    .record({ title, milestones, sections, endsOn, ...changed }, { requiredKeys: ['effectiveOn'] })
    .map(amend),
  fc.record({ by: fc.constantFrom('kh-1570-2025', 'kh-88-2027', 'kh-99-2027'), ...changed }).map(supersede),
  fc.record(changed).map(close),
);
const commands = fc
  .tuple(issued, fc.array(command, { maxLength: 20, size: 'max' }))
  .map(([first, rest]) => [first, ...rest]);

it('a plan keeps its rules under any commands', () => {
  const accepted = walk(planDecider, commands, (state) => {
    expectOrdered(state?.details);
    expect(state?.details.every(({ effectiveOn }) => effectiveOn >= (state?.from ?? ''))).toBe(true);
  });
  expect([...accepted.keys()].sort()).toEqual([
    'AmendPlan',
    'ClosePlan',
    'IssuePlan',
    'OpenPlan',
    'SupersedePlan',
  ]);
});
