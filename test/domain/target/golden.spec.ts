import { describe, expect, it } from '@jest/globals';
import { readTarget } from '../../../src/domain/target/read.js';
import { PLANS, table } from '../../data/support.js';
import { GOLDEN } from './golden.js';

const key = (notation: string, unit: string | null, direction: string) =>
  `${notation} | ${unit ?? ''} | ${direction}`;

const transcribed = PLANS.flatMap((plan) => {
  const indicators = new Map(table('indicators', plan).map((row) => [row.code, row]));
  return table('targets', plan).map(({ code, notation }) => {
    const indicator = indicators.get(code);
    if (indicator === undefined) throw new Error(`${plan} has a target of ${code}, and no such indicator`);
    return key(notation, indicator.unit, indicator.direction);
  });
});

describe('the targets of the five documents', () => {
  it.each(GOLDEN)('$notation ($unit)', ({ notation, unit, direction, criterion }) => {
    expect(readTarget(notation, { unit, direction })).toEqual(criterion);
  });

  it('all stand in the golden table, each once, and nothing else does', () => {
    const golden = GOLDEN.map(({ notation, unit, direction }) => key(notation, unit, direction));
    expect([...golden].sort()).toEqual([...new Set(transcribed)].sort());
  });
});
