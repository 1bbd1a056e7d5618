import type { Paging } from '../../application/queries/paging.js';
import { DEFAULT_LIMIT } from '../../application/queries/paging.js';
import { decodePlace, encodeCursor } from '../http/cursor.js';

interface PageAsked {
  readonly limit?: number;
  readonly cursor?: string;
}

/** The page that was asked for; `kind` names the list and its sorting, so that a cursor fits no other. */
export const pagingOf = (kind: string, { limit, cursor }: PageAsked): Paging => ({
  limit: limit ?? DEFAULT_LIMIT,
  cursor: cursor === undefined ? null : decodePlace(kind, cursor),
});

/** A list's answer with its cursor as the caller gives it back. */
export const listed = <Answer extends { readonly next: object | null }>(kind: string, answer: Answer) => ({
  ...answer,
  next: answer.next === null ? null : encodeCursor(kind, answer.next),
});

/** Every row of a list, page after page, as they are read. */
export async function* allRows<Item>(
  read: (paging: Paging) => Promise<{ readonly items: readonly Item[]; readonly next: object | null }>,
  limit: number,
): AsyncIterable<Item> {
  let cursor: Paging['cursor'] = null;
  do {
    const page = await read({ limit, cursor });
    yield* page.items;
    cursor = page.next as Paging['cursor'];
  } while (cursor);
}

/** `-title` is `title`, descending. */
export const sortOf = <Field extends string>(
  text: string | undefined,
  otherwise: Field,
): { sort: Field; descending: boolean } => {
  const descending = text?.startsWith('-') ?? false;
  return { sort: (text === undefined ? otherwise : text.replace('-', '')) as Field, descending };
};
