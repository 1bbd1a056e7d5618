import type { Placed } from '../moment.js';

/** A list's answer: the page, the cursor of the next one (null on the last), and what moment it tells of. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: object | null;
  readonly asOf: string;
  readonly knownAt: string | null;
  /** Position that the answer was read at. */
  readonly position: string | null;
}

export const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 500;

export interface Paging {
  readonly limit: number;
  /** Decoded cursor: where the page before ended. */
  readonly cursor: { readonly value: string | number | null; readonly key: string } | null;
}

/** What each item is sorted by and told apart by. */
export interface Sorting<Item> {
  readonly by: (item: Item) => string | number | null;
  readonly key: (item: Item) => string;
  readonly descending: boolean;
  /** Texts come in the order of the Vietnamese alphabet, numbers in them by their size; else by code unit. */
  readonly alphabetical?: boolean;
}

/** The first items of those found, and where the next page goes on: null where no more was found. */
export const cut = <Item>(
  found: readonly Item[],
  limit: number,
  placeOf: (item: Item) => { readonly value: Value; readonly key: string },
): Pick<Page<Item>, 'items' | 'next'> => {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, next: last && found.length > limit ? placeOf(last) : null };
};

/** Sorts items and cuts out the page after the cursor. */
export const paged = <Item>(
  items: readonly Item[],
  { by, key, descending, alphabetical = false }: Sorting<Item>,
  { limit, cursor }: Paging,
  { asOf, knownAt, position }: Pick<Placed, 'asOf' | 'knownAt' | 'position'>,
): Page<Item> => {
  const sign = descending ? -1 : 1;
  const compareValues = alphabetical ? compareAlphabetically : compare;
  const order = (a: { value: Value; key: string }, b: typeof a) =>
    sign * compareValues(a.value, b.value) || compare(a.key, b.key);
  const placed = items.map((item) => ({ item, value: short(by(item)), key: key(item) })).sort(order);
  const rest = cursor ? placed.filter((place) => order(place, cursor) > 0) : placed;
  const { items: page, next } = cut(rest, limit, ({ value, key: at }) => ({ value, key: at }));
  return { items: page.map(({ item }) => item), next, asOf, knownAt, position };
};

type Value = string | number | null;

/** How much of a text items are sorted by, in UTF-16 units: where a page ended is told by it, in an address. */
const SORTED_BY = 100;

const short = (value: Value): Value =>
  typeof value === 'string' ? value.slice(0, SORTED_BY).toWellFormed() : value;

const compare = (a: Value, b: Value): number => {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return a < b ? -1 : 1;
};

const vietnamese = new Intl.Collator('vi', { numeric: true });

const compareAlphabetically = (a: Value, b: Value): number =>
  typeof a === 'string' && typeof b === 'string' ? vietnamese.compare(a, b) : compare(a, b);

/** Vietnamese text folded for searching: no case, no accents (`Đường` is found by `duong`). */
export const folded = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd').replace(/Đ/g, 'D').toLowerCase();

/** Whether any of the texts holds what a person typed. */
export const matches = (q: string | undefined, ...texts: (string | null | undefined)[]): boolean => {
  if (q === undefined || q === '') return true;
  const wanted = folded(q);
  return texts.some((text) => text && folded(text).includes(wanted));
};
