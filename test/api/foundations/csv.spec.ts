import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import type { LocalIssuer } from '../../../src/api/auth/local-issuer.js';
import { csvCell, csvOf, wantsCsv } from '../../../src/api/http/csv.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { bearer, json, logged, NOW, OFFICE, type Served, serveLocally } from './support.js';

const folder = temporaryFolder();
let served: Served & { readonly issuer: LocalIssuer };
let headers: Record<string, string>;

beforeAll(async () => {
  served = await serveLocally(folder);
  headers = bearer(await served.issuer.issueToken(OFFICE, NOW));
});
afterAll(() => served.close());

type Rows = Served['script']['rows'];

const given = async (rows: Rows) => {
  served.script.rows = rows;
  return fetch(`${served.base}/api/v1/rows.csv`, { headers });
};

async function* of(...rows: Record<string, unknown>[]) {
  yield* rows;
}

describe('rows as CSV', () => {
  test('have a header row, and quotes where they are needed', async () => {
    const response = await given(
      of({ code: '7.1', value: 'a "b", c\nd' }, { code: null, value: { a: [1, 'x'] } }),
    );
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const text = await response.text();
    expect(text).toBe('mã,value\r\n7.1,"a ""b"", c\nd"\r\n,"{""a"":[1,""x""]}"\r\n');
    expect(parse(text, { record_delimiter: '\r\n' })).toHaveLength(3);
  });

  test('hold every text of a cell in its row, whatever line ends stand in it', async () => {
    const piece = fc.oneof(
      fc.constantFrom('\r', '\n', '\r\n', '"', ',', ';', '\t', "'", ' ', '\ufeff', '=', '-1', 'số'),
      fc.string({ unit: 'binary' }),
    );
    const cell = fc.oneof(
      fc.array(piece).map((pieces) => pieces.join('')),
      fc.constantFrom('a\nb', 'a\rb', 'a\r\nb'),
    );
    const table = fc.array(fc.tuple(cell, cell));
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        const file = csvOf<readonly [string, string]>(
          [
            { header: 'a', cell: ([a]) => a },
            { header: 'b', cell: ([, b]) => b },
          ],
          rows,
          null,
        );
        const bytes = Buffer.concat(await file.getStream().toArray());
        const expected = rows.map((row) => row.map(csvCell));
        // Spreadsheets and other readers take any of these for the end of a row.
        const read = parse(bytes, { bom: true, record_delimiter: ['\r\n', '\n', '\r'] });
        expect(read).toEqual([['a', 'b'], ...expected]);
      }),
    );
  });

  test('without any row are the header row alone', async () => {
    expect(await (await given(of())).text()).toBe('mã,value\r\n');
  });

  test('a failure before the first row is a problem', async () => {
    async function* failing(): Rows {
      yield await Promise.reject(new Error('secret'));
    }
    const lines = await logged(async () => {
      const response = await given(failing());
      expect(response.status).toBe(500);
      expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect((await json(response))['type']).toBe('urn:so-cai:problem:internal');
    });
    expect(lines).toEqual([expect.stringMatching(/^error .* Error: secret$/)]);
  });

  test('a failure on the way breaks the answer off', async () => {
    async function* failing(): Rows {
      for (let n = 0; n < 10_000; n += 1) yield { code: n, value: 'x'.repeat(100) };
      throw new Error('disk');
    }
    await logged(async () => {
      const response = await given(failing());
      expect(response.status).toBe(200);
      await expect(response.text()).rejects.toThrow();
    });
  });

  test('a client that goes away ends the reading', async () => {
    let ended: () => void = () => undefined;
    const over = new Promise<void>((resolve) => {
      ended = resolve;
    });
    let read = 0;
    async function* endless(): Rows {
      try {
        for (;;) {
          read += 1;
          yield { code: read, value: 'x'.repeat(1_000) };
        }
      } finally {
        ended();
      }
    }
    served.script.rows = endless();
    await new Promise<void>((resolve) => {
      const sent = httpRequest(`${served.base}/api/v1/rows.csv`, { headers }, (response) => {
        response.once('data', () => {
          sent.destroy();
          resolve();
        });
      });
      sent.on('error', () => undefined).end();
    });
    await over;
    // No more was read than fits between the two ends.
    expect(read).toBeLessThan(50_000);
  });
});

describe('a cell', () => {
  test.each<[unknown, string]>([
    ['=1+1', "'=1+1"],
    ['+84', "'+84"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['-1+1', "'-1+1"],
    ['-', "'-"],
    ['- Tỉnh', "'- Tỉnh"],
    ['\tx', "'\tx"],
    ['\rx', "'\rx"],
    ['＝1+1', "'＝1+1"],
    ['x;=1+1', "x;'=1+1"],
    ['x\t@SUM(A1)', "x\t'@SUM(A1)"],
    ['x\n=1+1', "x\n'=1+1"],
    ['x\r\n+84', "x\r\n'+84"],
    ['x;＝1+1;－1', "x;'＝1+1;'－1"],
    ['x;"=1+1', 'x;"\'=1+1'],
    ['x;-A1', "x;'-A1"],
    ['x;-5+A1', "x;'-5+A1"],
    ['-1;-2,5;-3%', "'-1;-2,5;-3%"],
    ['a;b', 'a;b'],
    ['a; - b', 'a; - b'],
    [{ note: 'x;=1+1' }, '{"note":"x;\'=1+1"}'],
    [{ note: 'x;-5' }, '{"note":"x;-5"}'],
    ['-5', '-5'],
    ['-99.70', '-99.70'],
    ['-1.234,5', '-1.234,5'],
    [-5, '-5'],
    ['99.7', '99.7'],
    ['a=b', 'a=b'],
    [null, ''],
    [undefined, ''],
    [true, 'true'],
    [false, 'false'],
    [{ from: 'so-tttt' }, '{"from":"so-tttt"}'],
    [['=1'], '["=1"]'],
  ])('%j is written %j', (value, text) => {
    expect(csvCell(value)).toBe(text);
  });
});

describe('whether CSV is wanted', () => {
  const wants = (accept?: string) => wantsCsv({ headers: accept === undefined ? {} : { accept } });

  test.each<[string | undefined, boolean]>([
    [undefined, false],
    ['', false],
    ['*/*', false],
    ['application/json', false],
    ['text/csv', true],
    ['Text/CSV; charset=utf-8', true],
    ['text/*', true],
    ['application/json;q=0.5, text/csv', true],
    ['text/csv;q=0.5, */*', false],
    ['text/html, text/csv;q=0.9, */*;q=0.1', true],
    ['*/*, text/csv;q=0', false],
    ['application/*', false],
    ['application/json;q=0, */*', true],
  ])('%s: %s', (accept, wanted) => {
    expect(wants(accept)).toBe(wanted);
  });

  test.each(['text/html', 'text/csv;q=0', 'image/*', 'text/csv;q=9'])('%s takes neither', (accept) => {
    expect(() => wants(accept)).toThrow(expect.objectContaining({ status: 406 }));
  });
});
