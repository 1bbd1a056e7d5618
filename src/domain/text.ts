import { textFault } from './canonical.js';

/** Longest texts in characters (code points), whichever way they are entered. */
export const MAX_LENGTH = {
  planNumber: 100,
  planTitle: 2_000,
  issuer: 300,
  sectionTitle: 1_000,
  agencyName: 300,
  shortName: 100,
  indicatorTitle: 2_000,
  unit: 300,
  guidance: 20_000,
  baseline: 1_000,
  target: 2_000,
  evidence: 1_000,
  note: 2_000,
  taskTitle: 5_000,
  expectedResult: 2_000,
  deadline: 500,
  condition: 500,
} as const;

// What a text shows: letters, digits and signs, but for those that take up room and show nothing.
const SEEN = /(?![\p{Default_Ignorable_Code_Point}\u2800\u{13441}\u{13442}\u{1D159}])[\p{L}\p{N}\p{P}\p{S}]/u;

/** Whether nothing of a text can be seen: it is empty, or all of it spaces and what shows nothing. */
export const isBlank = (text: string): boolean => !SEEN.test(text);

// Control characters but line ends and tabs, and what turns the direction of what is read after it.
const UNSEEN = /[^\P{Cc}\n\t]|[\u202A-\u202E\u2066-\u2069]/u;

/** Whether a text has more characters (code points) than `max`: each is one or two UTF-16 units. */
const isLonger = (text: string, max: number): boolean =>
  text.length > 2 * max || (text.length > max && [...text].length > max);

/** Why a text is none as people write it, in characters at most `max`; or null. */
export const plainTextFault = (text: string, max: number): string | null => {
  if (isLonger(text, max)) return `more than ${max} characters`;
  if (isBlank(text)) return 'nothing that can be seen';
  return textFault(text) ?? (UNSEEN.test(text) ? 'a character that is not seen' : null);
};
