import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compare, record, scenarios, type Transcript } from '../support/kurrentdb/scenarios.mjs';
import { KurrentServer } from '../support/kurrentdb/server.js';
import { KURRENTDB_URL } from '../support/kurrentdb/url.js';

// The ledger never deletes: the test server knows nothing of it.
const isOfDeletes = ({ name }: { readonly name: string }): boolean => /\bdelete/.test(name);
const USED = scenarios.filter((one) => !isOfDeletes(one));

const recorded: readonly Transcript[] = JSON.parse(
  readFileSync(join(process.cwd(), 'test', 'support', 'kurrentdb', 'recorded-23.10.8.json'), 'utf8'),
);

/** Runs the scenarios that the ledger depends on. */
const differences = async (url: string) => {
  scenarios.splice(0, scenarios.length, ...USED);
  const wanted = recorded.filter((one) => !isOfDeletes(one));
  expect(wanted.map(({ name }) => name)).toEqual(USED.map(({ name }) => name));
  return compare(wanted, await record(url));
};

const MAX_RUN_MS = 120_000;

describe('the test server, held against the recording of EventStoreDB 23.10.8', () => {
  const server = new KurrentServer();
  beforeAll(() => server.start());
  afterAll(() => server.kill());

  it('leaves out four scenarios, all on deletes', () => {
    expect(scenarios.filter(isOfDeletes).map(({ name }) => name)).toEqual([
      'delete: wrong expected revision',
      'delete: a deleted stream and its return',
      'delete: a tombstone',
      'subscribe: deleted streams',
    ]);
  });

  it('gives the same transcript', async () => expect(await differences(server.url)).toEqual([]), MAX_RUN_MS);

  it('is compared step by step: a step that differs is noticed', () => {
    const [first, ...others] = recorded;
    const [step, ...steps] = first?.steps ?? [];
    if (!first || !step) throw new Error('the recording is empty');
    const changed = [{ ...first, steps: [{ ...step, outcome: { ok: null } }, ...steps] }, ...others];
    expect(compare(recorded, changed)).toHaveLength(1);
  });
});

if (KURRENTDB_URL === null)
  describe.skip('the server at KURRENTDB_URL: not run, none is given', () => {
    it('gives the same transcript', () => undefined);
  });
else {
  const url = KURRENTDB_URL;
  describe('the server at KURRENTDB_URL', () => {
    it('gives the same transcript', async () => expect(await differences(url)).toEqual([]), MAX_RUN_MS);
  });
}
