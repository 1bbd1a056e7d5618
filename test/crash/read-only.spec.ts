import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { backup } from '../../src/cli/backup.js';
import { examineFile, examineFolder } from '../../src/cli/doctor.js';
import { found } from '../application/world.js';
import { ledgers } from '../support/ledger.js';
import { withoutWriting } from '../support/powerless.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const openLedgerIn = ledgers();
const root = temporaryFolder();
const data = join(root, 'data');
const open = join(root, 'open');

beforeAll(async () => {
  mkdirSync(open);
  chmodSync(root, 0o755);
  chmodSync(open, 0o777);
  const ledger = await openLedgerIn({ folder: data });
  await found(ledger.order);
  await ledger.settled();
  await ledger.close();
});

const copiesLeft = () => readdirSync(tmpdir()).filter((name) => name.startsWith('so-cai-copy-'));

describe('a folder in which nothing may be written', () => {
  it('is examined as any other, and copied from', async () => {
    const files = readdirSync(data);
    const before = copiesLeft();
    const to = join(open, 'copy.db');
    const [sound, copied] = await withoutWriting(
      data,
      async () => [await examineFolder(data, null), backup(data, to)] as const,
    );
    expect(sound).toMatchObject({ sound: true, verdict: 'Nothing is wrong.' });
    expect(copied.digest).not.toBeNull();
    expect(examineFile(to, copied.digest).sound).toBe(true);
    expect(readdirSync(data)).toEqual(files);
    expect(copiesLeft()).toEqual(before);
  });

  it('is named at a start, with what to do', async () => {
    const files = ['lock.db', 'events.db', 'access.db', 'read.db'];
    const start = () => openLedgerIn({ folder: data });
    await expect(withoutWriting(data, start)).rejects.toThrow(
      new RegExp(`${data}/(${files.join('|')}) cannot be written \\(.*\\): whoever runs this must be able`),
    );
  });

  it('is not called wrong where a write-ahead log would have to be read', async () => {
    for (const name of ['events.db', 'read.db']) {
      const wal = join(data, `${name}-wal`);
      const was = existsSync(wal) ? readFileSync(wal) : Buffer.alloc(0);
      writeFileSync(wal, 'something');
      try {
        if (name === 'events.db') {
          const told = /events\.db cannot be opened here \(SQLITE_\w+\)/;
          await expect(withoutWriting(data, () => examineFolder(data, null))).rejects.toThrow(told);
          await expect(withoutWriting(data, () => backup(data, join(open, 'none.db')))).rejects.toThrow(told);
          expect(existsSync(join(open, 'none.db'))).toBe(false);
          continue;
        }
        const { lines, sound, verdict } = await withoutWriting(data, () => examineFolder(data, null));
        expect(lines.at(-1)).toMatch(
          /read\.db cannot be opened here \(SQLITE_\w+\): nothing is known of it\.$/,
        );
        expect(lines.join()).not.toContain('WRONG');
        expect([sound, verdict]).toEqual([false, 'Nothing is wrong with what could be examined.']);
      } finally {
        writeFileSync(wal, was);
      }
    }
  });
});
