import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFolder } from '../../src/cli/folder.js';
import { built, type Program } from '../support/program.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { logOf } from './files.js';
import { DIES_AFTER, startOn, TABLES, tokensOf } from './server.js';

const INDICATOR = encodeURIComponent('kh-nho-2025/1.1');

/** The tables again, as another plan of other agencies. */
const others = async (): Promise<Record<string, string>> => {
  const own = (text: string) =>
    text
      .replace(/kh-nho-2025|so-[ab]|cac-so/g, (id) => `${id}-hai`)
      .replace(/Sở [AB]/g, (name) => `${name} hai`);
  return Object.fromEntries([...(await readFolder(TABLES))].map(([path, text]) => [own(path), own(text)]));
};

const COMMANDS = [
  {
    dies: 'MeasurementReported',
    path: `/indicators/${INDICATOR}/measurements`,
    body: async () => ({ period: '2024', value: '71.5' }),
    /** How many events are there when it dies, of how many. */
    events: [1, 1],
    status: 201,
  },
  {
    dies: 'AgencyEstablished',
    path: '/agencies',
    body: async () => ({ agencyId: 'so-moi', name: 'Sở Mới', level: 'province' }),
    events: [1, 1],
    status: 201,
  },
  {
    dies: 'ReorganizationDecreed',
    path: '/reorganizations',
    body: async () => ({
      ...{ reorganizationId: 'sx', kind: 'merge', predecessors: ['so-a', 'so-b'], successors: ['so-b'] },
      ...{ allocations: [{ predecessor: 'so-a', successor: 'so-b' }], effectiveOn: '2025-07-01' },
      ...{ reason: 'sắp xếp', legalBasis: { number: '1/NQ', date: '2025-06-01' } },
    }),
    events: [1, 1],
    status: 201,
  },
  // An import is many appends: the first try gets as far as its tasks.
  {
    dies: 'TaskGiven',
    path: '/imports',
    body: async () => ({ files: await others() }),
    events: [20, 21],
    status: 200,
  },
] as const;

describe('a server that is gone between the commit and the answer', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'events.db');
  const ofPeople = () => logOf(file).filter(({ metadata }) => !metadata.includes('"role":"system"'));
  let office = '';
  let server: Program | null = null;
  beforeAll(async () => {
    await built();
    office = (await tokensOf(folder)).office;
  }, 120_000);
  afterAll(() => server?.stop('SIGKILL'));

  const start = async (dies: string): Promise<string> => {
    server = startOn(folder, { DIES_AFTER: dies }, DIES_AFTER);
    return server.opened();
  };

  const send = async (url: string, { path, body }: (typeof COMMANDS)[number]) => {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${office}`,
        'content-type': 'application/json',
        'idempotency-key': 'once',
      },
      body: JSON.stringify(await body()),
    });
    return {
      status: response.status,
      etag: response.headers.get('etag'),
      body: (await response.json()) as { eventIds?: string[] },
    };
  };

  it('answers the retry as the first time, and writes nothing twice', async () => {
    let url = await start(COMMANDS[0].dies);
    for (const [n, command] of COMMANDS.entries()) {
      const before = ofPeople();
      await expect(send(url, command)).rejects.toThrow();
      await server?.ran();
      const [left, whole] = command.events;
      expect([command.dies, ofPeople().length - before.length]).toEqual([command.dies, left]);

      url = await start(COMMANDS[n + 1]?.dies ?? 'nothing');
      const answer = await send(url, command);
      expect([command.dies, answer.status]).toEqual([command.dies, command.status]);
      expect(await send(url, command)).toEqual(answer);
      const ids = ofPeople().map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect([command.dies, ids.length - before.length]).toEqual([command.dies, whole]);
      if (answer.body.eventIds) expect(ids.slice(before.length)).toEqual(answer.body.eventIds);
      else expect(answer.body).toMatchObject({ problems: [], plans: [{ state: 'loaded' }] });
    }
  }, 120_000);
});
