import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Who owns nothing, as most systems have it. */
const NOBODY = 65_534;

/**
 * Does something while nothing in a folder, nor the folder itself, may be written: as another user where this one may
 * do anything. The folders above it must be open to everybody.
 */
export const withoutWriting = async <Answer>(
  folder: string,
  work: () => Answer | Promise<Answer>,
): Promise<Answer> => {
  const files = readdirSync(folder).map((name) => join(folder, name));
  for (const file of files) chmodSync(file, 0o444);
  chmodSync(folder, 0o555);
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
    chmodSync(folder, 0o755);
    for (const file of files) chmodSync(file, 0o644);
  }
};
