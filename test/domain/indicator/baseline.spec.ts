import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { readBaseline } from '../../../src/domain/indicator/baseline.js';

const ANNEX = new URL('../../../data/kon-tum/kh-419-2024/indicators.csv', import.meta.url);
const rows: Record<string, string>[] = parse(readFileSync(ANNEX, 'utf8'), { columns: true });
const notations = new Set(rows.map((row) => row['baseline'] ?? '').filter((notation) => notation !== ''));

/** Every baseline of plan 419 that plainly is a number: its value, and what stands beside it. */
const NUMBERS: Readonly<Record<string, readonly [value: string, unit: string | null]>> = {
  'Đã đạt 75,5%': ['75.5', '%'],
  'Đã đạt 97,97%': ['97.97', '%'],
  'Đã đạt 52.97%': ['52.97', '%'],
  'Đã đạt 68%': ['68', '%'],
  'Đã đạt 77%': ['77', '%'],
  'Đã đạt 07%': ['7', '%'],
  'Đã đạt 60%': ['60', '%'],
  'Đã đạt 100%': ['100', '%'],
  'đạt 1,85%': ['1.85', '%'],
  '59%': ['59', '%'],
  '70%': ['70', '%'],
  '32,51%': ['32.51', '%'],
  '28,58%': ['28.58', '%'],
  '100%': ['100', '%'],
  '5%': ['5', '%'],
  '4,5%': ['4.5', '%'],
  '19%': ['19', '%'],
  '12%': ['12', '%'],
  '62%': ['62', '%'],
  '37,51%': ['37.51', '%'],
  '2%': ['2', '%'],
  '98%': ['98', '%'],
  '04': ['4', null],
  '247': ['247', null],
  '76': ['76', null],
  '24 hệ thống': ['24', 'hệ thống'],
  '23 doanh nghiệp': ['23', 'doanh nghiệp'],
  '03 doanh nghiệp': ['3', 'doanh nghiệp'],
  '1539 doanh nghiệp': ['1539', 'doanh nghiệp'],
  '585 tên miền': ['585', 'tên miền'],
};

describe('the baselines of plan 419', () => {
  it('are numbers where they plainly are one, and nowhere else', () => {
    const read = [...notations].flatMap((notation) => {
      const number = readBaseline(notation);
      return number ? [[notation, [number.value, number.unit]]] : [];
    });
    expect(Object.fromEntries(read)).toEqual(NUMBERS);
  });
});

describe('a baseline', () => {
  it.each([
    ['1.000', '1000', null],
    ['1.234,5 tỷ đồng', '1234.5', 'tỷ đồng'],
    ['0.73', '0.73', null],
    ['  76 ', '76', null],
    ['ĐẠT 76%', '76', '%'],
    ['Đã đạt 75,5 %'.normalize('NFD'), '75.5', '%'],
  ])('is read as Vietnamese documents write numbers: %s', (notation, value, unit) => {
    expect(readBaseline(notation)).toEqual({ value, unit });
  });

  it.each([
    ...[
      '',
      '-',
      'Đã đạt',
      '13/21',
      '60-70 sinh viên',
      '1.00.000',
      '76,',
      '76.',
      '-5%',
      '≥ 80%',
      '76% (2023)',
    ],
    ...['5G', 'Đạt 4G', '7 trở lên', '2 và', '50 trong số', '52.975%', '1.000 %'],
    ...['8713 người được tập huấn (đạt 2.65%)', 'khoảng 76%', 'Đạt 5 trên 7', '76%\n77%', '2,5,1'],
  ])('is no number where it has to be interpreted: %j', (notation) => {
    expect(readBaseline(notation)).toBeNull();
  });
});
