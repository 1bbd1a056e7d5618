import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { holdersAt } from '../../../src/domain/assignment.js';
import type { TaskCommand } from '../../../src/domain/task/commands.js';
import { taskDecider } from '../../../src/domain/task/decider.js';
import { BASIS, expectOrdered, walk } from '../../support/decider.js';
import {
  assign,
  byDay,
  CONTINUOUS,
  complete,
  drop,
  give,
  meet,
  onCondition,
  postpone,
  progress,
  release,
  reopen,
  TASK_STORIES,
  transfer,
  YEARLY,
} from './commands.js';

const DAYS = [
  '2025-05-07',
  '2025-05-08',
  '2025-12-31',
  '2026-02-28',
  '2026-03-10',
  '2026-07-01',
  '2027-01-01',
];
const day = fc.constantFrom(...DAYS);
const late = fc.constantFrom('2026-07-01', '2027-01-01');
const deadline = fc.constantFrom(
  ...[byDay('2026-06-30'), YEARLY, CONTINUOUS, onCondition(), onCondition('bố trí kinh phí')],
  { ...byDay('2026-06-30'), dueOn: null },
);
const agency = fc.constantFrom(
  'so-khcn',
  'so-khcn',
  'so-tai-chinh',
  'cong-an-tinh',
  'so-moi',
  'so-tttt',
  'khong-co',
);
const holder = fc.constantFrom('so-khcn', 'so-khcn', 'so-tai-chinh', 'cong-an-tinh');
const taker = fc.oneof({ weight: 3, arbitrary: holder }, agency);
const role = fc.constantFrom('lead' as const, 'coordinating' as const);
const year = fc.constantFrom(null, null, 2024, 2025, 2026);
const reason = fc.constantFrom('điều chỉnh', 'điều chỉnh', 'điều chỉnh', '');
const legalBasis = fc.constantFrom(BASIS, null);
const changed = { effectiveOn: day, reason, legalBasis };

const early = fc.constantFrom('2025-05-08', '2025-05-08', '2025-12-31');
const given = fc.record({ deadline, effectiveOn: early }).map((over) => give(over));
const often = (arbitrary: fc.Arbitrary<TaskCommand>) => ({ weight: 4, arbitrary });
const command: fc.Arbitrary<TaskCommand> = fc.oneof(
  given,
  fc.record({ ...changed, effectiveOn: late }).map(drop),
  fc.tuple(deadline, fc.record(changed)).map(([to, over]) => postpone(to, over)),
  {
    weight: 8,
    arbitrary: fc
      .record({ role, agencies: fc.array(holder, { minLength: 1, maxLength: 3 }), effectiveOn: day })
      .map(assign),
  },
  often(
    fc.record({ role, agencies: fc.array(holder, { minLength: 1, maxLength: 2 }), ...changed }).map(release),
  ),
  often(
    fc
      .record({
        role,
        moves: fc.array(fc.record({ from: holder, to: taker }), { maxLength: 2 }),
        ...changed,
      })
      .map(transfer),
  ),
  often(fc.record({ effectiveOn: day, dueOn: fc.option(day) }).map(meet)),
  often(fc.record({ effectiveOn: day, note: fc.constantFrom('a', 'b') }).map(progress)),
  often(fc.record({ year, effectiveOn: day, result: fc.constantFrom('a', 'b') }).map(complete)),
  often(fc.record({ year, ...changed }).map(reopen)),
);
const commands = fc
  .tuple(given, fc.array(command, { minLength: 20, maxLength: 50 }))
  .map(([first, rest]) => [first, ...rest]);

it('a task keeps its rules under any commands', () => {
  const accepted = walk(taskDecider, commands, (state) => {
    expectOrdered(state);
    if (state === null) return;
    for (const on of DAYS) {
      const leads = holdersAt(state.assignments, 'lead', on);
      const coordinating = holdersAt(state.assignments, 'coordinating', on);
      expect(new Set([...leads, ...coordinating]).size).toBe(leads.length + coordinating.length);
    }
    const conditions = state.conditionsMet.map(({ condition }) => condition);
    expect(new Set(conditions).size).toBe(conditions.length);
  });
  const types = Object.values(TASK_STORIES).map((story) => story.at(-1)?.type);
  expect([...accepted.keys()].sort()).toEqual(types.sort());
});
