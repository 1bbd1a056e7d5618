import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

/** A folder for the tests of this file, removed when they are over. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'so-cai-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};
