import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { holdersAt } from '../../../src/domain/assignment.js';
import type { IndicatorCommand } from '../../../src/domain/indicator/commands.js';
import { indicatorDecider } from '../../../src/domain/indicator/decider.js';
import type { Figure } from '../../../src/domain/indicator/events.js';
import type { Indicator } from '../../../src/domain/indicator/indicator.js';
import type { Criterion } from '../../../src/domain/target/criterion.js';
import { isDecimal } from '../../../src/domain/target/decimal.js';
import { BASIS, expectOrdered, walk } from '../../support/decider.js';
import {
  AT_LEAST_80,
  accept,
  adopt,
  assign,
  baseline,
  benchmark,
  correct,
  drop,
  giveBack,
  INDICATOR_STORIES,
  idOf,
  readAs,
  release,
  report,
  retract,
  reword,
  target,
  transfer,
  UNREAD,
  withdraw,
} from './commands.js';

const DAYS = [
  '2025-05-31',
  '2025-06-01',
  '2025-12-31',
  '2026-02-28',
  '2026-03-10',
  '2026-07-01',
  '2027-01-01',
];
const day = fc.constantFrom(...DAYS);
const late = fc.constantFrom('2026-03-10', '2026-07-01', '2027-01-01');
const period = fc.constantFrom('2024', '2025', '2025', '2026', '2027', '2025-Q9');
const agency = fc.constantFrom(
  'so-khcn',
  'so-khcn',
  'so-tai-chinh',
  'cong-an-tinh',
  'so-moi',
  'so-tttt',
  'khong-co',
);
const office = fc.constantFrom('so-khcn', 'so-tai-chinh', null);
const holder = fc.constantFrom('so-khcn', 'so-khcn', 'so-tai-chinh', 'cong-an-tinh');
const taker = fc.oneof({ weight: 3, arbitrary: holder }, agency);
const role = fc.constantFrom('lead' as const, 'coordinating' as const);
const subject = fc.constantFrom('lan', 'hoa', 'minh');
const reason = fc.constantFrom('điều chỉnh', 'điều chỉnh', 'điều chỉnh', '');
const legalBasis = fc.constantFrom(BASIS, BASIS, null);
const changed = { effectiveOn: day, reason, legalBasis };
const unit = fc.constantFrom('%', null, 'người');
const milestone = fc.constantFrom('2030', '2030', '2045', '2035');
const notation = fc.constantFrom('≥ 80', '10', '6G (50%)', '-', UNREAD, 'Duy trì', 'tăng 3 bậc');
const value = fc.constantFrom('76.4', '76.40', '120', '30', '-0', '75', 'x');
const figure: fc.Arbitrary<Partial<Figure>> = fc.oneof(
  fc.record({ value }),
  fc.record({ met: fc.constantFrom('met' as const, 'partly' as const), note: fc.constantFrom('a', '') }),
  fc.record({
    components: fc.array(fc.record({ name: fc.constantFrom('a', 'b'), value }), { maxLength: 2 }),
  }),
);
const measurementId = fc.constantFrom(...['2025', '2026'].flatMap((of) => [idOf(of), idOf(of), idOf(of, 2)]));
const criterion = fc.constantFrom<Criterion>(
  AT_LEAST_80,
  { kind: 'rising' },
  { kind: 'none' },
  { kind: 'all', parts: [{ name: 'a', criterion: AT_LEAST_80 }] },
);

const adopted = fc
  .record({ unit, effectiveOn: fc.constantFrom('2025-06-01', '2025-06-01', '2025-12-31') })
  .map((over) => adopt(over));
const often = (arbitrary: fc.Arbitrary<IndicatorCommand>) => ({ weight: 4, arbitrary });
const command: fc.Arbitrary<IndicatorCommand> = fc.oneof(
  adopted,
  fc.record({ ...changed, effectiveOn: late }).map(drop),
  often(fc.record({ title: fc.constantFrom('A', 'B'), unit, ...changed }).map(reword)),
  often(
    fc
      .tuple(fc.constantFrom('76', '13/21'), fc.record({ period, effectiveOn: day }))
      .map(([said, over]) => baseline(said, over)),
  ),
  often(fc.tuple(notation, fc.record({ milestone, ...changed })).map(([said, over]) => target(said, over))),
  often(fc.record({ milestone, ...changed }).map(withdraw)),
  often(
    fc
      .tuple(
        criterion,
        fc.record({ milestone, reason, effectiveOn: day }, { requiredKeys: ['milestone', 'reason'] }),
      )
      .map(([read, over]) => readAs(read, over)),
  ),
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
        moves: fc.array(fc.record({ from: holder, to: taker }), { maxLength: 3 }),
        ...changed,
      })
      .map(transfer),
  ),
  often(fc.record({ value, period, effectiveOn: day }).map(benchmark)),
  often(
    fc
      .tuple(figure, fc.record({ period, agencyId: office }), subject)
      .map(([said, over, who]) => report(said, over, who)),
  ),
  often(fc.tuple(measurementId, subject).map(([id, who]) => accept(id, who))),
  often(fc.record({ measurementId, reason }).map(giveBack)),
  often(
    fc
      .tuple(figure, fc.record({ measurementId, reason }), subject)
      .map(([said, over, who]) => correct(said, over, who)),
  ),
  often(fc.record({ measurementId, reason }).map(retract)),
);
const commands = fc
  .tuple(adopted, fc.array(command, { minLength: 20, maxLength: 50 }))
  .map(([first, rest]) => [first, ...rest]);

const holds = (state: Indicator | null): void => {
  if (state === null) return;
  expectOrdered(state);
  for (const on of DAYS) {
    const leads = holdersAt(state.assignments, 'lead', on);
    const coordinating = holdersAt(state.assignments, 'coordinating', on);
    expect(new Set([...leads, ...coordinating]).size).toBe(leads.length + coordinating.length);
  }
  expect(new Set(state.measurements.map(({ id }) => id)).size).toBe(state.measurements.length);
  const standing = state.measurements.filter((row) => row.state !== 'retracted');
  expect(new Set(standing.map((row) => `${row.agencyId} ${row.period}`)).size).toBe(standing.length);
  for (const { value: said } of state.measurements) expect(said === null || isDecimal(said)).toBe(true);
};

it('an indicator keeps its rules under any commands', () => {
  const accepted = walk(indicatorDecider, commands, holds);
  const types = new Set(Object.values(INDICATOR_STORIES).map((story) => story.at(-1)?.type));
  expect([...accepted.keys()].sort()).toEqual([...types].sort());
});
