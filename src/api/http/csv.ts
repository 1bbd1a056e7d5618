import { pipeline, Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import { stringify } from 'csv-stringify';

export { wantsCsv } from './accept.js';

export const CSV_TYPE = 'text/csv; charset=utf-8';

/** A column: what stands in the header row, and what of a row stands below it. */
export interface Column<Row> {
  readonly header: string;
  readonly cell: (row: Row) => unknown;
}

/** A table on its way to a client. */
export class CsvFile extends StreamableFile {
  /** How many rows had been written when it ended, whole or broken off. */
  readonly sent: Promise<number>;

  constructor(
    lines: Readable,
    rows: () => number,
    /** Position that it was read at. */
    readonly readAt: string | null,
  ) {
    super(lines, { type: CSV_TYPE });
    this.sent = new Promise((resolve) => lines.once('close', () => resolve(rows())));
  }
}

/**
 * Rows as CSV (RFC 4180, with a header row), written as fast as the client reads. What fails after the first bytes
 * breaks the connection off, so that a part is not taken for the whole.
 */
export const csvOf = <Row>(
  columns: readonly Column<Row>[],
  rows: AsyncIterable<Row> | Iterable<Row>,
  readAt: string | null,
): CsvFile => {
  // The mark tells a spreadsheet that the text is UTF-8: without it, one opened by a click shows Vietnamese garbled.
  const lines = stringify({ record_delimiter: 'windows', quote_record_delimiter: true, bom: true });
  // The callback has nothing to add: an error destroys `lines`, and with it the answer.
  let written = 0;
  const counted = records(columns, rows, () => {
    written += 1;
  });
  pipeline(Readable.from(counted), lines, () => undefined);
  return new CsvFile(lines, () => written, readAt);
};

async function* records<Row>(
  columns: readonly Column<Row>[],
  rows: AsyncIterable<Row> | Iterable<Row>,
  count: () => void,
) {
  // The header leaves with the first row: until then a failure can still be answered as a problem.
  let header: string[] | null = columns.map((column) => csvCell(column.header));
  for await (const row of rows) {
    if (header) yield header;
    header = null;
    count();
    yield columns.map((column) => csvCell(column.cell(row)));
  }
  if (header) yield header;
}

const FORMULA = /^[=+\-@\t\r＝＋－＠]/;
const NEGATIVE = /^-\d+(?:[.,]\d+)*$/;
// Where a cell would begin that another sign than the comma parts from the one before it.
const FORMULA_WITHIN = /([;\t\r\n]"*)(?=[=+@＝＋－＠]|-(?!\d+(?:[.,]\d+)*%?(?:[;\t\r\n"]|$)))/g;

/**
 * The text of a cell, safe to open in a spreadsheet: what one would take for a formula is led by `'`, also behind a `;`, a
 * tab or a line end, at which it may split the line; a negative number is left as it is. Nothing for null, compact JSON
 * for objects and lists.
 */
export const csvCell = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  const whole = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const text = whole.replace(FORMULA_WITHIN, "$1'");
  return FORMULA.test(text) && !NEGATIVE.test(text) ? `'${text}` : text;
};
