const LAST_POINT = 0x10ffff;
const BEFORE_SURROGATES = 0xd7ff;
const AFTER_SURROGATES = 0xe000;

/** The lowest text above every one that begins with a prefix, by code point; null where there is none. */
export const prefixEnd = (prefix: string): string | null => {
  const points = [...prefix];
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    const point = last.codePointAt(0) as number;
    const next = point === BEFORE_SURROGATES ? AFTER_SURROGATES : point + 1;
    if (next <= LAST_POINT) return points.join('') + String.fromCodePoint(next);
  }
  return null;
};
