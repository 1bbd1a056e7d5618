import { setTimeout as pause } from 'node:timers/promises';

/** A little less than the test runner's own limit: it fails a test, and does not end what the test is doing. */
const LONGEST_MS = 110_000;

/** Looks again and again until something is so. @throws Error when it never comes: a test would go on looking for ever */
export const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  const started = performance.now();
  while (!(await isSo())) {
    if (performance.now() - started > LONGEST_MS) throw new Error(`not so after ${LONGEST_MS} ms: ${isSo}`);
    await pause(5);
  }
};
