import type { Criterion, Decimal, Direction, Relation } from '../../../src/domain/target/criterion.js';

/** A notation as the annexes print it, on an indicator of a unit and a direction, and the criterion that it must give. */
export interface Golden {
  readonly notation: string;
  readonly unit: string | null;
  readonly direction: Direction;
  readonly criterion: Criterion;
}

const threshold =
  (relation: Relation) =>
  (value: Decimal, unit: string | null = null, qualifier: string | null = null): Criterion => ({
    kind: 'threshold',
    relation,
    value,
    unit,
    qualifier,
  });
const atLeast = threshold('>=');
const moreThan = threshold('>');
const between = (low: Decimal, high: Decimal): Criterion => ({
  kind: 'between',
  low,
  high,
  unit: null,
  qualifier: null,
});
const maintain = (text: string): Criterion => ({ kind: 'maintain', text });
const all = (...parts: readonly (readonly [string | null, Criterion])[]): Criterion => ({
  kind: 'all',
  parts: parts.map(([name, criterion]) => ({ name, criterion })),
});
const unread = (reason: string): Criterion => ({ kind: 'unread', reason });

const FORM = 'a number in a form that is not understood';
const HOW_MUCH = 'asks for more or less, and not how much';
const EACH_YEAR_OR_IN_ALL =
  'a number per year: whether each year counts alone or the years add up is for a person to say';
const POINTS_OR_RELATIVE =
  'growth of a share: in percentage points or relative to the year before is for a person to say';

type Row = readonly [notation: string, unit: string | null, criterion: Criterion];

const LOWER: readonly Row[] = [
  [
    'đạt mức trung bình chung của cả nước',
    'Thứ bậc',
    { kind: 'comparative', relation: '<=', benchmark: 'national-average' },
  ],
  ['45 các tỉnh, thành', 'Thứ bậc', { kind: 'rank', within: '45' }],
];

const HIGHER: readonly Row[] = [
  ['≥ 3', 'Doanh nghiệp', atLeast('3')],
  ['≥ 45', '%', atLeast('45')],
  ['≥ 25', '% GRDP', atLeast('25')],
  ['≥ 80', '%', atLeast('80')],
  ['90', '%', atLeast('90')],
  ['100', '%', atLeast('100')],
  ['80', '%', atLeast('80')],
  ['10-15', '%', between('10', '15')],
  ['> 0,7', 'Chỉ số phát triển con người (HDI)', moreThan('0.7')],
  ['2', '% GDP', atLeast('2')],
  ['>60', '%', moreThan('60')],
  [
    '3% và tăng dần theo yêu cầu phát triển',
    '% tổng chi ngân sách hàng năm cho phát triển khoa học, công nghệ, đổi mới sáng tạo, chuyển đổi số',
    all([null, atLeast('3', '%')], [null, { kind: 'rising' }]),
  ],
  ['8', 'Người/vạn dân', atLeast('8')],
  ['100%', '%', atLeast('100', '%')],
  ['99', '% dân số', atLeast('99')],
  ['≥ 2', 'phường, thị trấn', atLeast('2')],
  ['≥1', 'Trung tâm dữ liệu', atLeast('1')],
  ['≥ 95', '%', atLeast('95')],
  ['≥ 70', '%', atLeast('70')],
  ['≥ 50', '% GRDP', atLeast('50')],
  ['3-5', 'Số doanh nghiệp', between('3', '5')],
  ['Duy trì', null, maintain('Duy trì')],
  ['Chuyên trang hoạt động hiệu quả đảm bảo tối thiểu 52 tin, bài', null, atLeast('52', 'tin, bài')],
  ['Đảm bảo tối thiểu 20 tin, bài', null, atLeast('20', 'tin, bài')],
  ['Tối thiểu 1 tháng, 1 tin, bài', null, unread(FORM)],
  ['Duy trì Tần suất phát sóng từ 1 tuần/1 lần', null, unread(FORM)],
  ['Đảm bảo phát sóng từ 1 tuần/1 lần', null, unread(FORM)],
  ['phần đầu mỗi năm tăng trưởng 5%', null, { kind: 'growth', low: '5', high: null }],
  ['Đạt 98%', null, atLeast('98', '%')],
  ['80%', null, atLeast('80', '%')],
  ['Phấn đấu mỗi năm thực hiện 1-2 nền tảng', null, unread(EACH_YEAR_OR_IN_ALL)],
  ['Mỗi năm triển khai 1-2 ứng dụng', null, unread(EACH_YEAR_OR_IN_ALL)],
  ['Hàng năm (Tiếp tục duy trì)', null, maintain('Hàng năm (Tiếp tục duy trì)')],
  ['100% thôn và tương đương', null, atLeast('100', '%', 'thôn và tương đương')],
  [
    '100% đơn vị, địa phương có phân công CCVC phụ trách chuyển đổi số',
    null,
    atLeast('100', '%', 'đơn vị, địa phương có phân công CCVC phụ trách chuyển đổi số'),
  ],
  [
    '100% đơn vị, địa phương có phân công CCVC phụ trách ATTT',
    null,
    atLeast('100', '%', 'đơn vị, địa phương có phân công CCVC phụ trách ATTT'),
  ],
  ['Phấn đấu thực hiện 80%', null, atLeast('80', '%')],
  ['Tiếp tục duy trì', null, maintain('Tiếp tục duy trì')],
  ['Phấn đấu mỗi năm tăng 1-2%', null, unread(POINTS_OR_RELATIVE)],
  ['100%', null, atLeast('100', '%')],
  ['25%', null, atLeast('25', '%')],
  ['100% (31/31)', null, atLeast('100', '%')],
  ['50%', null, atLeast('50', '%')],
  ['Tối thiểu mỗi năm 1 cuộc', null, unread(EACH_YEAR_OR_IN_ALL)],
  ['24%', null, atLeast('24', '%')],
  ['Tiếp tục duy trì, hoàn thiện', null, maintain('Tiếp tục duy trì, hoàn thiện')],
  ['Tiếp tục phối hợp Bộ, ngành kết nối (phấn đấu đến năm 2025 đạt 100%)', null, atLeast('100', '%')],
  ['Tiếp tục phối hợp Bộ, ngành kết nối (phần đầu đến năm 2025 đạt 100%)', null, atLeast('100', '%')],
  ['Tiếp tục rà soát, bổ sung (phần đầu đến năm 2025 đạt 100%)', null, atLeast('100', '%')],
  ['Tăng mức độ hài lòng của người dân, doanh nghiệp khi sử dụng DVCTT', null, unread(HOW_MUCH)],
  ['05 doanh nghiệp', null, atLeast('5', 'doanh nghiệp')],
  ['Phấn đấu 10%', null, atLeast('10', '%')],
  ['Phấn đấu 50%', null, atLeast('50', '%')],
  ['Phấn đấu 80%', null, atLeast('80', '%')],
  ['Hàng năm đốc các doanh nghiệp triển khai thực hiện, Phấn đấu 50%', null, atLeast('50', '%')],
  ['Phấn đấu 100%', null, atLeast('100', '%')],
  ['5%', null, atLeast('5', '%')],
  ['Phấn đấu đạt 99%', null, atLeast('99', '%')],
  ['Phấn đấu mỗi năm tăng 1-1,5%', null, unread(POINTS_OR_RELATIVE)],
  ['95%', null, atLeast('95', '%')],
  ['70%', null, atLeast('70', '%')],
  ['Trên 99,7%', null, moreThan('99.7', '%')],
  ['Trên 50%', null, moreThan('50', '%')],
  [
    '100% Hệ thống thông tin được xác định cấp độ; tối thiểu 70% triển khai phương án bảo đảm an toàn thông tin theo cấp độ; 100% thiết bị đầu cuối được cài đặt giải pháp bảo vệ',
    null,
    all(
      ['a', atLeast('100', '%', 'Hệ thống thông tin được xác định cấp độ')],
      ['b', atLeast('70', '%', 'triển khai phương án bảo đảm an toàn thông tin theo cấp độ')],
      ['c', atLeast('100', '%', 'thiết bị đầu cuối được cài đặt giải pháp bảo vệ')],
    ),
  ],
  ['Từ 50%', null, atLeast('50', '%')],
  ['trên 5% GRDP', null, moreThan('5', '%', 'GRDP')],
  ['tối thiểu 3%', null, atLeast('3', '%')],
  ['trên 3%', null, moreThan('3', '%')],
  ['trên 20%', null, moreThan('20', '%')],
  ['trên 15%', null, moreThan('15', '%')],
  ['trên 0,5%', null, moreThan('0.5', '%')],
  ['đạt 30%', null, atLeast('30', '%')],
  ['trên 30%', null, moreThan('30', '%')],
  ['đạt 70%', null, atLeast('70', '%')],
  ['đạt 85%', null, atLeast('85', '%')],
  ['7%', null, atLeast('7', '%')],
  ['≥ 2', 'Huyện, Thành phố,', atLeast('2')],
  ['100% trung tâm xã được phủ sóng 5G', null, atLeast('100', '%', 'trung tâm xã được phủ sóng 5G')],
  ['6G (50%)', null, atLeast('50', '%', '6G')],
  ['6G (80%)', null, atLeast('80', '%', '6G')],
  ['6G (100%)', null, atLeast('100', '%', '6G')],
  ['≥ 60%', null, atLeast('60', '%')],
  ['≥ 1,0%', null, atLeast('1', '%')],
  ['≥ 1,5%', null, atLeast('1.5', '%')],
  ['≥ 2%', null, atLeast('2', '%')],
  ['≥ 2,5%', null, atLeast('2.5', '%')],
  ['≥ 3%', null, atLeast('3', '%')],
  ['2% GRDP', null, atLeast('2', '%', 'GRDP')],
  ['3% GRDP', null, atLeast('3', '%', 'GRDP')],
  ['≥ 80%', null, atLeast('80', '%')],
  ['90%', null, atLeast('90', '%')],
  ['97%', null, atLeast('97', '%')],
  ['99%', null, atLeast('99', '%')],
  ['-', null, { kind: 'none' }],
  ['≥ 90%', null, atLeast('90', '%')],
  ['≥07', null, atLeast('7')],
  ['≥10', null, atLeast('10')],
  ['≥20', null, atLeast('20')],
  ['≥30', null, atLeast('30')],
  ['≥50', null, atLeast('50')],
  ['10%', null, atLeast('10', '%')],
  ['15%', null, atLeast('15', '%')],
  ['20%', null, atLeast('20', '%')],
  ['≥ 05', null, atLeast('5')],
  ['≥ 10', null, atLeast('10')],
  ['≥ 15', null, atLeast('15')],
  ['≥ 30', null, atLeast('30')],
  ['≥ 40', null, atLeast('40')],
  ['≥ 01', null, atLeast('1')],
  ['≥ 02', null, atLeast('2')],
  ['≥ 03', null, atLeast('3')],
  ['≥ 06', null, atLeast('6')],
  ['≥ 20', null, atLeast('20')],
  ['≥ 60', null, atLeast('60')],
  ['≥ 80', null, atLeast('80')],
  ['≥ 100', null, atLeast('100')],
  ['≥ 150', null, atLeast('150')],
  ['≥ 300', null, atLeast('300')],
  ['≥ 600', null, atLeast('600')],
  ['≥ 1.000', null, atLeast('1000')],
  ['≥ 1.500', null, atLeast('1500')],
  ['≥ 50', null, atLeast('50')],
  ['≥ 20%', null, atLeast('20', '%')],
  ['≥ 75%', null, atLeast('75', '%')],
  ['≥ 85%', null, atLeast('85', '%')],
  ['≥ 95%', null, atLeast('95', '%')],
  ['≥ 5%', null, atLeast('5', '%')],
  ['≥ 10%', null, atLeast('10', '%')],
  ['≥ 30%', null, atLeast('30', '%')],
  ['≥ 08', null, atLeast('8')],
  ['≥ 40%', null, atLeast('40', '%')],
  ['≥ 45%', null, atLeast('45', '%')],
  ['≥ 50%', null, atLeast('50', '%')],
  ['≥ 55%', null, atLeast('55', '%')],
  ['≥ 0,7', null, atLeast('0.7')],
  ['01 - 03', null, between('1', '3')],
  ['01 - 02', null, between('1', '2')],
  ['≥ 15%', null, atLeast('15', '%')],
  ['≥ 25%', null, atLeast('25', '%')],
  ['≥ 25', null, atLeast('25')],
  ['≥ 07', null, atLeast('7')],
  ['≥ 90', null, atLeast('90')],
  ['≥ 0.73', null, atLeast('0.73')],
  ['≥ 0,75', null, atLeast('0.75')],
  ['≥ 0,85', null, atLeast('0.85')],
  ['≥ 0,92', null, atLeast('0.92')],
  ['1,0', null, atLeast('1')],
  ['≥ 70%', null, atLeast('70', '%')],
  ['30%', null, atLeast('30', '%')],
  ['40%', null, atLeast('40', '%')],
  ['15% GRDP', null, atLeast('15', '%', 'GRDP')],
  ['30% GRDP', null, atLeast('30', '%', 'GRDP')],
  ['35% GRDP', null, atLeast('35', '%', 'GRDP')],
  ['40% GRDP', null, atLeast('40', '%', 'GRDP')],
  ['45% GRDP', null, atLeast('45', '%', 'GRDP')],
];

/** Read as states, their text unchanged. */
const STATES: readonly string[] = [
  'Chủ tịch UBND tỉnh tham dự các cuộc họp của UBQG',
  'Chủ tịch UBND tỉnh ký các văn bản chỉ đạo chuyên đề về chuyển đổi số',
  'Nghị quyết của BTV Tỉnh uỷ',
  'Kế hoạch 5 năm',
  'Kế hoạch hằng năm',
  'Cập nhật phiên bản 3.0',
  'Hội nghị, bồi dưỡng, tập huấn',
  'Văn bản nhắc nhở, chấn chỉnh quản lý chi cho chuyển đổi số',
  'Nghị quyết của Tỉnh ủy',
  'Quyết định UBND tỉnh',
  'Tiếp tục có chính sách hỗ trợ, thực hiện kế hoạch hiệu quả',
  'Kết nối Nền tảng điện toán đám mây Chính phủ khi Chính phủ triển khai nền tảng',
  'Sinh viên tốt nghiệp cao đẳng, đại học, sau đại học về chuyển đổi số',
  'Thực hiện xử lý đảm bảo khí có cảnh báo',
  'Thực hiện xử lý đảm bảo',
  'Tiếp tục rà soát, bổ sung',
  'Khuyến khích người dân sử dụng dịch vụ DVCTT',
  'Triển khai nền tảng phân tích, xử lý dữ liệu tổng hợp tập trung đáp ứng yêu cầu',
  'Triển khai nền tảng số quản trị tổng thể, thống nhất toàn tỉnh đáp ứng yêu cầu (nâng cấp, hoàn thiện phần mềm ioffice)',
  'Triển khai tới thiết bị cá nhân',
  'Tiếp tục hoàn thiện',
  'Triển khai nền tảng trợ lý ảo phục vụ công chức, viên chức',
  'Nghiên cứu triển khai AI trong các ứng dụng dùng chung của tỉnh',
  'Tiếp tục phấn đấu',
  'Tuyên truyền, khuyến khích người dân, doanh nghiệp tham gia',
  'Khuyến khích các doanh nghiệp... tham gia sử dụng tên miền .vn',
  'Tổ chức thực hiện các mục tiêu, chỉ tiêu theo Kế hoạch số 3921/KH-UBND ngày 17/11/2022',
  'Tiên tiến, hiện đại, dung lượng siêu lớn, băng thông siêu rộng ngang tầm quốc gia',
  'Có Trung tâm',
  'Duy trì/nâng cấp',
  'Ứng dụng',
  'Có trung tâm',
];

const on =
  (direction: Direction) =>
  ([notation, unit, criterion]: Row): Golden => ({ notation, unit, direction, criterion });

/** Every distinct target of the five documents. Checked by hand, row by row. */
export const GOLDEN: readonly Golden[] = [
  ...LOWER.map(on('lower-is-better')),
  ...HIGHER.map(on('higher-is-better')),
  ...STATES.map((text) => on('higher-is-better')([text, null, { kind: 'state', text }])),
];
