import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HistoryAnswer } from '../../application/queries/indicators.js';
import { DEFAULT_LIMIT, MAX_LIMIT, type Page, type Paging } from '../../application/queries/paging.js';
import { type Column, type CsvFile, csvOf, wantsCsv } from '../http/csv.js';
import { decodePlace, encodeCursor } from '../http/cursor.js';
import { TRAIL_COLUMNS } from './columns.js';

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

/** The moment of every page after the first. */
interface Same {
  readonly asOf: string;
  readonly knownAt: string;
}

/** Every row of a list, page after page, as they are read: all as they were known when the first was. */
export async function* allRows<Item>(
  first: Page<Item>,
  read: (cursor: Paging['cursor'], moment: Same) => Promise<Page<Item>>,
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
const tableOf = <Row>(
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

/** A list that is given as a table, too; `kind` as `pagingOf` has it. */
interface Tabular<Item, Answer extends Page<Item>> {
  readonly kind: string;
  readonly columns: readonly Column<Item>[];
  readonly read: (paging: Paging, moment?: Partial<Same>) => Promise<Answer>;
  /** Rows that a table is read by; many, where each page means that all are judged. */
  readonly rowsAtOnce?: number;
}

/** A list as its reader wants it: one page of it, or the whole of it as a table. */
export const listOrTable = async <Item, Answer extends Page<Item>>(
  request: FastifyRequest,
  reply: FastifyReply,
  params: PageAsked,
  { kind, columns, read, rowsAtOnce = 10 * MAX_LIMIT }: Tabular<Item, Answer>,
) => {
  if (!wantsCsv(request)) return listed(kind, await read(pagingOf(kind, params)));
  const page = (cursor: Paging['cursor'], moment?: Same) => read({ limit: rowsAtOnce, cursor }, moment);
  const first = await page(null);
  return tableOf(reply, columns, allRows(first, page), first);
};

/** A history as its reader wants it: a list, or a table. */
export const historyOf = (
  request: FastifyRequest,
  reply: FastifyReply,
  answer: HistoryAnswer,
): HistoryAnswer | CsvFile =>
  wantsCsv(request) ? tableOf(reply, TRAIL_COLUMNS, answer.items, answer) : answer;

/** `-title` is `title`, descending. */
export const sortOf = <Field extends string>(
  text: string | undefined,
  otherwise: Field,
): { sort: Field; descending: boolean } => {
  const descending = text?.startsWith('-') ?? false;
  return { sort: (text === undefined ? otherwise : text.replace('-', '')) as Field, descending };
};
