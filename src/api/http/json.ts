import { textFault } from '../../domain/canonical.js';
import { FieldError, InvalidRequest, NotJson } from './problem.js';

/** How many objects and lists of a body may stand inside one another. */
export const MAX_BODY_DEPTH = 32;
/** Most entries of one list of a body, and most fields of one object. */
export const MAX_BODY_ITEMS = 5_000;
/** Longest name of a field, in UTF-16 units. */
export const MAX_NAME_LENGTH = 300;
/** Most digits of a number: of longer ones, several have the same value here. Decimals are text. */
export const MAX_NUMBER_DIGITS = 15;

/** Why a field may not have a name, or null: every object has it already, and would hide what is sent; or no text says it. */
export const nameFault = (name: string): string | null => {
  if (name in Object.prototype || name === 'prototype') return 'There is no such field here.';
  if (name.length > MAX_NAME_LENGTH) return 'This name is longer than that of any field.';
  return valueFault(name);
};

/** Why a text cannot be taken, or null. */
export const valueFault = (text: string): string | null => {
  const why = textFault(text);
  return why === null ? null : `This holds ${why}, which no text has.`;
};

/**
 * The value of a body, read as strictly as I-JSON (RFC 7493) asks, so that nobody else reads another value in it. What
 * JSON.parse takes in silence is refused: bytes that are not UTF-8, a name said twice, a number that would be rounded.
 * @throws NotJson, or InvalidRequest naming the field
 */
export const readJson = (bytes: Buffer): unknown => {
  const text = decoded(bytes);
  if (text.trim() === '') throw new NotJson('The body is empty; as JSON it is at least {}.');
  const value = parsed(text);
  new Scan(text).run();
  return value;
};

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const decoded = (bytes: Buffer): string => {
  try {
    return UTF_8.decode(bytes);
  } catch {
    throw new NotJson('The body is not UTF-8.');
  }
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new NotJson('The body is not valid JSON.');
  }
};

/** An object (its names so far) or a list (null) that has begun, and where in it the scan is. */
interface Part {
  readonly names: Set<string> | null;
  name: string;
  items: number;
  /** Whether the next string is the name of a field. */
  atName: boolean;
}

/** Walks a text that is known to be JSON, so that only names, numbers and texts are looked at. */
class Scan {
  private readonly parts: Part[] = [];
  private readonly token = /[{}[\],"]|-?\d[\d.eE+-]*/g;

  constructor(private readonly text: string) {}

  run(): void {
    for (let found = this.token.exec(this.text); found; found = this.token.exec(this.text)) {
      const [token] = found;
      if (token === '"') this.string(found.index);
      else if (token === '{' || token === '[') this.begin(token === '{' ? new Set() : null);
      else if (token === '}' || token === ']') this.parts.pop();
      else if (token === ',') this.next();
      else this.number(token);
    }
  }

  private begin(names: Set<string> | null): void {
    if (this.parts.length === MAX_BODY_DEPTH)
      throw new InvalidRequest([new FieldError('body', 'This is nested deeper than anything here.')]);
    this.parts.push({ names, name: '', items: 0, atName: names !== null });
  }

  private next(): void {
    const part = this.parts.at(-1);
    if (!part) return;
    part.items += 1;
    part.atName = part.names !== null;
    if (part.items < MAX_BODY_ITEMS) return;
    this.parts.pop();
    throw this.refused(`This has more than ${MAX_BODY_ITEMS} entries.`);
  }

  private string(start: number): void {
    const { text, token } = this;
    let end = text.indexOf('"', start + 1);
    while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
    token.lastIndex = end + 1;
    const plain = text.slice(start + 1, end);
    const value = plain.includes('\\') ? (JSON.parse(text.slice(start, end + 1)) as string) : plain;
    const part = this.parts.at(-1);
    if (part?.atName) this.name(part, value);
    // What is written without an escape is UTF-8, which has no lone surrogate, and JSON, which has no NUL.
    else if (value !== plain) this.refuse(valueFault(value));
  }

  private name(part: Part, name: string): void {
    part.name = name.slice(0, MAX_NAME_LENGTH);
    part.atName = false;
    this.refuse(nameFault(name));
    if (part.names?.has(name)) throw this.refused('This field stands here twice.');
    part.names?.add(name);
  }

  private number(text: string): void {
    const [digits = ''] = text.replace(/^-?0*|\./g, '').split(/e/i);
    if (digits.length > MAX_NUMBER_DIGITS || !Number.isSafeInteger(Math.trunc(Number(text))))
      throw this.refused(`This number has more than ${MAX_NUMBER_DIGITS} digits.`);
  }

  private refuse(why: string | null): void {
    if (why !== null) throw this.refused(why);
  }

  /** The field that the scan is at, by its path: `moves[0].from`. */
  private refused(message: string): InvalidRequest {
    const path = this.parts.reduce(
      (above, { names, name, items }) =>
        names === null ? `${above}[${items}]` : above === '' ? name : `${above}.${name}`,
      '',
    );
    return new InvalidRequest([new FieldError(path === '' ? 'body' : path, message)]);
  }
}

/** Whether the quote there belongs to the text before it: an odd number of backslashes leads it. */
const isEscaped = (text: string, quote: number): boolean => {
  let first = quote;
  while (text[first - 1] === '\\') first -= 1;
  return (quote - first) % 2 === 1;
};
