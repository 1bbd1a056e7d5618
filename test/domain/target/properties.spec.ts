import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Criterion } from '../../../src/domain/target/criterion.js';
import {
  add,
  canonicalDecimal,
  compare,
  compareShare,
  isDecimal,
  mul,
  parseVietnamese,
  ratio,
  sub,
} from '../../../src/domain/target/decimal.js';
import { readTarget, type TargetOf } from '../../../src/domain/target/read.js';
import { GOLDEN } from './golden.js';
import { printCriterion, printVietnamese } from './print.js';

const RUNS = { numRuns: 1_000 };

/** An integer with a number of decimal places: the decimal units / 10^places. */
interface Scaled {
  readonly units: bigint;
  readonly places: number;
}

const scaled: fc.Arbitrary<Scaled> = fc.record({
  units: fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
  places: fc.nat(6),
});
const near: fc.Arbitrary<Scaled> = fc.record({
  units: fc.bigInt({ min: -30n, max: 30n }),
  places: fc.nat(2),
});
const number = fc.oneof(scaled, near);

const text = ({ units, places }: Scaled): string => {
  const digits = String(units < 0n ? -units : units).padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  const sign = units < 0n ? '-' : '';
  return places === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-places)}`;
};
const at = ({ units, places }: Scaled, scale: number): bigint => units * 10n ** BigInt(scale - places);
const sign = (value: bigint) => (value > 0n ? 1 : value < 0n ? -1 : 0);
const decimal = number.map((value) => canonicalDecimal(text(value)) ?? '0');

describe('decimals', () => {
  it('agree with integers', () => {
    fc.assert(
      fc.property(number, number, (a, b) => {
        const [x, y] = [text(a), text(b)];
        expect(compare(x, y)).toBe(sign(at(a, 6) - at(b, 6)));
        expect(add(x, y)).toBe(canonicalDecimal(text({ units: at(a, 6) + at(b, 6), places: 6 })));
        expect(sub(x, y)).toBe(canonicalDecimal(text({ units: at(a, 6) - at(b, 6), places: 6 })));
        const product = text({ units: a.units * b.units, places: a.places + b.places });
        expect(compare(mul(x, y), product)).toBe(0);
      }),
      RUNS,
    );
  });

  it('compare a share with a percentage as integers do', () => {
    fc.assert(
      fc.property(number, number, number, (a, b, percent) => {
        fc.pre(b.units !== 0n);
        const difference = at(a, 6) * 100n * 10n ** 6n - at(percent, 6) * at(b, 6);
        expect(compareShare(text(a), text(b), text(percent))).toBe(sign(difference) * sign(b.units) || 0);
      }),
      RUNS,
    );
  });

  it('are at most half a place from the ratio they show', () => {
    fc.assert(
      fc.property(decimal, decimal, fc.nat(8), (a, b, places) => {
        fc.pre(b !== '0');
        const off = mul(
          sub(mul(ratio(a, b, places), b), a),
          text({ units: 2n * 10n ** BigInt(places), places: 0 }),
        );
        expect(compare(mul(off, off), mul(b, b))).toBeLessThanOrEqual(0);
      }),
      RUNS,
    );
  });

  it('have one canonical form, and keep it in Vietnamese notation', () => {
    fc.assert(
      fc.property(number, (value) => {
        const canonical = canonicalDecimal(text(value));
        expect(canonical).toMatch(/^(?:0|-?(?:0\.\d*[1-9]|[1-9]\d*(?:\.\d*[1-9])?))$/);
        expect(canonical === null ? null : canonicalDecimal(canonical)).toBe(canonical);
        expect(canonical === null ? null : parseVietnamese(printVietnamese(canonical))).toBe(canonical);
      }),
      RUNS,
    );
  });

  it('are refused or canonical, whatever the text', () => {
    const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[-\d.,e ]{0,40}$/));
    fc.assert(
      fc.property(texts, (any) => {
        for (const read of [canonicalDecimal(any), parseVietnamese(any)])
          if (read !== null) expect(canonicalDecimal(read)).toBe(read);
        expect(isDecimal(any)).toBe(canonicalDecimal(any) !== null);
      }),
      RUNS,
    );
  });
});

const of: fc.Arbitrary<TargetOf> = fc.record({
  unit: fc.constantFrom(null, '%', '% GRDP', 'Thứ bậc', 'Doanh nghiệp'),
  direction: fc.constantFrom('higher-is-better', 'lower-is-better'),
});

/** Reading what is printed gives what was read first. */
const expectStable = (criterion: Criterion, target: TargetOf): void => {
  if (criterion.kind !== 'unread') expect(readTarget(printCriterion(criterion), target)).toEqual(criterion);
};

const notation = fc.constantFrom(...GOLDEN.map((row) => row.notation));
const PIECES = [
  '%',
  '-',
  '–',
  '≥',
  '>',
  ';',
  ', ',
  '(',
  ')',
  '/',
  '.',
  ' ',
  '5',
  '1.000',
  '0,7',
  '6G',
  'GRDP',
  '\u0301',
];
const WORDS = [
  'tăng',
  'trưởng',
  'mỗi năm',
  'phấn đấu',
  'trên',
  'từ',
  'đến',
  'và',
  'trở lên',
  'duy trì',
  'cả nước',
];
const piece = fc.oneof(
  fc.constantFrom(...PIECES, ...WORDS.map((word) => ` ${word} `)),
  fc.string({ maxLength: 2 }),
);

/** A golden notation with pieces cut out, put in, or another notation behind it. */
const mutated = fc
  .tuple(notation, fc.array(fc.tuple(fc.nat(200), fc.nat(4), piece), { maxLength: 3 }), fc.option(notation))
  .map(([start, edits, after]) => {
    const edited = edits.reduce((all, [from, cut, put]) => {
      const place = from % (all.length + 1);
      return all.slice(0, place) + put + all.slice(place + cut);
    }, start);
    return after === null ? edited : `${edited}; ${after}`;
  });

describe('notations', () => {
  it('of any text are read without throwing, and stay what they are when printed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), of, (any, target) => {
        expectStable(readTarget(any, target), target);
      }),
      RUNS,
    );
  });

  it('made of pieces of the golden ones are read without throwing, and stay what they are when printed', () => {
    fc.assert(
      fc.property(mutated, of, (any, target) => expectStable(readTarget(any, target), target)),
      { numRuns: 20_000 },
    );
  });

  it('mean the same in any composition, case of the first word, and spacing', () => {
    fc.assert(
      fc.property(fc.constantFrom(...GOLDEN), fc.constantFrom('NFC', 'NFD'), (row, form) => {
        const spaced = ` ${row.notation.normalize(form).replaceAll(' ', ' \n')} `;
        expect(readTarget(spaced, row)).toEqual(row.criterion);
      }),
      RUNS,
    );
  });
});

const unit = fc.constantFrom(null, '%', 'tin, bài', 'doanh nghiệp');
const qualifier = fc.constantFrom(null, '6G', 'GRDP', 'trung tâm xã được phủ sóng 5G', 'hộ (khu vực đô thị)');
const range = fc
  .tuple(decimal, decimal)
  .map(([a, b]) => (compare(a, b) <= 0 ? { low: a, high: b } : { low: b, high: a }));
const relation = fc.constantFrom('>=', '>', '<=', '<');

const level: fc.Arbitrary<Criterion> = fc
  .oneof(
    fc.record({ kind: fc.constant('threshold' as const), relation, value: decimal, unit, qualifier }),
    fc
      .tuple(range, unit, qualifier)
      .map(([ends, given, of]) => ({ kind: 'between' as const, ...ends, unit: given, qualifier: of })),
  )
  .filter((criterion) => printable(criterion));

/** Brackets within brackets are written by nobody: words with brackets stand behind a share. */
const printable = (criterion: Criterion): boolean =>
  !('qualifier' in criterion && criterion.qualifier?.includes('(') && criterion.unit !== '%');

const change: fc.Arbitrary<Criterion> = fc.oneof(
  fc.constant({ kind: 'rising' as const }),
  decimal.map((low) => ({ kind: 'growth' as const, low, high: null })),
  range.map((ends) => ({ kind: 'growth' as const, ...ends })),
);
const simple: fc.Arbitrary<Criterion> = fc.oneof(
  level,
  change,
  relation.map((given) => ({ kind: 'comparative' as const, relation: given, benchmark: 'national-average' })),
  fc.constantFrom<Criterion>(
    { kind: 'none' },
    { kind: 'maintain', text: 'Duy trì' },
    { kind: 'state', text: 'Ứng dụng' },
  ),
);
const composed: fc.Arbitrary<Criterion> = fc.tuple(level, change).map((parts) => ({
  kind: 'all',
  parts: parts.map((criterion) => ({ name: null, criterion })),
}));

describe('criteria', () => {
  const counted: fc.Arbitrary<TargetOf> = of.filter(
    (target) => target.unit === null || target.unit === 'Doanh nghiệp',
  );

  it('are read back from what is printed', () => {
    fc.assert(
      fc.property(fc.oneof(simple, composed), counted, (criterion, target) => {
        expect(readTarget(printCriterion(criterion), target)).toEqual(criterion);
      }),
      RUNS,
    );
  });

  it('that are places are read back on a ranking', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 63 }), (place) => {
        const criterion: Criterion = { kind: 'rank', within: String(place) };
        const target: TargetOf = { unit: 'Thứ bậc', direction: 'lower-is-better' };
        expect(readTarget(printCriterion(criterion), target)).toEqual(criterion);
      }),
    );
  });

  it('that are unread are printed as nothing that can be read', () => {
    const unread: Criterion = { kind: 'unread', reason: 'no form' };
    expect(readTarget(printCriterion(unread), { unit: null, direction: 'higher-is-better' }).kind).toBe(
      'unread',
    );
  });
});
