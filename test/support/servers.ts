import { describe, it } from '@jest/globals';

/**
 * Describes tests that need a server. Where there is none they are not run, and say so; where the project's own
 * pipeline runs (CI=true) its absence is a failure.
 * @param need what would make them run
 */
export const describeWith = (server: string, isThere: boolean, need: string, tests: () => void): void => {
  if (isThere) tests();
  else if (process.env['CI'] === 'true')
    describe(server, () => {
      it('is there', () => {
        throw new Error(`${server} is not there: ${need}`);
      });
    });
  else {
    process.stderr.write(`NOT RUN, for want of ${server}: ${need}\n`);
    describe.skip(`NOT RUN, for want of ${server} (${need})`, tests);
  }
};
