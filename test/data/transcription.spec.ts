import { describe, expect, it } from '@jest/globals';
import { haveSeeds, type PlanId, seed, table } from './support.js';

// The published texts are not part of this repository: without them this suite proves nothing, and says so.
if (!haveSeeds) process.stderr.write('not run: transcription against ../shared/seeds, which is absent\n');
const describeSeeds = haveSeeds ? describe : describe.skip;

const squeeze = (text: string): string => text.replace(/\s+/g, ' ').trim();
/** Words, cut after a dash or a slash too: a line may break there. */
const words = (text: string): string[] => text.split(/\s+|(?<=[-/])/).filter((word) => word !== '');

/** What the page prints between the rows: table headers, captions and stamps, in words. */
const PAGE = [
  'TT Nội dung chỉ tiêu Chủ trì Phối hợp',
  'TT Chỉ tiêu Đơn vị Kết quả Cơ quan chủ trì theo dõi, đánh giá',
  '16 TT Tên nhiệm vụ Cơ quan chủ trì Cơ quan phối hợp Kết quả Thời gian hoàn thành',
  'TT Tên nhiệm vụ Cơ quan chủ trì Cơ quan phối hợp Kết quả Thời gian hoàn thành',
  'STT Chỉ tiêu Mục tiêu theo từng giai đoạn Năm 2025 Năm 2030 Năm 2035 Năm 2040 Năm 2045',
  'PHỤ LỤC II - DANH MỤC CÁC NHIỆM VỤ TRIỂN KHAI',
  '(Kèm theo Kế hoạch số /KH-UBND ngày tháng năm 2025 của Ủy ban nhân dân tỉnh)',
  '484 14 02',
].map((line) => new RegExp(line.replace(/[()]/g, '\\$&').replaceAll(' ', '\\s+'), 'g'));

/** The lines of a wrapped text without what the page prints, line numbers kept. */
const linesOf = (text: string): string[] =>
  PAGE.reduce((rest, line) => rest.replace(line, (match) => match.replace(/[^\n]/g, '')), text).split('\n');

/**
 * Whether the words are exactly those of the cells: each cell in its order, and none begun before the cell left of
 * it. Cells stand side by side, so their wrapped lines interleave.
 */
const interleaves = (text: readonly string[], cells: readonly (readonly string[])[]): boolean => {
  const dead = new Set<string>();
  const from = (at: readonly number[]): boolean => {
    const word = text[at.reduce((sum, n) => sum + n, 0)];
    if (word === undefined) return at.every((n, i) => n === cells[i]?.length);
    if (dead.has(at.join())) return false;
    const found = cells.some(
      (cell, i) =>
        cell[at[i] ?? 0] === word &&
        (at[i] !== 0 || at.slice(0, i).every((n) => n > 0)) &&
        from(at.with(i, (at[i] ?? 0) + 1)),
    );
    if (!found) dead.add(at.join());
    return found;
  };
  return from(cells.map(() => 0));
};

/** A row of a table as the page shows it: its number, its cells from left to right, and where it begins. */
const placed = (sourceRow: string, cells: readonly string[]) => {
  const [, printed = '', line = ''] = sourceRow.match(/^(.+) \(line (\d+)\)$/) ?? [];
  return {
    line: Number(line),
    cells: [printed, ...cells].filter((cell) => cell !== '').map(words),
    sourceRow,
  };
};

/** Every row of the four annexes that were published as wrapped text, with the cells in the order of the columns. */
const rowsOf = (plan: PlanId) => {
  const targets = table('targets', plan);
  const notations = (code: string) => targets.filter((row) => row.code === code).map((row) => row.notation);
  const tasks = plan === 'kh-484-2025' ? table('tasks', plan) : [];
  return [
    ...table('sections', plan).map((row) => placed(row.source_row, [row.title])),
    ...table('indicators', plan).map((row) => {
      // In plan 4465 the target is part of the title.
      const results = plan === 'kh-4465-2022' ? [] : notations(row.code);
      const agencies = [row.lead_notation, row.coordinating_notation];
      return placed(row.source_row, [row.title, row.unit, ...results, ...agencies]);
    }),
    ...tasks.map((row) => {
      const agencies = [row.lead_notation, row.coordinating_notation];
      return placed(row.source_row, [row.title, ...agencies, row.expected_result, row.deadline]);
    }),
  ].sort((a, b) => a.line - b.line);
};

const WRAPPED: readonly (readonly [PlanId, string, number])[] = [
  ['kh-4465-2022', 'kh-4465-2022-phu-luc-3.txt', 31],
  ['kh-484-2025', 'kh-nq03-2025.txt', 2 + 13 + 7 + 43],
  ['kh-1570-2025', 'kh-1570-2025-phu-luc-1.txt', 2 + 36],
  ['lo-trinh-2025-2045', 'lo-trinh-2025-2045.txt', 5 + 52],
];

describeSeeds.each(WRAPPED)('%s against its text', (plan, file, count) => {
  it('has every word of every row in a cell, and no other', () => {
    const lines = linesOf(seed(file));
    const rows = rowsOf(plan);
    expect(rows).toHaveLength(count);
    const wrong = rows.filter(({ line, cells }, i) => {
      const text = lines.slice(line - 1, (rows[i + 1]?.line ?? Infinity) - 1).join('\n');
      return !interleaves(words(text), cells);
    });
    expect(wrong.map(({ sourceRow }) => sourceRow)).toEqual([]);
  });

  it('puts every row under the last heading above it', () => {
    const headings = table('sections', plan).map((row) => ({
      ...row,
      line: placed(row.source_row, []).line,
    }));
    const rows = [...table('indicators', plan), ...(plan === 'kh-484-2025' ? table('tasks', plan) : [])];
    for (const { section, source_row } of rows) {
      const above = headings.filter(({ line }) => line < placed(source_row, []).line);
      expect([source_row, section]).toEqual([source_row, above.at(-1)?.code ?? '']);
    }
  });

  it('keeps the order of the text', () => {
    const tables = [table('sections', plan), table('indicators', plan)];
    if (plan === 'kh-484-2025') tables.push(table('tasks', plan));
    for (const rows of tables) {
      const order = rows.map(({ source_row }) => placed(source_row, []).line);
      expect(order).toEqual([...order].sort((a, b) => a - b));
    }
    const indicators = table('indicators', plan);
    const source = new Map(indicators.map(({ code, source_row }) => [code, source_row]));
    const targets = table('targets', plan);
    expect(targets.map(({ source_row }) => source_row)).toEqual(targets.map(({ code }) => source.get(code)));
  });
});

/** The extraction's HTML and TeX turned to plain text. */
const plain = (cell: string): string =>
  cell
    .replace(/<\/?(?:ul|p)\b[^>]*>/g, ' ')
    .replace(/<\/?i>|\$|\\(?=%)/g, '')
    .replaceAll('\\geq', '≥')
    .replaceAll('\\leq', '≤')
    .replaceAll('\\times', '×');

/** The rows of annex 2 of plan 419: a row without a number goes on where the row before it was cut by the page. */
const annex419 = () => {
  const rows: { line: number; cells: string[] }[] = [];
  for (const [i, text] of seed('kh-419-2024-phu-luc-2.txt').split('\n').entries()) {
    const cells = text.split('\t');
    const last = rows.at(-1);
    if (cells.length === 1 || cells[0] === 'STT') continue;
    if (cells[0] !== '') rows.push({ line: i + 1, cells });
    else if (last) last.cells = last.cells.map((cell, column) => `${cell} ${cells[column] ?? ''}`);
  }
  return rows.map(({ line, cells }) => ({ line, cells: cells.map((cell) => squeeze(plain(cell))) }));
};

describeSeeds('kh-419-2024 against its table', () => {
  const indicators = table('indicators', 'kh-419-2024');
  const targets = new Map(table('targets', 'kh-419-2024').map((row) => [row.code, row]));

  it('has 128 rows, each cell as printed', () => {
    const printed = annex419();
    expect(printed).toHaveLength(128);
    expect(
      indicators.map((row) => ({
        line: row.source_row,
        cells: [
          ...[row.title, squeeze(row.guidance), row.baseline, targets.get(row.code)?.notation ?? ''],
          ...[row.deadline, row.lead_notation, row.coordinating_notation],
        ],
      })),
    ).toEqual(
      printed.map(({ line, cells: [number = '', title = '', guidance = '', ...rest] }) => ({
        line: `${number} (line ${line})`,
        // Two list items run together without a blank in row 1.1 and 1.2; they stand on lines of their own.
        cells: [title, guidance.replaceAll(';-', '; -'), ...rest],
      })),
    );
  });

  it('has codes that are the printed numbers, or the path to a letter', () => {
    const [letters, numbers] = [true, false].map((letter) =>
      indicators.filter(({ source_row }) => /^[a-z] /.test(source_row) === letter),
    );
    expect(letters?.map(({ code }) => code)).toEqual(['5.12.1.a', '5.12.1.b']);
    expect(numbers?.map(({ code }) => code)).toEqual(
      annex419()
        .map(({ cells }) => cells[0])
        .filter((number) => !/[a-z]/.test(number ?? '')),
    );
  });

  it('has the milestone that the deadline gives', () => {
    const milestone = (deadline: string): string =>
      /^(Hàng|Hằng) năm/.test(deadline)
        ? 'yearly'
        : (deadline.match(/^(?:Trong năm |Năm |Đến )?(?:2024-)?(\d{4})/)?.[1] ?? 'open');
    for (const { code, deadline } of indicators) {
      const target = targets.get(code);
      // Row 4.1 has its deadline in the cell of the target.
      if (target)
        expect([code, target.milestone]).toEqual([
          code,
          milestone(code === '4.1' ? target.notation : deadline),
        ]);
    }
  });

  it('has a figure for every row that the annex calls completed', () => {
    const completed = indicators.filter(({ deadline }) => deadline === 'Đã hoàn thành');
    expect(table('figures', 'kh-419-2024')).toEqual(
      completed.map(({ code, source_row }) => ({
        ...{ code, source_row, period: '2023', met: 'met', value: '', note: '' },
        evidence: 'Phụ lục 2, Kế hoạch 419/KH-UBND',
      })),
    );
    expect(completed.map(({ code }) => code)).toEqual(['2.1', '2.2', '2.8']);
  });
});

describeSeeds('the registry against the texts', () => {
  it('has aliases that stand in a document', () => {
    const tasks = table('tasks', 'kh-484-2025');
    const rows = WRAPPED.flatMap(([plan]) => table('indicators', plan)).concat(
      table('indicators', 'kh-419-2024'),
    );
    const cells = [...rows, ...tasks].flatMap((row) => [row.lead_notation, row.coordinating_notation]);
    const text = [...cells, squeeze(seed('kh-nq03-2025.txt'))].join('\n');
    expect(table('agency-aliases').filter(({ alias }) => !text.includes(alias))).toEqual([]);
  });
});

describeSeeds('plans against their captions', () => {
  it.each([
    ['kh-4465-2022', '4465/KH-UBND', '2022-12-30', '4465 /KH-UBND ngày 30 tháng 12 năm 2022'],
    ['kh-419-2024', '419/KH-UBND', '2024-02-01', '419 /KH-UBND ngày 01 tháng 02 năm 2024'],
    ['kh-484-2025', '484/KH-UBND', '2025-02-14', '484 14 02'],
    ['kh-1570-2025', '1570/KH-UBND', '2025-05-08', '1570 /KH-UBND ngày 08 tháng 5 năm 2025'],
  ])('%s', (id, number, day, caption) => {
    const plan = table('plans').find((row) => row.id === id);
    expect([plan?.number, plan?.issued_on, plan?.effective_on]).toEqual([number, day, day]);
    const text = squeeze(seed(plan?.source_file ?? ''));
    expect(text).toContain(caption);
    expect(text.toLowerCase()).toContain(plan?.title.toLowerCase());
  });

  it('the roadmap has no number and no day of issue', () => {
    const plan = table('plans').find((row) => row.id === 'lo-trinh-2025-2045');
    expect([plan?.number, plan?.issued_on, plan?.effective_on]).toEqual(['', '', '2025-01-01']);
  });
});
