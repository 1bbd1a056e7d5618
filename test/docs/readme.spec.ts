import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const COMMAND = 'bin/so-cai.js';
const STATED = 'http://127.0.0.1:3000';

interface Sample {
  readonly command: string;
  readonly kind: string;
  readonly answer: string;
}

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
const comparable = ({ kind }: Sample, text: string): unknown => {
  const fixed = text
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
    .replace(/^\uFEFF/, '')
    .replace(/\r/g, '')
    .trim();
  return kind === 'json' ? JSON.parse(fixed) : fixed;
};

describe.each(['README.md', 'README.vi.md'])('the samples of %s', (file) => {
  const samples = samplesOf(file);
  const dataDir = mkdtempSync(join(tmpdir(), 'so-cai-readme-'));
  const env = { ...process.env, DATA_DIR: dataDir, PORT: '0' };
  let server: ChildProcess;
  let url = '';
  let token = '';

  beforeAll(async () => {
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
    token = execFileSync('node', [COMMAND, 'token', '--role', 'auditor'], { env, encoding: 'utf8' }).trim();
  }, 120_000);

  afterAll(() => {
    server.kill('SIGTERM');
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('are a status, an audit trail and a look back', () => {
    expect(samples.map(({ kind }) => kind)).toEqual(['csv', 'json', 'csv']);
  });

  it.each(samples.map((sample, index) => [index + 1, sample] as const))(
    'number %i gives the answer printed there',
    (_, sample) => {
      const answer = execFileSync('bash', ['-c', sample.command.replaceAll(STATED, url)], {
        env: { ...env, TOKEN: token },
        encoding: 'utf8',
      });
      expect(comparable(sample, answer)).toEqual(comparable(sample, sample.answer));
    },
  );
});
