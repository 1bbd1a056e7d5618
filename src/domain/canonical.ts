import canonicalize from 'canonicalize';

/** Deepest nesting of objects and arrays that is stored; it also ends a value that contains itself. */
export const MAX_DEPTH = 64;

/** A value holds what cannot be stored and hashed the same everywhere. */
export class NotStorable extends Error {
  override readonly name = 'NotStorable';
}

/**
 * The one text of a JSON value (RFC 8785): the same value gives the same bytes everywhere.
 * @throws NotStorable for what JSON cannot say (undefined, NaN, BigInt, a lone surrogate, a cycle)
 */
export const canonicalText = (value: unknown): string => {
  let text: string | undefined;
  try {
    text = canonicalize(value);
  } catch (cause) {
    throw new NotStorable(`no canonical text: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
  if (text === undefined) throw new NotStorable(`no canonical text for ${typeof value}`);
  return text;
};

/**
 * Refuses what event data and metadata may not hold. Allowed are well-formed strings without NUL, booleans, null, safe
 * integers, arrays, and plain objects without `__proto__` and without integer-like keys (JavaScript reorders those).
 * @throws NotStorable, naming the path (`data.targets[3].value`)
 */
export const assertStorable = (value: unknown, path: string): void => {
  refuse(fault(value, 0, true), path);
};

/** As assertStorable, but keys like `2030` are allowed: for rows of read models, which are never hashed as stored. */
export const assertJson = (value: unknown, path: string): void => {
  refuse(fault(value, 0, false), path);
};

/**
 * The canonical text of what can be stored: `assertStorable` and `canonicalText` in one pass. What the pass is not sure
 * of (a text to escape, a fault to name) goes the long way, so that there is one set of rules.
 * @throws NotStorable, naming the path
 */
export const storableText = (value: unknown, path: string): string => {
  const text = plainText(value, 0);
  if (text !== null) return text;
  assertStorable(value, path);
  return canonicalText(value);
};

/** The parts of a recorded event that its envelope is composed from; `data` and `metadata` are canonical texts. */
export interface EnvelopeParts {
  readonly data: string;
  readonly id: string;
  readonly metadata: string;
  /** Left out where the place in one store's log must not count. */
  readonly position?: string;
  readonly revision: number;
  readonly stream: string;
  readonly type: string;
}

/** The canonical text of a whole recorded event, composed from its stored parts without parsing them. */
export const envelopeText = (parts: EnvelopeParts): string => {
  // The keys stand in RFC 8785 order: sorted by UTF-16 unit.
  const position = parts.position === undefined ? '' : `"position":${JSON.stringify(parts.position)},`;
  return (
    `{"data":${parts.data},"id":${JSON.stringify(parts.id)},"metadata":${parts.metadata},${position}` +
    `"revision":${parts.revision},"stream":${JSON.stringify(parts.stream)},"type":${JSON.stringify(parts.type)}}`
  );
};

const INTEGER_LIKE = /^(0|[1-9]\d*)$/;

/** Why a text cannot be stored, or null. */
export const textFault = (text: string): string | null => {
  if (text.includes('\0')) return 'NUL';
  return text.isWellFormed() ? null : 'a lone surrogate';
};

interface Fault {
  readonly at: string;
  readonly why: string;
}

const refuse = (found: Fault | null, path: string): void => {
  if (found) throw new NotStorable(`${path}${found.at}: ${found.why} cannot be stored`);
};

const because = (why: string): Fault => ({ at: '', why });
const within = (step: string, found: Fault): Fault => ({ at: `${step}${found.at}`, why: found.why });

// The path is put together only while unwinding from a fault: nearly every value has none.
const fault = (value: unknown, depth: number, strictKeys: boolean): Fault | null => {
  switch (typeof value) {
    case 'string': {
      const why = textFault(value);
      return why === null ? null : because(`a string with ${why}`);
    }
    case 'boolean':
      return null;
    case 'number':
      if (Object.is(value, -0)) return because('-0');
      return Number.isSafeInteger(value) ? null : because(`the number ${value} (not a safe integer)`);
    case 'object':
      if (value === null) return null;
      if (depth >= MAX_DEPTH) return because(`a value nested deeper than ${MAX_DEPTH}`);
      return Array.isArray(value)
        ? arrayFault(value, depth, strictKeys)
        : objectFault(value, depth, strictKeys);
    default:
      return because(`a value of type ${typeof value}`);
  }
};

const arrayFault = (items: readonly unknown[], depth: number, strictKeys: boolean): Fault | null => {
  for (let index = 0; index < items.length; index++) {
    const found = fault(items[index], depth + 1, strictKeys);
    if (found) return within(`[${index}]`, found);
  }
  return Object.keys(items).length === items.length ? null : because('an array with named properties');
};

const objectFault = (value: object, depth: number, strictKeys: boolean): Fault | null => {
  if (!isPlain(value)) return because('an object that is not plain');
  if (Object.getOwnPropertySymbols(value).length > 0) return because('an object with symbol keys');
  for (const key of Object.keys(value)) {
    const found =
      keyFault(key, strictKeys) ?? fault((value as Record<string, unknown>)[key], depth + 1, strictKeys);
    if (found) return within(`.${key}`, found);
  }
  return null;
};

/** Most keys that are remembered as right everywhere: rows and events name the same few hundred again and again. */
const MAX_KNOWN_KEYS = 2_000;
const knownKeys = new Set<string>();

const keyFault = (key: string, strictKeys: boolean): Fault | null => {
  if (knownKeys.has(key)) return null;
  if (key === '__proto__') return because('the key __proto__');
  const integerLike = INTEGER_LIKE.test(key);
  if (strictKeys && integerLike) return because('an integer-like key');
  const why = textFault(key);
  if (why !== null) return because(`a key with ${why}`);
  if (!integerLike && knownKeys.size < MAX_KNOWN_KEYS) knownKeys.add(key);
  return null;
};

/** What JSON escapes, NUL among it, and every surrogate: a lone one cannot be stored. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that are escaped
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/;

/** The canonical text of a storable value in which nothing is out of the ordinary; null for every other. */
const plainText = (value: unknown, depth: number): string | null => {
  switch (typeof value) {
    case 'string':
      return ESCAPED.test(value) ? null : `"${value}"`;
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : null;
    case 'object':
      if (value === null) return 'null';
      if (depth >= MAX_DEPTH) return null;
      return Array.isArray(value) ? plainArray(value, depth) : plainObject(value, depth);
    default:
      return null;
  }
};

const plainArray = (items: readonly unknown[], depth: number): string | null => {
  if (Object.keys(items).length !== items.length) return null;
  let texts = '';
  for (let index = 0; index < items.length; index++) {
    const text = plainText(items[index], depth + 1);
    if (text === null) return null;
    texts += index === 0 ? text : `,${text}`;
  }
  return `[${texts}]`;
};

const plainObject = (value: object, depth: number): string | null => {
  if (!isPlain(value) || Object.getOwnPropertySymbols(value).length > 0) return null;
  let texts = '';
  for (const key of sorted(Object.keys(value))) {
    if (keyFault(key, true) || ESCAPED.test(key)) return null;
    const text = plainText((value as Record<string, unknown>)[key], depth + 1);
    if (text === null) return null;
    texts += texts === '' ? `"${key}":${text}` : `,"${key}":${text}`;
  }
  return `{${texts}}`;
};

const FEW_KEYS = 32;

/** In the order of their UTF-16 units, in place; of a few, quicker than the general sort. */
const sorted = (keys: string[]): string[] => {
  if (keys.length > FEW_KEYS) return keys.sort();
  for (let end = 1; end < keys.length; end++) {
    const key = keys[end] as string;
    let at = end;
    for (; at > 0 && (keys[at - 1] as string) > key; at--) keys[at] = keys[at - 1] as string;
    keys[at] = key;
  }
  return keys;
};

// A prototype without a prototype is some realm's Object.prototype; a class has a longer chain.
const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null;
};
