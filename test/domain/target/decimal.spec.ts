import { describe, expect, it } from '@jest/globals';
import {
  add,
  canonicalDecimal,
  compare,
  compareShare,
  isDecimal,
  mul,
  parseVietnamese,
  ratio,
  sub,
} from '../../../src/domain/target/decimal.js';
import { printVietnamese } from './print.js';

describe('decimals from JSON', () => {
  it.each([
    ['99.7', '99.7'],
    ['99.70', '99.7'],
    ['1.0', '1'],
    ['007', '7'],
    ['-0.50', '-0.5'],
    ['-0', '0'],
    ['0.000', '0'],
    ['100', '100'],
    ['0.0000001', '0.0000001'],
    ['9'.repeat(30), '9'.repeat(30)],
    [`0.${'9'.repeat(30)}`, `0.${'9'.repeat(30)}`],
  ])('%s is %s', (text, decimal) => {
    expect(canonicalDecimal(text)).toBe(decimal);
    expect(isDecimal(text)).toBe(true);
  });

  it.each([
    ...['', ' ', '1e5', '1E5', 'NaN', 'Infinity', '1,5', '+1', '.5', '5.', ' 1', '1 ', '1\n', '--1', '0x10'],
    ...['1.000.000', '1_000', '١', '９', '9'.repeat(31), `1.${'1'.repeat(30)}`, '9'.repeat(1_000_000)],
  ])('%.40j is none', (text) => {
    expect(canonicalDecimal(text)).toBeNull();
    expect(isDecimal(text)).toBe(false);
  });
});

describe('decimals in Vietnamese notation', () => {
  it.each([
    ['80', '80'],
    ['05', '5'],
    ['1.000', '1000'],
    ['1.500', '1500'],
    ['12.345.678', '12345678'],
    ['1.000,5', '1000.5'],
    ['1000,5', '1000.5'],
    ['75,5', '75.5'],
    ['1,0', '1'],
    ['1,500', '1.5'],
    ['0.73', '0.73'],
    ['0.125', '0.125'],
    ['2.65', '2.65'],
    ['52.97', '52.97'],
    ['1.0000', '1'],
    [' 7 ', '7'],
    ['-1.000,5', '-1000.5'],
  ])('%s is %s', (text, decimal) => expect(parseVietnamese(text)).toBe(decimal));

  it.each([
    ...[
      '',
      '.',
      ',',
      '1.',
      ',5',
      '1,',
      '1,5,5',
      '1,000.5',
      '1,000,000',
      '1.00.000',
      '1.0000.000',
      '1000.000',
    ],
    ...['01.000', '00.500', '0.500.000', '0.125,5', '1 000', '5%', 'năm', '1e5', '9'.repeat(31)],
  ])('%j is malformed or can be taken in two ways', (text) => expect(parseVietnamese(text)).toBeNull());

  it.each([
    ['1000', '1.000'],
    ['100', '100'],
    ['-100', '-100'],
    ['-1234567.8901', '-1.234.567,8901'],
    ['0.125', '0,125'],
  ])('%s is printed %s', (decimal, text) => expect(printVietnamese(decimal)).toBe(text));
});

describe('arithmetic', () => {
  it('is exact', () => {
    expect(add('0.1', '0.2')).toBe('0.3');
    expect(sub('0.3', '0.3')).toBe('0');
    expect(mul('-0.1', '0')).toBe('0');
    expect(mul('9'.repeat(30), '9'.repeat(30))).toBe(String(BigInt('9'.repeat(30)) ** 2n));
    expect(compare('100', '99.999999999999999999999999999')).toBe(1);
    expect(compare('1', '1.0')).toBe(0);
  });

  it('compares a share without rounding it', () => {
    expect(compareShare('9996', '10000', '100')).toBe(-1);
    expect(compareShare('31', '31', '100')).toBe(0);
    expect(compareShare('1', '3', '33.333333333333')).toBe(1);
    expect(compareShare('2', '3', '66.666666666667')).toBe(-1);
    expect(compareShare('-1', '-2', '50')).toBe(0);
    expect(compareShare('1', '-2', '-60')).toBe(1);
    expect(() => compareShare('0', '0', '100')).toThrow(RangeError);
  });

  it('rounds a ratio half to even, for display', () => {
    expect(ratio('2', '3')).toBe('0.6667');
    expect(ratio('1', '8', 2)).toBe('0.12');
    expect(ratio('3', '8', 2)).toBe('0.38');
    expect(ratio('-1', '8', 2)).toBe('-0.12');
    expect(ratio('-1', '1000000')).toBe('0');
    expect(ratio('1000000', '1')).toBe('1000000');
    expect(() => ratio('1', '0')).toThrow(RangeError);
  });
});
