/**
 * The words in which the annexes write targets, and what can be told from words alone. All of it expects text that
 * `tidy` has gone over.
 */

const INVISIBLE = /[\u00AD\u200B-\u200D\u2060]/g;

/** Composed letters (NFC), single spaces, nothing around: line breaks and spaces mean nothing in a table cell. */
export const tidy = (text: string): string =>
  text.replace(INVISIBLE, '').normalize('NFC').replace(/\s+/g, ' ').trim();

/** A word or phrase that stands by itself, in upper or lower case. */
export const phrase = (alternatives: string): string =>
  `(?<![\\p{L}\\p{M}\\p{N}])(?:${alternatives})(?![\\p{L}\\p{M}\\p{N}])`;

/** What joins the ends of a range, or stands alone for "nothing": hyphens, dashes and the minus sign. */
export const DASH = '[-\u2010-\u2015\u2212]';

export const PER_YEAR = '(?:mỗi|hằng|hàng|từng) năm';

/** `phần đầu` is how the annexes misprint `phấn đấu`. */
export const STRIVE = 'phấn đấu|phần đầu|đảm bảo|bảo đảm';

const GOAL = new RegExp(
  `^(?:${phrase(`${STRIVE}|thực hiện|hoàn thành|đạt được|đạt|(?:đến|trong)(?: hết)? năm (?:19|20)\\d\\d`)}[\\s:,]*)+`,
  'iu',
);

/** Takes away the opening words that say only that something is aimed at: `Phấn đấu đến năm 2025 đạt 100%`. */
export const withoutGoal = (text: string): string => text.replace(GOAL, '');

// Numbers that count nothing, because they are part of a name. What is not on this list is taken for a quantity.
const NAMES: readonly RegExp[] = [
  // Documents: "số 3921/KH-UBND", "202/2025/QH15".
  /(?<![\p{L}\p{N}])(?:số )?\d+(?:\/\d{4})?\/\p{Lu}[\p{Lu}\d&-]*(?![\p{L}\p{N}])/gu,
  // Days and years: "ngày 17/11/2022", "ngày 17 tháng 11 năm 2022", "năm 2025", "giai đoạn 2021-2025".
  /(?<![\p{N}/])(?:ngày )?\d{1,2}\/\d{1,2}\/(?:19|20)\d\d(?![\p{N}/])/giu,
  new RegExp(phrase('ngày \\d{1,2} tháng \\d{1,2} năm (?:19|20)\\d\\d'), 'giu'),
  new RegExp(phrase(`(?:năm|giai đoạn) (?:19|20)\\d\\d(?: ?${DASH} ?(?:19|20)\\d\\d)?`), 'giu'),
  // Versions, and plans called by how long they run: "phiên bản 3.0", "Kế hoạch 5 năm".
  new RegExp(phrase('phiên bản \\d+(?:\\.\\d+)*'), 'giu'),
  new RegExp(
    `(?<=${phrase('kế hoạch|chương trình|chiến lược')}(?: hành động)? )${phrase('\\d{1,2} năm')}`,
    'giu',
  ),
  // Technologies.
  new RegExp(phrase('[2-6]G|IPv[46]'), 'giu'),
];

/** The text without the numbers that are part of a name, and without their names. */
export const withoutNames = (text: string): string =>
  NAMES.reduce((rest, name) => rest.replace(name, ' '), text);

/** Whether a text holds a number other than those in names; `½` and `²` are numbers too. */
export const hasQuantity = (text: string): boolean => /\p{N}/u.test(withoutNames(text));

const COMPARISON = new RegExp(
  `[%‰<>≤≥≦≧=±]|${phrase(
    'tăng(?! cường)|giảm|hơn|vượt|gấp|so với|trung bình|phần trăm|tối thiểu|tối đa|ít nhất|nhiều nhất|không quá|không dưới|trở lên|trở xuống',
  )}`,
  'iu',
);

/** Whether a text compares: asks for more, less, an average, a share. */
export const hasComparison = (text: string): boolean => COMPARISON.test(text);

const YEARLY = new RegExp(`${phrase(PER_YEAR)}|/ ?năm(?!\\p{L})`, 'iu');

/** Whether a text says that something holds per year. */
export const isPerYear = (text: string): boolean => YEARLY.test(text);

/** Units of an indicator that is a place in a ranking. */
export const isRankUnit = (unit: string | null): boolean =>
  unit !== null && /^(?:thứ bậc|thứ hạng|xếp hạng)$/iu.test(tidy(unit));
