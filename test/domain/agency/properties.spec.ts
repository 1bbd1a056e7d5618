import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AgencyCommand } from '../../../src/domain/agency/commands.js';
import { agencyDecider } from '../../../src/domain/agency/decider.js';
import { BASIS, expectOrdered, walk } from '../../support/decider.js';
import { AGENCY_STORIES, alias, define, dissolve, establish, regroup, rename, restore } from './commands.js';

const day = fc.constantFrom(
  '2024-02-29',
  '2025-03-01',
  '2025-07-01',
  '2025-12-31',
  '2026-01-01',
  '2026-07-01',
);
const name = fc.constantFrom('A', 'B', 'C');
const shortName = fc.constantFrom(null, 'a');
const others = fc.subarray(
  ['so-khcn', 'so-tai-chinh', 'cong-an-tinh', 'so-moi', 'so-tttt', 'cac-so-ban-nganh', 'khong-co'],
  { maxLength: 3 },
);
const reason = fc.constantFrom('sắp xếp bộ máy', 'sắp xếp bộ máy', '');
const legalBasis = fc.constantFrom(BASIS, BASIS, null);
const changed = { effectiveOn: day, reason, legalBasis };

const created: fc.Arbitrary<AgencyCommand> = fc.oneof(
  fc.record({ name, establishedOn: fc.option(day) }).map(establish),
  fc
    .record({ name, members: fc.subarray(['so-khcn', 'so-tai-chinh', 'cong-an-tinh']), effectiveOn: day })
    .map(define),
);
const command: fc.Arbitrary<AgencyCommand> = fc.oneof(
  created,
  name.map(alias),
  fc.record({ name, shortName, ...changed }).map(rename),
  fc.record({ members: others, ...changed }).map(regroup),
  fc.record(changed).map(restore),
  fc
    .tuple(
      fc.record({ successors: others, ...changed }),
      fc.record({
        holdings: fc.constantFrom(0, 0, 3),
        memberOf: fc.constantFrom([], [], ['cac-so-ban-nganh']),
      }),
    )
    .map(([over, held]) => dissolve(over, held)),
);
const commands = fc
  .tuple(created, fc.array(command, { maxLength: 20, size: 'max' }))
  .map(([first, rest]) => [first, ...rest]);

it('an agency and a collective keep their rules under any commands', () => {
  const accepted = walk(agencyDecider, commands, (state) => {
    expectOrdered(state);
    expect(new Set(state?.aliases).size).toBe(state?.aliases.length);
    if (state?.kind === 'agency') expect(state.members).toEqual([]);
    for (const { value } of state?.members ?? []) expect(new Set(value).size).toBe(value.length);
  });
  const types = Object.values(AGENCY_STORIES).map((story) => story.at(-1)?.type);
  expect([...accepted.keys()].sort()).toEqual(types.sort());
});
