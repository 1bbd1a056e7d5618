/** The strong entity tag of a revision: `"12"`. */
export const etagOf = (revision: number): string => `"${revision}"`;
