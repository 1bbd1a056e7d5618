import { randomInt } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { built } from '../support/program.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { fuzz } from './fuzz.js';

const REQUESTS = 20_000;

describe('a server that is sent anything', () => {
  const folder = temporaryFolder();
  beforeAll(built, 120_000);

  it('never fails, never tells of its inside, writes nothing for what it refused, and keeps no memory of it', async () => {
    const seed = randomInt(2 ** 30);
    const said: string[] = [`--seed ${seed}`];
    const told = await fuzz({ folder, requests: REQUESTS, seed, say: (line) => said.push(line) }).catch(
      (error) => {
        throw new Error(`${said.join('\n')}\n${error}`, { cause: error });
      },
    );
    // What it sends is no noise alone: nearly every operation takes some of it, and the log grows.
    expect(told.operations).toBeGreaterThan(50);
    expect(told.taken.size).toBeGreaterThan(told.operations * 0.75);
    expect(told.accepted).toBeGreaterThan(REQUESTS / 100);
    expect(Object.keys(told.statuses)).toEqual(
      expect.arrayContaining(['200', '201', '400', '401', '403', '404', '412', '415', '422']),
    );
    // Neither a token nor the part of it that nobody else can make.
    const secrets = told.tokens
      .flatMap((token) => [token, token.split('.')[2] ?? ''])
      .filter((part) => part !== '');
    expect(secrets.filter((secret) => told.log.includes(secret))).toEqual([]);
  }, 900_000);
});
