import { describe, expect, it } from '@jest/globals';
import { isCriterion } from '../../../src/domain/target/well-formed.js';
import { GOLDEN } from './golden.js';

const threshold = { kind: 'threshold', relation: '>=', value: '80', unit: '%', qualifier: null };
const between = { kind: 'between', low: '1', high: '2', unit: null, qualifier: null };
const comparative = { kind: 'comparative', relation: '>=', benchmark: 'national-average' };
const all = (criterion: unknown) => ({ kind: 'all', parts: [{ name: 'a', criterion }] });

describe('a criterion from outside', () => {
  it('is taken when a notation could have given it', () => {
    for (const { notation, criterion } of GOLDEN)
      expect([notation, isCriterion(criterion)]).toEqual([notation, true]);
    for (const criterion of [
      all(threshold),
      comparative,
      between,
      { ...between, high: '1' },
      { kind: 'growth', low: '-2', high: null },
    ])
      expect(isCriterion(criterion)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['no object', ['threshold']],
    ['no kind', {}],
    ['a kind that is none', { ...threshold, kind: 'toString' }],
    ['a list for its kind', { ...threshold, kind: ['threshold'] }],
    ['a field too many', { ...threshold, $ne: '1' }],
    ['a field too few', { kind: 'threshold', relation: '>=', value: '80', unit: '%' }],
    ['a relation that is none', { ...threshold, relation: '=' }],
    ['a number for a decimal', { ...threshold, value: 80 }],
    ['a decimal with a zero too many', { ...threshold, value: '80.0' }],
    ['a decimal that begins with zero', { ...threshold, value: '080' }],
    ['a negative zero', { ...threshold, value: '-0' }],
    ['a range from high to low', { ...between, low: '3' }],
    ['a range whose ends only look as if they rose', { ...between, low: '10', high: '9' }],
    ['a growth from high to low', { kind: 'growth', low: '2', high: '1.5' }],
    ['a place below the first', { kind: 'rank', within: '0' }],
    ['half a place', { kind: 'rank', within: '2.5' }],
    ['a text with a control character', { kind: 'state', text: 'đạt\u0007' }],
    ['a text that turns the direction of reading', { kind: 'maintain', text: 'đạt\u202E' }],
    ['a unit that cannot be seen', { ...threshold, unit: '\u200B' }],
    ['a benchmark that none can be recorded under', { ...comparative, benchmark: 'trung bình' }],
    ['a text with half a character', { kind: 'state', text: '\ud800' }],
    ['parts that have parts', all(all(threshold))],
    ['no parts', { kind: 'all', parts: [] }],
    ['too many parts', { kind: 'all', parts: Array(21).fill({ name: null, criterion: threshold }) }],
    [
      'a part with more than a criterion',
      { kind: 'all', parts: [{ name: null, criterion: threshold, x: 1 }] },
    ],
  ])('is refused with %s', (_, value) => {
    expect(isCriterion(value)).toBe(false);
  });
});
