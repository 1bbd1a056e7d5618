import type { FastifyReply } from 'fastify';
import { DEFAULT_LIMIT, type Page, type Paging } from '../../application/queries/paging.js';
import { type Column, type CsvFile, csvOf } from '../http/csv.js';
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

/** What moment an answer tells of. */
type Told = Pick<Page<unknown>, 'asOf' | 'knownAt' | 'position'>;

/** Every row of a list, page after page, as they are read: all as they were known when the first was. */
export async function* allRows<Item>(
  first: Page<Item>,
  read: (cursor: Paging['cursor'], moment: { asOf: string; knownAt: string }) => Promise<Page<Item>>,
): AsyncIterable<Item> {
  const { asOf, knownAt, position } = first;
  yield* first.items;
  for (let { next } = first; next !== null; ) {
    const page = await read(next as Paging['cursor'], { asOf, knownAt: knownAt ?? `@${position}` });
    yield* page.items;
    next = page.next;
  }
}

/** Rows as a table, whose headers state the moment that they tell of. */
export const tableOf = <Row>(
  reply: FastifyReply,
  columns: readonly Column<Row>[],
  rows: AsyncIterable<Row> | Iterable<Row>,
  { asOf, knownAt, position }: Told,
): CsvFile => {
  void reply.headers({
    'x-as-of': asOf,
    ...(knownAt === null ? {} : { 'x-known-at': knownAt }),
    ...(position === null ? {} : { 'x-position': position }),
  });
  return csvOf(columns, rows, position);
};

/** `-title` is `title`, descending. */
export const sortOf = <Field extends string>(
  text: string | undefined,
  otherwise: Field,
): { sort: Field; descending: boolean } => {
  const descending = text?.startsWith('-') ?? false;
  return { sort: (text === undefined ? otherwise : text.replace('-', '')) as Field, descending };
};
