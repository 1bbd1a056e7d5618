import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SETTINGS } from '../../src/config.js';

const COMMAND = 'bin/so-cai.js';
const STATED = 'http://127.0.0.1:3000';

interface Sample {
  readonly command: string;
  readonly kind: string;
  readonly answer: string;
}

/** What a document has the reader set before anything is asked. */
const TOKEN = /^export TOKEN=.*$/m;

/** Each shell block of a document that is followed by the answer it gives. */
const samplesOf = (file: string): Sample[] => {
  const blocks = /```sh\n([^`]*)```\s*```(csv|json)\n([^`]*)```/g;
  return [...readFileSync(file, 'utf8').matchAll(blocks)].map(([, command = '', kind = '', answer = '']) => ({
    command,
    kind,
    answer,
  }));
};

/** What differs from run to run: ids that are drawn anew, line ends, the mark before a table. */
const comparable = ({ kind }: Sample, text: string): string => {
  const fixed = text
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
    .replace(/^\uFEFF/, '')
    .replace(/\r/g, '')
    .trim();
  return kind === 'json' ? JSON.stringify(JSON.parse(fixed), null, 2) : fixed;
};

const READMES = ['README.md', 'README.vi.md'] as const;

/** What the tables of a document have in their first column, without what is said in its language. */
const namesIn = (file: string): string[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split(' | ')[0] ?? '')
    .map((name) => name.replace(/^\| |\(.*\)/g, '').replace(/<[^>]+>|\[[^\]-]+\]/g, '<>'))
    .map((name) => name.trim());

describe('the READMEs', () => {
  it('have the same commands, answers and tables', () => {
    const [english, vietnamese] = READMES.map((file) => ({
      blocks: readFileSync(file, 'utf8').match(/^```[^`]*^```/gm),
      names: namesIn(file),
    }));
    expect(english?.blocks?.length).toBeGreaterThan(10);
    expect(english?.names.length).toBeGreaterThan(20);
    expect(vietnamese).toEqual(english);
  });

  it.each(READMES)('%s names every setting', (file) => {
    const text = readFileSync(file, 'utf8');
    expect(SETTINGS.filter((key) => !text.includes(`\`${key}\``) && key !== 'NODE_ENV')).toEqual([]);
  });
});

describe.each(READMES)('the samples of %s', (file) => {
  const samples = samplesOf(file);
  const folder = mkdtempSync(join(tmpdir(), 'so-cai-readme-'));
  const dataDir = join(folder, 'demo');
  // Whoever follows the document has no other ledger than the demo's.
  const elsewhere = { ...process.env, DATA_DIR: join(folder, 'var') };
  let server: ChildProcess;
  let url = '';
  let token = '';

  /** What a command of the document prints, with the demo of this test in the place of the reader's. */
  const printedBy = (command: string): string => {
    const here = command
      .replaceAll(STATED, url)
      .replaceAll('DATA_DIR=var/demo npx so-cai', `DATA_DIR=${dataDir} node ${COMMAND}`)
      .replaceAll('npx so-cai', `node ${COMMAND}`);
    return execFileSync('bash', ['-c', here], { env: { ...elsewhere, TOKEN: token }, encoding: 'utf8' });
  };

  beforeAll(async () => {
    const env = { ...process.env, DATA_DIR: dataDir, PORT: '0' };
    server = spawn('node', [COMMAND, 'demo'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    for await (const chunk of server.stderr ?? []) {
      said += String(chunk);
      const listening = /API: (http:\/\/[\d.:]+)\//.exec(said)?.[1];
      if (listening) {
        url = listening;
        break;
      }
    }
    if (url === '') throw new Error(`the demo did not start: ${said}`);
    const [setting = ''] = TOKEN.exec(readFileSync(file, 'utf8')) ?? [];
    token = printedBy(`${setting}; printf %s "$TOKEN"`);
  }, 120_000);

  afterAll(() => {
    server.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  });

  it('are a status, an audit trail, a look back, a figure reported and a decree previewed', () => {
    expect(samples.map(({ kind }) => kind)).toEqual(['csv', 'json', 'csv', 'json', 'json']);
  });

  it.each(samples.map((sample, index) => [index + 1, sample] as const))(
    'number %i gives the answer printed there',
    (_, sample) => {
      expect(comparable(sample, printedBy(sample.command))).toBe(comparable(sample, sample.answer));
    },
  );
});
