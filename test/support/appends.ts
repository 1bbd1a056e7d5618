import fc from 'fast-check';

/** Appends to a few streams, of which some are refused. */
export const appends = {
  stream: fc.constantFrom('a', 'b', 'c'),
  count: fc.integer({ min: 1, max: 4 }),
  expected: fc.oneof(fc.constant('none' as const), fc.integer({ min: 0, max: 8 })),
};
