import { describe, expect, it } from '@jest/globals';
import type { Criterion, Decimal, Relation } from '../../../src/domain/target/criterion.js';
import { MAX_PARTS } from '../../../src/domain/target/criterion.js';
import { MAX_NOTATION, readTarget, type TargetOf } from '../../../src/domain/target/read.js';

const COUNT: TargetOf = { unit: 'Doanh nghiệp', direction: 'higher-is-better' };
const SHARE: TargetOf = { unit: '%', direction: 'higher-is-better' };
const LOWER: TargetOf = { unit: '%', direction: 'lower-is-better' };
const RANK: TargetOf = { unit: 'Thứ bậc', direction: 'lower-is-better' };
const NO_UNIT: TargetOf = { unit: null, direction: 'higher-is-better' };

const threshold = (
  relation: Relation,
  value: Decimal,
  unit: string | null = null,
  qualifier: string | null = null,
): Criterion => ({ kind: 'threshold', relation, value, unit, qualifier });
const between = (low: Decimal, high: Decimal, unit: string | null = null): Criterion => ({
  ...{ kind: 'between', low, high, unit, qualifier: null },
});
const unread = { kind: 'unread', reason: expect.any(String) };

describe('relations', () => {
  it.each<[string, Criterion]>([
    ['≥ 80', threshold('>=', '80')],
    ['>= 80', threshold('>=', '80')],
    ['≥80%', threshold('>=', '80', '%')],
    ['Tối thiểu 70%', threshold('>=', '70', '%')],
    ['đạt tối thiểu 70%', threshold('>=', '70', '%')],
    ['tối thiểu đạt 70%', threshold('>=', '70', '%')],
    ['Từ 50%', threshold('>=', '50', '%')],
    ['50% trở lên', threshold('>=', '50', '%')],
    ['từ 20 tin, bài trở lên', threshold('>=', '20', 'tin, bài')],
    ['không dưới 5', threshold('>=', '5')],
    ['>60', threshold('>', '60')],
    ['trên 60', threshold('>', '60')],
    ['≤ 5', threshold('<=', '5')],
    ['không quá 5%', threshold('<=', '5', '%')],
    ['5% trở xuống', threshold('<=', '5', '%')],
    ['dưới 5', threshold('<', '5')],
    ['≥ -5', threshold('>=', '-5')],
  ])('%s', (notation, criterion) => expect(readTarget(notation, NO_UNIT)).toEqual(criterion));

  it('of a bare number follow the direction, written ones do not', () => {
    expect(readTarget('5%', SHARE)).toEqual(threshold('>=', '5', '%'));
    expect(readTarget('5%', LOWER)).toEqual(threshold('<=', '5', '%'));
    expect(readTarget('đạt 5%', LOWER)).toEqual(threshold('<=', '5', '%'));
    expect(readTarget('≥ 5%', LOWER)).toEqual(threshold('>=', '5', '%'));
  });

  it.each([
    'khoảng 50%',
    'gần 100%',
    'đến 50%',
    '≥ ≥ 5',
    'tối thiểu trên 5',
    'trên 5 trở lên',
    '= 5',
    '-5',
    '- 80%',
    '52.975%',
    '1.000 - 2.000%',
  ])('%s is not understood', (notation) => expect(readTarget(notation, NO_UNIT)).toEqual(unread));
});

describe('spelling', () => {
  it.each([
    '  Phấn  đấu\n đạt\u00A099 % ',
    'PHẤN ĐẤU ĐẠT 99%',
    'phần đầu đạt 99%',
    'Phấn đấu đạt 99%'.normalize('NFD'),
    'Phấn\u200B đấu đạt: 99%.',
    'phấn đấu đến năm 2025 đạt 99%',
  ])('%j', (notation) => expect(readTarget(notation, SHARE)).toEqual(threshold('>=', '99', '%')));

  it('is composed and on one line in what is kept of the text', () => {
    const text = 'Duy trì/nâng\ncấp'.normalize('NFD');
    expect(readTarget(text, NO_UNIT)).toEqual({ kind: 'state', text: 'Duy trì/nâng cấp' });
  });
});

describe('numbers', () => {
  it.each([
    ['≥07', '7'],
    ['≥ 1.000', '1000'],
    ['≥ 1.234.567,8', '1234567.8'],
    ['75,5', '75.5'],
    ['52.97', '52.97'],
  ])('%s', (notation, value) => expect(readTarget(notation, NO_UNIT)).toEqual(threshold('>=', value)));

  it.each(['1 000', '1.00.000', '1,000,000', '½', '≥ ５', '1/2', '80‰', `${'9'.repeat(31)}`])(
    '%s is not understood',
    (notation) => expect(readTarget(notation, NO_UNIT)).toEqual(unread),
  );
});

describe('ranges', () => {
  it.each<[string, Criterion]>([
    ['10-15', between('10', '15')],
    ['01 – 03', between('1', '3')],
    ['10%-15%', between('10', '15', '%')],
    ['từ 10 đến 15%', between('10', '15', '%')],
    ['1.000 — 1.500', between('1000', '1500')],
    ['60-70 sinh viên', between('60', '70', 'sinh viên')],
  ])('%s', (notation, criterion) => expect(readTarget(notation, NO_UNIT)).toEqual(criterion));

  it.each(['15-10', 'trên 10-15', '10%-15', '1-2-3', '≥ 5 và ≤ 10'])('%s is none', (notation) =>
    expect(readTarget(notation, NO_UNIT)).toEqual(unread),
  );
});

describe('what is measured', () => {
  it.each<[string, Criterion]>([
    ['6G (50%)', threshold('>=', '50', '%', '6G')],
    ['6G (trên 50%)', threshold('>', '50', '%', '6G')],
    ['15% GRDP', threshold('>=', '15', '%', 'GRDP')],
    ['80% hộ (khu vực đô thị)', threshold('>=', '80', '%', 'hộ (khu vực đô thị)')],
    ['3 lần/tuần', threshold('>=', '3', 'lần/tuần')],
  ])('%s', (notation, criterion) => expect(readTarget(notation, NO_UNIT)).toEqual(criterion));

  it('is not what is done to come to it', () => {
    const all = threshold('>=', '100', '%');
    expect(readTarget('Rà soát, bổ sung (phấn đấu đạt 100%)', NO_UNIT)).toEqual(all);
    expect(readTarget('Rà soát, bổ sung, phấn đấu 100%', NO_UNIT)).toEqual(all);
    expect(readTarget('Rà soát, bổ sung đảm bảo 100%', NO_UNIT)).toEqual(all);
  });

  it('is the unit where the indicator has just that unit', () => {
    const grdp = { ...SHARE, unit: '% GRDP' };
    expect(readTarget('15% GRDP', grdp)).toEqual(threshold('>=', '15', '% GRDP'));
    expect(readTarget('GRDP (15%)', grdp)).toEqual(threshold('>=', '15', '% GRDP'));
  });

  it('may be counted out, if the count says the same', () => {
    expect(readTarget('100% (31/31)', NO_UNIT)).toEqual(threshold('>=', '100', '%'));
    expect(readTarget('50% thôn (1/2)', NO_UNIT)).toEqual(threshold('>=', '50', '%', 'thôn'));
    for (const other of ['100% (30/31)', '33,33% (1/3)', '100% (0/0)', '31 (31/31)'])
      expect(readTarget(other, NO_UNIT)).toEqual(unread);
  });

  it.each([
    '5G',
    '20km',
    '80% và 90%',
    '80% so với năm 2020',
    '100% duy trì',
    'Duy trì (100%)',
    'Duy trì 100%',
    '6G, (50%)',
    '6G (50% dân số)',
    '3% và giảm dần',
  ])('%s does not say', (notation) => expect(readTarget(notation, NO_UNIT)).toEqual(unread));
});

describe('places and averages', () => {
  it.each(['45 các tỉnh, thành', '45', '≤ 45', 'đạt 045 các tỉnh, thành phố'])('%s is a place', (notation) =>
    expect(readTarget(notation, RANK)).toEqual({ kind: 'rank', within: '45' }),
  );

  it.each(['≥ 45', '< 45', '45/63', '0', '0,7', '45%', '01 - 03', 'Top 10'])('%s is none', (notation) =>
    expect(readTarget(notation, RANK)).toEqual(unread),
  );

  it('need the unit: elsewhere a number is a number', () => {
    expect(readTarget('45 các tỉnh, thành', NO_UNIT)).toEqual(threshold('>=', '45', 'các tỉnh, thành'));
    expect(readTarget('Duy trì', RANK)).toEqual({ kind: 'maintain', text: 'Duy trì' });
  });

  it('compare with the country as written, else in the direction that is better', () => {
    const comparative = (relation: Relation) => ({
      kind: 'comparative',
      relation,
      benchmark: 'national-average',
    });
    expect(readTarget('đạt mức trung bình chung của cả nước', RANK)).toEqual(comparative('<='));
    expect(readTarget('đạt mức trung bình chung của cả nước', SHARE)).toEqual(comparative('>='));
    expect(readTarget('cao hơn mức trung bình cả nước', SHARE)).toEqual(comparative('>'));
    expect(readTarget('trên mức trung bình cả nước', RANK)).toEqual(unread);
    expect(readTarget('đạt mức trung bình của vùng', SHARE)).toEqual(unread);
  });
});

describe('growth', () => {
  const growth = (low: Decimal, high: Decimal | null = null) => ({ kind: 'growth', low, high });

  it.each<[string, ReturnType<typeof growth>]>([
    ['phấn đấu mỗi năm tăng trưởng 5%', growth('5')],
    ['phần đầu mỗi năm tăng trưởng 10-15%', growth('10', '15')],
    ['Mỗi năm phấn đấu tăng trưởng tối thiểu 1,5%', growth('1.5')],
    ['tăng trưởng 5%/năm', growth('5')],
    ['Tăng trưởng 5% hằng năm', growth('5')],
  ])('%s', (notation, criterion) => {
    expect(readTarget(notation, SHARE)).toEqual(criterion);
    expect(readTarget(notation, LOWER)).toEqual(criterion);
  });

  it('of a share is points or relative, which a person must say', () => {
    const notation = 'Phấn đấu mỗi năm tăng 1-1,5%';
    const asked = { kind: 'unread', reason: expect.stringContaining('points') };
    expect(readTarget(notation, SHARE)).toEqual(asked);
    expect(readTarget(notation, NO_UNIT)).toEqual(asked);
    expect(readTarget(notation, { ...COUNT, share: true })).toEqual(asked);
    expect(readTarget(notation, COUNT)).toEqual(growth('1', '1.5'));
    expect(readTarget(notation, { ...NO_UNIT, share: false })).toEqual(growth('1', '1.5'));
  });

  it.each([
    'tăng trưởng 5%',
    'mỗi năm tăng 5 doanh nghiệp',
    'mỗi năm tăng trưởng trên 5%',
    'mỗi năm tăng trưởng 5% GRDP',
    'mỗi năm giảm 5%',
    'tăng dần đến 5',
    'tăng dần so với cả nước',
  ])('%s is not understood', (notation) => expect(readTarget(notation, COUNT)).toEqual(unread));

  it('may stand beside a level', () => {
    const both = (criterion: Criterion) => ({
      kind: 'all',
      parts: [
        { name: null, criterion: threshold('>=', '80', '%') },
        { name: null, criterion },
      ],
    });
    const tenToFifteen: Criterion = { kind: 'growth', low: '10', high: '15' };
    expect(readTarget('80% (phần đầu mỗi năm tăng trưởng 10-15%)', SHARE)).toEqual(both(tenToFifteen));
    expect(readTarget('80%; mỗi năm tăng trưởng 10-15%', SHARE)).toEqual(both(tenToFifteen));
    expect(readTarget('80% và tăng dần theo yêu cầu phát triển', SHARE)).toEqual(both({ kind: 'rising' }));
    expect(readTarget('80%, mỗi năm tăng 1-2%', SHARE)).toEqual(unread);
  });
});

describe('several criteria', () => {
  it('are named by letters', () => {
    expect(readTarget('100% thôn; 20 tin, bài; 6G (50%);', NO_UNIT)).toEqual({
      kind: 'all',
      parts: [
        { name: 'a', criterion: threshold('>=', '100', '%', 'thôn') },
        { name: 'b', criterion: threshold('>=', '20', 'tin, bài') },
        { name: 'c', criterion: threshold('>=', '50', '%', '6G') },
      ],
    });
  });

  it.each([
    '100% thôn; 70%',
    '100% thôn; 70% Thôn',
    '5; 6',
    '100% thôn; Có Trung tâm',
    '100% thôn; Duy trì 5',
  ])('%s does not say what each is of', (notation) => expect(readTarget(notation, NO_UNIT)).toEqual(unread));

  it('are few', () => {
    const parts = (count: number) =>
      Array.from({ length: count }, (_, i) => `5% x${'y'.repeat(i)}`).join('; ');
    expect(readTarget(parts(MAX_PARTS), NO_UNIT).kind).toBe('all');
    expect(readTarget(parts(MAX_PARTS + 1), NO_UNIT)).toEqual(unread);
  });
});

describe('texts', () => {
  it.each(['Duy trì', 'tiếp tục duy trì', 'Tiếp tục duy trì, hoàn thiện', 'Hằng năm (Tiếp tục duy trì)'])(
    '%s maintains',
    (text) => expect(readTarget(text, NO_UNIT)).toEqual({ kind: 'maintain', text }),
  );

  it.each([
    'Ứng dụng',
    'Có Trung tâm',
    'Duy trì/nâng cấp',
    'Tăng cường kiểm tra',
    'Kế hoạch 5 năm',
    'Chương trình hành động 10 năm',
    'Cập nhật phiên bản 3.0',
    'Phủ sóng 5G',
    'Hoàn thành năm 2025',
    'Kế hoạch giai đoạn 2021-2025',
    'Quyết định số 12/QĐ-UBND ngày 01 tháng 2 năm 2024',
    'Nghị quyết 202/2025/QH15',
    'Khuyến khích người dân trên địa bàn',
  ])('%s is a state', (text) => expect(readTarget(text, NO_UNIT)).toEqual({ kind: 'state', text }));

  it.each([
    'Tối thiểu 1 tháng, 1 tin, bài',
    'Phấn đấu mỗi năm thực hiện 1-2 nền tảng',
    'Duy trì Tần suất phát sóng từ 1 tuần/1 lần',
    '5 sản phẩm mỗi năm',
    'Mỗi năm tổ chức hội nghị, phấn đấu 5 lần',
    'Nếu có vốn, phấn đấu 50%',
    'Tăng mức độ hài lòng',
    'Có 2 trung tâm',
    'Có ½ số xã',
    'Đạt 5 hội nghị, phấn đấu 50%',
    'Năm 2025',
    '5G',
    '?',
    '%',
    '...',
  ])('%s is unread', (notation) => expect(readTarget(notation, NO_UNIT)).toEqual(unread));

  it.each(['', ' ', '-', ' – ', '—'])('%j is no target', (notation) =>
    expect(readTarget(notation, NO_UNIT)).toEqual({ kind: 'none' }),
  );

  it('of any length are dealt with at once', () => {
    const long = (length: number) => 'a, (tăng 1.'.repeat(length).slice(0, length);
    const start = performance.now();
    expect(readTarget(long(MAX_NOTATION), NO_UNIT)).toEqual(unread);
    expect(readTarget(' '.repeat(MAX_NOTATION), NO_UNIT)).toEqual({ kind: 'none' });
    const tooLong = { kind: 'unread', reason: expect.stringContaining('longer') };
    expect(readTarget(long(1_000_000), NO_UNIT)).toEqual(tooLong);
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});
