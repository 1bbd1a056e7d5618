import { setTimeout as pause } from 'node:timers/promises';

/** Looks again and again until something is so; that it never comes is for the test runner's own limit to say. */
export const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await pause(5);
};
