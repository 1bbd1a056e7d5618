import { describe, expect, it } from '@jest/globals';
import { onLegalBasis, withReason } from '../../src/domain/given.js';
import { isBlank, plainTextFault } from '../../src/domain/text.js';

/** What shows nothing, though only some of it is a space. */
const UNSEEN = [
  ...['', ' ', '\n', '\t', '\u00A0', '\u3000', '\u2003', '\uFEFF'],
  ...['\u200B', '\u200D', '\u200E', '\u2060', '\u2062', '\u00AD', '\u034F', '\u061C', '\u180E', '\uFE0F'],
  ...['\u115F', '\u1160', '\u17B4', '\u3164', '\uFFA0', '\uFFF9', '\u2800'],
  ...['\u{1D159}', '\u{1D173}', '\u{13441}', '\u{E0020}', '\u{E0100}', '\u0007', '\u0301'],
];

describe('a text of which nothing can be seen', () => {
  it.each([...UNSEEN, UNSEEN.join('')])('%j is blank', (text) => {
    expect(isBlank(text)).toBe(true);
    expect(isBlank(`${text}${text}`)).toBe(true);
    expect(isBlank(`${text}ạ${text}`)).toBe(false);
    expect(plainTextFault(text, 1_000)).toBe('nothing that can be seen');
    expect(() => withReason(text)).toThrow(expect.objectContaining({ code: 'ReasonMissing' }));
    expect(() => onLegalBasis({ number: text, date: null, clause: null })).toThrow(
      expect.objectContaining({ code: 'LegalBasisMissing' }),
    );
  });
});

describe('a text that is too long', () => {
  it.each(['a', 'ạ', '字', '👍'])('is told by its characters, of whatever kind: %s', (character) => {
    expect(plainTextFault(character.repeat(10), 10)).toBeNull();
    expect(plainTextFault(character.repeat(11), 10)).toBe('more than 10 characters');
    expect(plainTextFault(character.repeat(1_000), 10)).toBe('more than 10 characters');
  });
});

describe('a text of which something can be seen', () => {
  it.each(['a', 'đ', '7', '-', '≥', '€', '½', '…', '字', '👍', 'Đắk Tô\n(mới)\u200B'])(
    '%j is not blank',
    (text) => {
      expect(isBlank(text)).toBe(false);
      expect(plainTextFault(text, 1_000)).toBeNull();
      expect(withReason(text)).toBe(text);
    },
  );
});
