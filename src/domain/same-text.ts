/** A short text (a unit, a qualifier, a name) as it is compared: case, composition, spacing and what is not seen aside. */
export const plainly = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/\p{Cf}/gu, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();

/** Whether two short texts say the same; null says the same as null alone. */
export const sameText = (a: string | null, b: string | null): boolean =>
  a === b || (a !== null && b !== null && plainly(a) === plainly(b));
