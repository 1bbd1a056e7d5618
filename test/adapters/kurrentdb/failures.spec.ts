import { describe, expect, it } from '@jest/globals';
import { isAway, unanswered, unavailable, verdictOf } from '../../../src/adapters/kurrentdb/failures.js';
import { commitOf, positionText } from '../../../src/adapters/kurrentdb/recorded.js';
import { AppendTooLarge, OutcomeUnknown, StoreUnavailable } from '../../../src/ports/event-store.js';

/** An error as the client throws it. */
const thrown = (message: string, fields: object = {}): Error => Object.assign(new Error(message), fields);

const REFUSED_CONNECTION = 'No connection established. Last error: connect ECONNREFUSED 127.0.0.1:2113';

type Case = readonly [
  what: string,
  error: Error,
  kind: 'unknown' | 'unwritten',
  again: boolean,
  away: boolean,
];

const CASES: readonly Case[] = [
  ['no connection', thrown(REFUSED_CONNECTION, { type: 'unavailable', code: 14 }), 'unwritten', true, true],
  ['a plain error with a code', thrown(REFUSED_CONNECTION, { code: 14 }), 'unwritten', true, true],
  [
    'a connection that broke',
    thrown('Connection dropped', { type: 'unavailable', code: 14 }),
    'unknown',
    true,
    true,
  ],
  ['a server that stops', thrown('RST_STREAM', { type: 'unknown', code: 13 }), 'unknown', true, true],
  [
    'a server that starts',
    thrown('Server Is Not Ready', { type: 'unknown', code: 2 }),
    'unwritten',
    true,
    true,
  ],
  [
    'one that starts, said otherwise',
    thrown('Server not ready', { type: 'unavailable', code: 14 }),
    'unwritten',
    true,
    true,
  ],
  ['another node that leads', thrown('not leader', { type: 'not-leader', code: 5 }), 'unwritten', true, true],
  [
    'a copy that is being written',
    thrown('timed out', { type: 'timeout', code: 10 }),
    'unknown',
    true,
    false,
  ],
  ['a deadline', thrown('deadline', { type: 'deadline-exceeded', code: 4 }), 'unknown', false, false],
  [
    'a fault of the server',
    thrown('Exception was thrown', { type: 'unknown', code: 2 }),
    'unknown',
    false,
    false,
  ],
];

describe('a failed append', () => {
  it.each(CASES)('%s', (_, error, kind, again, away) => {
    expect(verdictOf(error, 's', 1)).toEqual({ kind, again });
    expect(isAway(error)).toBe(away);
    const told = unanswered(error, kind === 'unknown');
    expect(told).toBeInstanceOf(kind === 'unknown' ? OutcomeUnknown : StoreUnavailable);
    expect(told.cause).toBe(error);
  });

  it('is never told as not written once it may have been', () => {
    expect(unanswered(thrown(REFUSED_CONNECTION, { code: 14 }), true)).toBeInstanceOf(OutcomeUnknown);
  });

  it('is refused where the server says why', () => {
    const conflict = thrown('wrong', { type: 'wrong-expected-version', actualVersion: 2n ** 40n });
    expect(verdictOf(conflict, 's', 'none')).toMatchObject({
      kind: 'refused',
      error: { stream: 's', expected: 'none', actual: 2 ** 40 },
    });
    const large = thrown('too large', { type: 'maximum-append-size-exceeded', maxAppendSize: 1 });
    expect(verdictOf(large, 's', 1)).toMatchObject({ kind: 'refused', error: expect.any(AppendTooLarge) });
    const denied = thrown('denied', { type: 'access-denied' });
    expect(verdictOf(denied, 's', 1)).toMatchObject({ kind: 'refused', error: expect.any(StoreUnavailable) });
    expect(unavailable(denied).message).toBe('KurrentDB refuses these credentials');
  });
});

describe('a position', () => {
  it('is a bigint of the server and a text of ours, in one order', () => {
    const commits = [0n, 9n, 10n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n];
    const texts = commits.map(positionText);
    expect(texts).toEqual([...texts].sort());
    expect(texts.every((text) => /^\d{20}$/.test(text))).toBe(true);
    expect(texts.map(commitOf)).toEqual(commits);
  });

  it.each(['', '1', '-0000000000000000001', `${2n ** 63n}`.padStart(20, '0'), 'nonsense'])(
    'is not %j',
    (text) => expect(() => commitOf(text)).toThrow(RangeError),
  );
});
