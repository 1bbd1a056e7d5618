import { describe, expect, it } from '@jest/globals';
import type { Criterion, CriterionPart } from '../../../src/domain/target/criterion.js';
import { accepted, adopted, atLeast, baseline, between, given, parts, reported, target } from './given.js';

const all = (...of: [string | null, Criterion][]): Criterion => ({
  kind: 'all',
  parts: of.map(([name, criterion]): CriterionPart => ({ name, criterion })),
});

const levels = all(['tỉnh', atLeast('100')], ['huyện', atLeast('70')], ['xã', atLeast('50')]);

describe('several criteria', () => {
  it('are each judged from the figure’s component of their name', () => {
    const some = given(
      target('2030', levels),
      reported('2025', parts({ tỉnh: '100', huyện: '70', xã: '60' })),
    );
    expect(some.on('2026-01-01')).toMatchObject({
      status: 'achieved',
      parts: [
        { name: 'tỉnh', status: 'achieved', reason: null },
        { name: 'huyện', status: 'achieved', reason: null },
        { name: 'xã', status: 'achieved', reason: null },
      ],
    });
  });

  it('must all hold: the worst is the verdict', () => {
    const some = given(
      target('2025', levels),
      reported('2025', parts({ tỉnh: '100', huyện: '69', xã: '60' })),
    );
    expect(some.on('2025-12-31')).toMatchObject({ status: 'in-progress', reason: 'no-start' });
    expect(some.on('2026-01-01')).toMatchObject({
      status: 'missed',
      parts: [{ status: 'achieved' }, { name: 'huyện', status: 'missed' }, { status: 'achieved' }],
    });
  });

  it('of which the figure lacks one are not reported', () => {
    const some = given(target('2025', levels), reported('2025', parts({ tỉnh: '100', huyện: '70' })));
    expect(some.on('2025-12-31')).toMatchObject({
      status: 'not-reported',
      reason: 'missing-component',
      overdue: false,
    });
    expect(some.on('2026-01-01')).toMatchObject({ status: 'not-reported', overdue: true });
  });

  it('are all not-reported without a figure, and an unread one not-assessable', () => {
    const mixed = all(['a', atLeast('1')], ['b', { kind: 'unread', reason: '?' }]);
    expect(given(target('2030', mixed)).on('2026-01-01')).toMatchObject({
      status: 'not-reported',
      parts: [
        { name: 'a', status: 'not-reported', reason: 'no-figure' },
        { name: 'b', status: 'not-assessable', reason: 'unread' },
      ],
    });
  });

  it('cannot be held against a plain value when they have names', () => {
    expect(given(target('2030', levels), reported('2025', '100')).on('2026-01-01').status).toBe(
      'not-reported',
    );
  });

  it('without names are judged from the value: a level and a growth', () => {
    const both = all([null, atLeast('3')], [null, { kind: 'rising' }]);
    const some = (now: string) =>
      given(target('2030', both), reported('2024', '3.5'), reported('2025', now)).on('2026-01-01');
    expect(some('3.6').status).toBe('achieved');
    expect(some('3.4')).toMatchObject({
      status: 'in-progress',
      parts: [{ status: 'achieved' }, { status: 'in-progress' }],
    });
    expect(given(target('2030', both), reported('2025', '4')).on('2026-01-01')).toMatchObject({
      status: 'not-assessable',
      reason: 'no-previous-year',
    });
  });

  it('compare a part with the same part a year before', () => {
    const grows = all(['x', { kind: 'rising' }], ['y', { kind: 'rising' }]);
    const some = given(
      target('2030', grows),
      reported('2024', parts({ x: '1', y: '5' })),
      reported('2025', parts({ x: '2', y: '4' })),
    );
    expect(some.on('2026-01-01').parts.map(({ status }) => status)).toEqual(['achieved', 'in-progress']);
  });

  it('have a line from the part of the same name, never from the baseline', () => {
    const some = given(
      baseline('2024', '0'),
      target('2025', all(['x', atLeast('50')], ['y', atLeast('10')])),
      target('2028', all(['x', atLeast('80')], ['y', atLeast('10')])),
      reported('2026', parts({ x: '55', y: '10' })),
    );
    expect(some.on('2027-01-01')).toMatchObject({
      status: 'behind',
      line: { from: { value: '50', source: 'milestone' }, to: { value: '80' } },
      parts: [
        { name: 'x', status: 'behind' },
        { name: 'y', status: 'achieved' },
      ],
    });
  });

  it('have a line from the baseline where the part has no name', () => {
    const some = given(
      baseline('2024', '40'),
      target('2028', all([null, atLeast('80')])),
      reported('2025', '45'),
    );
    expect(some.on('2026-01-01')).toMatchObject({ status: 'behind', line: { from: { source: 'baseline' } } });
  });

  it('are reached later only when all of them are', () => {
    const goal = target('2025', all(['x', atLeast('50')], ['y', atLeast('10')]));
    const missed = reported('2025', parts({ x: '40', y: '5' }));
    const half = given(goal, missed, reported('2026', parts({ x: '60', y: '5' })));
    expect(half.on('2027-01-01').reachedLater).toBe(false);
    const full = given(goal, missed, reported('2026', parts({ x: '60', y: '10' })));
    expect(full.on('2027-01-01').reachedLater).toBe(true);
  });

  it('need no qualifier where the name says what is measured', () => {
    const named = all(['5G', atLeast('50', { qualifier: '5G' })]);
    const some = given(target('2030', named), reported('2025', parts({ '5G': '60' })));
    expect(some.on('2026-01-01').status).toBe('achieved');
    const unnamed = all([null, atLeast('50', { qualifier: '5G' })], [null, atLeast('10')]);
    const of5G = given(target('2030', unnamed), reported('2025', { value: '60', qualifier: '5G' }));
    expect(of5G.on('2026-01-01').status).toBe('achieved');
  });

  it('have a line from the level among the unnamed parts before', () => {
    const some = given(
      target('2025', all([null, { kind: 'rising' }], [null, atLeast('50')])),
      target('2028', atLeast('80')),
      reported('2026', '60'),
    );
    expect(some.on('2027-01-01')).toMatchObject({ status: 'on-track', line: { from: { value: '50' } } });
  });

  it('leave out a part that asks for nothing when they are reached later, too', () => {
    const some = all(['x', atLeast('50')], ['y', { kind: 'none' }]);
    const missed = given(
      target('2025', some),
      reported('2025', parts({ x: '40' })),
      reported('2026', parts({ x: '60' })),
    );
    expect(missed.on('2027-01-01')).toMatchObject({ status: 'missed', reachedLater: true });
  });

  it('leave out a part that asks for nothing', () => {
    const some = all(['x', atLeast('50')], ['y', { kind: 'none' }]);
    expect(given(target('2030', some), reported('2025', parts({ x: '60' }))).on('2026-01-01')).toMatchObject({
      status: 'achieved',
      parts: [{ name: 'x' }],
    });
  });

  it('above a range in one part say so', () => {
    const some = all(['y', atLeast('1')], ['x', between('1', '2')]);
    expect(
      given(target('2030', some), reported('2025', parts({ x: '3', y: '1' })), accepted('2025')).on(
        '2026-01-01',
      ),
    ).toMatchObject({ status: 'achieved', aboveRange: true, provisional: false });
  });

  it('of which one is a state are judged anew each year', () => {
    const some = all(['x', atLeast('50')], [null, { kind: 'state', text: 'Duy trì' }]);
    expect(
      given(adopted(), target('yearly', some), reported('2024', parts({ x: '60' }))).on('2025-06-01'),
    ).toMatchObject({ milestone: '2025', status: 'in-progress', reason: 'not-judged-this-year' });
  });
});
