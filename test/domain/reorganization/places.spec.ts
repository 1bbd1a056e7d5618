import { describe, expect, it } from '@jest/globals';
import type { Move } from '../../../src/domain/indicator/events.js';
import { movesBack, type Statement, withoutRevoked } from '../../../src/domain/reorganization/places.js';
import { plainMetadata } from '../../support/new-events.js';

const DECREE = 'the revoked decree';
const REVOKED = { decrees: new Set([DECREE]), revocations: new Set(['its revocation']) };

/** The n-th event of a log, which states a whole set. */
const states = (
  n: number,
  agencies: readonly string[],
  moves: readonly Move[] = [],
  causationId: string | null = null,
): Statement => ({
  data: { agencies, moves },
  metadata: { ...plainMetadata, causationId },
  position: String(n).padStart(20, '0'),
});

/** Where there is something to give back: who would be there, and what moves from what is stated to that. */
const restored = (...entries: Statement[]) => {
  const found = withoutRevoked(entries, REVOKED);
  const moves = found.isOther
    ? movesBack(entries.at(-1)?.data.agencies ?? [], found, (agency) => [agency])
    : [];
  return { agencies: found.agencies, moves };
};

describe('what a revoked decree moved', () => {
  const before = states(1, ['a']);
  const decreed = (n: number, to: string | null) =>
    states(n, to === null ? [] : [to], [{ from: 'a', to }], DECREE);

  it('goes back to whose it was', () => {
    expect(restored(before, decreed(2, 'b'))).toEqual({
      agencies: ['a'],
      moves: [{ from: 'b', to: 'a' }],
    });
  });

  it('is given back already where a later entry names who held it: there is one place, and no move', () => {
    expect(restored(before, decreed(2, 'b'), states(3, ['b', 'a']))).toEqual({ agencies: ['a'], moves: [] });
  });

  it('is given back where a later entry adds who held it: there is one place, and who took over goes', () => {
    const later = states(3, ['b', 'a'], [{ from: null, to: 'a' }]);
    expect(restored(before, decreed(2, 'b'), later)).toEqual({
      agencies: ['a'],
      moves: [{ from: 'b', to: null }],
    });
  });

  it('and left to nobody, goes back under an entry that was made after the decree, and under no earlier one', () => {
    const under = (given: number, later: number) =>
      restored(states(given, ['a']), decreed(3, null), states(later, ['c']));
    const back = { agencies: ['a', 'c'], moves: [{ from: null, to: 'a' }] };
    const alone = { agencies: ['c'], moves: [] };
    expect([under(1, 4), under(1, 2), under(2, 1)]).toEqual([back, alone, alone]);
  });

  it('is not given back where a later entry was made before the decree, and so without it', () => {
    const later = states(1, ['s']);
    const late = states(2, ['p']);
    const decreed = states(3, ['s'], [{ from: 'p', to: 's' }], DECREE);
    expect(restored(late, decreed, later)).toEqual({ agencies: ['s'], moves: [] });
  });

  it('is given back under a later entry that was made on it, also where a late one changed what was before', () => {
    const decreed = states(2, ['b'], [{ from: 'a', to: 'b' }], DECREE);
    const later = states(3, ['b', 'c'], [{ from: null, to: 'c' }]);
    const late = states(4, [], [{ from: 'b', to: null }]);
    expect(restored(before, decreed, late, later)).toEqual({
      agencies: ['a', 'c'],
      moves: [{ from: 'b', to: 'a' }],
    });
  });

  it('and a late entry handed over as well, is not given back', () => {
    const late = states(3, ['b'], [{ from: 'a', to: 'b' }]);
    expect(restored(before, late, decreed(2, 'b'))).toEqual({ agencies: ['b'], moves: [] });
  });

  it('and was handed on once it had been given back, is not given back again', () => {
    const back = states(3, ['a'], [{ from: 'b', to: 'a' }], 'its revocation');
    const since = states(4, ['b'], [{ from: 'a', to: 'b' }]);
    expect(restored(before, decreed(2, 'b'), back, since)).toEqual({ agencies: ['b'], moves: [] });
  });
});
