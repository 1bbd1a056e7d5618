import { describe, expect, it } from '@jest/globals';
import type { Move } from '../../../src/domain/indicator/events.js';
import { type Statement, withoutRevoked } from '../../../src/domain/reorganization/places.js';
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

const restored = (...entries: Statement[]) => withoutRevoked(entries, REVOKED);

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

  it('and left to nobody, goes back under an entry that was made after it was given, and under no earlier one', () => {
    const under = (given: number, later: number) =>
      restored(states(given, ['a']), decreed(3, null), states(later, ['c']));
    const back = { agencies: ['a', 'c'], moves: [{ from: null, to: 'a' }] };
    expect([under(1, 4), under(1, 2)]).toEqual([back, back]);
    expect(under(2, 1)).toEqual({ agencies: ['c'], moves: [] });
  });
});
