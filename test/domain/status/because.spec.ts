import { describe, expect, it } from '@jest/globals';
import type { IndicatorEvent } from '../../../src/domain/indicator/events.js';
import type { Criterion } from '../../../src/domain/target/criterion.js';
import { atLeast, baseline, benchmark, between, given, parts, reported, target } from './given.js';

const on = (day: string, ...events: IndicatorEvent[]) => given(...events).on(day).because;
const goal = (milestone: string, criterion: Criterion = atLeast('80'), notation = '≥ 80') =>
  target(milestone, criterion, '2024-01-01', notation);

describe('the sentence that says why', () => {
  it('names the figure and the target it meets', () => {
    expect(on('2026-01-01', goal('2030'), reported('2025', '85'))).toBe(
      'The figure 85 for 2025 meets the 2030 target "≥ 80".',
    );
  });

  it('shows the components of a share, and the qualifier', () => {
    const of6G = goal('2030', atLeast('50', { qualifier: '6G' }), '6G (50%)');
    const share = reported('2025', { ...parts({ a: '1', b: '3' }), qualifier: '6G' });
    expect(on('2026-01-01', of6G, share)).toBe(
      'The figure 33.3333 (a = 1, b = 3) of 6G for 2025 does not yet meet the 2030 target "6G (50%)": there is no ' +
        'number to draw a line from.',
    );
  });

  it('shows nothing that is nearly whole as if it were', () => {
    const all = target('2030', atLeast('100'), '2024-01-01', '100%');
    const nearly = parts({ a: '99999999999999999999', b: '100000000000000000000' });
    expect(on('2026-01-01', all, reported('2025', nearly))).toContain('The figure 99.999999999999999999 (a');
    expect(on('2026-01-01', all, reported('2025', parts({ a: '7', b: '7' })))).toContain('The figure 100 (a');
  });

  it('tells parts without a name apart by what they ask', () => {
    const both: Criterion = {
      kind: 'all',
      parts: [atLeast('3'), { kind: 'rising' } as const].map((criterion) => ({ name: null, criterion })),
    };
    expect(on('2026-01-01', target('2030', both), reported('2025', '3.2'))).toContain(
      'its level is achieved, its rise is not-assessable (there is no figure of the same period a year before)',
    );
  });

  it('shows the line with its numbers', () => {
    expect(on('2026-01-01', baseline('2024', '40'), goal('2028'), reported('2025', '45'))).toBe(
      'The figure 45 for 2025 does not yet meet the 2028 target "≥ 80"; the line from 40 on 2024-12-31 ' +
        '(baseline) to 80 on 2028-12-31 expects 49.9932 on 2025-12-31, and the progress made is 0.5003 of the ' +
        'progress expected.',
    );
  });

  it('says that a milestone has passed, and which figure met it later', () => {
    expect(on('2027-01-01', goal('2025'), reported('2025', '70'), reported('2026', '82'))).toBe(
      'The figure 70 for 2025 does not meet the 2025 target "≥ 80", and 2025 has passed; the figure for 2026 ' +
        'meets it later.',
    );
  });

  it('shows the last figure where the one that is due is missing', () => {
    expect(on('2026-01-01', goal('2025'), reported('2024', '70'))).toBe(
      'No figure counts on 2026-01-01 for the 2025 target "≥ 80", and 2025 has passed: there is no figure of a ' +
        'period ending in its last year; the last is the figure 70 for 2024.',
    );
  });

  it('says what else a figure was compared with', () => {
    const average: Criterion = { kind: 'comparative', relation: '>=', benchmark: 'cả nước' };
    const events = [goal('2030', average, 'đạt mức trung bình'), benchmark('2024', '60')];
    expect(on('2026-01-01', ...events, reported('2025', '61'))).toBe(
      'The figure 61 for 2025 meets the 2030 target "đạt mức trung bình" (compared with the benchmark 60 of 2024).',
    );
    const growth: Criterion = { kind: 'growth', low: '5', high: null };
    const grown = [goal('2030', growth, 'tăng 5%'), reported('2024', '100'), reported('2025', '104')];
    expect(on('2026-01-01', ...grown)).toBe(
      'The figure 104 for 2025 does not yet meet the 2030 target "tăng 5%" (compared with 100 for 2024): there is ' +
        'no number to draw a line to.',
    );
  });

  it('says when a figure is above its range', () => {
    expect(on('2026-01-01', goal('2030', between('10', '15'), '10-15'), reported('2025', '16'))).toBe(
      'The figure 16 for 2025 meets the 2030 target "10-15" and is above its range.',
    );
  });

  it('tells a judgement from a figure, and a target without a date', () => {
    const state: Criterion = { kind: 'state', text: 'Có Trung tâm' };
    expect(on('2026-01-01', goal('open', state, 'Có Trung tâm'), reported('2025', { met: 'partly' }))).toBe(
      'The judgement "partly" for 2025 does not yet meet the undated target "Có Trung tâm".',
    );
  });

  it('says why nothing can be said', () => {
    const unread = goal('2030', { kind: 'unread', reason: 'two numbers' }, 'tăng 1-2%');
    expect(on('2026-01-01', unread)).toBe(
      'Nothing can be said on 2026-01-01 for the 2030 target "tăng 1-2%": the target has not been read yet.',
    );
  });

  it('goes through several criteria', () => {
    const both: Criterion = {
      kind: 'all',
      parts: [
        { name: 'tỉnh', criterion: atLeast('100') },
        { name: 'xã', criterion: atLeast('50') },
      ],
    };
    const figure = reported('2025', parts({ tỉnh: '100', xã: '40' }));
    expect(on('2026-01-01', goal('2030', both, '100% tỉnh; 50% xã'), figure)).toBe(
      'The figure (tỉnh = 100, xã = 40) for 2025 is held against the 2030 target "100% tỉnh; 50% xã": "tỉnh" is ' +
        'achieved, "xã" is in-progress (there is no number to draw a line from).',
    );
  });
});
